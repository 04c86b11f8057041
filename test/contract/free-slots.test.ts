import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findFreeSlots } from '../../src/operations/free-slots-find.ts'
import { toSlotRules } from '../../src/operations/free-slots-rules.ts'
import { toSchedule } from '../../src/operations/free-slots-schedules.ts'
import { DAYS } from '../../src/resources/records/schedules.ts'
import { CHANGES, MINUTE, type ReferenceQuestion, referenceSlots, type WireHours, ZONES } from '../support/slot-reference.ts'

const HOUR = 60 * MINUTE
const CALENDAR = 'calendar'
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
    arbitrary: fc.record({ openHour: fc.integer({ min: 0, max: 23 }), openMinute: fiveMinutes, closeHour: fc.constant(23), closeMinute: fc.constant(60) }),
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
const mostly = <T>(usual: T, ...others: T[]) => fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })

const calendar = fc.record({
  slotDuration: fc.constantFrom(15, 20, 30, 45, 60, 90),
  slotInterval: fc.constantFrom(10, 15, 30, 45, 60),
  slotBuffer: mostly(0, 5, 20),
  preBuffer: mostly(0, 10, 25),
  appoinmentPerSlot: fc.integer({ min: 1, max: 3 }),
  appoinmentPerDay: mostly(0, 1, 3),
  allowBookingAfter: mostly(0, 1, 20),
  allowBookingAfterUnit: fc.constant('hours' as const),
  allowBookingFor: mostly(0, 1, 2),
  allowBookingForUnit: fc.constant('days' as const),
  availabilityType: mostly<0 | 1 | null>(null, 0, 1),
  openHours: fc.array(
    fc.record({ daysOfTheWeek: fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 3 }), hours: fc.array(hours, { minLength: 1, maxLength: 2 }) }),
    { minLength: 1, maxLength: 2 },
  ),
  calendarType: mostly<'round_robin' | 'collective'>('round_robin', 'collective'),
  teamMembers: fc.subarray(USERS).map((users) => users.map((userId) => ({ userId }))),
  resourceIds: mostly<string[]>([], ['studio'], ['cameras'], ['studio', 'cameras']),
  lookBusyConfig: fc.record({ enabled: mostly(false, true), LookBusyPercentage: fc.constantFrom(10, 50, 75, 100) }),
})

const clockText = (five: number) => `${String(Math.floor(five / 12)).padStart(2, '0')}:${String((five % 12) * 5).padStart(2, '0')}`
const interval = fc.record({ from: fc.integer({ min: 0, max: 12 * 12 }), hours: fc.integer({ min: 1, max: 14 * 12 }) }).map(({ from, hours: length }) => ({
  from: clockText(from),
  to: from + length >= 24 * 12 ? '00:00' : clockText(from + length),
}))
/** Of one person: some weekdays, and sometimes a date around the change. */
const schedule = fc.record({
  userId: fc.constantFrom(...USERS),
  zone: fc.constantFrom(...ZONES),
  week: fc.array(fc.record({ day: fc.constantFrom(...DAYS), intervals: fc.array(interval, { minLength: 1, maxLength: 2 }) }), { maxLength: 7 }),
  dates: fc.array(fc.record({ day: fc.integer({ min: -1, max: 2 }), intervals: fc.array(interval, { maxLength: 2 }) }), { maxLength: 2 }),
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
const question: fc.Arbitrary<ReferenceQuestion> = fc
  .record({
    zone: fc.constantFrom(...ZONES),
    shown: fc.constantFrom(...ZONES),
    change: fc.constantFrom(...CHANGES),
    calendar,
    dated: fc.array(fc.record({ day: fc.integer({ min: -1, max: 2 }), hours: fc.array(hours, { maxLength: 2 }) }), { maxLength: 2 }),
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
  .map(({ zone, shown, change, calendar: settings, dated, now, from, length, resources, bookings, blocks, schedules }) => {
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
  })

function slotsOf(one: ReferenceQuestion): Record<string, string[]> {
  const { id, calendar: document, zone, shown, nowMs, fromMs, toMs, resources, bookings, blocks } = one
  const schedules = one.schedules.map((stored) => toSchedule({ ...stored }))
  const asset = { id, document: document as unknown as Record<string, unknown> }
  const assets = resources as unknown as { id: string; document: Record<string, unknown> }[]
  const rules = toSlotRules(asset, { timeZone: zone, nowMs, resources: assets })
  return Object.fromEntries(findFreeSlots({ rules, fromMs, toMs, bookings, blocks, schedules, timeZone: shown }))
}

test('free slots are those that a slow and plain search finds, whatever the rules, on days on which the clocks change', (t) => {
  let [asked, answered, slots] = [0, 0, 0]
  fc.assert(
    fc.property(question, (one) => {
      const expected = referenceSlots(one)
      assert.deepEqual(slotsOf(one), expected)
      asked++
      const found = Object.values(expected).flat().length
      if (found > 0) answered++
      slots += found
    }),
    { numRuns: 1000 },
  )
  t.diagnostic(`${asked} questions, ${answered} with slots, ${slots} slots in all`)
  assert.ok(answered > asked / 3, 'the cases are too empty to show anything')
})

const ALWAYS = [0, 1, 2, 3, 4, 5, 6]
const ask = (timeZone: string, date: string, open: Partial<WireHours>, more: Record<string, unknown> = {}, days = 1) => {
  const openHours = [{ daysOfTheWeek: ALWAYS, hours: [{ openHour: 0, openMinute: 0, closeHour: 6, closeMinute: 0, ...open }] }]
  const document = { slotDuration: 60, slotInterval: 60, openHours, ...more }
  const start = Temporal.PlainDate.from(date).toZonedDateTime(timeZone)
  const rules = toSlotRules({ id: CALENDAR, document }, { timeZone, nowMs: start.epochMilliseconds - 7 * 24 * HOUR, resources: [] })
  const toMs = start.add({ days }).epochMilliseconds - 1
  return findFreeSlots({ rules, fromMs: start.epochMilliseconds, toMs, bookings: [], blocks: [], schedules: [] })
}

test('an hour that the clocks leave out has no slot; one that they bring twice has two', () => {
  assert.deepEqual(ask('America/New_York', '2026-03-08', {}).get('2026-03-08'), [
    '2026-03-08T00:00:00-05:00',
    '2026-03-08T01:00:00-05:00',
    '2026-03-08T03:00:00-04:00',
    '2026-03-08T04:00:00-04:00',
    '2026-03-08T05:00:00-04:00',
  ])
  assert.deepEqual(ask('Europe/London', '2026-10-25', { closeHour: 3 }).get('2026-10-25'), [
    '2026-10-25T00:00:00+01:00',
    '2026-10-25T01:00:00+01:00',
    '2026-10-25T01:00:00+00:00',
    '2026-10-25T02:00:00+00:00',
  ])
  assert.equal(ask('Australia/Sydney', '2026-04-05', {}).get('2026-04-05')?.length, 7)
  assert.equal(ask('Australia/Sydney', '2026-10-04', {}).get('2026-10-04')?.length, 5)
  assert.equal(ask('Asia/Kolkata', '2026-03-29', {}).get('2026-03-29')?.[5], '2026-03-29T05:00:00+05:30')
})

test('a day may be open until midnight, and hours may be given in hours', () => {
  const late = ask('America/New_York', '2026-06-01', { openHour: 22, closeHour: 23, closeMinute: 60 }, { slotDuration: 1, slotDurationUnit: 'hours' })
  assert.deepEqual(late.get('2026-06-01'), ['2026-06-01T22:00:00-04:00', '2026-06-01T23:00:00-04:00'])
})

test('a calendar that is closed or has no hours has no slots; one of nonsense still answers', () => {
  assert.equal(ask('UTC', '2026-06-01', {}, { isActive: false }).size, 0)
  assert.equal(ask('UTC', '2026-06-01', {}, { openHours: [] }).size, 0)
  assert.equal(ask('UTC', '2026-06-01', {}, { slotInterval: 0.0001, slotDuration: 0.5 }).get('2026-06-01')?.length, 360)
  assert.equal(ask('UTC', '2026-06-01', {}, { allowBookingAfter: 1_000_000, allowBookingAfterUnit: 'months', allowBookingFor: 999_999.5 }).size, 0)
})

test('slots of a month for ten people with a thousand appointments', (t) => {
  const startMs = Date.UTC(2026, 2, 1)
  const team = Array.from({ length: 10 }, (_, index) => ({ userId: `user${index}` }))
  const openHours = [{ daysOfTheWeek: [1, 2, 3, 4, 5], hours: [{ openHour: 8, openMinute: 0, closeHour: 18, closeMinute: 0 }] }]
  const document = { slotDuration: 30, slotInterval: 15, slotBuffer: 10, openHours, teamMembers: team }
  const rules = toSlotRules({ id: CALENDAR, document }, { timeZone: 'America/New_York', nowMs: startMs, resources: [] })
  const bookings = Array.from({ length: 1000 }, (_, index) => {
    const start = startMs + ((index * 7919) % (31 * 96)) * 15 * MINUTE
    return {
      startMs: start,
      endMs: start + 30 * MINUTE,
      calendarId: CALENDAR,
      userIds: [`user${index % 10}`],
      resourceIds: [],
      beforeMs: 0,
      afterMs: 10 * MINUTE,
    }
  })
  const once = () => findFreeSlots({ rules, fromMs: startMs, toMs: startMs + 31 * 24 * HOUR, bookings, blocks: [], schedules: [] })
  for (let warm = 0; warm < 20; warm++) once()
  const started = performance.now()
  for (let run = 0; run < 20; run++) once()
  t.diagnostic(`${((performance.now() - started) / 20).toFixed(2)} ms to find the slots of a month`)
  assert.ok(once().size > 20)
})
