import { type Static, Type } from 'typebox'
import { getLocation } from '../../auth/locations.ts'
import { AppError } from '../../errors.ts'
import { listPipelines, type Pipeline, type PipelineStore, toPipeline } from '../../objects/index.ts'
import { readFormer } from '../../store/assets/index.ts'
import { listChanges } from '../../store/changes/index.ts'
import { type Context, operation } from '../define.ts'
import { lines } from './lines.ts'
import { Audit, pathOf } from './pipeline-shapes.ts'
import { getPipeline, getStage, storeOf } from './pipeline-writes.ts'
import { pipelineScopes } from './pipelines.ts'

const reads = {
  category: 'CRM Objects',
  token: 'location',
  wire: 'hubspot',
  access: 'read',
  scope: pipelineScopes.read,
  output: Type.Object({ results: Type.Array(Audit) }),
} as const
const at = (rest: string) => lines('GET', 'pipelines', `/:objectType/:pipelineId${rest}/audit`)
const MOST = 500
/** The official client (14.0.1) leaves this name in the path of a stage's audit as it is. */
const UNFILLED = '{pipelineId}'

interface Step {
  before: Pipeline | null
  after: Pipeline | null
  at: Date
}

/** What the change log tells of a pipeline, also of one that is gone, newest first. */
async function stepsOf(ctx: Context, store: PipelineStore, pipelineId: string, stageId?: string): Promise<Step[]> {
  const all = await listPipelines(ctx.db, store, ctx.locationId)
  const known =
    pipelineId === UNFILLED
      ? all.find(({ stages }) => stages.some(({ id }) => id === stageId))
      : all.find(({ id }) => id === pipelineId)
  if (known !== undefined && known.asset === null) return []
  const entityId = known?.asset?.id ?? pipelineId
  const changes = await listChanges(ctx.db, {
    locationId: ctx.locationId,
    kind: store.resource.kind,
    entityId,
    limit: MOST,
  })
  if (changes.length === 0) throw new AppError('not_found', { what: 'pipeline', id: pipelineId })
  const hashes = changes.flatMap(({ beforeHash, afterHash }) => [beforeHash ?? [], afterHash ?? []].flat())
  const documents = await readFormer(ctx.db, store.resource, ctx.locationId, hashes)
  const asset = { id: entityId } as Pipeline['asset']
  const read = (hash: string | null) => (hash === null ? null : toPipeline(store, documents.get(hash) ?? {}, { asset }))
  return changes.map((change) => ({ before: read(change.beforeHash), after: read(change.afterHash), at: change.at }))
}

async function toAudit<T>(
  ctx: Context,
  identifier: string,
  steps: readonly { before: T | null; after: T | null; at: Date }[],
): Promise<{ results: Static<typeof Audit>[] }> {
  const { portalId } = await getLocation(ctx.db, ctx.agencyId, ctx.locationId)
  const results = steps.map(({ before, after, at: moment }) => ({
    portalId,
    identifier,
    action: before === null ? ('CREATE' as const) : after === null ? ('DELETE' as const) : ('UPDATE' as const),
    timestamp: moment.toISOString(),
    rawObject: after ?? before,
  }))
  return { results }
}

const bare = (pipeline: Pipeline | null) => {
  if (pipeline === null) return null
  const { asset: _, ...rest } = pipeline
  return rest
}

/** wire/hubspot.md, "Pipelines": who changed one, from the change log. */
export const pipelineAuditOperations = [
  operation({
    ...reads,
    ...at(''),
    name: 'objectPipelines.audit',
    title: 'Audit of a Pipeline',
    description: 'What became of a pipeline, newest first; of one that was deleted, too.',
    input: Type.Object(pathOf.pipeline),
    async run(ctx, { objectType, pipelineId }) {
      const { store } = await storeOf(ctx, objectType, 'read')
      const steps = await stepsOf(ctx, store, pipelineId)
      const bareSteps = steps.map((step) => ({ ...step, before: bare(step.before), after: bare(step.after) }))
      return toAudit(ctx, pipelineId, bareSteps)
    },
  }),
  operation({
    ...reads,
    ...at('/stages/:stageId'),
    name: 'pipelineStages.audit',
    title: 'Audit of a Stage',
    description: 'What became of a stage, newest first; of one that was deleted, too.',
    input: Type.Object(pathOf.stage),
    async run(ctx, { objectType, pipelineId, stageId }) {
      const { store } = await storeOf(ctx, objectType, 'read')
      const find = (pipeline: Pipeline | null) => pipeline?.stages.find(({ id }) => id === stageId) ?? null
      const steps = (await stepsOf(ctx, store, pipelineId, stageId))
        .map(({ before, after, at: moment }) => ({ before: find(before), after: find(after), at: moment }))
        .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
      if (steps.length === 0) getStage(await getPipeline(ctx, store, pipelineId), stageId)
      return toAudit(ctx, stageId, steps)
    },
  }),
]
