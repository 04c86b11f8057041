import { Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Choice, Line, List, Name, Optional, Shape } from '../shapes.ts'

/** Days of the week as rules name them, by number. */
export const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

const TimeOfDay = (description?: string) =>
  Type.String({
    pattern: '^([01]?[0-9]|2[0-3]):[0-5][0-9]$',
    examples: ['09:00'],
    ...(description === undefined ? {} : { description }),
  })
/** Hours of a weekday, or of a date. */
export const Rule = () =>
  Shape({
    type: Choice('wday', 'date'),
    intervals: List(Shape({ from: TimeOfDay(), to: TimeOfDay('After `from`; 00:00 is the end of the day.') }), 20),
    date: Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
        description: 'Of a rule for a date. It stands in for the rules of the weekday.',
      }),
    ),
    day: Optional(Choice(...DAYS)),
  })

/**
 * wire/highlevel/calendars.json: ScheduleObjectResponseDTO. The hours of one person, so a record: it stays with the
 * location and travels in no snapshot, although it names calendars.
 */
export const schedules = record({
  kind: 'schedules',
  label: 'Schedule',
  noun: 'schedule',
  scopes: { read: 'calendars.readonly', write: 'calendars.write' },
  schema: Type.Object(
    { name: Name(), userId: Line(64), timezone: Line(100), rules: List(Rule(), 400), calendarIds: List(Line(64), 500) },
    { additionalProperties: false },
  ),
  search: ['name'],
  exact: ['userId', 'calendarIds'],
  refs: { userId: { to: ['users'], gone: 'delete' }, calendarIds: { to: ['calendars'], gone: 'clear' } },
  examples: [
    {
      name: 'Mornings',
      userId: 'kAp2wYbQ3mNc8TzLr5Vd',
      timezone: 'America/New_York',
      rules: [{ type: 'wday', day: 'monday', intervals: [{ from: '09:00', to: '12:00' }] }],
      calendarIds: ['BqTwX8QFwXzpegMve9EQ'],
    },
  ],
})
