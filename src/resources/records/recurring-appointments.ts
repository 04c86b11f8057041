import { Type } from 'typebox'
import { OF_CONTACT, record, TO_USER } from '../../store/records/index.ts'
import { appointments, Rule } from './appointments.ts'

const { masterEventId: _, rrule: __, ...fields } = appointments.schema.properties

/**
 * A series of appointments: what the wire calls a master event. It takes no time itself; its instances are
 * appointments, each a record of its own, so whatever reads appointments knows them. `startTime` and `endTime` are
 * those of the first.
 */
export const recurringAppointments = record({
  kind: 'recurring_appointments',
  label: 'Recurring appointment',
  noun: 'recurring appointment',
  scopes: appointments.scopes,
  schema: Type.Object(
    { ...fields, rrule: Rule(), revision: Type.Integer({ minimum: 0 }) },
    { additionalProperties: false },
  ),
  search: ['title', 'description'],
  exact: ['calendarId', 'assignedUserId', 'users'],
  refs: { ...OF_CONTACT, assignedUserId: TO_USER, users: TO_USER },
  examples: [
    {
      ...(appointments.examples[0] as (typeof appointments.examples)[0]),
      rrule: 'RRULE:FREQ=WEEKLY;COUNT=6',
      revision: 0,
    },
  ],
})
