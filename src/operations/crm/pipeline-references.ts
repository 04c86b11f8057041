import { AppError } from '../../errors.ts'
import { opportunities } from '../../resources/records/opportunities.ts'
import {
  allOf,
  bagHolds,
  type Condition,
  countRecords,
  equals,
  hasTerm,
  type RecordKind,
} from '../../store/records/index.ts'
import type { Context } from '../define.ts'

/** Tickets say where they are by the names of the wire. */
const TICKETS: RecordKind = { kind: 'tickets', noun: 'ticket' }

interface Place {
  pipelineId: string
  stageId?: string
}

function standsIn(
  ctx: Context,
  typeId: string,
  { pipelineId, stageId }: Place,
): { kind: RecordKind; where: Condition } {
  const is = (field: string, value: string) =>
    allOf([...[hasTerm(ctx.locationId, field, value)].filter((term) => term !== null), equals(field, value)])
  if (typeId === '0-3')
    return {
      kind: opportunities,
      where: stageId === undefined ? is('pipelineId', pipelineId) : is('pipelineStageId', stageId),
    }
  const [name, value] = stageId === undefined ? ['hs_pipeline', pipelineId] : ['hs_pipeline_stage', stageId]
  return { kind: TICKETS, where: bagHolds('properties', name, value) }
}

/** 400 while objects are there: asked for by `validateReferencesBeforeDelete`. */
export async function refuseUsed(ctx: Context, type: { typeId: string; plural: string }, place: Place): Promise<void> {
  const { kind, where } = standsIn(ctx, type.typeId, place)
  const count = await countRecords(ctx.tx, kind, ctx.locationId, where)
  if (count === 0) return
  const [what, id] =
    place.stageId === undefined ? (['PIPELINE', place.pipelineId] as const) : (['STAGE', place.stageId] as const)
  throw new AppError(
    'bad_request',
    { reason: `${count} ${type.plural} are in ${what.toLowerCase()} ${id}. Move them first.` },
    { hubspot: { subCategory: `PipelineError.${what}_ID_IN_USE`, context: { [`${what.toLowerCase()}Id`]: [id] } } },
  )
}
