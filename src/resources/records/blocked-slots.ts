import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Line, Optional } from '../shapes.ts'

/**
 * wire/highlevel/calendars.json: BlockedSlotSuccessfulResponseDto. It closes a calendar or a user. Times as in
 * appointments.
 */
export const blockedSlots = record({
  kind: 'blocked_slots',
  label: 'Blocked Slot',
  noun: 'blocked slot',
  scopes: { read: 'calendars/events.readonly', write: 'calendars/events.write' },
  schema: Type.Object(
    {
      title: Line(500),
      calendarId: Optional(Line(64)),
      assignedUserId: Optional(Line(64)),
      startTime: Line(24),
      endTime: Line(24),
    },
    { additionalProperties: false },
  ),
  search: ['title'],
  exact: ['calendarId', 'assignedUserId'],
  refs: { calendarId: { to: ['calendars'], gone: 'delete' }, assignedUserId: { to: ['users'], gone: 'delete' } },
  examples: [
    {
      title: 'Holiday',
      calendarId: 'BqTwX8QFwXzpegMve9EQ',
      startTime: '2026-12-24T00:00:00.000Z',
      endTime: '2026-12-27T00:00:00.000Z',
    },
  ],
})
