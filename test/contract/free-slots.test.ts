import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findFreeSlots } from '../../src/scheduling/index.ts'
import { toSlotRules } from '../../src/scheduling/rules.ts'
import { toSchedule } from '../../src/scheduling/schedules.ts'
import { CALENDAR, HOUR, question } from '../support/slot-questions.ts'
import { MINUTE, type ReferenceQuestion, referenceSlots, type WireHours } from '../support/slot-reference.ts'

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
const ask = (
  timeZone: string,
  date: string,
  open: Partial<WireHours>,
  more: Record<string, unknown> = {},
  days = 1,
) => {
  const openHours = [
    { daysOfTheWeek: ALWAYS, hours: [{ openHour: 0, openMinute: 0, closeHour: 6, closeMinute: 0, ...open }] },
  ]
  const document = { slotDuration: 60, slotInterval: 60, openHours, ...more }
  const start = Temporal.PlainDate.from(date).toZonedDateTime(timeZone)
  const rules = toSlotRules(
    { id: CALENDAR, document },
    { timeZone, nowMs: start.epochMilliseconds - 7 * 24 * HOUR, resources: [] },
  )
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
  const late = ask(
    'America/New_York',
    '2026-06-01',
    { openHour: 22, closeHour: 23, closeMinute: 60 },
    { slotDuration: 1, slotDurationUnit: 'hours' },
  )
  assert.deepEqual(late.get('2026-06-01'), ['2026-06-01T22:00:00-04:00', '2026-06-01T23:00:00-04:00'])
})

test('a calendar that is closed or has no hours has no slots; one of nonsense still answers', () => {
  assert.equal(ask('UTC', '2026-06-01', {}, { isActive: false }).size, 0)
  assert.equal(ask('UTC', '2026-06-01', {}, { openHours: [] }).size, 0)
  assert.equal(ask('UTC', '2026-06-01', {}, { slotInterval: 0.0001, slotDuration: 0.5 }).get('2026-06-01')?.length, 360)
  assert.equal(
    ask(
      'UTC',
      '2026-06-01',
      {},
      { allowBookingAfter: 1_000_000, allowBookingAfterUnit: 'months', allowBookingFor: 999_999.5 },
    ).size,
    0,
  )
})

test('slots of a month for ten people with a thousand appointments', (t) => {
  const startMs = Date.UTC(2026, 2, 1)
  const team = Array.from({ length: 10 }, (_, index) => ({ userId: `user${index}` }))
  const openHours = [
    { daysOfTheWeek: [1, 2, 3, 4, 5], hours: [{ openHour: 8, openMinute: 0, closeHour: 18, closeMinute: 0 }] },
  ]
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
  const once = () =>
    findFreeSlots({ rules, fromMs: startMs, toMs: startMs + 31 * 24 * HOUR, bookings, blocks: [], schedules: [] })
  for (let warm = 0; warm < 20; warm++) once()
  const started = performance.now()
  for (let run = 0; run < 20; run++) once()
  t.diagnostic(`${((performance.now() - started) / 20).toFixed(2)} ms to find the slots of a month`)
  assert.ok(once().size > 20)
})
