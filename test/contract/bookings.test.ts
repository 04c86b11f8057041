import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { inTransaction } from '../../src/db/transaction.ts'
import { appointments } from '../../src/resources/records/appointments.ts'
import { createRecords } from '../../src/store/records/index.ts'
import { type BookingWorld, createBookingWorld, NOW } from '../support/booking-world.ts'

let world: BookingWorld
before(async () => {
  world = await createBookingWorld()
})
after(() => world?.[Symbol.asyncDispose]())

const here = () => ({ locationId: world.location.id })

test('a slot that is taken, closed, too soon or off the grid is refused, unless the caller insists', async () => {
  const calendarId = await world.newCalendar({
    allowBookingAfter: 1,
    allowBookingAfterUnit: 'days',
    allowBookingFor: 2,
    allowBookingForUnit: 'weeks',
  })
  await world.booked(calendarId, '2026-03-04T10:00:00-05:00')
  const refused = [
    '2026-03-04T10:00:00-05:00',
    '2026-03-04T10:30:00-05:00',
    '2026-03-04T17:00:00-05:00',
    '2026-03-07T10:00:00-05:00',
    '2026-03-02T10:00:00-05:00',
    '2026-03-20T10:00:00-04:00',
  ]
  for (const startTime of refused) {
    const reply = await world.tryBooking(calendarId, startTime)
    assert.deepEqual(
      [reply.status, reply.body.message],
      [400, 'The slot you have selected is no longer available.'],
      startTime,
    )
  }
  await world.booked(calendarId, '2026-03-02T10:00:00-05:00', { ignoreDateRange: true })
  await world.booked(calendarId, '2026-03-04T10:30:00-05:00', {
    ignoreFreeSlotValidation: true,
    endTime: '2026-03-04T10:40:00-05:00',
  })
  assert.equal(
    (await world.tryBooking(calendarId, '2026-03-05T10:00:00-05:00', { endTime: '2026-03-05T09:00:00-05:00' })).status,
    422,
  )
  assert.equal((await world.tryBooking(calendarId, 'tomorrow')).status, 422)
  assert.equal((await world.tryBooking('unknown0000000000000', '2026-03-05T10:00:00-05:00')).status, 422)
  assert.equal(
    (await world.tryBooking(calendarId, '2026-03-05T10:00:00-05:00', { contactId: 'unknown0000000000000' })).status,
    422,
  )
  assert.equal(
    (await world.tryBooking(calendarId, '2026-03-05T10:00:00')).body.startTime,
    '2026-03-05T10:00:00-05:00',
    'without offset: the clocks of the location',
  )
})

test('a cancelled appointment frees its slot, and cannot come back when the slot has gone', async () => {
  const calendarId = await world.newCalendar()
  const first = await world.booked(calendarId, '2026-03-04T10:00:00-05:00')
  const status = (eventId: string, appointmentStatus: string) =>
    world.client.put(`/calendars/events/appointments/${eventId}`, { appointmentStatus })
  assert.equal((await status(first.id, 'cancelled')).body.appointmentStatus, 'cancelled')
  const second = await world.booked(calendarId, '2026-03-04T10:00:00-05:00')
  assert.equal((await status(first.id, 'confirmed')).status, 400)
  assert.equal((await status(second.id, 'showed')).status, 200)
  await status(second.id, 'cancelled')
  assert.equal((await status(first.id, 'confirmed')).status, 200)
})

test('a team shares its bookings; a person who is busy elsewhere is passed over', async () => {
  const team = [{ userId: 'kim', priority: 1 }, { userId: 'lee' }]
  const [one, other] = [
    await world.newCalendar({ teamMembers: team }),
    await world.newCalendar({ teamMembers: [{ userId: 'kim' }], slotBuffer: 30 }),
  ]
  const at = '2026-03-10T10:00:00-04:00'
  await world.booked(other, at)
  assert.equal((await world.booked(one, at)).assignedUserId, 'lee', 'kim is in the other calendar')
  assert.equal((await world.tryBooking(one, at)).status, 400)
  assert.equal((await world.booked(one, '2026-03-10T11:00:00-04:00')).assignedUserId, 'lee', 'kim wraps up')
  assert.equal((await world.booked(one, '2026-03-10T12:00:00-04:00')).assignedUserId, 'kim', 'the higher priority')
  assert.equal((await world.tryBooking(one, '2026-03-10T13:00:00-04:00', { assignedUserId: 'max' })).status, 422)
  const together = await world.newCalendar({
    calendarType: 'collective',
    teamMembers: [{ userId: 'kim', isPrimary: true }, { userId: 'lee' }],
  })
  assert.equal((await world.tryBooking(together, '2026-03-10T12:00:00-04:00')).status, 400)
  const { id } = await world.booked(together, '2026-03-10T14:00:00-04:00')
  const { event } = (await world.client.get(`/calendars/events/appointments/${id}`)).body
  assert.deepEqual([event.assignedUserId, event.users], ['kim', ['kim', 'lee']])
})

test('an appointment off the hours can be handed on, and survives the one who had it', async () => {
  const calendarId = await world.newCalendar({ teamMembers: [{ userId: 'nat' }, { userId: 'oz' }] })
  const night = { ignoreFreeSlotValidation: true, assignedUserId: 'nat' }
  const { id } = await world.booked(calendarId, '2026-03-01T22:15:00-05:00', night)
  const edit = (changes: object) => world.client.put(`/calendars/events/appointments/${id}`, changes)
  assert.equal((await edit({ assignedUserId: 'oz' })).body.assignedUserId, 'oz', 'it is past, and at night')
  await world.booked(calendarId, '2026-03-01T22:15:00-05:00', night)
  assert.equal((await edit({ assignedUserId: 'nat' })).status, 400, 'nat has another one now')
  await world.client.put(`/calendars/${calendarId}`, { teamMembers: [{ userId: 'nat' }] })
  const moved = await edit({ startTime: '2026-03-04T10:00:00-05:00' })
  assert.deepEqual([moved.status, moved.body.assignedUserId], [200, 'nat'], 'oz has left')
})

test('a booking takes the room that its calendar needs', async () => {
  const [first, second] = [await world.newCalendar(), await world.newCalendar()]
  const room = {
    ...here(),
    name: 'Red room',
    description: '',
    quantity: 1,
    outOfService: 0,
    capacity: 1,
    calendarIds: [first, second],
  }
  const made = await world.client.post('/calendars/resources/rooms', room)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { id } = await world.booked(first, '2026-03-11T10:00:00-04:00')
  assert.deepEqual((await world.client.get(`/calendars/events/appointments/${id}`)).body.event.assignedResources, [
    made.body.id,
  ])
  assert.equal((await world.tryBooking(second, '2026-03-11T10:00:00-04:00')).status, 400)
  await world.client.post('/calendars/resources/rooms', { ...room, name: 'Blue room' })
  await world.booked(second, '2026-03-11T10:00:00-04:00')
})

test('of fifty who ask for a slot of three at once, three get it', async () => {
  const calendarId = await world.newCalendar({ appoinmentPerSlot: 3 })
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => world.tryBooking(calendarId, '2026-03-12T10:00:00-04:00')),
  )
  const statuses = replies.map(({ status }) => status).sort()
  assert.deepEqual(statuses, [...Array(3).fill(200), ...Array(47).fill(400)])
  const span = `startTime=${NOW}&endTime=${NOW + 30 * 86_400_000}`
  assert.equal(
    (await world.client.get(`/calendars/events?locationId=${world.location.id}&calendarId=${calendarId}&${span}`)).body
      .events.length,
    3,
  )
  assert.ok(!(await world.slots(calendarId, '2026-03-12')).includes('10:00'))
})

test('of those who ask two calendars for one person at once, one gets them', async () => {
  const calendarIds = [
    await world.newCalendar({ teamMembers: [{ userId: 'zoe' }] }),
    await world.newCalendar({ teamMembers: [{ userId: 'zoe' }] }),
  ]
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      world.tryBooking(calendarIds[index % 2] as string, '2026-03-12T10:00:00-04:00'),
    ),
  )
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
  assert.equal(replies.filter(({ status }) => status === 400).length, 19)
})

test('an agency token reaches appointments and blocked slots by their ids alone', async () => {
  const agency = world.server.client(world.agency.token)
  const calendarId = await world.newCalendar()
  const { id } = await world.booked(calendarId, '2026-03-03T12:00:00-05:00')
  const reply = await agency.get(`/calendars/events/appointments/${id}`)
  assert.deepEqual([reply.status, reply.body.event?.id], [200, id])
  const times = { startTime: '2026-03-03T14:00:00-05:00', endTime: '2026-03-03T15:00:00-05:00' }
  const blockId = (await world.client.post('/calendars/events/block-slots', { ...here(), calendarId, ...times })).body
    .id
  assert.equal((await agency.put(`/calendars/events/block-slots/${blockId}`, { title: 'Lunch' })).body.title, 'Lunch')
  for (const eventId of [blockId, id]) assert.equal((await agency.delete(`/calendars/events/${eventId}`)).status, 200)
  assert.equal((await agency.delete(`/calendars/events/${blockId}`)).status, 404)
})

test('free slots of a month for ten people with a thousand appointments', async (t) => {
  const users = Array.from({ length: 10 }, (_, index) => `busy${index}`)
  const calendarId = await world.newCalendar({
    teamMembers: users.map((userId) => ({ userId })),
    slotDuration: 30,
    slotInterval: 15,
  })
  const start = Date.parse('2026-03-02T14:00:00Z')
  const documents = Array.from({ length: 1000 }, (_, index) => {
    const startMs = start + ((index * 7919) % (30 * 48)) * 1_800_000
    const [startTime, endTime] = [new Date(startMs).toISOString(), new Date(startMs + 1_800_000).toISOString()]
    const userId = users[index % 10] as string
    const fields = {
      calendarId,
      contactId: world.contactId,
      title: 'Talk',
      appointmentStatus: 'confirmed',
      assignedUserId: userId,
      users: [userId],
    }
    return { document: { ...fields, startTime, endTime, assignedResources: [], createdBy: { source: 'test' } } }
  })
  const author = { actor: 'test', cause: 'test', atMs: NOW }
  await inTransaction(world.server.app.platform.db, (tx) =>
    createRecords({ tx, locationId: world.location.id, author }, appointments as never, documents),
  )
  await sql`analyze record_appointments`.execute(world.server.owner())
  const times: number[] = []
  for (let run = 0; run < 30; run++) {
    const started = performance.now()
    const { status, body } = await world.client.get(
      `/calendars/${calendarId}/free-slots?startDate=${start}&endDate=${start + 30 * 86_400_000}`,
    )
    times.push(performance.now() - started)
    assert.equal(status, 200)
    assert.ok(Object.keys(body).length > 15)
  }
  t.diagnostic(
    `free slots of a month: ${times.sort((a, b) => a - b)[15]?.toFixed(1)} ms in the middle of 30 requests, the ` +
      `best ${times[0]?.toFixed(1)} ms`,
  )
})
