import { type TProperties, Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { listPipelines, toPipeline } from '../../objects/index.ts'
import { createAsset } from '../../store/assets/index.ts'
import { operation } from '../define.ts'
import { lines } from './lines.ts'
import { refuseUsed } from './pipeline-references.ts'
import { archivedBody, deletionQuery, PipelineAnswer, pathOf, pipelineBody, showPipeline } from './pipeline-shapes.ts'
import { editPipeline, getPipeline, lockPipelines, removePipeline, stagesFrom, storeOf } from './pipeline-writes.ts'

export const pipelineScopes = {
  read: ['crm.objects.deals.read', 'crm.objects.tickets.read', 'opportunities.readonly', 'opportunities.write'],
  write: ['crm.objects.deals.write', 'crm.objects.tickets.write', 'opportunities.write'],
}
const common = { category: 'CRM Objects', token: 'location', wire: 'hubspot' } as const
const reads = { ...common, access: 'read', scope: pipelineScopes.read } as const
const writes = { ...common, access: 'write', scope: pipelineScopes.write } as const
const at = (method: string, rest = '') => lines(method, 'pipelines', `/:objectType${rest}`)
const input = <P extends TProperties>(properties: P) => Type.Object(properties)

/** wire/hubspot.md, "Pipelines": those of deals are the pipelines of opportunities, tickets have their own. */
export const objectPipelineOperations = [
  operation({
    ...reads,
    ...at('GET'),
    name: 'objectPipelines.list',
    title: 'List Pipelines of a Type',
    input: input(pathOf.type),
    output: Type.Object({ results: Type.Array(PipelineAnswer) }),
    async run(ctx, { objectType }) {
      const { store } = await storeOf(ctx, objectType, 'read')
      return { results: (await listPipelines(ctx.db, store, ctx.locationId)).map(showPipeline) }
    },
  }),
  operation({
    ...writes,
    ...at('POST'),
    name: 'objectPipelines.create',
    title: 'Create Pipeline of a Type',
    status: 201,
    input: input({ ...pathOf.type, ...pipelineBody }),
    output: PipelineAnswer,
    async run(ctx, { objectType, label, displayOrder, stages }) {
      const { store } = await storeOf(ctx, objectType, 'write')
      await lockPipelines(ctx)
      const document = { name: label, displayOrder, stages: stagesFrom(store, stages) }
      const asset = await createAsset(ctx.scope, store.resource, document)
      return showPipeline(toPipeline(store, asset.document, { asset }))
    },
  }),
  operation({
    ...reads,
    ...at('GET', '/:pipelineId'),
    name: 'objectPipelines.get',
    title: 'Get Pipeline of a Type',
    input: input(pathOf.pipeline),
    output: PipelineAnswer,
    async run(ctx, { objectType, pipelineId }) {
      const { store } = await storeOf(ctx, objectType, 'read')
      return showPipeline(await getPipeline(ctx, store, pipelineId))
    },
  }),
  operation({
    ...writes,
    ...at('PATCH', '/:pipelineId'),
    name: 'objectPipelines.update',
    title: 'Update Pipeline of a Type',
    description: 'Replaces what the body names and keeps the rest.',
    query: Object.keys(deletionQuery),
    input: input({
      ...pathOf.pipeline,
      ...deletionQuery,
      ...archivedBody,
      label: Type.Optional(pipelineBody.label),
      displayOrder: Type.Optional(pipelineBody.displayOrder),
    }),
    output: PipelineAnswer,
    async run(ctx, { objectType, pipelineId, label, displayOrder, archived }) {
      if (archived !== undefined) throw invalid(['archived: the pipeline is not archived'])
      const { store } = await storeOf(ctx, objectType, 'write')
      await lockPipelines(ctx)
      const pipeline = await getPipeline(ctx, store, pipelineId)
      const changes = {
        ...(label === undefined ? {} : { name: label }),
        ...(displayOrder === undefined ? {} : { displayOrder }),
      }
      return showPipeline(await editPipeline(ctx, store, pipeline, (document) => ({ ...document, ...changes })))
    },
  }),
  operation({
    ...writes,
    ...at('PUT', '/:pipelineId'),
    name: 'objectPipelines.replace',
    title: 'Replace Pipeline of a Type',
    description:
      'Stages with the label, or the `stageId`, of one that is there are that one; others that were are gone.',
    access: 'destructive',
    query: Object.keys(deletionQuery),
    input: input({ ...pathOf.pipeline, ...deletionQuery, ...pipelineBody }),
    output: PipelineAnswer,
    async run(ctx, { objectType, pipelineId, label, displayOrder, stages, ...asked }) {
      const { type, store } = await storeOf(ctx, objectType, 'write')
      await lockPipelines(ctx)
      const pipeline = await getPipeline(ctx, store, pipelineId)
      const edited = await editPipeline(ctx, store, pipeline, (document) => ({
        ...document,
        name: label,
        displayOrder,
        stages: stagesFrom(store, stages, document.stages),
      }))
      if (Object.values(asked).includes(true))
        for (const { id } of pipeline.stages)
          if (!edited.stages.some((stage) => stage.id === id)) await refuseUsed(ctx, type, { pipelineId, stageId: id })
      return showPipeline(edited)
    },
  }),
  operation({
    ...writes,
    ...at('DELETE', '/:pipelineId'),
    name: 'objectPipelines.delete',
    title: 'Delete Pipeline of a Type',
    description: 'With `validateReferencesBeforeDelete` it is refused while objects are in the pipeline.',
    access: 'destructive',
    status: 204,
    input: input({ ...pathOf.pipeline, ...deletionQuery }),
    output: Type.Null(),
    async run(ctx, { objectType, pipelineId, ...asked }) {
      const { type, store } = await storeOf(ctx, objectType, 'write')
      await lockPipelines(ctx)
      const pipeline = await getPipeline(ctx, store, pipelineId)
      if (Object.values(asked).includes(true)) await refuseUsed(ctx, type, { pipelineId })
      await removePipeline(ctx, store, pipeline)
      return null
    },
  }),
]
