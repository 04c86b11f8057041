import { AppError, invalid } from '../../errors.ts'
import {
  findPipelineStore,
  listPipelines,
  type Pipeline,
  type PipelineStore,
  type Stage,
  type StageDocument,
  toPipeline,
} from '../../objects/index.ts'
import { type AssetDocument, createAsset, deleteAsset, lockLocation, updateAsset } from '../../store/assets/index.ts'
import { lockStages } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import type { StageInput } from './pipeline-shapes.ts'
import { typeOf } from './types.ts'

/** The pipelines of a type. 400 for types whose objects go through none. */
export async function storeOf(ctx: Context, objectType: string, access: 'read' | 'write') {
  const type = await typeOf(ctx, objectType, access)
  const store = findPipelineStore(type.typeId)
  if (store === null) throw new AppError('bad_request', { reason: `Objects of type ${type.plural} have no pipelines` })
  return { type, store }
}

export async function getPipeline(ctx: Context, store: PipelineStore, pipelineId: string): Promise<Pipeline> {
  const found = (await listPipelines(ctx.db, store, ctx.locationId)).find(({ id }) => id === pipelineId)
  if (found === undefined) throw new AppError('not_found', { what: 'pipeline', id: pipelineId })
  return found
}

export function getStage(pipeline: Pipeline, stageId: string): Stage {
  const found = pipeline.stages.find(({ id }) => id === stageId)
  if (found === undefined) throw new AppError('not_found', { what: 'stage', id: stageId })
  return found
}

/** Nobody else changes pipelines until the call ends, and no deal goes into a stage that may be taken away. */
export async function lockPipelines({ tx, locationId }: Context): Promise<void> {
  await lockLocation(tx, locationId)
  await lockStages(tx, [locationId])
}

export type PipelineDocument = AssetDocument & { stages: StageDocument[] }

/** The caller holds the locks. The standard pipeline is stored once somebody changes it. */
export async function editPipeline(
  ctx: Context,
  store: PipelineStore,
  pipeline: Pipeline,
  edit: (document: PipelineDocument) => AssetDocument,
): Promise<Pipeline> {
  const next = (document: AssetDocument) => {
    const before = (document.stages ?? []) as StageDocument[]
    const edited = edit({ ...document, stages: before })
    const { length } = edited.stages as StageDocument[]
    if (length > MOST_STAGES && length > before.length)
      throw new AppError('bad_request', { reason: `A pipeline has at most ${MOST_STAGES} stages` })
    return edited
  }
  const asset =
    pipeline.asset === null
      ? await createAsset(ctx.scope, store.resource, next(store.standard as AssetDocument))
      : await updateAsset(ctx.scope, store.resource, pipeline.asset.id, ({ document }) => next(document))
  return toPipeline(store, asset.document, { asset })
}

/** The caller holds the locks. */
export async function removePipeline(ctx: Context, store: PipelineStore, pipeline: Pipeline): Promise<void> {
  if (store.standard !== null && pipeline.id === store.standard.key)
    throw new AppError('bad_request', { reason: 'The default pipeline cannot be deleted' })
  await deleteAsset(ctx.scope, store.resource, pipeline.asset?.id as string)
}

/**
 * Stages as they are stored, in their order. One that is named by its id, or else by its label, is the one that was
 * there: what stands in it goes on standing in it.
 */
export function stagesFrom(
  store: PipelineStore,
  given: readonly StageInput[],
  before: readonly StageDocument[] = [],
): StageDocument[] {
  const faults: string[] = []
  const left = [...before]
  const take = ({ stageId, label }: StageInput): StageDocument | undefined => {
    const index = left.findIndex(({ id, key, name }) =>
      stageId === undefined ? name === label : (key ?? id) === stageId,
    )
    return index === -1 ? undefined : left.splice(index, 1)[0]
  }
  const stages = given.map((input, index) => {
    const read = store.readMetadata(input.metadata ?? {})
    if ('fault' in read) faults.push(`stages[${index}].metadata: ${read.fault}`)
    const known = take(input)
    if (known === undefined && input.stageId !== undefined && before.length > 0)
      faults.push(`stages[${index}].stageId: the pipeline has no stage ${input.stageId}`)
    const position = input.displayOrder < 0 ? LAST : input.displayOrder
    return { ...initial(store), ...known, name: input.label, position, ...('kept' in read ? read.kept : {}) }
  })
  if (faults.length > 0) throw invalid(faults)
  return inOrder(stages)
}

/** Stands for the place behind all others. */
export const LAST = Number.MAX_SAFE_INTEGER
const MOST_ORDER = 1_000_000
const MOST_STAGES = 100

/** By their places; those of one place in the order in which they came. What is to be the last counts on from there. */
export function inOrder(stages: readonly StageDocument[]): StageDocument[] {
  const sorted = stages.toSorted((one, other) => (one.position ?? 0) - (other.position ?? 0))
  let last = -1
  return sorted.map((stage) => {
    last = Math.min(stage.position === LAST ? last + 1 : (stage.position ?? last + 1), MOST_ORDER)
    return { ...stage, position: last }
  })
}

/** What a stage says of itself before anything was said. */
export const initial = (store: PipelineStore): Partial<StageDocument> =>
  store.standard === null ? {} : { state: 'OPEN' }
