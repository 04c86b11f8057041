import { type Static, Type } from 'typebox'
import { invalid } from '../errors.ts'
import type { RecordRow } from '../store/record-reads.ts'
import { createZoneClock, parseTime, type ZoneClock } from './free-slots-clock.ts'
import type { Span } from './free-slots-rules.ts'
import { Noun } from './schemas.ts'

/** A moment in a body. */
export const Time = () =>
  Type.String({
    minLength: 1,
    maxLength: 40,
    description: 'ISO 8601 with offset; without one it is what the clocks of the location show.',
    examples: ['2031-03-03T10:00:00+00:00'],
  })

/** A moment in a query. */
export const TimeText = () =>
  Type.String({ minLength: 1, maxLength: 40, description: 'Milliseconds since the epoch, or ISO 8601.', examples: ['1930298400000'] })

/** CalendarEventDTO. What the wire wants to be there and a record does not have is empty. */
export const CalendarEvent = Noun('CalendarEvent', {
  id: Type.String(),
  title: Type.String(),
  calendarId: Type.String(),
  locationId: Type.String(),
  contactId: Type.String(),
  groupId: Type.String(),
  appointmentStatus: Type.String(),
  assignedUserId: Type.String(),
  users: Type.Array(Type.String()),
  address: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  isRecurring: Type.Boolean(),
  rrule: Type.Optional(Type.String()),
  masterEventId: Type.Optional(Type.String()),
  startTime: Type.String(),
  endTime: Type.String(),
  dateAdded: Type.String(),
  dateUpdated: Type.String(),
  assignedResources: Type.Array(Type.String()),
  createdBy: Type.Optional(Type.Object({ userId: Type.Optional(Type.String()), source: Type.String() })),
})

/** AppointmentSchemaResponse. */
export const AppointmentAnswer = Noun('Appointment', {
  id: Type.String(),
  calendarId: Type.String(),
  locationId: Type.String(),
  contactId: Type.String(),
  startTime: Type.String(),
  endTime: Type.String(),
  title: Type.String(),
  meetingLocationType: Type.String(),
  appointmentStatus: Type.String(),
  assignedUserId: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  isRecurring: Type.Boolean(),
  rrule: Type.Optional(Type.String()),
})

/** Where events are shown: times with the offset of the location's clocks. */
export interface Showing {
  locationId: string
  timeZone: string
  /** Group of a calendar, by the calendar's id. */
  groups: ReadonlyMap<string, string>
}

export function toAppointment({ id, document }: RecordRow, { locationId, timeZone }: Omit<Showing, 'groups'>): Static<typeof AppointmentAnswer> {
  const { calendarId, contactId, startTime, endTime, title, meetingLocationType = 'default', appointmentStatus, assignedUserId, address, rrule } = document
  const clock = clockOf(timeZone, [document])
  const shown = { startTime: clock.textOf(Date.parse(startTime as string)), endTime: clock.textOf(Date.parse(endTime as string)) }
  const optional = {
    ...(assignedUserId === undefined ? {} : { assignedUserId }),
    ...(address === undefined ? {} : { address }),
    ...(rrule === undefined ? {} : { rrule }),
  }
  return {
    id,
    calendarId,
    locationId,
    contactId,
    ...shown,
    title,
    meetingLocationType,
    appointmentStatus,
    ...optional,
    isRecurring: rrule !== undefined,
  } as never
}

/** Appointments or blocked slots as events. */
export function toEvents(rows: readonly RecordRow[], showing: Showing): Static<typeof CalendarEvent>[] {
  const clock = clockOf(
    showing.timeZone,
    rows.map(({ document }) => document),
  )
  return rows.map(({ id, document, createdAt, updatedAt }) => {
    const { overrideLocationConfig: _, meetingLocationType: __, meetingLocationId: ___, revision: ____, startTime, endTime, ...rest } = document
    return {
      id,
      title: '',
      calendarId: '',
      contactId: '',
      groupId: showing.groups.get(document.calendarId as string) ?? '',
      appointmentStatus: 'confirmed',
      assignedUserId: '',
      users: [],
      assignedResources: [],
      isRecurring: rest.rrule !== undefined,
      ...rest,
      locationId: showing.locationId,
      startTime: clock.textOf(Date.parse(startTime as string)),
      endTime: clock.textOf(Date.parse(endTime as string)),
      dateAdded: createdAt.toISOString(),
      dateUpdated: updatedAt.toISOString(),
    } as Static<typeof CalendarEvent>
  })
}

/** The clocks over the time of these documents. */
export function clockOf(timeZone: string, documents: readonly { startTime?: unknown; endTime?: unknown }[]): ZoneClock {
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, 0]
  for (const { startTime, endTime } of documents) {
    fromMs = Math.min(fromMs, Date.parse(String(startTime)))
    toMs = Math.max(toMs, Date.parse(String(endTime)))
  }
  return createZoneClock(timeZone, Math.min(fromMs, toMs), toMs)
}

/** Times of the input by name; what is no time is a fault that names it (422). */
export function readTimes<Name extends string>(input: Partial<Record<Name, string | undefined>>, timeZone: string): Partial<Record<Name, number>> {
  const faults: string[] = []
  const times: Partial<Record<Name, number>> = {}
  for (const [name, text] of Object.entries(input) as [Name, string | undefined][]) {
    if (text === undefined) continue
    const ms = parseTime(text, timeZone)
    if (ms === null) faults.push(`${name} must be a valid ISO 8601 date or a number of milliseconds`)
    else times[name] = ms
  }
  if (faults.length > 0) throw invalid(faults)
  return times
}

/** 422 unless the end comes after the start, and not too long after. */
export function checkedSpan(startMs: number, endMs: number, longestMs: number): Span {
  if (endMs <= startMs) throw invalid(['endTime must be after startTime'])
  if (endMs - startMs > longestMs) throw invalid([`endTime must be at most ${longestMs / 86_400_000} days after startTime`])
  return { startMs, endMs }
}

export const isoOf = (ms: number) => new Date(ms).toISOString()
