import { Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { appointments } from '../../resources/records/appointments.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { isTimeZone, LONGEST_MS, loadTimeZone, overlaps, servicesOf } from '../../scheduling/index.ts'
import {
  allOf,
  byText,
  createRecord,
  equals,
  findRecord,
  holdRecord,
  isAbsent,
  listRecords,
  not,
  type RecordRow,
  updateRecord,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { titleFor } from './appointment-documents.ts'
import { VOID } from './appointment-wishes.ts'
import { removeAppointment } from './appointments.ts'
import {
  bookServices,
  keptServices,
  lengthOf,
  loadServices,
  readPlace,
  readServices,
} from './service-booking-wishes.ts'
import { ServiceBooking, toBookings, WrittenBooking } from './service-bookings-wire.ts'
import { readTimes, Time, TimeText } from './times.ts'

const { read, write } = appointments.scopes
const common = { category: 'Calendars & Appointments', token: 'either' } as const
const locate = { kind: appointments.kind, param: 'bookingId' }
const byId = { bookingId: Id() }
const query = ['overrideAvailability', 'skipSchedulingNotice'] as const
/** The wire has no pages here. */
const MOST = 10_000

const AddOn = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 100 }),
    quantity: Type.Optional(Type.Number({ minimum: 0, maximum: 10_000 })),
    duration: Type.Optional(Type.Number({ minimum: 0, maximum: 40_000, description: 'Minutes that it takes.' })),
  },
  { additionalProperties: false },
)
const services = Type.Array(
  Type.Object(
    {
      id: Id('A service, or one of its variations.'),
      staffId: Type.Optional(Id('One of its staff. Without it, whoever of them is free.')),
      position: Type.Optional(Type.Number({ description: 'Its place among the others: one follows the other.' })),
      addOns: Type.Optional(Type.Array(AddOn, { maxItems: 20 })),
    },
    { additionalProperties: false },
  ),
  { minItems: 1, maxItems: 20 },
)
/** What creating and changing have in common. */
const details = {
  serviceLocationId: Type.Optional(Id()),
  meetingLocation: Type.Optional(
    Type.String({
      maxLength: 2000,
      description: 'Needed where the service location asks the booker, and nowhere else.',
    }),
  ),
  title: Type.Optional(Type.String({ maxLength: 500 })),
  overrideAvailability: Type.Optional(
    Type.Boolean({ description: 'Nothing is checked: whoever is booked may be busy, or away.' }),
  ),
  skipSchedulingNotice: Type.Optional(Type.Boolean({ description: 'It may have begun.' })),
}
const timezone = Type.String({ minLength: 1, maxLength: 100, description: "The booker's, such as America/New_York." })
const Status = <const T extends string[]>(...words: T) => Type.Optional(Type.Enum(words))
const fromWire = (status: string) => (status === 'no_show' ? 'noshow' : status)

function checkZone(zone: string | undefined): void {
  if (zone !== undefined && !isTimeZone(zone))
    throw invalid(['timezone must be the name of a time zone, such as America/New_York'])
}

/** 404 for other appointments too. */
async function getBooking(ctx: Context, id: string): Promise<RecordRow> {
  const row = await findRecord(ctx.db, appointments, ctx.locationId, id)
  if (row?.document.services === undefined) throw new AppError('not_found', { what: 'service booking', id })
  return row
}

async function show(ctx: Context, row: RecordRow, messages: readonly string[] = []) {
  const [booking] = toBookings([row], { locationId: ctx.locationId, services: await loadServices(ctx) })
  return { ...(booking as NonNullable<typeof booking>), ...(messages.length === 0 ? {} : { messages: [...messages] }) }
}

/**
 * HighLevel's documents of v3 (apps/v3/calendars-v3.json): get-service-bookings and its neighbours. A booking is an
 * appointment: what is told of these, and what they keep free, holds for it as well.
 */
export const serviceBookingOperations = [
  operation({
    ...common,
    name: 'serviceBookings.list',
    title: 'Get Service Bookings',
    description: `Bookings of services that reach into a time, by start, at most ${MOST}.`,
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/services/bookings',
    input: Type.Object(
      {
        locationId: Id(),
        startTime: TimeText(),
        endTime: TimeText(),
        timezone: Type.Optional(
          Type.String({ maxLength: 100, description: 'In which times are told. Default: each in that of its booker.' }),
        ),
        serviceLocationId: Type.Optional(Id()),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ bookings: Type.Array(ServiceBooking) }),
    async run(ctx, { locationId, timezone: timeZone, serviceLocationId, ...texts }) {
      checkZone(timeZone)
      const times = readTimes(texts, timeZone ?? (await loadTimeZone(ctx))) as { startTime: number; endTime: number }
      if (times.endTime < times.startTime) throw invalid(['endTime must not be before startTime'])
      const rows = await listRecords(ctx.db, appointments, locationId, {
        where: allOf([
          // What begins at the very end belongs to the time.
          overlaps({ startMs: times.startTime, endMs: times.endTime + 1 }, LONGEST_MS.appointments),
          not(isAbsent('services')),
          ...(serviceLocationId === undefined ? [] : [equals('serviceLocationId', serviceLocationId)]),
        ]),
        order: [byText('startTime')],
        limit: MOST,
      })
      return { bookings: toBookings(rows, { locationId, services: await loadServices(ctx), timeZone }) }
    },
  }),
  operation({
    ...common,
    name: 'serviceBookings.create',
    title: 'Create Service Booking',
    description:
      'Books services one after the other, each with one of its staff who is free then. It is an appointment too: ' +
      'nobody can be booked elsewhere meanwhile, and webhooks tell of it as such.',
    access: 'write',
    scope: write,
    http: 'POST /calendars/services/bookings',
    status: 201,
    query,
    input: Type.Object(
      {
        ...{ locationId: Id(), contactId: Id(), startTime: Time(), endTime: Time(), timezone, services },
        status: Status('confirmed', 'new'),
        ...details,
      },
      { additionalProperties: false },
    ),
    output: WrittenBooking,
    async run(ctx, { contactId, timezone: zone, services: asked, title, status = 'confirmed', ...more }) {
      checkZone(zone)
      const times = readTimes({ startTime: more.startTime, endTime: more.endTime }, zone)
      const anybody = more.overrideAvailability === true
      const wanted = await readServices(ctx, asked, { anybody })
      const { place, messages } = await readPlace(ctx, more)
      const contact = await holdRecord(ctx.scope, contacts, contactId)
      if (contact === null) throw invalid([`contactId: there is no contact with the id ${contactId} in this location`])
      const booked = await bookServices(ctx, wanted, {
        ...{ startMs: times.startTime as number, endMs: times.endTime as number, timeZone: await loadTimeZone(ctx) },
        ...{ ignoreDateRange: more.skipSchedulingNotice, ignoreFreeSlotValidation: anybody },
      })
      const names = wanted.map(({ service }) => service.document.name).join(', ')
      const row = await createRecord(ctx.scope, appointments, {
        ...{ contactId, timezone: zone, ...place, ...booked, appointmentStatus: status, assignedResources: [] },
        title: title || titleFor({ eventTitle: `{{contact.name}} - ${names}`, name: names }, contact),
        createdBy: { source: 'third_party' },
      })
      return show(ctx, row, messages)
    },
  }),
  operation({
    ...common,
    locate,
    name: 'serviceBookings.get',
    title: 'Get Service Booking by ID',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/services/bookings/:bookingId',
    input: Type.Object(byId, { additionalProperties: false }),
    output: ServiceBooking,
    run: async (ctx, { bookingId }) => show(ctx, await getBooking(ctx, bookingId)),
  }),
  operation({
    ...common,
    locate,
    name: 'serviceBookings.update',
    title: 'Update Service Booking',
    description:
      'Replaces the properties that the body names and keeps the others; services that are named take the place of ' +
      'all. New times and services are checked like a new booking, and stay with whoever has them if they can.',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/services/bookings/:bookingId',
    query,
    input: Type.Object(
      {
        ...byId,
        ...{ startTime: Type.Optional(Time()), endTime: Type.Optional(Time()), timezone: Type.Optional(timezone) },
        services: Type.Optional(services),
        status: Status('confirmed', 'cancelled', 'invalid', 'new', 'showed', 'no_show'),
        ...details,
      },
      { additionalProperties: false },
    ),
    output: WrittenBooking,
    async run(ctx, { bookingId, timezone: zone, services: asked, title, status, ...more }) {
      checkZone(zone)
      const { document: before } = await getBooking(ctx, bookingId)
      const times = readTimes({ startTime: more.startTime, endTime: more.endTime }, zone ?? String(before.timezone))
      const anybody = more.overrideAvailability === true
      const kept = servicesOf(before)
      const wanted =
        asked === undefined ? await keptServices(ctx, kept) : await readServices(ctx, asked, { anybody, before: kept })
      const [oldStart, oldEnd] = [Date.parse(String(before.startTime)), Date.parse(String(before.endTime))]
      const startMs = times.startTime ?? oldStart
      const lastsMs = asked === undefined ? oldEnd - oldStart : lengthOf(wanted)
      const endMs = times.endTime ?? startMs + lastsMs
      const next = status === undefined ? before.appointmentStatus : fromWire(status)
      const isRevived = VOID.includes(before.appointmentStatus) && !VOID.includes(next)
      const keepsTime = startMs === oldStart && endMs === oldEnd
      const booked =
        keepsTime && !isRevived && asked === undefined
          ? {}
          : await bookServices(ctx, wanted, {
              ...{ startMs, endMs, keepsTime, timeZone: await loadTimeZone(ctx), exceptId: bookingId },
              ignoreDateRange: more.skipSchedulingNotice,
              ignoreFreeSlotValidation: anybody || VOID.includes(next),
            })
      const isPlaced = more.serviceLocationId !== undefined || more.meetingLocation !== undefined
      const { place, messages } = isPlaced ? await readPlace(ctx, more, before) : { place: {}, messages: [] }
      const changes = {
        ...{ ...place, ...booked, appointmentStatus: next },
        ...(zone === undefined ? {} : { timezone: zone }),
        ...(title ? { title } : {}),
      }
      const edit = ({ document }: RecordRow) => ({ ...document, ...changes })
      return show(ctx, await updateRecord(ctx.scope, appointments, bookingId, edit), messages)
    },
  }),
  operation({
    ...common,
    locate,
    name: 'serviceBookings.delete',
    title: 'Delete Service Booking',
    description: 'Removes the booking with its notes. What it was can be read from the history of the appointment.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /calendars/services/bookings/:bookingId',
    input: Type.Object(byId, { additionalProperties: false }),
    output: Type.Object({ success: Type.Boolean(), message: Type.String() }),
    async run(ctx, { bookingId }) {
      await getBooking(ctx, bookingId)
      await removeAppointment(ctx, bookingId)
      return { success: true, message: 'Service booking deleted successfully' }
    },
  }),
]
