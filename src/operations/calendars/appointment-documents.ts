import { Type } from 'typebox'
import { appointments } from '../../resources/records/appointments.ts'
import { type Booked, type BookingWish, isoOf, MOST_INSTANCES } from '../../scheduling/index.ts'
import type { RecordDocument, RecordRow } from '../../store/records/index.ts'
import { Id } from '../schemas.ts'
import { Time } from './times.ts'

/** What creating and changing have in common: AppointmentCreateSchema and AppointmentEditSchema. */
export const details = {
  title: Type.Optional(Type.String({ maxLength: 500 })),
  meetingLocationType: Type.Optional(
    Type.Enum(['custom', 'zoom', 'gmeet', 'phone', 'address', 'ms_teams', 'google', 'default']),
  ),
  meetingLocationId: Type.Optional(Type.String({ maxLength: 100 })),
  overrideLocationConfig: Type.Optional(Type.Boolean()),
  appointmentStatus: Type.Optional(appointments.schema.properties.appointmentStatus),
  assignedUserId: Type.Optional(Id()),
  description: Type.Optional(Type.String({ maxLength: 20_000 })),
  address: Type.Optional(Type.String({ maxLength: 2000 })),
  ignoreDateRange: Type.Optional(Type.Boolean({ description: 'Minimum notice and booking window do not matter.' })),
  toNotify: Type.Optional(Type.Boolean({ description: 'False: automations do not run.' })),
  ignoreFreeSlotValidation: Type.Optional(
    Type.Boolean({ description: 'Nothing is checked: the time may be taken or closed.' }),
  ),
  endTime: Type.Optional(Time()),
  rrule: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 5000,
      description:
        `RFC 5545: one RRULE (daily, weekly, monthly or yearly), and EXDATEs. At most ${MOST_INSTANCES} times; ` +
        'without COUNT or UNTIL those of two years. It is only applied if ignoreFreeSlotValidation is true.',
      examples: ['RRULE:FREQ=DAILY;INTERVAL=1;COUNT=5'],
    }),
  ),
}

export function timesOf({
  calendar,
  startMs,
  endMs,
  assignedUserId,
  users,
  assignedResources,
}: Booked): RecordDocument {
  return {
    calendarId: calendar.id,
    startTime: isoOf(startMs),
    endTime: isoOf(endMs),
    assignedUserId,
    users,
    assignedResources,
  }
}

/** Of an appointment that stands in no calendar: nobody looks whether it is open then. */
export function looseTimesOf({ startMs, endMs, assignedUserId }: BookingWish): RecordDocument {
  return {
    ...{ startTime: isoOf(startMs), endTime: isoOf(endMs as number) },
    ...(assignedUserId === undefined ? {} : { assignedUserId, users: [assignedUserId] }),
  }
}

/** The parts of the input that are stored as they are. */
export function detailsOf(input: RecordDocument): RecordDocument {
  const names = [
    'title',
    'meetingLocationType',
    'meetingLocationId',
    'overrideLocationConfig',
    'appointmentStatus',
    'description',
    'address',
  ]
  return Object.fromEntries(names.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]))
}

interface Place {
  kind: string
  location?: string
  meetingId?: string
}

/** Where they meet: as the caller says, or as the calendar is set up. */
export function placeOf(
  calendar: RecordDocument,
  { address, meetingLocationType, meetingLocationId }: RecordDocument,
): RecordDocument {
  const places = (calendar.locationConfigurations ?? []) as Place[]
  const place = places.find(({ meetingId }) => meetingId !== undefined && meetingId === meetingLocationId) ?? places[0]
  const usual = place?.location ?? (calendar.meetingLocation as string | undefined)
  return {
    address: address ?? (usual === '' ? undefined : usual),
    meetingLocationType: meetingLocationType ?? (address === undefined ? 'default' : 'custom'),
  }
}

/** The calendar's title with the contact's name in it. */
export function titleFor(calendar: RecordDocument, { document }: RecordRow): string {
  const name =
    [document.firstName, document.lastName].filter(Boolean).join(' ') || String(document.email ?? document.phone ?? '')
  const title = String(calendar.eventTitle ?? '{{contact.name}}').replace(/\{\{\s*contact\.name\s*\}\}/g, name)
  return (title.trim() || String(calendar.name)).slice(0, 500)
}
