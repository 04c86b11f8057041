import { Type } from 'typebox'
import { OF_CONTACT, record } from '../../store/records/index.ts'
import { Line, Optional, Text } from '../shapes.ts'

/** wire/highlevel/calendars.json: GetNoteSchema. */
export const appointmentNotes = record({
  kind: 'appointment_notes',
  label: 'Appointment Note',
  noun: 'note',
  scopes: { read: 'calendars/events.readonly', write: 'calendars/events.write' },
  schema: Type.Object(
    { appointmentId: Line(64), contactId: Optional(Line(64)), userId: Optional(Line(64)), body: Text() },
    { additionalProperties: false },
  ),
  search: ['body'],
  exact: ['appointmentId'],
  refs: { ...OF_CONTACT, appointmentId: { to: ['appointments', 'recurring_appointments'], gone: 'delete' } },
  examples: [
    { appointmentId: '0TkCdp9PfvLeWKYRRvIz', contactId: 'ocQHyuzHvysMo5N5VsXc', body: 'Brings her own dress.' },
  ],
})
