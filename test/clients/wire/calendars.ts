import assert from 'node:assert/strict'
import { at, slot } from '../../support/catalogue-inputs.ts'
import { named, type Story } from './story.ts'

export const groups: Story = async ({ ask, ids }) => {
  const { locationId } = ids
  const texts = { name: 'Visits', description: 'All visits', slug: 'visits' }
  const free = async () =>
    (await ask('POST /calendars/groups/validate-slug', {}, { locationId, slug: 'visits' })).available
  assert.equal(await free(), true)
  const { group } = await ask('POST /calendars/groups', {}, { locationId, ...texts })
  assert.equal(await free(), false)
  const one = { groupId: group.id }
  await ask('PUT /calendars/groups/{groupId}', one, { ...texts, name: 'Tours' })
  await ask('PUT /calendars/groups/{groupId}/status', one, { isActive: false })
  const listed = async () => (await ask('GET /calendars/groups', { locationId })).groups
  const shown = (await listed()).find(({ id }: { id: string }) => id === group.id)
  assert.deepEqual([shown.name, shown.isActive], ['Tours', false])
  await ask('DELETE /calendars/groups/{groupId}', one)
  assert.deepEqual(named(await listed()), [ids.groupId])
}

export const calendars: Story = async ({ ask, ids }) => {
  const { locationId, groupId } = ids
  const body = { locationId, groupId, name: 'Tour', calendarType: 'event', slotDuration: 45 }
  const { calendar } = await ask('POST /calendars/', {}, body)
  const one = { calendarId: calendar.id }
  assert.deepEqual(named((await ask('GET /calendars/', { locationId, groupId })).calendars), [calendar.id])
  await ask('PUT /calendars/{calendarId}', one, { name: 'Long tour', slotDuration: 90, isActive: false })
  const shown = (await ask('GET /calendars/{calendarId}', one)).calendar
  assert.deepEqual([shown.name, shown.slotDuration, shown.isActive], ['Long tour', 90, false])
  await ask('DELETE /calendars/{calendarId}', one)
  await assert.rejects(ask('GET /calendars/{calendarId}', one), /40[04]|was not found/)
}

export const appointments: Story = async ({ ask, ids }) => {
  const { locationId, calendarId, contactId } = ids
  const period = { startDate: at(6).getTime(), endDate: at(7).getTime(), timezone: 'UTC' }
  const slots = async () =>
    (await ask('GET /calendars/{calendarId}/free-slots', { calendarId, ...period }))[at(6).toISOString().slice(0, 10)]
      .slots
  const [startTime] = await slots()
  const body = { locationId, calendarId, contactId, startTime, title: 'Tasting', appointmentStatus: 'confirmed' }
  const { id } = await ask('POST /calendars/events/appointments', {}, body)
  assert.ok(!(await slots()).includes(startTime))
  const one = { eventId: id }
  const change = { title: 'Long tasting', appointmentStatus: 'showed' }
  await ask('PUT /calendars/events/appointments/{eventId}', one, change)
  const shown = await ask('GET /calendars/events/appointments/{eventId}', one)
  const event = shown.event ?? shown.appointment
  assert.deepEqual([event.title, event.appointmentStatus], ['Long tasting', 'showed'])
  const day = { locationId, calendarId, startTime: String(at(6).getTime()), endTime: String(at(7).getTime()) }
  assert.deepEqual(named((await ask('GET /calendars/events', day)).events), [id])
  await ask('DELETE /calendars/events/{eventId}', one, {})
  assert.deepEqual(named((await ask('GET /calendars/events', day)).events), [])
}

export const blocks: Story = async ({ ask, ids }) => {
  const { locationId, calendarId } = ids
  const place = { locationId, calendarId }
  const { id } = await ask('POST /calendars/events/block-slots', {}, { ...place, ...slot(8), title: 'Closed' })
  const change = { ...place, ...slot(8), title: 'Holiday' }
  await ask('PUT /calendars/events/block-slots/{eventId}', { eventId: id }, change)
  const day = { startTime: String(at(8).getTime()), endTime: String(at(9).getTime()) }
  const { events } = await ask('GET /calendars/blocked-slots', { ...place, ...day })
  assert.deepEqual([named(events), events[0].title], [[id], 'Holiday'])
}

export const appointmentNotes: Story = async ({ ask, ids }) => {
  const place = { appointmentId: ids.appointmentId }
  const { note } = await ask('POST /calendars/appointments/{appointmentId}/notes', place, { body: 'Bring the veil' })
  const one = { ...place, noteId: note.id }
  await ask('PUT /calendars/appointments/{appointmentId}/notes/{noteId}', one, { body: 'Bring both' })
  const page = { ...place, limit: 10, offset: 0 }
  const listed = async () => (await ask('GET /calendars/appointments/{appointmentId}/notes', page)).notes
  assert.equal((await listed()).find(({ id }: { id: string }) => id === note.id).body, 'Bring both')
  await ask('DELETE /calendars/appointments/{appointmentId}/notes/{noteId}', one)
  assert.deepEqual(named(await listed()), [ids.noteId])
}

export const resources: Story = async ({ ask, ids }) => {
  const { locationId } = ids
  for (const resourceType of ['equipments', 'rooms']) {
    const counts = { quantity: 2, outOfService: 0, capacity: 12 }
    const body = { locationId, name: 'Big one', description: '', ...counts, calendarIds: [ids.calendarId] }
    const made = await ask('POST /calendars/resources/{resourceType}', { resourceType }, body)
    const one = { resourceType, id: made.id ?? made._id }
    await ask('PUT /calendars/resources/{resourceType}/{id}', one, { locationId, name: 'Bigger one', capacity: 14 })
    const shown = await ask('GET /calendars/resources/{resourceType}/{id}', one)
    assert.deepEqual([shown.name, shown.capacity, shown.quantity], ['Bigger one', 14, 2])
    const page = { resourceType, locationId, limit: 10, skip: 0 }
    const listed = async () => named(await ask('GET /calendars/resources/{resourceType}', page))
    assert.ok((await listed()).includes(one.id))
    await ask('DELETE /calendars/resources/{resourceType}/{id}', one)
    assert.ok(!(await listed()).includes(one.id))
  }
}

export const notifications: Story = async ({ ask, ids }) => {
  const place = { calendarId: ids.calendarId }
  const wanted = { receiverType: 'contact', channel: 'email', notificationType: 'booked', subject: 'Booked' }
  const [made] = await ask('POST /calendars/{calendarId}/notifications', place, [wanted])
  const one = { ...place, notificationId: made._id }
  const change = { subject: 'You are booked', isActive: false }
  await ask('PUT /calendars/{calendarId}/notifications/{notificationId}', one, change)
  const shown = await ask('GET /calendars/{calendarId}/notifications/{notificationId}', one)
  assert.deepEqual([shown.subject, shown.isActive], ['You are booked', false])
  const listed = async () =>
    named(await ask('GET /calendars/{calendarId}/notifications', { ...place, limit: 20, skip: 0 }))
  assert.ok((await listed()).includes(made._id))
  await ask('DELETE /calendars/{calendarId}/notifications/{notificationId}', one)
  assert.ok(!(await listed()).includes(made._id))
}
