import { sql } from 'kysely'
import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { calendars } from '../../resources/calendars.ts'
import { appointments } from '../../resources/records/appointments.ts'
import { blockedSlots } from '../../resources/records/blocked-slots.ts'
import { recurringAppointments } from '../../resources/records/recurring-appointments.ts'
import { LONGEST_MS, loadTimeZone, overlaps } from '../../scheduling/index.ts'
import { type AssetResource, listAssets } from '../../store/assets/index.ts'
import {
  allOf,
  anyOf,
  byText,
  type Condition,
  deleteRecord,
  equals,
  fieldText,
  findRecord,
  hasTerm,
  isOneOf,
  listRecords,
  type RecordResource,
  settleRefs,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { DONE, Done, Id } from '../schemas.ts'
import { removeAppointment, showEvents } from './appointments.ts'
import { readTimes, TimeText } from './times.ts'
import { CalendarEvent } from './wire.ts'

const { read, write } = appointments.scopes
const common = { category: 'Calendars & Appointments', token: 'either' } as const
/** The wire has no pages here. */
const MOST = 10_000
const search = Type.Object(
  {
    locationId: Id(),
    userId: Type.Optional(Id('Of userId, calendarId and groupId one is needed.')),
    calendarId: Type.Optional(Id()),
    groupId: Type.Optional(Id()),
    startTime: TimeText(),
    endTime: TimeText(),
  },
  { additionalProperties: false },
)
const events = Type.Object({ events: Type.Array(CalendarEvent) })

interface EventSearch {
  userId?: string | undefined
  calendarId?: string | undefined
  groupId?: string | undefined
  startTime: string
  endTime: string
}

/** What reaches into the time, by start. */
async function searchEvents(ctx: Context, resource: RecordResource, longestMs: number, wanted: EventSearch) {
  const { userId, calendarId, groupId, startTime, endTime } = wanted
  if (userId === undefined && calendarId === undefined && groupId === undefined)
    throw invalid(['Either of userId, calendarId or groupId is required'])
  const times = readTimes({ startTime, endTime }, await loadTimeZone(ctx)) as { startTime: number; endTime: number }
  if (times.endTime < times.startTime) throw invalid(['endTime must not be before startTime'])
  // What begins at the very end belongs to the time.
  const conditions: Condition[] = [overlaps({ startMs: times.startTime, endMs: times.endTime + 1 }, longestMs)]
  if (userId !== undefined) conditions.push(anyOf([equals('assignedUserId', userId), takesPart(userId)]))
  if (calendarId !== undefined) conditions.push(equals('calendarId', calendarId))
  if (groupId !== undefined) conditions.push(isOneOf('calendarId', await calendarsOf(ctx, groupId)))
  const rows = await listRecords(ctx.db, resource, ctx.locationId, {
    where: allOf(conditions),
    order: [byText('startTime')],
    limit: MOST,
  })
  return { events: await showEvents(ctx, rows) }
}

const takesPart = (userId: string): Condition =>
  sql<boolean>`position(${JSON.stringify(userId)} in ${fieldText('users')}) > 0`

async function calendarsOf(ctx: Context, groupId: string): Promise<string[]> {
  const all = await listAssets(ctx.db, calendars as unknown as AssetResource, ctx.locationId)
  return all.filter(({ document }) => document.groupId === groupId).map(({ id }) => id)
}

/** wire/highlevel/calendars.json: get-calendar-events, get-blocked-slots, delete-event. */
export const calendarEventOperations = [
  operation({
    ...common,
    name: 'calendarEvents.list',
    title: 'List Calendar Events',
    description: `Get all scheduled events that reach into a time, by start, at most ${MOST}.`,
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/events',
    input: search,
    output: events,
    run: (ctx, input) => searchEvents(ctx, appointments as unknown as RecordResource, LONGEST_MS.appointments, input),
  }),
  operation({
    ...common,
    name: 'blockedSlots.list',
    title: 'List Blocked Slots',
    description: `View unavailable time slots that reach into a time, by start, at most ${MOST}.`,
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/blocked-slots',
    input: search,
    output: events,
    run: (ctx, input) => searchEvents(ctx, blockedSlots as unknown as RecordResource, LONGEST_MS.blockedSlots, input),
  }),
  operation({
    ...common,
    locate: { kind: appointments.kind, others: [blockedSlots.kind, recurringAppointments.kind], param: 'eventId' },
    name: 'calendarEvents.delete',
    title: 'Delete Event',
    description:
      'Cancel and remove event: an appointment with its notes, a blocked slot, or by a masterEventId a series with ' +
      'all its instances. What it was can be read from its history.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /calendars/events/:eventId',
    // The wire sends an empty body along. It documents 201, and answers 200.
    hasBody: true,
    input: Type.Object({ eventId: Id() }, { additionalProperties: false }),
    output: Done(),
    async run(ctx, { eventId }) {
      if ((await findRecord(ctx.db, blockedSlots, ctx.locationId, eventId)) === null) {
        await removeAppointment(ctx, eventId)
        return DONE
      }
      await deleteRecord(ctx.scope, blockedSlots, eventId)
      await settleRefs(ctx.scope, blockedSlots.kind, [eventId])
      return DONE
    },
  }),
]

/** Notes of one appointment. The term has the index, and does not tell upper case from lower. */
export function ofAppointment(ctx: Context, appointmentId: string): Condition {
  const term = hasTerm(ctx.locationId, 'appointmentId', appointmentId)
  return allOf([...(term === null ? [] : [term]), equals('appointmentId', appointmentId)])
}
