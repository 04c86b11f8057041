import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BookingWorld } from '../support/booking-world.ts'
import { createServiceWorld, type ServiceWorld } from '../support/service-world.ts'

let world: BookingWorld
let { v3, newService, newPlace, tryBooking, booked } = {} as ServiceWorld
before(async () => {
  ;({ world, v3, newService, newPlace, tryBooking, booked } = await createServiceWorld())
})
after(() => world?.[Symbol.asyncDispose]())

const DAY = '2026-03-03'
const at = (time: string) => `${DAY}T${time}:00-05:00`
const staffOf = ({ services }: { services: { serviceStaffId: string }[] }) =>
  services.map(({ serviceStaffId }) => serviceStaffId)

test('a booking is read, listed, changed and removed as the official schemas say', async () => {
  const place = await newPlace({ address: '12 Warren Street' })
  const [cut, dye] = [await newService(['kim']), await newService(['lee'], { name: 'Dye', serviceDuration: 45 })]
  const addOns = [{ id: 'shampoo', quantity: 2, duration: 15 }]
  const wanted = [
    { id: dye, position: 1 },
    { id: cut, position: 0, addOns },
  ]
  const one = await booked(wanted, at('09:00'), at('10:30'))
  assert.deepEqual(
    [one.startTime, one.endTime, one.title, one.status, one.timezone, one.serviceLocationId, one.meetingLocation],
    [at('09:00'), at('10:30'), 'Rosan Deo - Cut, Dye', 'confirmed', 'America/New_York', place, undefined],
  )
  const shown = { serviceCategoryId: '', serviceResources: [] }
  assert.deepEqual(one.services, [
    {
      ...{ id: cut, ...shown, serviceStaffId: 'kim', serviceAddOns: [{ id: 'shampoo', quantity: 2 }] },
      ...{ serviceStartTime: at('09:00'), serviceEndTime: at('09:45') },
    },
    {
      ...{ id: dye, ...shown, serviceStaffId: 'lee', serviceAddOns: [] },
      ...{ serviceStartTime: at('09:45'), serviceEndTime: at('10:30') },
    },
  ])
  const path = `/bookings/${one.bookingId}`
  assert.deepEqual((await v3('GET', path, undefined, 'ServiceBookingResponseDTO')).body, one)
  const list = async (from: string, to: string, more = '') => {
    const times = `startTime=${Date.parse(at(from))}&endTime=${Date.parse(at(to))}`
    const query = `?locationId=${world.location.id}&${times}${more}`
    return (await v3('GET', `/bookings${query}`, undefined, 'ServiceBookingsListResponseDTO')).body.bookings
  }
  await world.booked(await world.newCalendar(), at('09:00'))
  assert.deepEqual(await list('08:00', '12:00'), [one], 'no other appointment is one')
  assert.deepEqual([await list('10:30', '12:00'), await list('08:00', '12:00', '&serviceLocationId=none')], [[], []])
  const [elsewhere] = await list('08:00', '12:00', '&timezone=Europe/London')
  assert.equal(elsewhere.startTime, `${DAY}T14:00:00+00:00`)

  const change = async (changes: object) =>
    (await v3('PUT', path, changes, 'CreateOrUpdateServiceBookingResponseDTO')).body
  const named = await change({ title: 'Other', status: 'no_show', timezone: 'Europe/London' })
  assert.deepEqual([named.title, named.status, named.startTime], ['Other', 'no_show', `${DAY}T14:00:00+00:00`])
  const moved = await change({ startTime: at('11:00'), status: 'confirmed', timezone: 'America/New_York' })
  assert.deepEqual([moved.startTime, moved.endTime, staffOf(moved)], [at('11:00'), at('12:30'), ['kim', 'lee']])
  const less = await change({ services: [{ id: dye }] })
  assert.deepEqual([less.endTime, staffOf(less)], [at('11:45'), ['lee']])
  await v3('DELETE', path, undefined, 'DeleteServiceBookingResponseDTO')
  assert.deepEqual([(await v3('GET', path)).status, await list('08:00', '13:00')], [404, []])
})

test('nobody is booked twice: by services, by calendars, and within what is kept free', async () => {
  const [cut, slow] = [await newService(['fay'], { postBuffer: 30 }), await newService(['fay', 'ann'])]
  const calendarId = await world.newCalendar({ teamMembers: [{ userId: 'fay' }] })
  await booked([{ id: cut }], at('10:00'), at('10:30'))
  assert.deepEqual((await world.slots(calendarId, DAY)).slice(0, 3), ['09:00', '11:00', '12:00'])
  const refusal = 'The slot you have selected is no longer available.'
  const again = await tryBooking([{ id: cut }], at('10:30'), at('11:00'))
  assert.deepEqual([again.status, again.body.message], [400, refusal], 'fay wraps up')
  assert.deepEqual(staffOf(await booked([{ id: slow }], at('10:15'), at('10:45'))), ['ann'], 'whoever is free')
  assert.equal((await tryBooking([{ id: slow, staffId: 'fay' }], at('10:15'), at('10:45'))).status, 400)
  await world.booked(calendarId, at('12:00'))
  assert.equal((await tryBooking([{ id: cut }], at('12:00'), at('12:30'))).status, 400, 'the calendar has fay')
  await booked([{ id: cut }], at('12:00'), at('12:30'), {}, '?overrideAvailability=true')
  const days = await tryBooking([{ id: cut }], at('09:00'), '2026-04-04T09:00:00-04:00')
  assert.match(String(days.body.message), /endTime must be at most 31 days after startTime/)
  const stranger = await tryBooking([{ id: cut, staffId: 'ann' }], at('15:00'), at('15:30'))
  assert.deepEqual(
    [stranger.status, stranger.body.message],
    [422, ['services[0].staffId: the user is not among the staff of the service']],
  )
  for (const query of ['', '?overrideAvailability=true']) {
    const nobody = await tryBooking([{ id: cut, staffId: 'nobody' }], at('15:00'), at('15:30'), {}, query)
    assert.match(String(nobody.body.message), /there is no user nobody in this location/)
  }
})

test('of services that follow each other each keeps its own people busy for its own time', async () => {
  const [first, second] = [
    await newService(['nat'], { serviceDuration: 60 }),
    await newService(['oz'], { serviceDuration: 60 }),
  ]
  const both = await booked([{ id: first }, { id: second }], at('09:00'), at('11:00'))
  const calendarId = await world.newCalendar({ teamMembers: [{ userId: 'nat' }, { userId: 'oz' }] })
  assert.equal((await world.booked(calendarId, at('09:00'))).assignedUserId, 'oz')
  assert.equal((await world.booked(calendarId, at('10:00'))).assignedUserId, 'nat')
  assert.equal((await world.tryBooking(calendarId, at('09:00'))).status, 400)
  const all = await tryBooking([{ id: first }, { id: second }], at('13:00'), at('14:30'))
  assert.deepEqual([all.status, all.body.message], [422, ['endTime: the services take until 2026-03-03T20:00:00.000Z']])
  await world.booked(calendarId, at('14:00'), { assignedUserId: 'oz' })
  const half = await tryBooking([{ id: first }, { id: second }], at('13:00'), at('15:00'))
  assert.equal(half.status, 400, 'all or nothing')
  await world.booked(calendarId, at('13:00'), { assignedUserId: 'nat' })

  const event = `/calendars/events/appointments/${both.bookingId}`
  const { appointment } = (await world.client.get(event)).body
  assert.deepEqual([appointment.users, appointment.assignedUserId, appointment.calendarId], [['nat', 'oz'], 'nat', ''])
  const moved = await world.client.put(event, { startTime: at('15:00') })
  assert.deepEqual([moved.status, (await world.client.put(event, { title: 'Cut' })).body.title], [422, 'Cut'])
})

test('a cancelled booking frees its people, and comes back only while they are free', async () => {
  const cut = await newService(['uma'])
  const { bookingId } = await booked([{ id: cut }], at('09:00'), at('09:30'))
  await v3('PUT', `/bookings/${bookingId}`, { status: 'cancelled' })
  const other = await booked([{ id: cut }], at('09:00'), at('09:30'))
  assert.equal((await v3('PUT', `/bookings/${bookingId}`, { status: 'confirmed' })).status, 400)
  await v3('DELETE', `/bookings/${other.bookingId}`)
  assert.equal((await v3('PUT', `/bookings/${bookingId}`, { status: 'confirmed' })).body.status, 'confirmed')
})

test('of twenty who ask for one person at once, one gets them', async () => {
  const services = [await newService(['lea']), await newService(['lea'])]
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_, n) => tryBooking([{ id: services[n % 2] }], at('16:00'), at('16:30'))),
  )
  assert.deepEqual(replies.map(({ status }) => status).sort(), [201, ...Array.from({ length: 19 }, () => 400)])
})

test('who has hours of their own is booked within them; what has begun only where notice does not matter', async () => {
  const cut = await newService(['nia'])
  const rules = [{ type: 'wday', day: 'tuesday', intervals: [{ from: '09:00', to: '12:00' }] }]
  const hours = { locationId: world.location.id, name: 'Mornings', userId: 'nia', timezone: 'America/New_York', rules }
  await world.client.post('/calendars/schedules', hours)
  assert.equal((await tryBooking([{ id: cut }], at('12:00'), at('12:30'))).status, 400)
  await booked([{ id: cut }], at('11:30'), at('12:00'))
  const [startTime, endTime] = ['2026-02-24T09:00:00-05:00', '2026-02-24T09:30:00-05:00']
  assert.equal((await tryBooking([{ id: cut }], startTime, endTime)).status, 400)
  await booked([{ id: cut }], startTime, endTime, {}, '?skipSchedulingNotice=true')
})

test('a place that asks the booker wants an answer, and another one wants none', async () => {
  const cut = await newService(['kim', 'lee'])
  const [home, shop] = [
    await newPlace({ locationType: 'ask_booker', address: 'At your home' }),
    await newPlace({ address: '1 Main Street' }),
  ]
  const wanted = [[{ id: cut }], at('14:00'), at('14:30')] as const
  const silent = await tryBooking([...wanted[0]], wanted[1], wanted[2], { serviceLocationId: home })
  assert.deepEqual(
    [silent.status, silent.body.message],
    [422, ['meetingLocation: the service location asks the booker for it']],
  )
  const meetingLocation = '123 Main St'
  const said = await booked([...wanted[0]], wanted[1], wanted[2], { serviceLocationId: home, meetingLocation })
  assert.equal(said.meetingLocation, meetingLocation)
  const ignored = await booked([...wanted[0]], wanted[1], wanted[2], { serviceLocationId: shop, meetingLocation })
  assert.deepEqual(ignored.messages, [
    'Meeting location is not supported for the selected service location and has been ignored.',
  ])
  const path = `/bookings/${said.bookingId}`
  const { body: elsewhere } = await v3('PUT', path, { serviceLocationId: shop })
  assert.deepEqual([elsewhere.serviceLocationId, elsewhere.meetingLocation], [shop, undefined])
  const unknown = await v3('PUT', path, { serviceLocationId: 'none', startTime: at('15:00') })
  assert.deepEqual([unknown.status, (await v3('GET', path)).body.startTime], [422, at('14:00')])
  // The clock of the tests stands still: which place is the first would be a matter of chance later on.
  await v3('DELETE', `/locations/${home}`)
})

test('a booking outlives its service, its place and whoever had it', async () => {
  const { companyId, token } = world.agency
  const boss = world.server.client(token)
  const person = { companyId, firstName: 'Max', lastName: 'Deo', email: 'max@team.example', password: 'long enough 1' }
  const works = { type: 'account', role: 'user', locationIds: [world.location.id] }
  const { id: max } = (await boss.post('/users/', { ...person, ...works })).body
  const [cut, place] = [await newService([max, 'lee'], { serviceDuration: 60 }), await newPlace()]
  const services = [{ id: cut, staffId: max }]
  const friday = (time: string) => `2026-03-06T${time}:00-05:00`
  const { bookingId } = await booked(services, friday('09:00'), friday('11:00'), { serviceLocationId: place })
  const left = await booked(services, friday('16:00'), friday('17:00'))
  assert.equal((await boss.delete(`/users/${max}`)).status, 200)
  assert.deepEqual((await v3('GET', `/catalog/${cut}`)).body.service.staff, [{ id: 'lee' }])
  const path = `/bookings/${bookingId}`
  assert.deepEqual(staffOf((await v3('GET', path, undefined, 'ServiceBookingResponseDTO')).body), [''])
  const [startTime, endTime] = [friday('10:00'), friday('11:00')]
  const { body: handedOn } = await v3('PUT', path, { startTime, endTime })
  assert.deepEqual([staffOf(handedOn), handedOn.endTime], [['lee'], endTime])
  const other = await booked([{ id: cut, staffId: 'lee' }], friday('13:00'), friday('14:00'))
  await v3('DELETE', `/catalog/${cut}`)
  await v3('DELETE', `/locations/${place}`)
  const { body: moved } = await v3('PUT', path, { startTime: friday('12:00'), title: 'Left' })
  assert.deepEqual([moved.title, moved.startTime, moved.serviceLocationId], ['Left', friday('12:00'), place])
  assert.equal((await v3('PUT', path, { startTime: friday('13:00') })).status, 400, 'lee has another one')
  await v3('DELETE', `/bookings/${other.bookingId}`)
  const { body: orphan } = await v3('PUT', `/bookings/${left.bookingId}`, { startTime: friday('15:00') })
  assert.deepEqual([orphan.startTime, staffOf(orphan)], [friday('15:00'), ['']], 'whoever has left does not come back')
})
