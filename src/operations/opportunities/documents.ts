import { invalid } from '../../errors.ts'
import { pipelines } from '../../resources/pipelines.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { type AssetResource, findAsset } from '../../store/assets/index.ts'
import { holdRecord, holdStages, type RecordDocument, type RecordRow } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { type GivenValue, isEmptyValue, readFieldValues } from '../field-values.ts'
import { readDay } from '../moments.ts'
import { faultsOfPeople } from '../people/index.ts'

/** The fields of an opportunity as a caller names them. */
export interface OpportunityChanges {
  pipelineId?: string | undefined
  pipelineStageId?: string | undefined
  contactId?: string | undefined
  customFields?: readonly GivenValue[] | undefined
  [field: string]: unknown
}

/**
 * The next document of an opportunity. Pipeline, stage, contact and custom fields must be there; every one that is not
 * is named with its path (422). A change of pipeline without a stage leads to the first stage.
 */
export async function nextDocument(
  ctx: Context,
  current: RecordDocument | null,
  changes: OpportunityChanges,
): Promise<RecordDocument> {
  const faults: string[] = []
  const { customFields: values, pipelineId, pipelineStageId, contactId, ...rest } = changes
  const now = new Date(ctx.author.atMs).toISOString()
  const next: RecordDocument = { customFields: [], followers: [], ...current }
  for (const [field, value] of Object.entries(rest)) if (value !== undefined) next[field] = value === '' ? null : value
  if (contactId !== undefined && contactId !== current?.contactId) {
    next.contactId = contactId
    if ((await findContact(ctx, contactId)) === null)
      faults.push(`contactId: there is no contact ${contactId} in this location`)
  }
  for (const field of ['assignedTo', 'followers'])
    faults.push(...(await faultsOfPeople(ctx, field, rest[field], current?.[field])))
  if (typeof next.forecastExpectedCloseDate === 'string') {
    const day = readDay(next.forecastExpectedCloseDate)
    if (day === null) faults.push('forecastExpectedCloseDate must be a date such as 2026-04-23')
    next.forecastExpectedCloseDate = day
  }
  Object.assign(next, await toPlace(ctx, current, { pipelineId, pipelineStageId }, faults))
  if (values !== undefined)
    next.customFields = await mergeValues(ctx, (current?.customFields ?? []) as StoredValue[], values, faults)
  if (faults.length > 0) throw invalid(faults)
  if (next.status !== current?.status) next.lastStatusChangeAt = now
  if (next.pipelineStageId !== current?.pipelineStageId || next.pipelineId !== current?.pipelineId)
    next.lastStageChangeAt = now
  // What an opportunity was lost for says nothing once it is not lost.
  if (next.status !== 'lost') next.lostReasonId = null
  return { lastStageChangeAt: now, ...next }
}

/** The contact that an opportunity is to be of: it stays until the call ends. */
export function findContact(ctx: Context, contactId: string): Promise<RecordRow | null> {
  return holdRecord(ctx.scope, contacts, contactId)
}

type Place = Pick<OpportunityChanges, 'pipelineId' | 'pipelineStageId'>

async function toPlace(ctx: Context, current: RecordDocument | null, wanted: Place, faults: string[]): Promise<Place> {
  const { pipelineStageId: stageId } = wanted
  const pipelineId = wanted.pipelineId ?? (current?.pipelineId as string | undefined)
  if (
    pipelineId === undefined ||
    (pipelineId === current?.pipelineId && (stageId === undefined || stageId === current?.pipelineStageId))
  )
    return {}
  const [, pipeline] = await Promise.all([
    holdStages(ctx.tx, ctx.locationId),
    findAsset(ctx.tx, pipelines as unknown as AssetResource, ctx.locationId, pipelineId),
  ])
  if (pipeline === null) {
    faults.push(`pipelineId: there is no pipeline ${pipelineId} in this location`)
    return {}
  }
  const stages = (pipeline.document.stages ?? []) as { id: string; position?: number }[]
  const first = stages.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))[0]?.id
  if (stageId !== undefined && !stages.some(({ id }) => id === stageId))
    faults.push(`pipelineStageId: the pipeline ${pipelineId} has no stage ${stageId}`)
  const chosen = stageId ?? first
  return { pipelineId, ...(chosen === undefined ? { pipelineStageId: null as never } : { pipelineStageId: chosen }) }
}

interface StoredValue {
  id: string
  fieldValue: unknown
}

/** Values of fields that are not named stay; an empty one goes. */
async function mergeValues(
  ctx: Context,
  stored: readonly StoredValue[],
  values: readonly GivenValue[],
  faults: string[],
): Promise<StoredValue[]> {
  const merged = new Map(stored.map((value) => [value.id, value]))
  for (const [id, fieldValue] of await readFieldValues(ctx, values, { model: 'opportunity', only: true }, faults))
    if (isEmptyValue(fieldValue)) merged.delete(id)
    else merged.set(id, { id, fieldValue })
  return [...merged.values()]
}
