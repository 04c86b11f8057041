import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { MOST_INSTANCES } from '../../src/scheduling/index.ts'
import { startsOf } from '../../src/scheduling/recurrence.ts'
import { type BookingWorld, createBookingWorld, NOW } from '../support/booking-world.ts'
import { officialEntry, officialFaults } from '../support/official.ts'
import { CHANGES, ZONES } from '../support/slot-reference.ts'

let world: BookingWorld
before(async () => {
  world = await createBookingWorld()
})
after(() => world?.[Symbol.asyncDispose]())

const NEW_YORK = 'America/New_York'
const TEN = Date.parse('2026-03-05T10:00:00-05:00')
const starts = (rrule: string) =>
  startsOf(rrule, { startMs: TEN, timeZone: NEW_YORK }).map((ms) => new Date(ms).toISOString().slice(0, 16))

/** Day by day, on the clocks of the zone: what `startsOf` must find. */
function referenceStarts(
  rule: { freq: string; interval: number; count: number; days: string[] },
  first: Temporal.ZonedDateTime,
): number[] {
  const found: number[] = []
  const begin = first.toPlainDate()
  const monday = begin.subtract({ days: begin.dayOfWeek - 1 })
  for (let date = begin; found.length < rule.count; date = date.add({ days: 1 })) {
    const days = begin.until(date).days
    const weeks = Math.floor(monday.until(date).days / 7)
    const months = (date.year - begin.year) * 12 + date.month - begin.month
    const weekday = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][date.dayOfWeek - 1] as string
    const matches = {
      DAILY: days % rule.interval === 0 && (rule.days.length === 0 || rule.days.includes(weekday)),
      WEEKLY:
        weeks % rule.interval === 0 &&
        (rule.days.length === 0 ? date.dayOfWeek === begin.dayOfWeek : rule.days.includes(weekday)),
      MONTHLY:
        months % rule.interval === 0 && (rule.days.length === 0 ? date.day === begin.day : rule.days.includes(weekday)),
    }[rule.freq]
    const at = date.toZonedDateTime({ timeZone: first.timeZoneId, plainTime: first.toPlainTime() })
    // RFC 5545, 3.3.10: a local time that does not exist is ignored, and not counted.
    if (matches && at.toPlainTime().equals(first.toPlainTime())) found.push(at.epochMilliseconds)
  }
  return found
}

test('a series keeps its hour on the clocks, whatever its rule, over changes of the clocks', () => {
  const series = fc.record({
    zone: fc.constantFrom(...ZONES),
    change: fc.constantFrom(...CHANGES),
    before: fc.integer({ min: 0, max: 20 }),
    minute: fc.integer({ min: 0, max: 287 }).map((five) => five * 5),
    freq: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY'),
    interval: fc.integer({ min: 1, max: 3 }),
    count: fc.integer({ min: 1, max: 30 }),
    days: fc.subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], { maxLength: 4 }),
  })
  fc.assert(
    fc.property(series, ({ zone, change, before: earlier, minute, ...rule }) => {
      const plainTime = { hour: Math.floor(minute / 60), minute: minute % 60 }
      const first = Temporal.PlainDate.from(change)
        .subtract({ days: earlier })
        .toZonedDateTime({ timeZone: zone, plainTime })
      const text = `RRULE:FREQ=${rule.freq};INTERVAL=${rule.interval};COUNT=${rule.count}${rule.days.length === 0 ? '' : `;BYDAY=${rule.days}`}`
      const found = startsOf(text, { startMs: first.epochMilliseconds, timeZone: zone })
      assert.deepEqual(found, referenceStarts(rule, first), `${text} from ${first}`)
    }),
    { numRuns: 300 },
  )
})

test('rules end by COUNT or UNTIL, and leave out what EXDATE names', () => {
  const days = ['2026-03-05T15:00', '2026-03-06T15:00', '2026-03-07T15:00', '2026-03-08T14:00']
  assert.deepEqual(starts('RRULE:FREQ=DAILY;INTERVAL=1;COUNT=4'), days)
  assert.deepEqual(starts('freq=daily;until=20260308T140000Z'), days, 'the end belongs to it')
  assert.deepEqual(
    starts('DTSTART:20200101T000000Z\nRRULE:FREQ=DAILY;UNTIL=20260308'),
    days,
    'a whole day; the event says when it begins',
  )
  assert.deepEqual(starts('RRULE:FREQ=DAILY;UNTIL=20260308T100000'), days, 'on the clocks of the location')
  assert.deepEqual(starts('RRULE:FREQ=DAILY;COUNT=4\nEXDATE:20260305T150000Z,20260307T100000'), [days[1], days[3]])
  assert.deepEqual(
    starts('RRULE:FREQ=DAILY;COUNT=4\r\nEXDATE;VALUE=DATE:20260306\r\nEXDATE;TZID=Europe/London:20260305T150000'),
    [days[2], days[3]],
  )
  assert.deepEqual(starts('RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2'), ['2026-03-27T14:00', '2026-04-24T14:00'])
})

test('a rule without an end ends after two years; no rule names more times than a series may have', () => {
  const endless = startsOf('RRULE:FREQ=WEEKLY', { startMs: TEN, timeZone: NEW_YORK })
  assert.deepEqual(
    [endless.length, new Date(endless.at(-1) as number).toISOString()],
    [105, '2028-03-02T15:00:00.000Z'],
  )
  assert.equal(starts(`RRULE:FREQ=DAILY;COUNT=${MOST_INSTANCES}`).length, MOST_INSTANCES)
  assert.equal(starts('FREQ=DAILY').length, MOST_INSTANCES)
})

test('a rule that cannot be read, names no time or too many is refused soon', () => {
  const all = (most: number, from = 0) => Array.from({ length: most - from }, (_, index) => index + from).join(',')
  const refused = [
    'tomorrow',
    'COUNT=3',
    'RRULE:FREQ=HOURLY;COUNT=3',
    'RRULE:FREQ=DAILY;COUNT=0',
    'RRULE:FREQ=DAILY;COUNT=3;COUNT=4',
    'RRULE:FREQ=DAILY;COUNT=3;UNTIL=20260308',
    'RRULE:FREQ=DAILY;UNTIL=20261308',
    'RRULE:FREQ=DAILY;UNTIL=20200101',
    'RRULE:FREQ=DAILY;COLOUR=RED',
    'RRULE:FREQ=DAILY;BYMONTH=13;COUNT=1',
    'RRULE:FREQ=WEEKLY;BYMONTHDAY=3;COUNT=1',
    'RRULE:FREQ=DAILY;COUNT=3\nRRULE:FREQ=WEEKLY;COUNT=3',
    'RRULE:FREQ=DAILY;COUNT=3\nRDATE:20260308',
    'RRULE:FREQ=DAILY;COUNT=3\nEXDATE:soon',
    'RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Mars/Olympus:20260305T100000',
    'RRULE:FREQ=DAILY;COUNT=1\nEXDATE:20260305T150000Z',
    `RRULE:FREQ=DAILY;COUNT=${MOST_INSTANCES + 1}`,
    'RRULE:FREQ=DAILY;BYHOUR=9,10',
    'RRULE:FREQ=YEARLY;COUNT=9999',
    'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1',
    'RRULE:FREQ=DAILY;INTERVAL=9999;COUNT=700',
    `RRULE:FREQ=YEARLY;BYYEARDAY=${all(367, 1)};BYHOUR=${all(24)};BYMINUTE=${all(60)}`,
  ]
  for (const rrule of refused) {
    assert.throws(() => startsOf(rrule, { startMs: TEN, timeZone: NEW_YORK }), /rrule/, rrule)
  }
})

const insist = { ignoreFreeSlotValidation: true }
const FIVE = { ...insist, rrule: 'RRULE:FREQ=DAILY;INTERVAL=1;COUNT=5' }
const eventsOf = async (calendarId: string) => {
  const span = `startTime=${NOW}&endTime=${NOW + 60 * 86_400_000}`
  return (await world.client.get(`/calendars/events?locationId=${world.location.id}&calendarId=${calendarId}&${span}`))
    .body.events
}
const timesOf = async (calendarId: string) =>
  (await eventsOf(calendarId)).map(({ startTime }: { startTime: string }) => startTime.slice(5))
const edit = (eventId: string, changes: object) =>
  world.client.put(`/calendars/events/appointments/${eventId}`, changes)

test('the official client books a series: its instances are appointments at the same hour of the clocks', async () => {
  const calendarId = await world.newCalendar({
    openHours: [
      { daysOfTheWeek: [0, 1, 2, 3, 4, 5, 6], hours: [{ openHour: 9, openMinute: 0, closeHour: 12, closeMinute: 0 }] },
    ],
  })
  const wanted = {
    locationId: world.location.id,
    calendarId,
    contactId: world.contactId,
    startTime: '2026-03-06T10:00:00-05:00',
    ...FIVE,
  }
  const master = await world.sdk.calendars.createAppointment(wanted as never)
  assert.deepEqual(officialFaults(officialEntry('POST /calendars/events/appointments'), master), [])
  assert.deepEqual([master.isRecurring, master.rrule], [true, FIVE.rrule])
  const events = await eventsOf(calendarId)
  assert.deepEqual(officialFaults(officialEntry('GET /calendars/events'), { events }), [])
  assert.deepEqual(await timesOf(calendarId), [
    '03-06T10:00:00-05:00',
    '03-07T10:00:00-05:00',
    '03-08T10:00:00-04:00',
    '03-09T10:00:00-04:00',
    '03-10T10:00:00-04:00',
  ])
  for (const event of events) {
    assert.deepEqual([event.masterEventId, event.isRecurring, event.rrule], [master.id, true, FIVE.rrule])
    assert.equal(event.id, `${master.id}_${Date.parse(event.startTime)}_3600`)
    assert.deepEqual((await world.client.get(`/calendars/events/appointments/${event.id}`)).body.event, event)
  }
  assert.deepEqual(await world.slots(calendarId, '2026-03-06'), ['09:00', '11:00'])
  assert.equal((await world.tryBooking(calendarId, '2026-03-10T10:00:00-04:00')).status, 400, 'instances take time')
  const { event } = await world.sdk.calendars.getAppointment({ eventId: master.id as string })
  assert.deepEqual(
    [event?.id, event?.startTime as never, event?.masterEventId],
    [master.id, '2026-03-06T10:00:00-05:00', undefined],
  )
  const ofContact = (await world.client.get(`/contacts/${world.contactId}/appointments`)).body.events
  assert.equal(ofContact.filter((one: { masterEventId?: string }) => one.masterEventId === master.id).length, 5)
  assert.equal(
    (await world.client.post(`/calendars/appointments/${master.id}/notes`, { body: 'All five' })).status,
    201,
  )
})

test('a rule applies only where free slots are not validated', async () => {
  const calendarId = await world.newCalendar()
  const single = await world.booked(calendarId, '2026-03-05T10:00:00-05:00', { rrule: FIVE.rrule })
  assert.deepEqual(
    [(single as never as { isRecurring: boolean }).isRecurring, (await eventsOf(calendarId)).length],
    [false, 1],
  )
  const became = await edit(single.id, FIVE)
  assert.deepEqual(
    [became.status, became.body.id, became.body.isRecurring, (await eventsOf(calendarId)).length],
    [200, single.id, true, 5],
  )
  const reply = await world.tryBooking(calendarId, '2026-03-05T10:00:00-05:00', {
    ...insist,
    rrule: 'RRULE:FREQ=NEVER',
  })
  assert.deepEqual([reply.status, reply.body.message], [422, ['rrule: FREQ=NEVER cannot be read']])
})

test('an instance changes and goes alone; the series changes and goes with all of them', async () => {
  const calendarId = await world.newCalendar()
  const { id } = await world.booked(calendarId, '2026-03-04T10:00:00-05:00', FIVE)
  const [first, second, third] = (await eventsOf(calendarId)).map((event: { id: string }) => event.id)
  assert.equal((await edit(first, { startTime: '2026-03-04T14:00:00-05:00' })).body.id, first)
  assert.equal((await edit(second, { ...insist, rrule: FIVE.rrule })).status, 422, 'an instance has no rule of its own')
  await world.client.delete(`/calendars/events/${third}`)
  assert.deepEqual(await timesOf(calendarId), [
    '03-04T14:00:00-05:00',
    '03-05T10:00:00-05:00',
    '03-07T10:00:00-05:00',
    '03-08T10:00:00-04:00',
  ])

  await edit(id, { title: 'Lesson', appointmentStatus: 'cancelled' })
  const changed = await eventsOf(calendarId)
  assert.deepEqual(
    [
      ...new Set(
        changed.map(
          (event: { title: string; appointmentStatus: string }) => `${event.title} ${event.appointmentStatus}`,
        ),
      ),
    ],
    ['Lesson cancelled'],
  )
  assert.ok((await world.slots(calendarId, '2026-03-05')).includes('10:00'), 'a cancelled series takes no time')

  assert.equal((await world.client.delete(`/calendars/events/${id}`)).status, 200)
  assert.deepEqual(await eventsOf(calendarId), [])
  assert.equal((await world.client.get(`/calendars/events/appointments/${id}`)).status, 404)
  assert.equal((await world.client.get(`/calendars/events/appointments/${second}`)).status, 404)
})

test('a new time or rule makes the coming instances anew, and what has begun stays', async () => {
  const calendarId = await world.newCalendar()
  const { id } = await world.booked(calendarId, '2026-03-01T10:00:00-05:00', FIVE)
  await world.client.delete(`/calendars/events/${(await eventsOf(calendarId))[1].id}`)
  assert.equal((await edit(id, { startTime: '2026-03-01T11:00:00-05:00' })).status, 422, 'its times are not checked')
  const moved = await edit(id, { ...insist, startTime: '2026-03-01T11:00:00-05:00' })
  assert.deepEqual([moved.status, moved.body.endTime], [200, '2026-03-01T12:00:00-05:00'])
  assert.deepEqual(await timesOf(calendarId), [
    '03-02T11:00:00-05:00',
    '03-03T11:00:00-05:00',
    '03-04T11:00:00-05:00',
    '03-05T11:00:00-05:00',
  ])
  assert.equal(
    (await edit(id, { ...insist, startTime: '2026-03-01T10:00:00-05:00' })).status,
    200,
    'back again: ids that were used stay taken',
  )
  await edit(id, { ...insist, rrule: 'RRULE:FREQ=WEEKLY;COUNT=3' })
  assert.deepEqual(await timesOf(calendarId), ['03-08T10:00:00-04:00', '03-15T10:00:00-04:00'])
  const begun = (await world.client.get(`/contacts/${world.contactId}/appointments`)).body.events.filter(
    (one: { masterEventId: string }) => one.masterEventId === id,
  )
  assert.ok(
    begun.some(({ startTime }: { startTime: string }) => startTime === '2026-03-01T10:00:00-05:00'),
    'yesterday happened',
  )
})

test('an agency token reaches a series by its id alone', async () => {
  const agency = world.server.client(world.agency.token)
  const { id } = await world.booked(await world.newCalendar(), '2026-03-04T10:00:00-05:00', FIVE)
  assert.equal((await agency.put(`/calendars/events/appointments/${id}`, { title: 'Lesson' })).body.title, 'Lesson')
  assert.equal((await agency.get(`/calendars/events/appointments/${id}`)).status, 200)
  assert.equal((await agency.delete(`/calendars/events/${id}`)).status, 200)
})
