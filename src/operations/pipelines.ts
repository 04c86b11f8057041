import { Type } from 'typebox'
import { pipelines } from '../resources/pipelines.ts'
import { listAssets, lockLocation } from '../store/assets.ts'
import type { AssetResource } from '../store/resource.ts'
import { lockStages } from '../store/stage-holds.ts'
import { crudOperations, toWire, wireSchema } from './asset-crud.ts'
import { operation } from './define.ts'
import { Id } from './schemas.ts'

const resource = pipelines as unknown as AssetResource
const category = 'Opportunities'

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
  output: Type.Object({ pipelines: Type.Array(wireSchema(resource)) }),
  async run(ctx, { locationId }) {
    const all = await listAssets(ctx.db, resource, locationId)
    return { pipelines: all.map((pipeline) => ({ stages: [], ...toWire(pipeline, locationId) })) as never }
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
    async lock({ tx, locationId }) {
      await lockLocation(tx, locationId)
      await lockStages(tx, [locationId])
    },
  }),
]
