import { Type } from 'typebox'
import { invalid } from '../errors.ts'
import { appointments } from '../resources/records/appointments.ts'
import { contacts } from '../resources/records/contacts.ts'
import { recurringAppointments } from '../resources/records/recurring-appointments.ts'
import type { RecordRow } from '../store/record-reads.ts'
import type { RecordDocument } from '../store/record-resource.ts'
import { createRecord, holdRecord, updateRecord } from '../store/records.ts'
import { type Booked, type BookingWish, book } from './appointments-booking.ts'
import { MOST_INSTANCES } from './appointments-recurrence.ts'
import { createSeries, getEvent, updateSeries } from './appointments-series.ts'
import { AppointmentAnswer, CalendarEvent, isoOf, readTimes, Time, toAppointment, toEvents } from './appointments-wire.ts'
import { type Context, operation } from './define.ts'
import { loadCalendars, loadTimeZone } from './free-slots-load.ts'
import { Id } from './schemas.ts'

const { read, write } = appointments.scopes
const common = { category: 'Calendars & Appointments', token: 'either' } as const
const locate = { kind: appointments.kind, others: [recurringAppointments.kind], param: 'eventId' }
const STATUSES = ['new', 'confirmed', 'cancelled', 'showed', 'noshow', 'invalid'] as const
const VOID: readonly unknown[] = ['cancelled', 'invalid']

/** What creating and changing have in common: AppointmentCreateSchema and AppointmentEditSchema. */
const details = {
  title: Type.Optional(Type.String({ maxLength: 500 })),
  meetingLocationType: Type.Optional(Type.Enum(['custom', 'zoom', 'gmeet', 'phone', 'address', 'ms_teams', 'google', 'default'])),
  meetingLocationId: Type.Optional(Type.String({ maxLength: 100 })),
  overrideLocationConfig: Type.Optional(Type.Boolean()),
  appointmentStatus: Type.Optional(Type.Enum([...STATUSES])),
  assignedUserId: Type.Optional(Id()),
  description: Type.Optional(Type.String({ maxLength: 20_000 })),
  address: Type.Optional(Type.String({ maxLength: 2000 })),
  ignoreDateRange: Type.Optional(Type.Boolean({ description: 'Minimum notice and booking window do not matter.' })),
  toNotify: Type.Optional(Type.Boolean({ description: 'False: automations do not run.' })),
  ignoreFreeSlotValidation: Type.Optional(Type.Boolean({ description: 'Nothing is checked: the time may be taken or closed.' })),
  endTime: Type.Optional(Time()),
  rrule: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 5000,
      description: `RFC 5545: one RRULE (daily, weekly, monthly or yearly), and EXDATEs. At most ${MOST_INSTANCES} times; without COUNT or UNTIL those of two years. It is only applied if ignoreFreeSlotValidation is true.`,
      examples: ['RRULE:FREQ=DAILY;INTERVAL=1;COUNT=5'],
    }),
  ),
}

/** wire/highlevel/calendars.json: create-appointment and its neighbours. Creating answers 200 there, not 201. */
export const appointmentOperations = [
  operation({
    ...common,
    name: 'appointments.create',
    title: 'Create Appointment',
    description:
      'Book new appointment. A slot that is not free, or not any more, is refused; of several who ask at once as many are served as fit. With a rule it becomes a series: the answer is its master, and each of its times is an appointment.',
    access: 'write',
    scope: write,
    http: 'POST /calendars/events/appointments',
    input: Type.Object({ locationId: Id(), calendarId: Id(), contactId: Id(), startTime: Time(), ...details }, { additionalProperties: false }),
    output: AppointmentAnswer,
    async run(ctx, { locationId, calendarId, contactId, startTime, endTime, rrule, ...more }) {
      const timeZone = await loadTimeZone(ctx)
      const { startTime: startMs, endTime: endMs } = readTimes({ startTime, endTime }, timeZone)
      const contact = await holdRecord(ctx.scope, contacts, contactId)
      if (contact === null) throw invalid([`contactId: there is no contact with the id ${contactId} in this location`])
      const free = { ignoreFreeSlotValidation: more.ignoreFreeSlotValidation === true || VOID.includes(more.appointmentStatus) }
      const booked = await book(ctx, { calendarId, startMs: startMs as number, endMs, ...more, ...free }, { timeZone })
      const { calendar } = booked
      const document: RecordDocument = {
        contactId,
        appointmentStatus: calendar.document.autoConfirm === false ? 'new' : 'confirmed',
        createdBy: { source: 'third_party' },
        ...detailsOf(more),
        ...placeOf(calendar.document, more),
        ...timesOf(booked),
        title: more.title || titleFor(calendar.document, contact),
      }
      const recurs = rrule !== undefined && more.ignoreFreeSlotValidation === true
      const row = recurs ? await createSeries(ctx, { ...document, rrule }, { timeZone }) : await createRecord(ctx.scope, appointments, document)
      return toAppointment(row, { locationId, timeZone })
    },
  }),
  operation({
    ...common,
    locate,
    name: 'appointments.update',
    title: 'Update Appointment',
    description:
      'Modify appointment details. A new time, calendar or user is checked like a new booking. The id of an instance changes that one; the masterEventId changes the series and its instances that have not begun.',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/events/appointments/:eventId',
    input: Type.Object({ eventId: Id(), calendarId: Type.Optional(Id()), startTime: Type.Optional(Time()), ...details }, { additionalProperties: false }),
    output: AppointmentAnswer,
    async run(ctx, { eventId, calendarId, startTime, endTime, rrule: wanted, ...more }) {
      const timeZone = await loadTimeZone(ctx)
      const times = readTimes({ startTime, endTime }, timeZone)
      const { document: before, isSeries } = await getEvent(ctx, eventId)
      const rrule = more.ignoreFreeSlotValidation === true ? wanted : undefined
      if (rrule !== undefined && before.masterEventId !== undefined) throw invalid(['rrule is that of the series: send its masterEventId'])
      const wish = wishFrom(before, { ...more, ...times, calendarId })
      if (isSeries && wish !== null && !wish.ignoreFreeSlotValidation)
        throw invalid(['ignoreFreeSlotValidation must be true where time, calendar or user of a series change: its times are not checked'])
      const booked = wish === null ? null : await book(ctx, wish, { timeZone, exceptId: eventId })
      const changes: RecordDocument = {
        ...(booked !== null && calendarId !== undefined && calendarId !== before.calendarId ? placeOf(booked.calendar.document, more) : {}),
        ...detailsOf(more),
        ...(more.address !== undefined && more.meetingLocationType === undefined ? { meetingLocationType: 'custom' } : {}),
        ...(booked === null ? {} : timesOf(booked)),
        ...(rrule === undefined ? {} : { rrule }),
      }
      const change = () => {
        if (isSeries) return updateSeries(ctx, eventId, changes, timeZone)
        if (rrule !== undefined) return createSeries(ctx, { ...before, ...changes }, { timeZone, id: eventId })
        return updateRecord(ctx.scope, appointments, eventId, ({ document }) => ({ ...document, ...changes }))
      }
      return toAppointment(await change(), { locationId: ctx.locationId, timeZone })
    },
  }),
  operation({
    ...common,
    locate,
    name: 'appointments.get',
    title: 'Get Appointment',
    description: 'Retrieve appointment details',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/events/appointments/:eventId',
    input: Type.Object({ eventId: Id() }, { additionalProperties: false }),
    output: Type.Object({ event: CalendarEvent }),
    async run(ctx, { eventId }) {
      const [event] = await showEvents(ctx, [await getEvent(ctx, eventId)])
      return { event: event as NonNullable<typeof event> }
    },
  }),
]

/** Rows of appointments or blocked slots as the wire shows them. */
export async function showEvents(ctx: Context, rows: readonly RecordRow[]) {
  const ids = rows.map(({ document }) => document.calendarId).filter((id): id is string => typeof id === 'string')
  const groups = new Map((await loadCalendars(ctx, ids)).map(({ id, document }) => [id, (document.groupId as string | undefined) ?? '']))
  return toEvents(rows, { locationId: ctx.locationId, timeZone: await loadTimeZone(ctx), groups })
}

interface Changes extends Partial<Omit<BookingWish, 'startMs' | 'endMs'>> {
  appointmentStatus?: string | undefined
  startTime?: number | undefined
  endTime?: number | undefined
}

/** What must be booked for a change; null where neither time nor people change, or where the appointment takes no time. */
function wishFrom(before: RecordDocument, changes: Changes): BookingWish | null {
  const { startTime, endTime, calendarId, assignedUserId, appointmentStatus = before.appointmentStatus } = changes
  const [oldStart, oldEnd] = [Date.parse(before.startTime as string), Date.parse(before.endTime as string)]
  const startMs = startTime ?? oldStart
  const moved = startMs !== oldStart || (endTime !== undefined && endTime !== oldEnd)
  const other = calendarId !== undefined && calendarId !== before.calendarId
  const reassigned = assignedUserId !== undefined && assignedUserId !== before.assignedUserId
  const revived = VOID.includes(before.appointmentStatus) && !VOID.includes(appointmentStatus)
  if (!moved && !other && !reassigned && !revived) return null
  return {
    calendarId: calendarId ?? (before.calendarId as string),
    startMs,
    endMs: endTime ?? (other ? undefined : startMs + oldEnd - oldStart),
    assignedUserId,
    formerUserId: other ? undefined : (before.assignedUserId as string | undefined),
    keepsTime: !moved && !other,
    ignoreDateRange: changes.ignoreDateRange,
    ignoreFreeSlotValidation: changes.ignoreFreeSlotValidation === true || VOID.includes(appointmentStatus),
  }
}

function timesOf({ calendar, startMs, endMs, assignedUserId, users, assignedResources }: Booked): RecordDocument {
  return { calendarId: calendar.id, startTime: isoOf(startMs), endTime: isoOf(endMs), assignedUserId, users, assignedResources }
}

/** The parts of the input that are stored as they are. */
function detailsOf(input: RecordDocument): RecordDocument {
  const names = ['title', 'meetingLocationType', 'meetingLocationId', 'overrideLocationConfig', 'appointmentStatus', 'description', 'address']
  return Object.fromEntries(names.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]))
}

interface Place {
  kind: string
  location?: string
  meetingId?: string
}

/** Where they meet: as the caller says, or as the calendar is set up. */
function placeOf(calendar: RecordDocument, { address, meetingLocationType, meetingLocationId }: RecordDocument): RecordDocument {
  const places = (calendar.locationConfigurations ?? []) as Place[]
  const place = places.find(({ meetingId }) => meetingId !== undefined && meetingId === meetingLocationId) ?? places[0]
  const usual = place?.location ?? (calendar.meetingLocation as string | undefined)
  return { address: address ?? (usual === '' ? undefined : usual), meetingLocationType: meetingLocationType ?? (address === undefined ? 'default' : 'custom') }
}

/** The calendar's title with the contact's name in it. */
function titleFor(calendar: RecordDocument, { document }: RecordRow): string {
  const name = [document.firstName, document.lastName].filter(Boolean).join(' ') || String(document.email ?? document.phone ?? '')
  const title = String(calendar.eventTitle ?? '{{contact.name}}').replace(/\{\{\s*contact\.name\s*\}\}/g, name)
  return (title.trim() || String(calendar.name)).slice(0, 500)
}
