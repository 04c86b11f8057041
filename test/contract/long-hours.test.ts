import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type BookingWorld, createBookingWorld } from '../support/booking-world.ts'

/* Hours that go on past midnight, and buffers that reach over days. */

let world: BookingWorld
before(async () => {
  world = await createBookingWorld()
})
after(() => world?.[Symbol.asyncDispose]())

const hour = (openHour: number, closeHour: number) => ({ openHour, openMinute: 0, closeHour, closeMinute: 0 })
const onMondays = (...hours: object[]) => ({ openHours: [{ daysOfTheWeek: [1], hours }] })

test('hours that close after midnight are offered on both days, and can be booked on both', async () => {
  const calendarId = await world.newCalendar(onMondays(hour(22, 2)))
  assert.deepEqual(await world.slots(calendarId, '2026-03-02'), ['22:00', '23:00'])
  assert.deepEqual(await world.slots(calendarId, '2026-03-03'), ['00:00', '01:00'])
  assert.deepEqual(await world.slots(calendarId, '2026-03-04'), [])
  await world.booked(calendarId, '2026-03-03T01:00:00-05:00')
  await world.booked(calendarId, '2026-03-02T22:00:00-05:00')
  assert.deepEqual(await world.slots(calendarId, '2026-03-02'), ['23:00'])
  assert.deepEqual(await world.slots(calendarId, '2026-03-03'), ['00:00'])
  for (const closed of ['2026-03-03T02:00:00-05:00', '2026-03-02T00:00:00-05:00', '2026-03-04T00:00:00-05:00'])
    assert.equal((await world.tryBooking(calendarId, closed)).status, 400, closed)
})

test('hours until 0:00 end with the day; those of a date go on past its midnight too', async () => {
  const late = await world.newCalendar(onMondays(hour(21, 0)))
  assert.deepEqual(await world.slots(late, '2026-03-02'), ['21:00', '22:00', '23:00'])
  assert.deepEqual(await world.slots(late, '2026-03-03'), [])
  const dated = await world.newCalendar({
    openHours: [],
    availabilities: [{ date: '2026-03-04T00:00:00.000Z', hours: [hour(22, 2)] }],
  })
  assert.deepEqual(await world.slots(dated, '2026-03-04'), ['22:00', '23:00'])
  assert.deepEqual(await world.slots(dated, '2026-03-05'), ['00:00', '01:00'])
  await world.booked(dated, '2026-03-05T00:00:00-05:00')
})

test('hours that touch are one to an appointment, at noon and at midnight', async () => {
  const noon = await world.newCalendar({ ...onMondays(hour(9, 12), hour(12, 14)), slotDuration: 120 })
  assert.deepEqual(await world.slots(noon, '2026-03-02'), ['09:00', '10:00', '11:00', '12:00'])
  await world.booked(noon, '2026-03-02T11:00:00-05:00')
  const days = [
    { daysOfTheWeek: [1], hours: [hour(22, 0)] },
    { daysOfTheWeek: [2], hours: [hour(0, 2)] },
  ]
  const midnight = await world.newCalendar({ openHours: days, slotDuration: 120 })
  assert.deepEqual(await world.slots(midnight, '2026-03-02'), ['22:00', '23:00'])
  assert.deepEqual(await world.slots(midnight, '2026-03-03'), ['00:00'])
  await world.booked(midnight, '2026-03-02T23:00:00-05:00')
})

for (const buffer of ['slotBuffer', 'preBuffer'] as const) {
  const [first, second] = buffer === 'slotBuffer' ? ['2026-03-03', '2026-03-05'] : ['2026-03-05', '2026-03-03']
  test(`a buffer of two days (${buffer}) counts, whatever stretch is asked for`, async () => {
    const calendarId = await world.newCalendar({ [buffer]: 48, [`${buffer}Unit`]: 'hours' })
    await world.booked(calendarId, `${first}T11:00:00-05:00`)
    const taken = buffer === 'slotBuffer' ? ['12:00', '13:00', '14:00', '15:00', '16:00'] : ['09:00', '10:00']
    assert.deepEqual(await world.slots(calendarId, second), taken)
    const from = Date.parse('2026-03-02T00:00:00-05:00')
    const { body } = await world.client.get(
      `/calendars/${calendarId}/free-slots?startDate=${from}&endDate=${from + 7 * 86_400_000 - 1}`,
    )
    assert.deepEqual(
      body[second].slots.map((slot: string) => slot.slice(11, 16)),
      taken,
    )
    const inside = `${second}T${buffer === 'slotBuffer' ? '09' : '13'}:00:00-05:00`
    assert.equal((await world.tryBooking(calendarId, inside)).status, 400)
    await world.booked(calendarId, `${second}T${taken[0]}:00-05:00`)
  })
}

test('the buffer of another calendar keeps its people free for days', async () => {
  const team = await world.client.post('/users/', {
    companyId: world.agency.companyId,
    firstName: 'Ann',
    lastName: 'Lee',
    email: 'ann@long.example',
    password: 'a long Passw0rd!',
    type: 'account',
    role: 'user',
    locationIds: [world.location.id],
  })
  const userId = team.body?.id
  if (userId === undefined) assert.fail(JSON.stringify(team.body))
  const teamMembers = [{ userId }]
  const long = await world.newCalendar({ teamMembers, slotBuffer: 3, slotBufferUnit: 'hours', preBuffer: 4320 })
  const plain = await world.newCalendar({ teamMembers })
  await world.booked(long, '2026-03-06T09:00:00-05:00')
  assert.deepEqual(await world.slots(plain, '2026-03-04'), [])
  assert.equal((await world.slots(plain, '2026-03-02')).length, 8)
})
