import { type Static, Type } from 'typebox'
import { createZoneClock, type ZoneClock } from '../../scheduling/index.ts'
import type { RecordRow } from '../../store/records/index.ts'
import { Noun } from '../schemas.ts'

/** Misspelt as well, as the servers of the wire answer it. */
const statuses = { appointmentStatus: Type.String(), appoinmentStatus: Type.String() }

/** CalendarEventDTO. What the wire wants to be there and a record does not have is empty. */
export const CalendarEvent = Noun('CalendarEvent', {
  id: Type.String(),
  title: Type.String(),
  calendarId: Type.String(),
  locationId: Type.String(),
  contactId: Type.String(),
  groupId: Type.String(),
  ...statuses,
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
  deleted: Type.Boolean(),
  createdBy: Type.Optional(Type.Object({ userId: Type.String(), source: Type.String() })),
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
  ...statuses,
  status: Type.String({ description: 'booked; or the appointmentStatus, where that is not new or confirmed.' }),
  dateAdded: Type.String(),
  dateUpdated: Type.String(),
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

export function toAppointment(
  { id, document, createdAt, updatedAt }: RecordRow,
  { locationId, timeZone }: Omit<Showing, 'groups'>,
): Static<typeof AppointmentAnswer> {
  const {
    calendarId = '',
    contactId = '',
    startTime,
    endTime,
    title,
    meetingLocationType = 'default',
    appointmentStatus,
    assignedUserId,
    address,
    rrule,
  } = document
  const clock = clockOf(timeZone, [document])
  const shown = {
    startTime: clock.textOf(Date.parse(startTime as string)),
    endTime: clock.textOf(Date.parse(endTime as string)),
  }
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
    appoinmentStatus: appointmentStatus,
    status: ['new', 'confirmed'].includes(String(appointmentStatus)) ? 'booked' : appointmentStatus,
    dateAdded: createdAt.toISOString(),
    dateUpdated: updatedAt.toISOString(),
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
  return rows.map(({ id, document, createdAt, updatedAt, deletedAt }) => {
    const {
      createdBy,
      overrideLocationConfig: _,
      meetingLocationType: __,
      meetingLocationId: ___,
      revision: ____,
      properties: _____,
      services: ______,
      serviceLocationId: _______,
      timezone: ________,
      startTime,
      endTime,
      ...rest
    } = document
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
      appoinmentStatus: String(rest.appointmentStatus ?? 'confirmed'),
      deleted: deletedAt !== null,
      ...(createdBy === undefined ? {} : { createdBy: { userId: '', ...(createdBy as object) } }),
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
