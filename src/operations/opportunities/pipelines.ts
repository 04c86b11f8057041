import { type TObject, Type } from 'typebox'
import { pipelines } from '../../resources/pipelines.ts'
import {
  type Asset,
  type AssetDocument,
  type AssetResource,
  listAssets,
  lockLocation,
} from '../../store/assets/index.ts'
import { lockStages } from '../../store/records/index.ts'
import { crudOperations, toWire, wireSchema } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id, Instant, Noun } from '../schemas.ts'

const resource = pipelines as unknown as AssetResource
const category = 'Opportunities'
const { displayOrder: _, ...properties } = wireSchema(resource).properties
const Stage = (properties.stages as unknown as { items: TObject }).items.properties
const WinProbability = () =>
  Type.Number({ description: 'In percent: what the stage says, else as far along as the stage is.' })

const Pipeline = Noun('Pipeline', {
  ...properties,
  stages: Type.Array(Type.Object({ ...Stage, position: Type.Number(), stageWinProbability: WinProbability() })),
  useOpportunityProbability: Type.Boolean(),
  position: Type.String({ description: 'Pipelines in the order of these texts are in the order of their creation.' }),
  dateAdded: Instant(),
  dateUpdated: Instant(),
})

interface StageDocument {
  id: string
  position?: number
  probability?: number
  stageWinProbability?: number
}

/** Stages in their order, each with how likely a deal in it is won: evenly spread where nothing is said of it. */
export function showStages({ stages = [] }: { stages?: StageDocument[] }) {
  return stages.map((stage, position) => ({
    ...stage,
    position: stage.position ?? position,
    stageWinProbability: stage.probability ?? Math.round((10_000 * (position + 1)) / (stages.length + 1)) / 100,
  }))
}

const toPipeline = (
  { document: { displayOrder: _, ...document }, ...asset }: Asset,
  locationId: string,
): AssetDocument => ({
  ...toWire({ ...asset, document }, locationId),
  stages: showStages(document),
  useOpportunityProbability: false,
  position: asset.createdAt.getTime().toString(36),
  dateAdded: asset.createdAt.toISOString(),
  dateUpdated: asset.updatedAt.toISOString(),
})

const { displayOrder: _order, ...given } = pipelines.schema.properties

/** Stages may come back as they were read: what is worked out is worked out again. */
const taken = {
  schema: Type.Object({
    ...given,
    stages: Type.Optional(
      Type.Array(
        Type.Object(
          { ...stageInput(), stageWinProbability: Type.Optional(WinProbability()) },
          { additionalProperties: false },
        ),
        { maxItems: (pipelines.schema.properties.stages as { maxItems?: number }).maxItems ?? 200 },
      ),
    ),
  }) as TObject,
  toDocument({ stages, ...sent }: AssetDocument): AssetDocument {
    if (stages === undefined) return sent
    return { ...sent, stages: withoutShown(stages as StageDocument[]) }
  },
}

/** Whoever sends back what they read has changed nothing; whoever leaves out a stage of it, no other one. */
function withoutShown(stages: readonly StageDocument[]): StageDocument[] {
  const given = stages.flatMap(({ position }) => position ?? [])
  const tellsOrder = given.every((position, index) => index === 0 || position > (given[index - 1] as number))
  return stages.map(({ stageWinProbability: _, position, ...stage }) =>
    tellsOrder || position === undefined ? stage : { ...stage, position },
  )
}

function stageInput() {
  return (pipelines.schema.properties.stages as unknown as { items: TObject }).items.properties
}

/** wire/highlevel/opportunities.json: `GET /opportunities/pipelines`. */
const listPipelines = operation({
  name: 'pipelines.list',
  title: 'List Pipelines',
  description: 'The pipelines of a location with their stages, by creation.',
  category,
  access: 'read',
  token: 'either',
  scope: [resource.scopes.read, resource.scopes.write],
  http: 'GET /opportunities/pipelines',
  input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
  output: Type.Object({ pipelines: Type.Array(Pipeline) }),
  async run(ctx, { locationId }) {
    const all = await listAssets(ctx.db, resource, locationId)
    return { pipelines: all.map((pipeline) => toPipeline(pipeline, locationId)) as never }
  },
})

export const pipelineOperations = [
  listPipelines,
  ...crudOperations({
    resource,
    path: '/opportunities/pipelines',
    name: 'pipelines',
    category,
    param: 'pipelineId',
    shown: { schema: Pipeline, toWire: toPipeline, unset: { stages: [] } },
    taken,
    async lock({ tx, locationId }) {
      await lockLocation(tx, locationId)
      await lockStages(tx, [locationId])
    },
  }),
]
