import { sql } from 'kysely'
import { getLocation } from '../auth/locations.ts'
import { query } from '../db/pool.ts'
import { calendarResources } from '../resources/calendar-resources.ts'
import { calendarServices } from '../resources/calendar-services.ts'
import { calendars } from '../resources/calendars.ts'
import { appointments } from '../resources/records/appointments.ts'
import { blockedSlots } from '../resources/records/blocked-slots.ts'
import { schedules } from '../resources/records/schedules.ts'
import { type Asset, type AssetResource, listAssets } from '../store/assets/index.ts'
import {
  allOf,
  type Condition,
  fieldText,
  hasId,
  hasTerm,
  holds,
  isOneOf,
  listFields,
  listRecords,
  not,
} from '../store/records/index.ts'
import type { Block, Booking } from './availability.ts'
import { type BookedService, LONGEST_SERVICE_BUFFER_MS } from './booked-services.ts'
import { isTimeZone } from './clock.ts'
import type { CalendarDocument, Diary } from './context.ts'
import { MINUTE_MS } from './hours.ts'
import { buffersOf, type SlotRules, toSlotRules } from './rules.ts'
import { type Schedule, toSchedule } from './schedules.ts'
import type { Span } from './span.ts'

const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** What bounds the search for those that reach into a stretch of time. */
export const LONGEST_MS = { appointments: 31 * DAY_MS, blockedSlots: 366 * DAY_MS } as const

/** Statuses of appointments that take no time. */
const VOID = ['cancelled', 'invalid']

/** The time zone of the location's clocks. */
export async function loadTimeZone(ctx: Diary): Promise<string> {
  const { timezone } = await getLocation(ctx.db, ctx.agencyId, ctx.locationId)
  return isTimeZone(timezone) ? timezone : 'UTC'
}

export async function loadRules(ctx: Diary, calendar: CalendarDocument, timeZone: string): Promise<SlotRules> {
  const resources = await listAssets(ctx.db, calendarResources as unknown as AssetResource, ctx.locationId)
  return toSlotRules(calendar, { timeZone, nowMs: ctx.clock.nowMs(), resources })
}

/** A day may have 25 hours, and bookings of a day count together. */
const AROUND_MS = 26 * 60 * 60_000
/** No buffer reaches further: an appointment that is so long ago keeps nothing free. */
const LONGEST_BUFFER_MS = 366 * DAY_MS

/**
 * Everything in the location that takes time in the span, or so near to it that it matters: within the buffers of both,
 * and on the same days. Not the appointment `exceptId`. Calendars with buffers of days are asked about twice.
 */
export async function loadTaken(
  ctx: Diary,
  asked: CalendarDocument | Promise<CalendarDocument>,
  span: Span,
  exceptId?: string,
): Promise<Taken> {
  const [taken, longestMs, own] = await Promise.all([
    loadAround(ctx, asked, span, { aroundMs: AROUND_MS, exceptId }),
    longestBuffer(ctx),
    asked,
  ])
  const { beforeMs, afterMs } = buffersOf(own.document)
  const aroundMs = Math.min(longestMs, LONGEST_BUFFER_MS) + Math.min(Math.max(beforeMs, afterMs), LONGEST_BUFFER_MS)
  return aroundMs <= AROUND_MS ? taken : loadAround(ctx, own, span, { aroundMs, exceptId })
}

/** Of all calendars of the location, before or after; where there are services, at least the most that one may have. */
async function longestBuffer(ctx: Diary): Promise<number> {
  const msOf = (name: string) => sql`
    case when jsonb_typeof(b.doc -> ${name}::text) = 'number' then (b.doc ->> ${name}::text)::float8 else 0 end
      * case when b.doc ->> ${`${name}Unit`}::text = 'hours' then ${HOUR_MS}::int else ${MINUTE_MS}::int end`
  const [row] = await query(
    ctx.db,
    sql<{ longestMs: number | null }>`
      select max(case when a.kind = ${calendarServices.kind} then ${LONGEST_SERVICE_BUFFER_MS}::int
          else greatest(${msOf('slotBuffer')}, ${msOf('preBuffer')}) end) as "longestMs"
      from asset a join blob b on b.hash = a.hash
      where a.location_id = ${ctx.locationId} and a.kind in (${calendars.kind}, ${calendarServices.kind})`,
  )
  return row?.longestMs ?? 0
}

interface Taken {
  bookings: Booking[]
  blocks: Block[]
}

async function loadAround(
  ctx: Diary,
  asked: CalendarDocument | Promise<CalendarDocument>,
  span: Span,
  { aroundMs, exceptId }: { aroundMs: number; exceptId: string | undefined },
): Promise<Taken> {
  const around = { startMs: span.startMs - aroundMs, endMs: span.endMs + aroundMs }
  const living = [overlaps(around, LONGEST_MS.appointments), not(isOneOf('appointmentStatus', VOID))]
  const where = allOf([...living, ...(exceptId === undefined ? [] : [not(hasId([exceptId]))])])
  const [calendar, booked, blocked] = await Promise.all([
    asked,
    listFields(ctx.db, appointments, ctx.locationId, {
      fields: TIMED,
      lists: ['users', 'assignedResources', 'services'],
      where,
    }),
    listFields(ctx.db, blockedSlots, ctx.locationId, {
      fields: TIMED,
      lists: [],
      where: overlaps(around, LONGEST_MS.blockedSlots),
    }),
  ])
  const others = booked.map(({ calendarId }) => String(calendarId)).filter((id) => id !== calendar.id)
  const buffers = new Map(
    [calendar, ...(await loadCalendars(ctx, others))].map(({ id, document }) => [id, buffersOf(document)]),
  )
  return {
    bookings: booked.flatMap((row) => bookingsOf(row, buffers.get(String(row.calendarId)) ?? NO_BUFFERS)),
    blocks: blocked.map((row) => ({
      ...spanOf(row),
      calendarId: row.calendarId ?? undefined,
      userId: row.assignedUserId ?? undefined,
    })),
  }
}

/** The schedules that are applied to the calendar, whosever they are. */
export async function loadSchedules(ctx: Diary, calendarId: string): Promise<Schedule[]> {
  const rows = await listRecords(ctx.db, schedules, ctx.locationId, { where: appliesTo(ctx, calendarId) })
  return rows.map(({ document }) => toSchedule(document))
}

/** Those of these people, whatever they are applied to. */
export async function loadSchedulesOf(ctx: Diary, userIds: readonly string[]): Promise<Schedule[]> {
  const rows = await listRecords(ctx.db, schedules, ctx.locationId, { where: isOneOf('userId', userIds) })
  return rows.map(({ document }) => toSchedule(document))
}

/** The term has the index, and does not tell upper case from lower. */
export function appliesTo(ctx: Diary, calendarId: string): Condition {
  const term = hasTerm(ctx.locationId, 'calendarIds', calendarId)
  return allOf([...(term === null ? [] : [term]), holds('calendarIds', calendarId)])
}

const TIMED = ['startTime', 'endTime', 'calendarId', 'assignedUserId'] as const

const spanOf = ({ startTime, endTime }: { startTime: string | null; endTime: string | null }): Span => ({
  startMs: Date.parse(String(startTime)),
  endMs: Date.parse(String(endTime)),
})

type TimedRow = Record<(typeof TIMED)[number] | 'users' | 'assignedResources' | 'services', string | null>

/** An appointment takes the time of all who take part; one of services takes of each the time of their own. */
function bookingsOf(row: TimedRow, buffers: { beforeMs: number; afterMs: number }): Booking[] {
  const { startMs, endMs } = spanOf(row)
  const userIds = usersOf(row)
  const whole = { startMs, endMs, calendarId: String(row.calendarId), userIds, ...buffers }
  const resourceIds = textsIn(row.assignedResources)
  if (row.services === null) return [{ ...whole, resourceIds }]
  return (JSON.parse(row.services) as BookedService[]).map((one) => ({
    startMs: startMs + one.fromMs,
    endMs: startMs + one.toMs,
    calendarId: one.serviceId,
    userIds: userIds.filter((id) => id === one.staffId),
    resourceIds,
    beforeMs: one.beforeMs,
    afterMs: one.afterMs,
  }))
}

const NO_BUFFERS = { beforeMs: 0, afterMs: 0 }
const NOBODY: readonly string[] = []
const textsIn = (list: string | null): readonly string[] => (list === null ? NOBODY : JSON.parse(list))
const usersOf = ({ users, assignedUserId }: { users: string | null; assignedUserId: string | null }) =>
  assignedUserId === null ? textsIn(users) : [...textsIn(users), assignedUserId]

export async function loadCalendars(ctx: Diary, ids: readonly string[]): Promise<Asset[]> {
  const distinct = [...new Set(ids)]
  return distinct.length === 0
    ? []
    : listAssets(ctx.db, calendars as unknown as AssetResource, ctx.locationId, { ids: distinct })
}

/**
 * True for records of at most this length that reach into the span. Their texts are fixed in width, so code points
 * order them as time does, and an index does too.
 */
export function overlaps({ startMs, endMs }: Span, longestMs: number): Condition {
  const text = (ms: number) => new Date(ms).toISOString()
  const start = sql`(${fieldText('startTime')} collate "C")`
  return sql<boolean>`(${start} < ${text(endMs)} and ${start} > ${text(startMs - longestMs)}
      and ${fieldText('endTime')} collate "C" > ${text(startMs)})`
}
