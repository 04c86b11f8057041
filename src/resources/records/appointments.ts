import { Type } from 'typebox'
import { OF_CONTACT, record, TO_USER } from '../../store/records/index.ts'
import { Choice, Count, Line, List, Optional, Shape, Text, WireValues } from '../shapes.ts'

/** RFC 5545: one RRULE, and any number of EXDATEs. */
export const Rule = () => Line(5000)

/**
 * A service of a booking. `id` is the service or one of its variations, `serviceId` the service. Times count from the
 * start of the appointment, so that they move with it; `staffId` is one of `users`, or has left since.
 */
const BookedService = () =>
  Shape({
    id: Line(64),
    serviceId: Line(64),
    staffId: Optional(Line(64)),
    fromMs: Count(Number.MAX_SAFE_INTEGER),
    toMs: Count(Number.MAX_SAFE_INTEGER),
    /** Kept free around it. */
    beforeMs: Count(Number.MAX_SAFE_INTEGER),
    afterMs: Count(Number.MAX_SAFE_INTEGER),
    addOns: Optional(
      List(Shape({ id: Line(100), quantity: Optional(Count(10_000)), duration: Optional(Count(50_000)) }), 20),
    ),
  })

/**
 * wire/highlevel/calendars.json: CalendarEventDTO. Times are ISO 8601 in UTC with milliseconds, so that their texts
 * sort as they do.
 */
export const appointments = record({
  kind: 'appointments',
  label: 'Appointment',
  noun: 'appointment',
  scopes: { read: 'calendars/events.readonly', write: 'calendars/events.write' },
  schema: Type.Object(
    {
      /** One that the HubSpot wire makes stands in no calendar, and may be nobody's. */
      calendarId: Optional(Line(64)),
      contactId: Optional(Line(64)),
      title: Line(500),
      startTime: Line(24),
      endTime: Line(24),
      appointmentStatus: Choice('new', 'confirmed', 'cancelled', 'showed', 'noshow', 'invalid', 'active', 'completed'),
      assignedUserId: Optional(Line(64)),
      users: List(Line(64), 200),
      assignedResources: List(Line(64), 200),
      address: Optional(Line(2000)),
      description: Optional(Text()),
      meetingLocationType: Optional(Line(40)),
      meetingLocationId: Optional(Line(100)),
      overrideLocationConfig: Optional(Type.Boolean()),
      /** Of an instance of a series. */
      masterEventId: Optional(Line(64)),
      rrule: Optional(Rule()),
      /** Of a service booking: the service location, the booker's time zone, and what is done one after the other. */
      serviceLocationId: Optional(Line(64)),
      timezone: Optional(Line(100)),
      services: Optional(List(BookedService(), 20)),
      createdBy: Shape({ userId: Optional(Line(64)), source: Line(100) }),
      properties: WireValues(),
    },
    { additionalProperties: false },
  ),
  search: ['title', 'description'],
  exact: ['calendarId', 'assignedUserId', 'users', 'appointmentStatus', 'masterEventId'],
  refs: {
    ...OF_CONTACT,
    assignedUserId: TO_USER,
    users: TO_USER,
    masterEventId: { to: ['recurring_appointments'], gone: 'delete' },
  },
  examples: [
    {
      calendarId: 'BqTwX8QFwXzpegMve9EQ',
      contactId: 'ocQHyuzHvysMo5N5VsXc',
      title: 'First meeting',
      startTime: '2026-10-26T09:00:00.000Z',
      endTime: '2026-10-26T09:30:00.000Z',
      appointmentStatus: 'confirmed',
      users: [],
      assignedResources: [],
      createdBy: { source: 'third_party' },
    },
  ],
})
