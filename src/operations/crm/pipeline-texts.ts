import {
  findPipelineStore,
  listPipelines,
  type Pipeline,
  type Stage,
  type Texts,
  type ValueFault,
} from '../../objects/index.ts'
import { holdStages } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import type { Shelf } from './shelf.ts'

/** The properties that say where an object stands, by type. */
const PLACES: Readonly<Record<string, readonly [pipeline: string, stage: string]>> = {
  '0-3': ['pipeline', 'dealstage'],
  '0-5': ['hs_pipeline', 'hs_pipeline_stage'],
}

/** What must be known to place objects in pipelines; null: the type has none, or nothing is said of them. */
export interface Places {
  pipelines: readonly Pipeline[]
  names: readonly [pipeline: string, stage: string]
}

/** Reads the pipelines of the type, which stay until the call ends, where one of these inputs needs them. */
export async function loadPlaces(
  ctx: Context,
  { type }: Shelf,
  inputs: readonly Texts[],
  isNew: boolean,
): Promise<Places | null> {
  const names = PLACES[type.typeId]
  const store = findPipelineStore(type.typeId)
  if (names === undefined || store === null) return null
  const isSaid = inputs.some((texts) => texts.some(([{ name }]) => names.includes(name)))
  if (!isNew && !isSaid) return null
  await holdStages(ctx.tx, ctx.locationId)
  return { pipelines: await listPipelines(ctx.db, store, ctx.locationId), names }
}

/** Where an object stood. */
export interface Stood {
  pipeline: string | null
  stage: string | null
}

/**
 * The values with the place that they mean: a pipeline alone leads to its first stage, a new object without either to
 * the first pipeline, one with a stage alone to the pipeline of the stage.
 */
export function placed(
  { map }: Shelf,
  { pipelines, names }: Places,
  texts: Texts,
  stood: Stood | null,
): { texts: Texts; faults: ValueFault[] } {
  const [pipelineName, stageName] = names
  const said = (wanted: string) => texts.find(([{ name }]) => name === wanted)?.[1] ?? null
  const [askedPipeline, askedStage] = [said(pipelineName), said(stageName)]
  if (askedPipeline === null && askedStage === null && stood !== null) return { texts, faults: [] }
  const pipeline = pipelineOf(pipelines, askedPipeline, askedStage, stood)
  if (pipeline === undefined) {
    // Nobody has made a pipeline yet: the object stands nowhere.
    if (pipelines.length === 0) return { texts: without(texts, names), faults: [] }
    const value = askedPipeline ?? stood?.pipeline ?? ''
    return { texts, faults: [invalidOption(pipelineName, value, pipelines)] }
  }
  const stage =
    askedStage === null
      ? askedPipeline === null || pipeline.id === stood?.pipeline
        ? pipeline.stages.find(({ id }) => id === stood?.stage)
        : undefined
      : pipeline.stages.find(({ id, label }) => id === askedStage || label === askedStage)
  if (askedStage !== null && stage === undefined)
    return { texts, faults: [invalidOption(stageName, askedStage, pipeline.stages)] }
  const reached = stage ?? pipeline.stages[0]
  const values = [
    [pipelineName, pipeline.id],
    [stageName, reached?.id ?? null],
    ...(reached?.id === stood?.stage ? [] : endingsIn(reached)),
  ] as const
  const place = values.flatMap(([name, value]) => {
    const property = map.find(name)
    return property === null ? [] : [[property, value] as const]
  })
  return { texts: [...without(texts, names), ...place], faults: [] }
}

/** What a deal is in a stage that it comes to: closed where it is sure how it ends, else open. */
function endingsIn(stage: Stage | undefined): (readonly [string, string])[] {
  const { probability, isClosed } = stage?.metadata ?? {}
  if (probability === undefined) return []
  const isSure = (share: number) => String(isClosed === 'true' && Number(probability) === share)
  return [
    ['hs_is_closed_won', isSure(1)],
    ['hs_is_closed_lost', isSure(0)],
  ]
}

const without = (texts: Texts, names: readonly string[]): Texts => texts.filter(([{ name }]) => !names.includes(name))

/** `default` is what clients call the first one. */
function pipelineOf(
  pipelines: readonly Pipeline[],
  asked: string | null,
  stage: string | null,
  stood: Stood | null,
): Pipeline | undefined {
  if (asked !== null) {
    const named = pipelines.find(({ id, label }) => id === asked || label === asked)
    return named ?? (asked === 'default' ? pipelines[0] : undefined)
  }
  if (stood?.pipeline) return pipelines.find(({ id }) => id === stood.pipeline)
  const ofStage = pipelines.find(({ stages }) => stages.some(({ id }) => id === stage))
  return ofStage ?? pipelines[0]
}

function invalidOption(name: string, value: string, options: readonly { id: string; label: string }[]): ValueFault {
  const listed = options.slice(0, 50).map(({ id, label }) => `label: "${label}" value: "${id}"`)
  const shown = value.slice(0, 200)
  return {
    message: `${shown} was not one of the allowed options: [${listed.join(', ')}]`,
    error: 'INVALID_OPTION',
    name,
  }
}
