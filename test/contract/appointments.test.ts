import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { listChanges } from '../../src/store/changes/index.ts'
import { type BookingWorld, createBookingWorld, NOW } from '../support/booking-world.ts'
import { conforms, refuses } from '../support/official.ts'

let world: BookingWorld
before(async () => {
  world = await createBookingWorld()
})
after(() => world?.[Symbol.asyncDispose]())

const here = () => ({ locationId: world.location.id })

test('the official client books, moves, reads and removes an appointment', async () => {
  const calendarId = await world.newCalendar({
    locationConfigurations: [{ kind: 'physical', location: 'Main Street 1' }],
  })
  const created = await world.sdk.calendars.createAppointment({
    ...here(),
    calendarId,
    contactId: world.contactId,
    startTime: '2026-03-03T15:00:00+01:00',
  } as never)
  conforms('POST /calendars/events/appointments', created)
  const { id: eventId } = created as { id: string }
  assert.equal(created.startTime, '2026-03-03T09:00:00-05:00', 'times have the offset of the location')
  assert.equal(created.endTime, '2026-03-03T10:00:00-05:00')
  assert.deepEqual(
    [created.title, created.appointmentStatus, created.address],
    ['Rosan Deo', 'confirmed', 'Main Street 1'],
  )

  const { event } = await world.sdk.calendars.getAppointment({ eventId })
  conforms('GET /calendars/events/appointments/{eventId}', { event })
  assert.equal(event?.startTime as never, created.startTime)
  await world.sdk.calendars.createAppointmentNote({ appointmentId: eventId }, { body: 'Bring the album' })

  const moved = await world.sdk.calendars.editAppointment({ eventId }, {
    startTime: '2026-03-09T09:00:00-04:00',
    title: 'Second talk',
  } as never)
  conforms('PUT /calendars/events/appointments/{eventId}', moved)
  assert.deepEqual(
    [moved.startTime, moved.endTime, moved.title],
    ['2026-03-09T09:00:00-04:00', '2026-03-09T10:00:00-04:00', 'Second talk'],
  )
  assert.ok((await world.slots(calendarId, '2026-03-03')).includes('09:00'), 'the old time is free again')

  const removed = await world.sdk.calendars.deleteEvent({ eventId }, {})
  assert.equal(removed.succeeded, true)
  assert.equal((await world.client.delete(`/calendars/events/${eventId}`)).status, 404)
  await assert.rejects(world.sdk.calendars.getAppointment({ eventId }), refuses(404))
  const changes = await listChanges(world.server.app.platform.db, {
    locationId: world.location.id,
    kind: 'appointments',
    entityId: eventId,
    limit: 10,
  })
  assert.deepEqual(
    changes.map(({ op }) => op),
    ['delete', 'update', 'create'],
  )
  assert.deepEqual(Object.keys(changes[1]?.delta ?? {}).sort(), ['endTime', 'startTime', 'title'])
})

test('the delete of an event answers 200, as the wire does whatever it documents', async () => {
  const { id } = await world.booked(await world.newCalendar(), '2026-03-03T09:00:00-05:00')
  const reply = await world.client.delete(`/calendars/events/${id}`, {})
  assert.deepEqual([reply.status, reply.body], [200, { succeded: true, succeeded: true }])
})

test('the official client lists events of a calendar, a group and a user by epoch milliseconds', async () => {
  const { group } = await world.sdk.calendars.createCalendarGroup({
    ...here(),
    name: 'Portraits',
    description: '',
    slug: 'portraits',
  })
  const calendarId = await world.newCalendar({ groupId: group?.id, teamMembers: [{ userId: 'ann' }] })
  const first = await world.booked(calendarId, '2026-03-04T11:00:00-05:00')
  const second = await world.booked(calendarId, '2026-03-04T09:00:00-05:00')
  const span = {
    startTime: String(Date.parse('2026-03-04T00:00:00Z')),
    endTime: String(Date.parse('2026-03-05T00:00:00Z')),
  }
  for (const whose of [{ calendarId }, { groupId: group?.id as string }, { userId: 'ann' }]) {
    const answer = await world.sdk.calendars.getCalendarEvents({ ...here(), ...whose, ...span })
    conforms('GET /calendars/events', answer)
    assert.deepEqual(
      answer.events?.map(({ id }) => id),
      [second.id, first.id],
      JSON.stringify(whose),
    )
    assert.equal(answer.events?.[0]?.groupId, group?.id)
  }
  const narrow = { startTime: String(Date.parse('2026-03-04T15:30:00Z')), endTime: '2026-03-04T11:30:00-05:00' }
  const half = await world.sdk.calendars.getCalendarEvents({ ...here(), calendarId, ...narrow })
  assert.deepEqual(
    half.events?.map(({ id }) => id),
    [first.id],
    'ISO 8601 does as well; what reaches into the time counts',
  )
  await assert.rejects(world.sdk.calendars.getCalendarEvents({ ...here(), ...span }), refuses(422))
  await assert.rejects(
    world.sdk.calendars.getCalendarEvents({ ...here(), calendarId, startTime: 'noon', endTime: '1' }),
    refuses(422, /startTime must be/),
  )
})

test('the official client blocks time of a calendar and of a user', async () => {
  const calendarId = await world.newCalendar({ teamMembers: [{ userId: 'uma' }] })
  const times = { startTime: '2026-03-05T09:30:00-05:00', endTime: '2026-03-05T11:00:00-05:00' }
  const block = await world.sdk.calendars.createBlockSlot({ ...here(), calendarId, title: 'Dentist', ...times })
  conforms('POST /calendars/events/block-slots', block)
  assert.deepEqual(await world.slots(calendarId, '2026-03-05'), ['11:00', '12:00', '13:00', '14:00', '15:00', '16:00'])
  assert.equal((await world.tryBooking(calendarId, times.startTime.replace('09:30', '10:00'))).status, 400)

  const moved = await world.sdk.calendars.editBlockSlot({ eventId: block.id }, {
    ...here(),
    assignedUserId: 'uma',
    startTime: '2026-03-05T15:00:00-05:00',
  } as never)
  conforms('PUT /calendars/events/block-slots/{eventId}', moved)
  assert.deepEqual(
    [moved.endTime, moved.assignedUserId, moved.calendarId],
    ['2026-03-05T16:30:00-05:00', 'uma', undefined],
  )
  assert.deepEqual(await world.slots(calendarId, '2026-03-05'), ['09:00', '10:00', '11:00', '12:00', '13:00', '14:00'])
  const listed = await world.sdk.calendars.getBlockedSlots({
    ...here(),
    userId: 'uma',
    startTime: '0',
    endTime: String(NOW * 2),
  })
  conforms('GET /calendars/blocked-slots', listed)
  assert.deepEqual(
    listed.events?.map(({ id, title }) => [id, title]),
    [[block.id, 'Dentist']],
  )
  const both = { ...here(), calendarId, assignedUserId: 'uma', ...times }
  assert.equal((await world.client.post('/calendars/events/block-slots', both)).status, 422)
  assert.equal((await world.client.post('/calendars/events/block-slots', { ...here(), ...times })).status, 422)
  assert.equal((await world.client.delete(`/calendars/events/${block.id}`)).status, 200)
  assert.equal((await world.slots(calendarId, '2026-03-05')).length, 8)
})

test('the official client writes notes on an appointment', async () => {
  const { id: appointmentId } = await world.booked(await world.newCalendar(), '2026-03-03T09:00:00-05:00')
  const { note } = await world.sdk.calendars.createAppointmentNote({ appointmentId }, { body: 'first', userId: 'ann' })
  conforms('POST /calendars/appointments/{appointmentId}/notes', { note })
  const noteId = note?.id as string
  for (const body of ['second', 'third']) await world.sdk.calendars.createAppointmentNote({ appointmentId }, { body })
  const page = await world.sdk.calendars.getAppointmentNotes({ appointmentId, limit: 2, offset: 0 })
  conforms('GET /calendars/appointments/{appointmentId}/notes', page)
  assert.deepEqual([page.notes?.length, page.hasMore], [2, true])
  const rest = await world.sdk.calendars.getAppointmentNotes({ appointmentId, limit: 2, offset: 2 })
  assert.deepEqual([rest.notes?.length, rest.hasMore], [1, false])
  const updated = await world.sdk.calendars.updateAppointmentNote({ appointmentId, noteId } as never, {
    body: 'changed',
  })
  conforms('PUT /calendars/appointments/{appointmentId}/notes/{noteId}', updated)
  assert.deepEqual([updated.note?.body, updated.note?.userId], ['changed', 'ann'])
  const { id: other } = await world.booked(await world.newCalendar(), '2026-03-03T09:00:00-05:00')
  await assert.rejects(
    world.sdk.calendars.deleteAppointmentNote({ appointmentId: other, noteId } as never),
    refuses(404),
  )
  assert.equal((await world.sdk.calendars.deleteAppointmentNote({ appointmentId, noteId } as never)).success, true)
  assert.equal((await world.sdk.calendars.getAppointmentNotes({ appointmentId, limit: 5, offset: 0 })).notes?.length, 2)
})

test('the official client asks for free slots in a time zone and for users', async () => {
  const calendarId = await world.newCalendar({ teamMembers: [{ userId: 'fay' }, { userId: 'gus' }] })
  await world.booked(calendarId, '2026-03-06T09:00:00-05:00', { assignedUserId: 'fay' })
  const [startDate, endDate] = [Date.parse('2026-03-06T00:00:00-05:00'), Date.parse('2026-03-06T23:59:59-05:00')]
  const days = (await world.sdk.calendars.getSlots({
    calendarId,
    startDate,
    endDate,
    timezone: 'Asia/Kolkata',
  })) as unknown as Record<string, { slots: string[] }>
  assert.deepEqual(Object.keys(days), ['2026-03-06', '2026-03-07'])
  assert.equal(days['2026-03-06']?.slots[0], '2026-03-06T19:30:00+05:30', 'gus is free')
  assert.ok(!(await world.slots(calendarId, '2026-03-06', '&userId=fay')).includes('09:00'))
  const either = (await world.sdk.calendars.getSlots({
    calendarId,
    startDate,
    endDate,
    userIds: ['fay', 'gus'],
  })) as unknown as typeof days
  assert.equal(either['2026-03-06']?.slots.length, 8)
  assert.deepEqual(await world.slots(calendarId, '2026-03-06', '&userId=stranger'), [])
  const tooLong = { calendarId, startDate, endDate: startDate + 40 * 86_400_000 }
  await assert.rejects(world.sdk.calendars.getSlots(tooLong), refuses(422, /31 days/))
  await assert.rejects(
    world.sdk.calendars.getSlots({ calendarId, startDate, endDate, timezone: 'Mars/Olympus' }),
    refuses(422, /timezone/),
  )
})
