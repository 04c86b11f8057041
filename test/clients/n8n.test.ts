import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { at } from '../support/catalogue-inputs.ts'
import { type CatalogueWorld, startCatalogueWorld } from '../support/catalogue-world.ts'
import { type N8n, startN8n } from '../support/n8n.ts'
import { tokensFor } from '../support/oauth.ts'
import { startStory } from '../support/stories.ts'

let world: CatalogueWorld
let n8n: N8n

before(async () => {
  world = await startCatalogueWorld()
  const { token, id } = world.location
  n8n = startN8n({
    url: world.server.url,
    oauthTokenData: { access_token: token, token_type: 'Bearer', locationId: id },
  })
})
after(async () => {
  n8n?.[Symbol.dispose]()
  await world?.[Symbol.asyncDispose]()
})

const listed = (name: string, value: string) => ({
  __rl: true,
  mode: 'list',
  value,
  cachedResultName: name,
})
const idsOf = (items: { id: string }[]) => items.map(({ id }) => id)

test('n8n, contacts: created with everything that the node offers, found again by e-mail, changed, read, deleted', async () => {
  const { contactField } = world.ids
  const [field] = await n8n.search('searchCustomFields', 'venue of contact')
  assert.deepEqual(field, { name: 'Venue of contact', value: contactField as string })
  const [zone] = await n8n.search('searchTimezones', 'Lima')
  assert.equal(zone.value, 'America/Lima')
  const texts = { firstName: 'Nia', lastName: 'Okoro', address1: '1 Barn Lane', city: 'Ely', postalCode: 'CB7' }
  const more = { ...texts, source: 'fair', state: 'Cambs', website: 'https://nia.example', dnd: true }
  const person = { email: 'nia@n8n.example', phone: '+12025550178' }
  const [made] = await n8n.run('contact.create', {
    ...person,
    additionalFields: {
      ...more,
      tags: 'vip, barn',
      notes: 'Met at the fair',
      timezone: listed(zone.name, zone.value),
      customFields: { values: [{ fieldId: listed(field.name, field.value), fieldValue: 'The barn' }] },
    },
  })
  const shown = { ...more, ...person, timezone: zone.value, tags: ['vip', 'barn'] }
  for (const [name, value] of Object.entries(shown)) assert.deepEqual(made[name], value, name)
  assert.deepEqual(made.customFields, [{ id: field.value, value: 'The barn' }])
  const { notes } = (await world.client.get(`/contacts/${made.id}/notes`)).body
  assert.deepEqual([notes.length, notes[0].body], [1, 'Met at the fair'])

  const [again] = await n8n.run('contact.create', { email: person.email, additionalFields: { name: 'Nia Okafor' } })
  assert.deepEqual([again.id, again.name], [made.id, 'Nia Okafor'])
  const [changed] = await n8n.run('contact.update', {
    contactId: made.id,
    updateFields: { phone: '+12025550179', tags: 'guest', dnd: false, city: 'York' },
  })
  assert.deepEqual([changed.phone, changed.tags, changed.dnd, changed.city], ['+12025550179', ['guest'], false, 'York'])
  const [read] = await n8n.run('contact.get', { contactId: made.id })
  assert.deepEqual([read.id, read.lastName, read.city, read.address1], [made.id, 'Okafor', 'York', '1 Barn Lane'])
  const found = await n8n.run('contact.getAll', { filters: { query: 'okafor' } })
  assert.deepEqual(idsOf(found), [made.id])
  assert.deepEqual(await n8n.run('contact.delete', { contactId: made.id }), [{ success: true }])
  await assert.rejects(n8n.run('contact.get', { contactId: made.id }), /not found|was not found|bad request/i)
})

test('n8n, contacts: what the node refuses itself, and what is refused here, is told', async () => {
  await assert.rejects(n8n.run('contact.create', { email: 'nobody' }), /email "nobody" has invalid format/)
  await assert.rejects(n8n.run('contact.create', {}), /email|phone/i)
})

test('n8n, opportunities: created by what the lists offer, changed, found by each filter, deleted', async () => {
  const { ids } = world
  const create = 'opportunity.create'
  assert.deepEqual(await n8n.options('getPipelines', create), [{ name: 'Sales', value: ids.pipelineId }])
  const stages = await n8n.options('getPipelineStages', create, { pipelineId: ids.pipelineId })
  assert.deepEqual(stages, [{ name: 'New', value: ids.pipelineStageId }])
  const users = await n8n.options('getUsers', create)
  assert.deepEqual(users, [{ name: 'Ada Byron', value: ids.userId }])
  const people = await n8n.options('getContacts', create)
  assert.ok(people.some(({ name, value }) => name === 'mina@example.com' && value === ids.spareContactId))
  const [{ opportunity: made }] = await n8n.run(create, {
    pipelineId: ids.pipelineId,
    contactId: ids.spareContactId,
    name: 'Barn wedding',
    status: 'open',
    additionalFields: { assignedTo: ids.userId, monetaryValue: 4200, stageId: ids.pipelineStageId },
  })
  const { name, contactId, status, assignedTo, monetaryValue, pipelineStageId } = made
  assert.deepEqual(
    { name, contactId, status, assignedTo, monetaryValue, pipelineStageId },
    {
      name: 'Barn wedding',
      contactId: ids.spareContactId,
      status: 'open',
      assignedTo: ids.userId,
      monetaryValue: 4200,
      pipelineStageId: ids.pipelineStageId,
    },
  )
  const one = { opportunityId: made.id }
  const [{ opportunity: changed }] = await n8n.run('opportunity.update', {
    ...one,
    updateFields: { status: 'won', monetaryValue: 5000, name: 'Big barn wedding' },
  })
  assert.deepEqual([changed.status, changed.monetaryValue, changed.name], ['won', 5000, 'Big barn wedding'])
  const [{ opportunity: read }] = await n8n.run('opportunity.get', one)
  assert.deepEqual([read.id, read.name, read.pipelineId], [made.id, 'Big barn wedding', ids.pipelineId])
  const filters = [
    { assignedTo: ids.userId },
    { query: 'big barn' },
    { status: 'won' },
    { pipelineId: ids.pipelineId, stageId: ids.pipelineStageId, status: 'won' },
    { status: 'won', startDate: at(-1).toISOString(), endDate: at(2).toISOString() },
  ]
  for (const filter of filters)
    assert.deepEqual(idsOf(await n8n.run('opportunity.getAll', { filters: filter })), [made.id], JSON.stringify(filter))
  const early = { status: 'won', startDate: at(-3).toISOString(), endDate: at(-2).toISOString() }
  assert.deepEqual(await n8n.run('opportunity.getAll', { filters: early }), [])
  const all = await n8n.run('opportunity.getAll', { returnAll: true })
  assert.deepEqual(new Set(idsOf(all)), new Set([made.id, ids.opportunity]))
  assert.deepEqual(await n8n.run('opportunity.delete', one), [{ success: true }])
  assert.deepEqual(await n8n.run('opportunity.getAll', { filters: { status: 'won' } }), [])
})

test('n8n, tasks: created, changed in one field alone, listed, deleted', async () => {
  const { ids } = world
  const place = { contactId: ids.spareContactId }
  const dueDate = at(3, 9).toISOString()
  const [made] = await n8n.run('task.create', {
    ...place,
    title: 'Send offer',
    dueDate,
    completed: false,
    additionalFields: { body: 'By mail', assignedTo: ids.userId },
  })
  assert.equal(made.contactId, ids.spareContactId)
  const { id, title, body, assignedTo } = made.task
  assert.deepEqual([title, body, assignedTo], ['Send offer', 'By mail', ids.userId])
  const one = { ...place, taskId: id }
  await n8n.run('task.update', { ...one, updateFields: { completed: true } })
  const [done] = await n8n.run('task.get', one)
  assert.deepEqual([done.task.title, done.task.completed, done.task.dueDate], ['Send offer', true, dueDate])
  const later = at(4, 9).toISOString()
  await n8n.run('task.update', { ...one, updateFields: { title: 'Send two', dueDate: later } })
  const tasks = await n8n.run('task.getAll', place)
  assert.deepEqual(
    tasks.map((task) => [task.id, task.title, task.dueDate, task.contactId]),
    [[id, 'Send two', later, ids.spareContactId]],
  )
  assert.deepEqual(await n8n.run('task.getAll', { ...place, returnAll: true }), tasks)
  assert.deepEqual(await n8n.run('task.delete', one), [{ success: true }])
  assert.deepEqual(await n8n.run('task.getAll', place), [])
})

test('n8n, calendars: a free slot is found, booked, and free no more', async () => {
  const { ids } = world
  const asked = { calendarId: ids.calendarId, startDate: at(6).getTime(), endDate: at(7).getTime() }
  const slots = async (more: object = {}) => {
    const [answer] = await n8n.run('calendar.getFreeSlots', { ...asked, additionalFields: more })
    return Object.values(answer as Record<string, { slots?: string[] }>).flatMap((day) => day.slots ?? [])
  }
  const free = await slots({ timezone: 'Asia/Tokyo', userId: ids.userId })
  const startTime = free[0] as string
  assert.match(startTime, /T\d{2}:00:00\+09:00$/)
  const [booked] = await n8n.run('calendar.bookAppointment', {
    calendarId: ids.calendarId,
    locationId: ids.locationId,
    contactId: ids.spareContactId,
    startTime,
    additionalFields: { title: 'Look at the barn', appointmentStatus: 'confirmed', address: 'Barn Lane' },
  })
  assert.deepEqual(
    [booked.title, booked.appointmentStatus, booked.address, booked.contactId, booked.assignedUserId],
    ['Look at the barn', 'confirmed', 'Barn Lane', ids.spareContactId, ids.userId],
  )
  assert.equal(Date.parse(booked.startTime), Date.parse(startTime))
  assert.ok(!(await slots({ timezone: 'Asia/Tokyo' })).includes(startTime))
})

test('n8n, contacts: some in either order, and all of more than a page', async () => {
  const { client, location } = world
  const made: string[] = []
  for (let n = 0; n < 125; n++) {
    const { status, body } = await client.post('/contacts/', {
      locationId: location.id,
      firstName: `Guest ${n}`,
      email: `guest${n}@n8n.example`,
    })
    assert.equal(status, 201)
    made.push(body.contact.id)
  }
  const all = idsOf(await n8n.run('contact.getAll', { returnAll: true }))
  assert.equal(new Set(all).size, all.length, 'each once')
  const { total } = (await client.get(`/contacts/?locationId=${location.id}`)).body.meta
  assert.equal(all.length, total)
  assert.deepEqual(all.slice(0, 3), made.slice(-3).reverse())
  const oldest = { limit: 3, options: { order: 'asc', sortBy: 'date_added' } }
  assert.deepEqual(idsOf(await n8n.run('contact.getAll', oldest)), all.slice(-3).reverse())
  await client.put(`/contacts/${made[60]}`, { city: 'Bath' })
  const latest = { limit: 1, options: { order: 'desc', sortBy: 'date_updated' } }
  assert.deepEqual(idsOf(await n8n.run('contact.getAll', latest)), [made[60]])
})

test('n8n: every operation that the node offers ran', () => {
  assert.deepEqual(
    n8n.operations.filter((operation) => !n8n.ran.has(operation)),
    [],
  )
  assert.equal(n8n.operations.length, 17)
})

test('n8n: a token that has ended is exchanged for a new one, and the request goes on', async () => {
  await using story = await startStory({ work: false })
  const { demo, server, template } = story
  const { clientId, clientSecret } = demo.app
  const tokens = await tokensFor(story, template.id)
  const oauthTokenData = { ...tokens, access_token: 'ended' }
  using client = startN8n({ url: server.url, clientId, clientSecret, oauthTokenData })
  const made = await template.client.post('/contacts/', { locationId: template.id, firstName: 'Rosan' })
  const [read] = await client.run('contact.get', { contactId: made.body.contact.id })
  assert.equal(read.firstName, 'Rosan')
  const kept = client.credential.oauthTokenData as Record<string, unknown>
  assert.notEqual(kept.access_token, 'ended')
  assert.notEqual(kept.refresh_token, tokens.refresh_token)
  assert.equal(kept.locationId, template.id)
  assert.equal((await client.run('contact.getAll')).length, 1)
})
