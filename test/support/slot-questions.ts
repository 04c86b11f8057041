import fc from 'fast-check'
import { DAYS } from '../../src/resources/records/schedules.ts'
import { CHANGES, MINUTE, type ReferenceQuestion, type WireHours, ZONES } from './slot-reference.ts'

export const HOUR = 60 * MINUTE
export const CALENDAR = 'calendar'
const OTHER = 'other'
const USERS = ['ann', 'bob', 'cy']

const fiveMinutes = fc.integer({ min: 0, max: 11 }).map((five) => five * 5)
/** Mostly a stretch of the day; the hours of the night matter most here. */
const hours: fc.Arbitrary<WireHours> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      openHour: fc.integer({ min: 0, max: 9 }),
      openMinute: fiveMinutes,
      closeHour: fc.integer({ min: 3, max: 23 }),
      closeMinute: fiveMinutes,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      openHour: fc.integer({ min: 0, max: 23 }),
      openMinute: fiveMinutes,
      closeHour: fc.constant(23),
      closeMinute: fc.constant(60),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      openHour: fc.integer({ min: 0, max: 23 }),
      openMinute: fiveMinutes,
      closeHour: fc.integer({ min: 0, max: 23 }),
      closeMinute: fiveMinutes,
    }),
  },
)
/** Often this, sometimes one of those. */
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })

const calendar = fc.record({
  slotDuration: fc.constantFrom(15, 20, 30, 45, 60, 90),
  slotInterval: fc.constantFrom(10, 15, 30, 45, 60),
  slotBuffer: mostly(0, 5, 20, 1500),
  preBuffer: mostly(0, 10, 25),
  appoinmentPerSlot: fc.integer({ min: 1, max: 3 }),
  appoinmentPerDay: mostly(0, 1, 3),
  allowBookingAfter: mostly(0, 1, 20),
  allowBookingAfterUnit: fc.constant('hours' as const),
  allowBookingFor: mostly(0, 1, 2),
  allowBookingForUnit: fc.constant('days' as const),
  availabilityType: mostly<0 | 1 | null>(null, 0, 1),
  openHours: fc.array(
    fc.record({
      daysOfTheWeek: fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 3 }),
      hours: fc.array(hours, { minLength: 1, maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  calendarType: mostly<'round_robin' | 'collective'>('round_robin', 'collective'),
  teamMembers: fc.subarray(USERS).map((users) => users.map((userId) => ({ userId }))),
  resourceIds: mostly<string[]>([], ['studio'], ['cameras'], ['studio', 'cameras']),
  lookBusyConfig: fc.record({ enabled: mostly(false, true), LookBusyPercentage: fc.constantFrom(10, 50, 75, 100) }),
})

const clockText = (five: number) =>
  `${String(Math.floor(five / 12)).padStart(2, '0')}:${String((five % 12) * 5).padStart(2, '0')}`
const interval = fc
  .record({ from: fc.integer({ min: 0, max: 12 * 12 }), hours: fc.integer({ min: 1, max: 14 * 12 }) })
  .map(({ from, hours: length }) => ({
    from: clockText(from),
    to: from + length >= 24 * 12 ? '00:00' : clockText(from + length),
  }))
/** Of one person: some weekdays, and sometimes a date around the change. */
const schedule = fc.record({
  userId: fc.constantFrom(...USERS),
  zone: fc.constantFrom(...ZONES),
  week: fc.array(
    fc.record({ day: fc.constantFrom(...DAYS), intervals: fc.array(interval, { minLength: 1, maxLength: 2 }) }),
    { maxLength: 7 },
  ),
  dates: fc.array(
    fc.record({ day: fc.integer({ min: -1, max: 2 }), intervals: fc.array(interval, { maxLength: 2 }) }),
    { maxLength: 2 },
  ),
})

const resource = (id: string, resourceType: 'rooms' | 'equipments') =>
  fc.record({
    id: fc.constant(id),
    document: fc.record({
      resourceType: fc.constant(resourceType),
      capacity: fc.integer({ min: 1, max: 3 }),
      quantity: fc.integer({ min: 1, max: 3 }),
      outOfService: fc.integer({ min: 0, max: 1 }),
      isActive: mostly(true, false),
      calendarIds: mostly<string[]>([], [CALENDAR], [CALENDAR, OTHER]),
    }),
  })

/** Everything relative to the middle of the day on which the clocks change. */
export const question: fc.Arbitrary<ReferenceQuestion> = fc
  .record({
    zone: fc.constantFrom(...ZONES),
    shown: fc.constantFrom(...ZONES),
    change: fc.constantFrom(...CHANGES),
    calendar,
    dated: fc.array(fc.record({ day: fc.integer({ min: -1, max: 2 }), hours: fc.array(hours, { maxLength: 2 }) }), {
      maxLength: 2,
    }),
    now: fc.integer({ min: -48, max: 0 }),
    from: fc.integer({ min: -24 * 60, max: 12 * 60 }),
    length: fc.integer({ min: 6 * 60, max: 60 * 60 }),
    resources: fc.tuple(resource('studio', 'rooms'), resource('chapel', 'rooms'), resource('cameras', 'equipments')),
    bookings: fc.array(
      fc.record({
        start: fc.integer({ min: -36 * 12, max: 60 * 12 }),
        length: fc.integer({ min: 1, max: 30 }),
        calendarId: fc.constantFrom(CALENDAR, CALENDAR, OTHER),
        userIds: fc.subarray(USERS),
        resourceIds: fc.subarray(['studio', 'chapel', 'cameras']),
        elsewhere: fc.constantFrom(0, 15),
      }),
      { maxLength: 10 },
    ),
    blocks: fc.array(
      fc.record({
        start: fc.integer({ min: -36 * 12, max: 60 * 12 }),
        length: fc.integer({ min: 1, max: 100 }),
        of: fc.oneof(
          fc.constantFrom(CALENDAR, OTHER).map((calendarId) => ({ calendarId })),
          fc.constantFrom(...USERS).map((userId) => ({ userId })),
        ),
      }),
      { maxLength: 3 },
    ),
    schedules: fc.array(schedule, { maxLength: 2 }),
  })
  .map(
    ({ zone, shown, change, calendar: settings, dated, now, from, length, resources, bookings, blocks, schedules }) => {
      const noon = Date.parse(change) + 12 * HOUR
      const span = (one: { start: number; length: number }) => ({
        startMs: noon + one.start * 5 * MINUTE,
        endMs: noon + (one.start + one.length) * 5 * MINUTE,
      })
      const date = (day: number) => new Date(noon + day * 24 * HOUR).toISOString().replace(/T.*/, 'T00:00:00.000Z')
      return {
        id: CALENDAR,
        zone,
        shown,
        change,
        calendar: { ...settings, availabilities: dated.map((one) => ({ date: date(one.day), hours: one.hours })) },
        nowMs: noon + now * HOUR,
        fromMs: noon + from * MINUTE,
        toMs: noon + (from + length) * MINUTE,
        resources,
        bookings: bookings.map((one) => ({
          ...span(one),
          calendarId: one.calendarId,
          userIds: one.userIds,
          resourceIds: one.resourceIds,
          beforeMs: (one.calendarId === CALENDAR ? settings.preBuffer : one.elsewhere) * MINUTE,
          afterMs: (one.calendarId === CALENDAR ? settings.slotBuffer : one.elsewhere) * MINUTE,
        })),
        blocks: blocks.map((one) => ({ ...span(one), ...one.of })),
        schedules: schedules.map(({ userId, zone: timezone, week, dates }) => ({
          userId,
          timezone,
          rules: [
            ...week.map((rule) => ({ type: 'wday' as const, ...rule })),
            ...dates.map(({ day, intervals }) => ({ type: 'date' as const, date: date(day).slice(0, 10), intervals })),
          ],
        })),
      }
    },
  )
