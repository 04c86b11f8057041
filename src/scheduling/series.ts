import { sql } from 'kysely'
import { AppError } from '../errors.ts'
import { appointments } from '../resources/records/appointments.ts'
import { objectAssociations } from '../resources/records/object-associations.ts'
import { recurringAppointments } from '../resources/records/recurring-appointments.ts'
import {
  allOf,
  anyOf,
  type Condition,
  createRecord,
  createRecords,
  deleteRecord,
  fieldText,
  findRecord,
  names,
  type RecordDocument,
  type RecordRow,
  removeRecords,
  updateRecord,
  updateRecords,
} from '../store/records/index.ts'
import type { Booker, Diary } from './context.ts'
import { startsOf } from './recurrence.ts'
import { isoOf } from './span.ts'

/** What the wire calls an event: an appointment, alone or of a series, or a series. 404 when it is neither. */
export async function getEvent(ctx: Diary, id: string): Promise<RecordRow & { isSeries: boolean }> {
  for (const resource of [appointments, recurringAppointments]) {
    const row = await findRecord(ctx.db, resource, ctx.locationId, id)
    if (row !== null) return { ...row, isSeries: resource.kind === recurringAppointments.kind }
  }
  throw new AppError('not_found', { what: appointments.noun, id })
}

/** Stores a series with its instances. `id`: of the appointment that becomes one. */
export async function createSeries(
  ctx: Booker,
  document: RecordDocument,
  { timeZone, id }: { timeZone: string; id?: string },
): Promise<RecordRow> {
  if (id !== undefined) {
    await deleteRecord(ctx.scope, appointments, id)
    // What else names it means the series from now on; a series is no object of the HubSpot wire.
    const named = (['fromId', 'toId'] as const).map((field) => names(ctx.scope.locationId, field, [id]))
    await removeRecords(ctx.scope, objectAssociations, anyOf(named))
  }
  const series = await createRecord(ctx.scope, recurringAppointments, { ...document, revision: 0 }, { id })
  await createInstances(ctx, series, { timeZone, afterMs: Number.NEGATIVE_INFINITY })
  return series
}

/**
 * Changes a series and those of its instances that have not begun: what has happened stays as it was. A new time or
 * rule makes them anew, also those that were changed or removed one by one.
 */
export async function updateSeries(
  ctx: Booker,
  id: string,
  changes: RecordDocument,
  timeZone: string,
): Promise<RecordRow> {
  let isMoved = false
  const series = await updateRecord(ctx.scope, recurringAppointments, id, ({ document }) => {
    const next = { ...document, ...changes }
    isMoved = ['startTime', 'endTime', 'rrule'].some((name) => next[name] !== (document as RecordDocument)[name])
    return isMoved ? { ...next, revision: (document.revision as number) + 1 } : next
  })
  const afterMs = ctx.scope.author.atMs
  const coming = allOf([names(ctx.locationId, 'masterEventId', [id]), startsAfter(afterMs)])
  if (isMoved) {
    await removeRecords(ctx.scope, appointments, coming)
    await createInstances(ctx, series, { timeZone, afterMs })
  } else {
    const { startTime: _, endTime: __, ...kept } = changes
    await updateRecords(ctx.scope, appointments, coming, ({ document }) => ({ ...document, ...kept }))
  }
  return series
}

const startsAfter = (ms: number): Condition => sql<boolean>`${fieldText('startTime')} collate "C" > ${isoOf(ms)}`

/**
 * Ids tell master, start and seconds, as on the wire; after a series has moved also how often, since ids of what was
 * removed stay taken.
 */
async function createInstances(
  ctx: Booker,
  series: RecordRow,
  { timeZone, afterMs }: { timeZone: string; afterMs: number },
): Promise<void> {
  const { revision, ...document } = series.document as {
    revision: number
    rrule: string
    startTime: string
    endTime: string
  }
  const startMs = Date.parse(document.startTime)
  const lastsMs = Date.parse(document.endTime) - startMs
  const suffix = `${Math.round(lastsMs / 1000)}${revision === 0 ? '' : `_${revision}`}`
  const starts = startsOf(document.rrule, { startMs, timeZone }).filter((ms) => ms > afterMs)
  const instances = starts.map((ms) => ({
    id: `${series.id}_${ms}_${suffix}`,
    document: { ...document, masterEventId: series.id, startTime: isoOf(ms), endTime: isoOf(ms + lastsMs) },
  }))
  await createRecords(ctx.scope, appointments, instances)
}
