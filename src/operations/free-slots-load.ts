import { sql } from 'kysely'
import { getLocation } from '../auth/locations.ts'
import { calendarResources } from '../resources/calendar-resources.ts'
import { calendars } from '../resources/calendars.ts'
import { appointments } from '../resources/records/appointments.ts'
import { blockedSlots } from '../resources/records/blocked-slots.ts'
import { schedules } from '../resources/records/schedules.ts'
import { type Asset, listAssets } from '../store/assets.ts'
import { allOf, type Condition, fieldText, hasId, isOneOf, not } from '../store/record-conditions.ts'
import { holds } from '../store/record-links.ts'
import { listFields, listRecords } from '../store/record-reads.ts'
import { hasTerm } from '../store/record-terms.ts'
import type { AssetDocument, AssetResource } from '../store/resource.ts'
import type { Context } from './define.ts'
import type { Block, Booking } from './free-slots-availability.ts'
import { isTimeZone } from './free-slots-clock.ts'
import { buffersOf, type SlotRules, type Span, toSlotRules } from './free-slots-rules.ts'
import { type Schedule, toSchedule } from './free-slots-schedules.ts'

const DAY_MS = 86_400_000
/** What bounds the search for those that reach into a stretch of time. */
export const LONGEST_MS = { appointments: 31 * DAY_MS, blockedSlots: 366 * DAY_MS } as const

/** Statuses of appointments that take no time. */
const VOID = ['cancelled', 'invalid']

/** The time zone of the location's clocks. */
export async function loadTimeZone(ctx: Context): Promise<string> {
  const { timezone } = await getLocation(ctx.db, ctx.agencyId, ctx.locationId)
  return isTimeZone(timezone) ? timezone : 'UTC'
}

export async function loadRules(ctx: Context, calendar: CalendarDocument, timeZone: string): Promise<SlotRules> {
  const resources = await listAssets(ctx.db, calendarResources as unknown as AssetResource, ctx.locationId)
  return toSlotRules(calendar, { timeZone, nowMs: ctx.clock.nowMs(), resources })
}

interface CalendarDocument {
  id: string
  document: AssetDocument
}

/** Everything in the location that takes time in the span or within a day of it; not the appointment `exceptId`. */
export async function loadTaken(
  ctx: Context,
  asked: CalendarDocument | Promise<CalendarDocument>,
  span: Span,
  exceptId?: string,
): Promise<{ bookings: Booking[]; blocks: Block[] }> {
  const around = { startMs: span.startMs - DAY_MS, endMs: span.endMs + DAY_MS }
  const living = [overlaps(around, LONGEST_MS.appointments), not(isOneOf('appointmentStatus', VOID))]
  const where = allOf([...living, ...(exceptId === undefined ? [] : [not(hasId([exceptId]))])])
  const [calendar, booked, blocked] = await Promise.all([
    asked,
    listFields(ctx.db, appointments, ctx.locationId, { fields: TIMED, lists: ['users', 'assignedResources'], where }),
    listFields(ctx.db, blockedSlots, ctx.locationId, { fields: TIMED, lists: [], where: overlaps(around, LONGEST_MS.blockedSlots) }),
  ])
  const others = booked.map(({ calendarId }) => String(calendarId)).filter((id) => id !== calendar.id)
  const buffers = new Map([calendar, ...(await loadCalendars(ctx, others))].map(({ id, document }) => [id, buffersOf(document)]))
  return {
    bookings: booked.map((row) => {
      const { beforeMs, afterMs } = buffers.get(String(row.calendarId)) ?? NO_BUFFERS
      const [startMs, endMs] = [Date.parse(String(row.startTime)), Date.parse(String(row.endTime))]
      return { startMs, endMs, calendarId: String(row.calendarId), userIds: usersOf(row), resourceIds: textsIn(row.assignedResources), beforeMs, afterMs }
    }),
    blocks: blocked.map((row) => ({ ...spanOf(row), calendarId: row.calendarId ?? undefined, userId: row.assignedUserId ?? undefined })),
  }
}

/** The schedules that are applied to the calendar, whosever they are. */
export async function loadSchedules(ctx: Context, calendarId: string): Promise<Schedule[]> {
  const rows = await listRecords(ctx.db, schedules, ctx.locationId, { where: appliesTo(ctx, calendarId) })
  return rows.map(({ document }) => toSchedule(document))
}

/** The term has the index, and does not tell upper case from lower. */
export function appliesTo(ctx: Context, calendarId: string): Condition {
  const term = hasTerm(ctx.locationId, 'calendarIds', calendarId)
  return allOf([...(term === null ? [] : [term]), holds('calendarIds', calendarId)])
}

const TIMED = ['startTime', 'endTime', 'calendarId', 'assignedUserId'] as const

const spanOf = ({ startTime, endTime }: { startTime: string | null; endTime: string | null }): Span => ({
  startMs: Date.parse(String(startTime)),
  endMs: Date.parse(String(endTime)),
})

const NO_BUFFERS = { beforeMs: 0, afterMs: 0 }
const NOBODY: readonly string[] = []
const textsIn = (list: string | null): readonly string[] => (list === null ? NOBODY : JSON.parse(list))
const usersOf = ({ users, assignedUserId }: { users: string | null; assignedUserId: string | null }) =>
  assignedUserId === null ? textsIn(users) : [...textsIn(users), assignedUserId]

export async function loadCalendars(ctx: Context, ids: readonly string[]): Promise<Asset[]> {
  const distinct = [...new Set(ids)]
  return distinct.length === 0 ? [] : listAssets(ctx.db, calendars as unknown as AssetResource, ctx.locationId, { ids: distinct })
}

/** True for records of at most this length that reach into the span. Their texts are fixed in width, so code points order them as time does, and an index does too. */
export function overlaps({ startMs, endMs }: Span, longestMs: number): Condition {
  const text = (ms: number) => new Date(ms).toISOString()
  const start = sql`(${fieldText('startTime')} collate "C")`
  return sql<boolean>`(${start} < ${text(endMs)} and ${start} > ${text(startMs - longestMs)} and ${fieldText('endTime')} collate "C" > ${text(startMs)})`
}
