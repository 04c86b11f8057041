import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { appointments } from '../../resources/records/appointments.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { recurringAppointments } from '../../resources/records/recurring-appointments.ts'
import { book, createSeries, getEvent, loadCalendars, loadTimeZone, updateSeries } from '../../scheduling/index.ts'
import {
  createRecord,
  deleteRecord,
  holdRecord,
  type RecordDocument,
  type RecordResource,
  type RecordRow,
  settleRefs,
  updateRecord,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { refuseStrangers } from '../people/index.ts'
import { DONE, Done, Id } from '../schemas.ts'
import { details, detailsOf, looseTimesOf, placeOf, timesOf, titleFor } from './appointment-documents.ts'
import { VOID, wishFrom } from './appointment-wishes.ts'
import { readTimes, Time } from './times.ts'
import { AppointmentAnswer, CalendarEvent, toAppointment, toEvents } from './wire.ts'

const { read, write } = appointments.scopes
const common = { category: 'Calendars & Appointments', token: 'either' } as const
const locate = { kind: appointments.kind, others: [recurringAppointments.kind], param: 'eventId' }

/** wire/highlevel/calendars.json: create-appointment and its neighbours. Creating answers 200 there, not 201. */
export const appointmentOperations = [
  operation({
    ...common,
    name: 'appointments.create',
    title: 'Create Appointment',
    description:
      'Book new appointment. A slot that is not free, or not any more, is refused; of several who ask at once as ' +
      'many are served as fit. With a rule it becomes a series: the answer is its master, and each of its times is ' +
      'an appointment.',
    access: 'write',
    scope: write,
    http: 'POST /calendars/events/appointments',
    input: Type.Object(
      { locationId: Id(), calendarId: Id(), contactId: Id(), startTime: Time(), ...details },
      { additionalProperties: false },
    ),
    output: AppointmentAnswer,
    async run(ctx, { locationId, calendarId, contactId, startTime, endTime, rrule, ...more }) {
      const timeZone = await loadTimeZone(ctx)
      const { startTime: startMs, endTime: endMs } = readTimes({ startTime, endTime }, timeZone)
      await refuseStrangers(ctx, 'assignedUserId', more.assignedUserId)
      const contact = await holdRecord(ctx.scope, contacts, contactId)
      if (contact === null) throw invalid([`contactId: there is no contact with the id ${contactId} in this location`])
      const free = {
        ignoreFreeSlotValidation: more.ignoreFreeSlotValidation === true || VOID.includes(more.appointmentStatus),
      }
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
      const row = recurs
        ? await createSeries(ctx, { ...document, rrule }, { timeZone })
        : await createRecord(ctx.scope, appointments, document)
      return toAppointment(row, { locationId, timeZone })
    },
  }),
  operation({
    ...common,
    locate,
    name: 'appointments.update',
    title: 'Update Appointment',
    description:
      'Modify appointment details. A new time, calendar or user is checked like a new booking. The id of an ' +
      'instance changes that one; the masterEventId changes the series and its instances that have not begun.',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/events/appointments/:eventId',
    input: Type.Object(
      { eventId: Id(), calendarId: Type.Optional(Id()), startTime: Type.Optional(Time()), ...details },
      { additionalProperties: false },
    ),
    output: AppointmentAnswer,
    async run(ctx, { eventId, calendarId, startTime, endTime, rrule: wanted, ...more }) {
      const timeZone = await loadTimeZone(ctx)
      const times = readTimes({ startTime, endTime }, timeZone)
      const { document: before, isSeries } = await getEvent(ctx, eventId)
      await refuseStrangers(ctx, 'assignedUserId', more.assignedUserId, before.assignedUserId)
      const rrule = more.ignoreFreeSlotValidation === true ? wanted : undefined
      if (rrule !== undefined && before.masterEventId !== undefined)
        throw invalid(['rrule is that of the series: send its masterEventId'])
      const wish = wishFrom(before, { ...more, ...times, calendarId })
      if (before.services !== undefined && (wish !== null || rrule !== undefined))
        throw invalid([
          'It is a booking of services: its time, people and return are changed as that of a service booking',
        ])
      if (isSeries && wish !== null && !wish.ignoreFreeSlotValidation)
        throw invalid([
          'ignoreFreeSlotValidation must be true where time, calendar or user of a series change: its times are ' +
            'not checked',
        ])
      const isLoose = calendarId === undefined && before.calendarId === undefined
      const booked = wish === null || isLoose ? null : await book(ctx, wish, { timeZone, exceptId: eventId })
      const changes: RecordDocument = {
        ...(booked !== null && calendarId !== undefined && calendarId !== before.calendarId
          ? placeOf(booked.calendar.document, more)
          : {}),
        ...detailsOf(more),
        ...(more.address !== undefined && more.meetingLocationType === undefined
          ? { meetingLocationType: 'custom' }
          : {}),
        ...(booked === null ? {} : timesOf(booked)),
        ...(wish !== null && isLoose ? looseTimesOf(wish) : {}),
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
    // `event` in the documents, `appointment` from the servers.
    output: Type.Object({ event: CalendarEvent, appointment: CalendarEvent }),
    async run(ctx, { eventId }) {
      const [shown] = await showEvents(ctx, [await getEvent(ctx, eventId)])
      const event = shown as NonNullable<typeof shown>
      return { event, appointment: event }
    },
  }),
  operation({
    ...common,
    locate,
    name: 'appointments.delete',
    title: 'Delete Appointment',
    description: 'Removes an appointment with its notes, or by a masterEventId a series: Delete Event does the same.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /calendars/events/appointments/:eventId',
    hasBody: true,
    input: Type.Object({ eventId: Id() }, { additionalProperties: false }),
    output: Done(),
    async run(ctx, { eventId }) {
      await removeAppointment(ctx, eventId)
      return DONE
    },
  }),
]

/** Removes an appointment, or a series, with what belongs to it. 404 when it is neither. */
export async function removeAppointment(ctx: Context, eventId: string): Promise<void> {
  const resource = (await getEvent(ctx, eventId)).isSeries ? recurringAppointments : appointments
  await deleteRecord(ctx.scope, resource as unknown as RecordResource, eventId)
  await settleRefs(ctx.scope, resource.kind, [eventId])
}

/** Rows of appointments or blocked slots as the wire shows them. */
export async function showEvents(ctx: Context, rows: readonly RecordRow[]) {
  const ids = rows.map(({ document }) => document.calendarId).filter((id): id is string => typeof id === 'string')
  const groups = new Map(
    (await loadCalendars(ctx, ids)).map(({ id, document }) => [id, (document.groupId as string | undefined) ?? '']),
  )
  return toEvents(rows, { locationId: ctx.locationId, timeZone: await loadTimeZone(ctx), groups })
}
