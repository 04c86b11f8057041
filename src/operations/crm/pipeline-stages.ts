import { type TProperties, Type } from 'typebox'
import { invalid } from '../../errors.ts'
import type { Pipeline, PipelineStore, StageDocument } from '../../objects/index.ts'
import { type Context, operation } from '../define.ts'
import { lines } from './lines.ts'
import { refuseUsed } from './pipeline-references.ts'
import { archivedBody, deletionQuery, pathOf, StageAnswer, showStage, stageBody } from './pipeline-shapes.ts'
import {
  editPipeline,
  getPipeline,
  getStage,
  inOrder,
  LAST,
  lockPipelines,
  stagesFrom,
  storeOf,
} from './pipeline-writes.ts'
import { pipelineScopes } from './pipelines.ts'

const common = { category: 'CRM Objects', token: 'location', wire: 'hubspot' } as const
const reads = { ...common, access: 'read', scope: pipelineScopes.read } as const
const writes = { ...common, access: 'write', scope: pipelineScopes.write } as const
const at = (method: string, rest = '') => lines(method, 'pipelines', `/:objectType/:pipelineId/stages${rest}`)
const input = <P extends TProperties>(properties: P) => Type.Object(properties)
const idOf = ({ id, key }: StageDocument) => key ?? id

/** Replaces one stage by what `edit` makes of it; none: it goes. */
async function editStage(
  ctx: Context,
  store: PipelineStore,
  { pipeline, stageId }: { pipeline: Pipeline; stageId: string },
  edit: (stage: StageDocument) => StageDocument[],
) {
  getStage(pipeline, stageId)
  const edited = await editPipeline(ctx, store, pipeline, (document) => ({
    ...document,
    stages: inOrder(document.stages.flatMap((stage) => (idOf(stage) === stageId ? edit(stage) : [stage]))),
  }))
  return { edited, stage: edited.stages.find(({ id }) => id === stageId) }
}

async function open(ctx: Context, objectType: string, pipelineId: string) {
  const { type, store } = await storeOf(ctx, objectType, 'write')
  await lockPipelines(ctx)
  return { type, store, pipeline: await getPipeline(ctx, store, pipelineId) }
}

/** wire/hubspot.md, "Pipelines": the stages of one. */
export const pipelineStageOperations = [
  operation({
    ...reads,
    ...at('GET'),
    name: 'pipelineStages.list',
    title: 'List Stages',
    input: input(pathOf.pipeline),
    output: Type.Object({ results: Type.Array(StageAnswer) }),
    async run(ctx, { objectType, pipelineId }) {
      const { store } = await storeOf(ctx, objectType, 'read')
      const pipeline = await getPipeline(ctx, store, pipelineId)
      return { results: pipeline.stages.map((stage) => showStage(pipeline, stage)) }
    },
  }),
  operation({
    ...writes,
    ...at('POST'),
    name: 'pipelineStages.create',
    title: 'Create Stage',
    status: 201,
    input: input({ ...pathOf.pipeline, ...stageBody }),
    output: StageAnswer,
    async run(ctx, { objectType, pipelineId, ...stage }) {
      const { store, pipeline } = await open(ctx, objectType, pipelineId)
      const [made] = stagesFrom(store, [{ ...stage, displayOrder: Math.max(stage.displayOrder, 0) }])
      const position = stage.displayOrder < 0 ? LAST : stage.displayOrder
      const edited = await editPipeline(ctx, store, pipeline, (document) => ({
        ...document,
        stages: inOrder([...document.stages, { ...made, position } as StageDocument]),
      }))
      const known = new Set(pipeline.stages.map(({ id }) => id))
      // Of the standard pipeline only what has a name of its own keeps its id on the first change.
      const shown = edited.stages.find(({ id }) => !known.has(id))
      return showStage(edited, shown as never)
    },
  }),
  operation({
    ...reads,
    ...at('GET', '/:stageId'),
    name: 'pipelineStages.get',
    title: 'Get Stage',
    input: input(pathOf.stage),
    output: StageAnswer,
    async run(ctx, { objectType, pipelineId, stageId }) {
      const { store } = await storeOf(ctx, objectType, 'read')
      const pipeline = await getPipeline(ctx, store, pipelineId)
      return showStage(pipeline, getStage(pipeline, stageId))
    },
  }),
  operation({
    ...writes,
    ...at('PATCH', '/:stageId'),
    name: 'pipelineStages.update',
    title: 'Update Stage',
    description: 'Replaces what the body names and keeps the rest.',
    input: input({
      ...pathOf.stage,
      ...archivedBody,
      label: Type.Optional(stageBody.label),
      displayOrder: Type.Optional(stageBody.displayOrder),
      metadata: stageBody.metadata,
    }),
    output: StageAnswer,
    async run(ctx, { objectType, pipelineId, stageId, archived, ...changes }) {
      if (archived !== undefined) throw invalid(['archived: the stage is not archived'])
      const { store, pipeline } = await open(ctx, objectType, pipelineId)
      const { edited, stage } = await editStage(ctx, store, { pipeline, stageId }, (before) => {
        const input = { label: before.name, displayOrder: before.position ?? 0, ...changes, stageId }
        return stagesFrom(store, [input], [before])
      })
      return showStage(edited, stage as never)
    },
  }),
  operation({
    ...writes,
    ...at('PUT', '/:stageId'),
    name: 'pipelineStages.replace',
    title: 'Replace Stage',
    input: input({ ...pathOf.stage, ...stageBody }),
    output: StageAnswer,
    async run(ctx, { objectType, pipelineId, stageId, ...whole }) {
      const { store, pipeline } = await open(ctx, objectType, pipelineId)
      const { edited, stage } = await editStage(ctx, store, { pipeline, stageId }, ({ probability: _, ...before }) =>
        stagesFrom(store, [{ ...whole, stageId }], [before]),
      )
      return showStage(edited, stage as never)
    },
  }),
  operation({
    ...writes,
    ...at('DELETE', '/:stageId'),
    name: 'pipelineStages.delete',
    title: 'Delete Stage',
    description: 'With `validateReferencesBeforeDelete` it is refused while objects are in the stage.',
    access: 'destructive',
    status: 204,
    input: input({ ...pathOf.stage, validateReferencesBeforeDelete: deletionQuery.validateReferencesBeforeDelete }),
    output: Type.Null(),
    async run(ctx, { objectType, pipelineId, stageId, validateReferencesBeforeDelete }) {
      const { type, store, pipeline } = await open(ctx, objectType, pipelineId)
      if (validateReferencesBeforeDelete) await refuseUsed(ctx, type, { pipelineId, stageId })
      await editStage(ctx, store, { pipeline, stageId }, () => [])
      return null
    },
  }),
]
