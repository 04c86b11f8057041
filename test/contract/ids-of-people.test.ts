import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { json } from '../../src/db/pool.ts'
import { hire } from '../support/hire.ts'
import { type Office, type Offices, startOffices } from '../support/offices.ts'
import { createAgency } from '../support/tenants.ts'

let world: Offices
let office: Office
const UNKNOWN = 'x'.repeat(20)
before(async () => {
  world = await startOffices({}, {})
  office = world.offices[0] as Office
  const { server, companyId, offices } = world
  await hire(server.app, companyId, [office.id], ['here', 'hereToo'])
  await hire(server.app, companyId, [(offices[1] as Office).id], ['nextDoor'])
  const other = await createAgency(server.app)
  await hire(server.app, other.companyId, [office.id], ['stranger'])
})
after(() => world?.[Symbol.asyncDispose]())

test('who is to do something is somebody who works here, wherever an id of people is taken', async () => {
  const { client, id: locationId } = office
  const { contact } = (await client.post('/contacts/', { locationId, email: 'one@post.test' })).body
  const pipeline = { locationId, name: 'Sales', stages: [{ name: 'New' }] }
  const { id: pipelineId } = (await client.post('/opportunities/pipelines/', pipeline)).body.pipeline
  const deal = { locationId, pipelineId, name: 'Deal', status: 'open', contactId: contact.id }
  const { opportunity } = (await client.post('/opportunities/', deal)).body
  const tasks = `/contacts/${contact.id}/tasks`
  const task = { title: 'Call', dueDate: '2026-10-25T11:00:00Z', completed: false }
  const made = (await client.post(tasks, task)).body.task
  const recurring = `/locations/${locationId}/recurring-tasks`
  const rruleOptions = { intervalType: 'weekly', interval: 1, startDate: '2099-01-01', dueAfterSeconds: 60 }
  const weekly = (await client.post(recurring, { title: 'Call', rruleOptions })).body.recurringTask
  const pets = '/objects/custom_objects.pet/records'
  const labels = { singular: 'Pet', plural: 'Pets' }
  const primaryDisplayPropertyDetails = { key: 'name', name: 'Name', dataType: 'TEXT' }
  await client.post('/objects/', { locationId, key: 'pet', labels, primaryDisplayPropertyDetails })
  const pet = (await client.post(pets, { locationId, properties: { name: 'Rex' } })).body.record
  const [startTime, endTime] = ['2031-03-03T10:00:00Z', '2031-03-03T11:00:00Z']
  const { calendar } = (await client.post('/calendars/', { locationId, name: 'Talk' })).body
  const events = '/calendars/events/appointments'
  const talk = { locationId, calendarId: calendar.id, contactId: contact.id, ignoreFreeSlotValidation: true, startTime }
  const { id: eventId } = (await client.post(events, talk)).body
  const series = { ...talk, rrule: 'RRULE:FREQ=DAILY;COUNT=2' }
  const { id: masterId } = (await client.post(events, series)).body
  const blocks = '/calendars/events/block-slots'
  const { id: blockId } = (await client.post(blocks, { locationId, calendarId: calendar.id, startTime, endTime })).body
  const unchecked = { ignoreFreeSlotValidation: true }
  let n = 0
  const calls: Record<string, (user: string) => Promise<{ status: number; body: { message?: unknown } }>> = {
    'a new contact': (assignedTo) => client.post('/contacts/', { locationId, assignedTo }),
    'a contact': (assignedTo) => client.put(`/contacts/${contact.id}`, { assignedTo }),
    'an upserted contact': (assignedTo) =>
      client.post('/contacts/upsert', { locationId, email: `${n++}@post.test`, assignedTo }),
    'a follower of a contact': (user) =>
      client.post(`/contacts/${contact.id}/followers`, { followers: ['here', user] }),
    'an opportunity': (assignedTo) => client.put(`/opportunities/${opportunity.id}`, { assignedTo }),
    'an upserted opportunity': (assignedTo) => client.post('/opportunities/upsert', { ...deal, assignedTo }),
    'a follower of an upserted opportunity': (user) =>
      client.post('/opportunities/upsert', { ...deal, followers: [user], followersActionType: 'add' }),
    'a follower of an opportunity': (user) =>
      client.post(`/opportunities/${opportunity.id}/followers`, { followers: [user] }),
    'a new task': (assignedTo) => client.post(tasks, { ...task, assignedTo }),
    'the owner of a new record': (user) => client.post(pets, { locationId, properties: {}, owner: [user] }),
    'the owner of a record': (user) => client.put(`${pets}/${pet.id}?locationId=${locationId}`, { owner: [user] }),
    'a follower of a record': (user) =>
      client.put(`${pets}/${pet.id}?locationId=${locationId}`, { followers: ['here', user] }),
    'a new recurring task': (user) => client.post(recurring, { title: 'Call', rruleOptions, owners: [user] }),
    'a recurring task': (user) => client.put(`${recurring}/${weekly.id}`, { owners: [user] }),
    'a new appointment': (assignedUserId) => client.post(events, { ...talk, assignedUserId }),
    'a new series': (assignedUserId) => client.post(events, { ...series, assignedUserId }),
    'an appointment': (assignedUserId) => client.put(`${events}/${eventId}`, { assignedUserId, ...unchecked }),
    'a series': (assignedUserId) => client.put(`${events}/${masterId}`, { assignedUserId, ...unchecked }),
    'a new blocked slot': (assignedUserId) => client.post(blocks, { locationId, assignedUserId, startTime, endTime }),
    'a blocked slot': (assignedUserId) => client.put(`${blocks}/${blockId}`, { assignedUserId }),
    'a task': (assignedTo) => client.put(`${tasks}/${made.id}`, { assignedTo }),
  }
  for (const [what, call] of Object.entries(calls)) {
    for (const user of [UNKNOWN, 'nextDoor', 'stranger', contact.id]) {
      const reply = await call(user)
      assert.equal(reply.status, 422, `${what}: ${user} ${JSON.stringify(reply.body)}`)
      assert.match(String(reply.body.message), new RegExp(`: there is no user ${user} in this location`))
    }
    for (const user of ['here', 'hereToo']) assert.ok((await call(user)).status < 300, what)
  }
  const nobody = await client.put(`/contacts/${contact.id}`, { assignedTo: '' })
  assert.equal(nobody.body.contact.assignedTo, undefined)
})

test('an appointment of somebody who was never checked stays as it is, and can be changed otherwise', async () => {
  const { client, id: locationId } = office
  const { contact } = (await client.post('/contacts/', { locationId, email: 'two@post.test' })).body
  const { calendar } = (await client.post('/calendars/', { locationId, name: 'Old' })).body
  const path = '/calendars/events/appointments'
  const times = { startTime: '2031-03-04T10:00:00Z', endTime: '2031-03-04T11:00:00Z' }
  const wanted = {
    locationId,
    calendarId: calendar.id,
    contactId: contact.id,
    ignoreFreeSlotValidation: true,
    ...times,
  }
  const { id } = (await client.post(path, wanted)).body
  const blocks = '/calendars/events/block-slots'
  const { id: blockId } = (await client.post(blocks, { locationId, assignedUserId: 'here', ...times })).body
  // As they were stored when nobody looked.
  await sql`update record set doc = doc || ${json({ assignedUserId: UNKNOWN, users: [UNKNOWN] })}
    where location_id = ${locationId} and kind = 'appointments' and id = ${id}`.execute(world.server.app.platform.db)
  await sql`update record set doc = doc || ${json({ assignedUserId: UNKNOWN })}
    where location_id = ${locationId} and kind = 'blocked_slots' and id = ${blockId}`.execute(
    world.server.app.platform.db,
  )
  assert.equal((await client.get(`${path}/${id}`)).body.event.assignedUserId, UNKNOWN)
  const version = { headers: { version: 'v3', 'content-type': 'application/json' } }
  for (const change of [{ title: 'Other' }, { title: 'Another', assignedUserId: UNKNOWN }]) {
    const { status, body } = await client.raw('PUT', `${path}/${id}`, { ...version, body: JSON.stringify(change) })
    assert.deepEqual([status, body.title, body.assignedUserId], [200, change.title, UNKNOWN])
  }
  const block = await client.put(`${blocks}/${blockId}`, { title: 'Away', assignedUserId: UNKNOWN })
  assert.deepEqual([block.status, block.body.title, block.body.assignedUserId], [201, 'Away', UNKNOWN])
  const named = { ...wanted, assignedUserId: UNKNOWN }
  const made = await client.raw('POST', path, { ...version, body: JSON.stringify(named) })
  assert.deepEqual(
    [made.status, made.body.message],
    [422, [`assignedUserId: there is no user ${UNKNOWN} in this location`]],
  )
})
