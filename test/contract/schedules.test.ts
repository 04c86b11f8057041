import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type BookingWorld, createBookingWorld } from '../support/booking-world.ts'
import { untraced } from '../support/client.ts'
import { officialAnswers } from '../support/official-answers.ts'
import type { TestLocation } from '../support/tenants.ts'

let world: BookingWorld
before(async () => {
  world = await createBookingWorld()
})
after(() => world?.[Symbol.asyncDispose]())

const here = () => ({ locationId: world.location.id })
const DAY = '2026-03-04'
const WEDNESDAY = (from: string, to: string) => ({ type: 'wday', day: 'wednesday', intervals: [{ from, to }] })
const newSchedule = async (more: object) => {
  const { status, body } = await world.client.post('/calendars/schedules', {
    ...here(),
    name: 'Hours',
    timezone: 'America/New_York',
    ...more,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body.schedule.id as string
}

test('schedules answer the official client as its schemas say', async () => {
  const { calendars } = world.sdk
  const assertOfficial = officialAnswers('schedules')
  const [calendarId, other] = [await world.newCalendar(), await world.newCalendar()]
  const wanted = {
    ...here(),
    name: 'Mornings',
    userId: 'ada',
    timezone: 'Europe/London',
    rules: [WEDNESDAY('9:00', '12:00')],
    calendarIds: [calendarId],
  }
  const created = await calendars.createSchedule(wanted as never)
  assertOfficial('ScheduleResponseDTO', created)
  const { id } = created.schedule
  assert.deepEqual(untraced(await calendars.getScheduleById({ id })), untraced(created))
  const renamed = await calendars.updateSchedule({ id }, { name: 'Early' } as never)
  assertOfficial('ScheduleResponseDTO', renamed)
  assert.deepEqual([renamed.schedule.name, renamed.schedule.rules], ['Early', wanted.rules], 'what is not named stays')
  const listed = async (more: object) => {
    const answer = await calendars.getAllSchedules({ ...here(), userId: 'ada', ...more } as never)
    assertOfficial('GetAllSchedulesResponseDTO', answer)
    return answer.schedules.map((one: { id: string }) => one.id)
  }
  assert.deepEqual(await listed({ calendarId: other }), [])
  assert.equal((await calendars.addCalendarToSchedule({ id, calendarId: other })).success, true)
  assert.deepEqual(await listed({ calendarId: other }), [id])
  assert.equal((await calendars.removeCalendarFromSchedule({ id, calendarId: other })).success, true)
  const second = await newSchedule({ userId: 'ada' })
  const pages = [...(await listed({ limit: 1 })), ...(await listed({ skip: 1, limit: 1 }))]
  assert.deepEqual(
    [pages, pages.toSorted(), await listed({ userId: 'bea' })],
    [await listed({}), [id, second].sort(), []],
  )
  assert.equal((await calendars.deleteSchedule({ id })).success, true)
  assert.equal((await world.client.get(`/calendars/schedules/${id}`)).status, 404)
})

test('a schedule narrows the hours of its user, in the calendars that it is applied to', async () => {
  const teamMembers = [{ userId: 'kim' }]
  const [calendarId, other] = [await world.newCalendar({ teamMembers }), await world.newCalendar({ teamMembers })]
  const all = await world.slots(other, DAY)
  const id = await newSchedule({
    userId: 'kim',
    rules: [WEDNESDAY('10:00', '12:30'), WEDNESDAY('12:30', '13:00'), WEDNESDAY('16:00', '00:00')],
  })
  assert.deepEqual(await world.slots(calendarId, DAY), all, 'it is not applied yet')
  await world.client.put(`/calendars/schedules/${id}/associations/${calendarId}`)
  assert.deepEqual(await world.slots(calendarId, DAY), ['10:00', '11:00', '12:00', '16:00'], 'hours that touch are one')
  assert.deepEqual(await world.slots(calendarId, '2026-03-05'), [], 'nothing is said of Thursdays')
  assert.deepEqual(await world.slots(other, DAY), all)

  await world.client.put(`/calendars/schedules/${id}`, { timezone: 'America/Los_Angeles' })
  assert.deepEqual(await world.slots(calendarId, DAY), ['13:00', '14:00', '15:00'], 'the clocks of the schedule count')
  const late = { type: 'date', date: DAY, intervals: [{ from: '13:00', to: '14:00' }] }
  await world.client.put(`/calendars/schedules/${id}`, { rules: [WEDNESDAY('06:00', '09:00'), late] })
  assert.deepEqual(await world.slots(calendarId, DAY), ['16:00'], 'a date stands in for its weekday')

  await newSchedule({ userId: 'kim', rules: [WEDNESDAY('09:00', '10:00')], calendarIds: [calendarId] })
  assert.deepEqual(await world.slots(calendarId, DAY), ['09:00', '16:00'], 'several add up')
  await world.client.delete(`/calendars/schedules/${id}/associations/${calendarId}`)
  assert.deepEqual(await world.slots(calendarId, DAY), ['09:00'])
})

test('bookings go to those whose schedule has the hour', async () => {
  const teamMembers = [{ userId: 'lea', priority: 1 }, { userId: 'moe' }]
  const calendarId = await world.newCalendar({ teamMembers })
  const together = await world.newCalendar({ teamMembers, calendarType: 'collective' })
  await newSchedule({ userId: 'lea', rules: [WEDNESDAY('09:00', '11:00')], calendarIds: [calendarId, together] })
  assert.equal((await world.booked(calendarId, `${DAY}T09:00:00-05:00`)).assignedUserId, 'lea')
  assert.equal((await world.booked(calendarId, `${DAY}T11:00:00-05:00`)).assignedUserId, 'moe', 'lea is away')
  assert.deepEqual(await world.slots(together, DAY), ['10:00'], 'all must be there')
  assert.equal((await world.tryBooking(calendarId, `${DAY}T12:00:00-05:00`, { assignedUserId: 'lea' })).status, 400)
  await world.booked(calendarId, `${DAY}T12:00:00-05:00`, { assignedUserId: 'lea', ignoreFreeSlotValidation: true })
  assert.deepEqual(await world.slots(calendarId, DAY, '&userId=lea'), ['10:00'])
})

test('a person who is asked for counts in a calendar without a team', async () => {
  const calendarId = await world.newCalendar()
  await newSchedule({ userId: 'nia', rules: [WEDNESDAY('14:00', '16:00')], calendarIds: [calendarId] })
  assert.equal((await world.slots(calendarId, DAY)).length, 8)
  assert.deepEqual(await world.slots(calendarId, DAY, '&userId=nia'), ['14:00', '15:00'])
  assert.equal((await world.tryBooking(calendarId, `${DAY}T10:00:00-05:00`, { assignedUserId: 'nia' })).status, 400)
})

test('a schedule that cannot be is refused, with each fault named', async () => {
  const send = (more: object) =>
    world.client.post('/calendars/schedules', {
      ...here(),
      userId: 'ole',
      name: 'Hours',
      timezone: 'America/New_York',
      ...more,
    })
  const intervals = [{ from: '12:00', to: '09:00' }]
  const reply = await send({
    timezone: 'Mars/Olympus',
    rules: [
      { type: 'wday', intervals },
      { type: 'date', date: '2026-02-30', intervals: [] },
    ],
  })
  assert.equal(reply.status, 422)
  assert.deepEqual(reply.body.message, [
    'timezone must be the name of a time zone, such as America/New_York',
    'rules.0.day is needed in a rule for a weekday',
    'rules.0.intervals.0.to must be after from',
    'rules.1.date must be a date in a rule for one',
  ])
  assert.equal((await send({ calendarIds: ['unknown0000000000000'] })).status, 422)
  assert.equal((await send({ timezone: '+05:30' })).status, 422, 'an offset is no zone')
  assert.equal((await send({ timezone: 'asia/kolkata' })).body.schedule.timezone, 'Asia/Kolkata', 'as it is called')
  const id = await newSchedule({ userId: 'ole' })
  const neighbour = world.agency.locations[1] as TestLocation
  const calendar = await world.server
    .client(neighbour.token)
    .post('/calendars/', { locationId: neighbour.id, name: 'Next door' })
  const line = `/calendars/schedules/${id}/associations/${calendar.body.calendar.id}`
  assert.equal((await world.client.put(line)).status, 404)
  const agency = world.server.client(world.agency.token)
  assert.deepEqual((await agency.put(line)).body.message, 'Schedule and calendar must belong to the same location')
  assert.equal((await agency.delete(line)).status, 404)
  assert.equal((await agency.delete(`/calendars/schedules/${id}`)).status, 200, 'an agency token needs no location')
})

test('a calendar that looks busy hides a share of each day, the same slots for everybody', async () => {
  const lookBusy = (LookBusyPercentage: number, enabled = true) => ({ lookBusyConfig: { enabled, LookBusyPercentage } })
  const calendarId = await world.newCalendar(lookBusy(50))
  const open = await world.slots(await world.newCalendar(lookBusy(50, false)), DAY)
  const shown = await world.slots(calendarId, DAY)
  assert.deepEqual([open.length, shown.length], [8, 4])
  assert.equal((await world.slots(calendarId, DAY, '&timezone=America/Chicago')).length, 4)
  const [from, to] = [Date.parse(`${DAY}T12:00:00-05:00`), Date.parse(`${DAY}T23:00:00-05:00`)]
  const half =
    (await world.client.get(`/calendars/${calendarId}/free-slots?startDate=${from}&endDate=${to}`)).body[DAY]?.slots ??
    []
  assert.deepEqual(
    half.map((slot: string) => slot.slice(11, 16)),
    shown.filter((slot) => slot >= '12:00'),
    'whatever stretch is asked for',
  )
  const days = await Promise.all(['02', '03', '04', '05', '06'].map((day) => world.slots(calendarId, `2026-03-${day}`)))
  assert.ok(new Set(days.map(String)).size > 1, 'days differ')
  const hidden = open.find((slot) => !shown.includes(slot))
  await world.booked(calendarId, `${DAY}T${hidden}:00-05:00`)
  assert.deepEqual(await world.slots(calendarId, DAY), shown, 'a hidden slot is free, and its booking shows nothing')
  await world.client.put(`/calendars/${calendarId}`, lookBusy(100))
  assert.deepEqual(await world.slots(calendarId, DAY), [])
})

test('a calendar has a schedule of its own, in a zone of its own, until its hours are told in the other way', async () => {
  const calendarId = await world.newCalendar()
  const path = `/calendars/schedules/event-calendar/${calendarId}`
  const { client } = world
  const schedule = async () => (await client.get(path)).body.schedule
  const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']
  const open = weekdays.map((day) => ({ type: 'wday', day, intervals: [{ from: '09:00', to: '17:00' }] }))
  const { dateAdded, dateUpdated, ...derived } = await schedule()
  assert.deepEqual(derived, { calendarId, timezone: 'America/New_York', rules: open }, 'its opening hours')
  assert.ok(dateAdded <= dateUpdated)

  const rules = [WEDNESDAY('10:00', '12:00'), { type: 'date', date: '2026-03-11', intervals: [] }]
  const made = await client.post(path, { timezone: 'america/los_angeles', rules })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.deepEqual([made.body.schedule.timezone, made.body.schedule.rules], ['America/Los_Angeles', rules])
  assert.deepEqual(await world.slots(calendarId, DAY), ['13:00', '14:00'], 'told by the clocks of the location')
  assert.deepEqual(await world.slots(calendarId, '2026-03-05'), [])
  assert.deepEqual(await world.slots(calendarId, '2026-03-11'), [], 'a date stands in for its weekday')
  assert.equal((await world.tryBooking(calendarId, `${DAY}T10:00:00-05:00`)).status, 400)
  await world.booked(calendarId, `${DAY}T13:00:00-05:00`)

  await client.put(path, { timezone: 'America/New_York' })
  assert.deepEqual(await world.slots(calendarId, DAY), ['10:00', '11:00'], 'the rules stay')
  const { calendar } = (await client.get(`/calendars/${calendarId}`)).body
  const { id: _, locationId: __, ...whole } = calendar
  assert.equal((await client.put(`/calendars/${calendarId}`, whole)).status, 200)
  assert.deepEqual((await schedule()).rules, rules, 'what comes back as it was changes nothing')
  const late = [{ daysOfTheWeek: [3], hours: [{ openHour: 22, openMinute: 0, closeHour: 2, closeMinute: 0 }] }]
  await client.put(`/calendars/${calendarId}`, { openHours: late })
  assert.deepEqual((await schedule()).rules, [
    { type: 'wday', day: 'wednesday', intervals: [{ from: '22:00', to: '00:00' }] },
    { type: 'wday', day: 'thursday', intervals: [{ from: '00:00', to: '02:00' }] },
  ])
  assert.deepEqual(await world.slots(calendarId, DAY), ['22:00', '23:00'])

  const wrong = { timezone: 'Mars/Olympus', rules: [{ type: 'wday', intervals: [] }] }
  for (const refused of [
    await client.post(path, wrong),
    await client.put(path, wrong),
    await client.put(`/calendars/${calendarId}`, { schedule: wrong }),
    await client.post('/calendars/', { ...here(), name: 'Nowhere', schedule: wrong }),
  ])
    assert.deepEqual(
      [refused.status, refused.body.message.length],
      [422, 2],
      `${JSON.stringify(refused.body)} names the zone and the day`,
    )
  assert.equal((await client.get('/calendars/schedules/event-calendar/unknown0000000000000')).status, 404)
})
