import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../support/client.ts'
import { askAppToken, type JournalEvent, Reader, SNAPSHOTS, SUBSCRIPTIONS } from '../support/journal.ts'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
let app: Client
let portal: Client
let portalId: number

before(async () => {
  story = await startStory()
  app = story.server.client((await askAppToken(story.server, story.demo.app)).body.access_token)
  portal = story.empty.client
  portalId = story.demo.locations[2]?.portalId as number
})
after(() => story?.[Symbol.asyncDispose]())

async function subscribe(wish: Record<string, unknown>): Promise<Reader> {
  const { status, body } = await app.post(SUBSCRIPTIONS, { portalId, ...wish })
  assert.equal(status, 200, JSON.stringify(body))
  const reader = new Reader(app)
  await reader.rest()
  return reader
}

async function made(type: string, properties: Record<string, string>): Promise<number> {
  const { status, body } = await portal.post(`/crm/v3/objects/${type}`, { properties })
  assert.equal(status, 201, JSON.stringify(body))
  return Number(body.id)
}

const actionsOf = (events: readonly JournalEvent[]) => events.map(({ action }) => action)
const EVERYTHING = ['CREATE', 'UPDATE', 'DELETE', 'MERGE', 'RESTORE']

test('each of the standard objects tells of itself under its own names', async () => {
  const objects = {
    '0-1': ['contacts', { firstname: 'Ann' }, { firstname: 'Anna' }],
    '0-2': ['companies', { name: 'Deo' }, { name: 'Deo Ltd' }],
    '0-3': ['deals', { dealname: 'Wedding' }, { amount: '4200' }],
    '0-5': ['tickets', { subject: 'Lost' }, { hs_ticket_priority: 'HIGH' }],
  } as const
  for (const [objectTypeId, [type, first, change]] of Object.entries(objects)) {
    const reader = await subscribe({ subscriptionType: 'OBJECT', objectTypeId, actions: EVERYTHING })
    const id = await made(type, first)
    const { status, body } = await portal.raw('PATCH', `/crm/v3/objects/${type}/${id}`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ properties: change }),
    })
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal((await portal.raw('DELETE', `/crm/v3/objects/${type}/${id}`)).status, 204)
    assert.equal((await portal.post(`/crm/v3/objects/${type}/${id}/restore`)).status, 200)
    const events = await reader.events(4)
    assert.deepEqual(actionsOf(events), ['CREATE', 'UPDATE', 'DELETE', 'RESTORE'], type)
    assert.ok(events.every((event) => event.objectId === id && event.objectTypeId === objectTypeId))
    const told = events[1]?.propertyChanges ?? {}
    for (const [name, value] of Object.entries(change)) assert.equal(told[name], value, type)
  }
  await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${portalId}`)
})

test('a merge tells what it changed and whom it took in, and the other one is gone', async () => {
  const reader = await subscribe({
    subscriptionType: 'OBJECT',
    objectTypeId: '0-1',
    actions: ['MERGE', 'DELETE', 'UPDATE'],
  })
  const primary = await made('contacts', { firstname: 'Ann', email: 'ann@merge.example' })
  const other = await made('contacts', { firstname: 'Anne', city: 'Hudson' })
  const merge = { primaryObjectId: String(primary), objectIdToMerge: String(other) }
  assert.equal((await portal.post('/crm/v3/objects/contacts/merge', merge)).status, 200)
  const events = await reader.events(2)
  const merged = events.find(({ action }) => action === 'MERGE')
  assert.deepEqual([merged?.objectId, merged?.mergedObjectIds], [primary, [other]])
  assert.equal(merged?.propertyChanges.city, 'Hudson')
  assert.equal(events.find(({ action }) => action === 'DELETE')?.objectId, other)
  await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${portalId}`)
})

test('whoever asks to be forgotten is told without values', async () => {
  const reader = await subscribe({
    subscriptionType: 'GDPR_PRIVACY_DELETION',
    objectTypeId: '0-1',
    actions: ['GDPR_DELETE'],
  })
  await subscribe({ subscriptionType: 'OBJECT', objectTypeId: '0-1', actions: ['DELETE'] })
  const id = await made('contacts', { firstname: 'Forget', email: 'forget@me.example' })
  const deal = await made('deals', { dealname: 'Big deal', amount: '50000' })
  const pair = `/crm/v4/objects/deals/${deal}/associations/default/contacts/${id}`
  assert.equal((await portal.raw('PUT', pair)).status, 200)
  const { status } = await portal.post('/crm/v3/objects/contacts/gdpr-delete', { objectId: String(id) })
  assert.equal(status, 204)
  assert.equal((await portal.get(`/crm/v3/objects/deals/${deal}`)).status, 200, 'the deal is not theirs alone')
  const events = await reader.events(2)
  assert.deepEqual(actionsOf(events).sort(), ['DELETE', 'GDPR_DELETE'])
  assert.ok(events.every(({ objectId }) => objectId === id))
  assert.ok(!JSON.stringify(events).includes('forget@me'))
  await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${portalId}`)
})

test('whoever was merged or archived before being forgotten is told to be deleted once', async () => {
  const reader = await subscribe({
    subscriptionType: 'GDPR_PRIVACY_DELETION',
    objectTypeId: '0-1',
    actions: ['GDPR_DELETE'],
  })
  await subscribe({ subscriptionType: 'OBJECT', objectTypeId: '0-1', actions: ['DELETE'] })
  const ids = []
  for (const firstname of ['Kept', 'Taken in', 'Archived'])
    ids.push(String(await made('contacts', { firstname, email: `${firstname.replace(' ', '')}@once.example` })))
  const [primaryObjectId, objectIdToMerge, archived] = ids as [string, string, string]
  await portal.post('/crm/v3/objects/contacts/merge', { primaryObjectId, objectIdToMerge })
  await portal.raw('DELETE', `/crm/v3/objects/contacts/${archived}`)
  for (const objectId of [primaryObjectId, archived]) {
    const { status } = await portal.post('/crm/v3/objects/contacts/gdpr-delete', { objectId })
    assert.equal(status, 204)
  }
  const events = await reader.events(6)
  const told = events.map(({ objectId, action }) => `${objectId} ${action}`).sort()
  assert.deepEqual(told, ids.flatMap((id) => [`${id} DELETE`, `${id} GDPR_DELETE`]).sort())
  await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${portalId}`)
})

test('associations and labels that come and go are told, from the side that was asked for', async () => {
  const contact = await made('contacts', { firstname: 'Ann' })
  const company = await made('companies', { name: 'Deo' })
  const reader = await subscribe({
    subscriptionType: 'ASSOCIATION',
    objectTypeId: '0-1',
    associatedObjectTypeIds: ['0-2'],
    actions: ['ASSOCIATION_ADDED', 'ASSOCIATION_REMOVED'],
  })
  const pair = `contacts/${contact}/associations`
  const put = (path: string, body?: unknown) =>
    portal.raw('PUT', path, {
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const done = await put(`/crm/v4/objects/${pair}/default/companies/${company}`)
  assert.equal(done.status, 200, JSON.stringify(done.body))
  const [first, primary] = await reader.events(2)
  assert.deepEqual(
    { ...first, portalId: 0, occurredAt: '', eventId: '', actor: '' },
    {
      type: 'association',
      portalId: 0,
      occurredAt: '',
      action: 'ASSOCIATION_ADDED',
      fromObjectTypeId: '0-1',
      fromObjectId: contact,
      toObjectTypeId: '0-2',
      toObjectId: company,
      associationTypeId: 279,
      associationCategory: 'HUBSPOT_DEFINED',
      isPrimary: false,
      eventId: '',
      actor: '',
    },
  )
  // The first company of a contact is its primary one.
  assert.deepEqual([primary?.associationTypeId, primary?.isPrimary], [1, true])
  const label = await portal.post('/crm/v4/associations/contacts/companies/labels', { label: 'Owner', name: 'owner' })
  const { typeId } = label.body.results[0] as { typeId: number }
  const types = label.body.results.map((one: { typeId: number }) => one.typeId)
  const labelled = await put(`/crm/v4/objects/${pair}/companies/${company}`, [
    { associationCategory: 'USER_DEFINED', associationTypeId: typeId },
  ])
  assert.ok([200, 201].includes(labelled.status), JSON.stringify(labelled.body))
  const told = await reader.events(1)
  assert.ok(types.includes(told[0]?.associationTypeId), JSON.stringify(told))
  assert.equal((await portal.raw('DELETE', `/crm/v4/objects/${pair}/companies/${company}`)).status, 204)
  const removed = await reader.events(3)
  assert.deepEqual([...new Set(actionsOf(removed))], ['ASSOCIATION_REMOVED'])
  await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${portalId}`)
})

test('following the journal from the offset of a list leaves no gap', async () => {
  await subscribe({ subscriptionType: 'OBJECT', objectTypeId: '0-1', actions: ['CREATE'] })
  await made('contacts', { firstname: 'Before' })
  const list = await portal.get('/crm/v3/objects/contacts?limit=1')
  const offset = list.headers.get('x-journal-offset') as string
  const id = await made('contacts', { firstname: 'After' })
  const reader = new Reader(app)
  reader.offset = offset
  const seen: JournalEvent[] = []
  while (!seen.some(({ objectId }) => objectId === id)) seen.push(...(await reader.rest()))
  const search = await portal.post('/crm/v3/objects/contacts/search', { limit: 1 })
  assert.ok(search.headers.get('x-journal-offset'))
})

test('users are told of in the portals where they work, also when they come there or leave', async () => {
  const [first, , third] = story.demo.locations as [{ id: string; portalId: number }, unknown, { id: string }]
  const agency = story.server.client(story.demo.agencyToken)
  const here = await subscribe({ subscriptionType: 'OBJECT', objectTypeId: '0-115', actions: EVERYTHING })
  const wish = { subscriptionType: 'OBJECT', objectTypeId: '0-115', actions: EVERYTHING, portalId: first.portalId }
  assert.equal((await app.post(SUBSCRIPTIONS, wish)).status, 200)
  const user = { companyId: story.demo.companyId, firstName: 'Ada', lastName: 'Byron', email: 'ada@journal.example' }
  const account = { password: 'Long-enough-7', type: 'account', role: 'user' }
  const made = await agency.post('/users/', { ...user, ...account, locationIds: [third.id] })
  assert.ok(made.status < 300, JSON.stringify(made.body))
  const path = `/users/${made.body.id}`
  const put = async (change: object) => assert.equal((await agency.put(path, change)).status, 200)
  await put({ firstName: 'Augusta' })
  await put({ locationIds: [first.id, third.id] })
  await put({ locationIds: [first.id] })
  await put({ lastName: 'King' })
  assert.equal((await agency.delete(path)).status, 200)
  const events = (await here.events(6)).map((event) => [
    event.portalId === portalId ? 'here' : 'there',
    event.action,
    event.propertyChanges,
  ])
  const told = (place: string) => events.filter(([at]) => at === place).map(([, ...rest]) => rest)
  const names = (hs_given_name: string, hs_family_name: string) => ({ hs_given_name, hs_family_name })
  const whole = { hs_email: 'ada@journal.example', hs_user_role: 'user' }
  assert.deepEqual(told('here'), [
    ['CREATE', { ...whole, ...names('Ada', 'Byron') }],
    ['UPDATE', { hs_given_name: 'Augusta' }],
    ['DELETE', {}],
  ])
  assert.deepEqual(told('there'), [
    ['CREATE', { ...whole, ...names('Augusta', 'Byron') }],
    ['UPDATE', { hs_family_name: 'King' }],
    ['DELETE', {}],
  ])
  for (const id of [portalId, first.portalId]) await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${id}`)
})

test('the contact of a call is told of whenever it comes and goes', async () => {
  const contact = await made('contacts', { firstname: 'Ann' })
  const reader = await subscribe({
    subscriptionType: 'ASSOCIATION',
    objectTypeId: '0-48',
    associatedObjectTypeIds: ['0-1'],
    actions: ['ASSOCIATION_ADDED', 'ASSOCIATION_REMOVED'],
  })
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 194 }]
  const created = await portal.post('/crm/v3/objects/calls', {
    properties: { hs_call_title: 'Hello' },
    associations: [{ to: { id: String(contact) }, types }],
  })
  assert.equal(created.status, 201, JSON.stringify(created.body))
  const pair = `/crm/v4/objects/calls/${created.body.id}/associations/contacts/${contact}`
  assert.equal((await portal.delete(pair)).status, 204)
  assert.equal((await portal.put(pair, types)).status, 201)
  const events = await reader.events(3)
  assert.deepEqual(actionsOf(events), ['ASSOCIATION_ADDED', 'ASSOCIATION_REMOVED', 'ASSOCIATION_ADDED'])
  assert.ok(events.every(({ associationTypeId, toObjectId }) => associationTypeId === 194 && toObjectId === contact))
  await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${portalId}`)
})

test('an option that is called otherwise is the value that it was, at any time, and nothing is told of it', async () => {
  const property = { name: 'tint', label: 'Tint', type: 'enumeration', fieldType: 'select' }
  const called = (label: string) => ({
    options: [
      { value: 'red', label },
      { value: 'blue', label: 'Blue' },
    ],
  })
  const properties = '/crm/v3/properties/contacts'
  const body = { ...property, groupName: 'contactinformation', ...called('Red') }
  assert.equal((await portal.post(properties, body)).status, 201)
  const patch = async (path: string, changes: object) => {
    const headers = { 'content-type': 'application/json' }
    const reply = await portal.raw('PATCH', path, { headers, body: JSON.stringify(changes) })
    assert.equal(reply.status, 200, JSON.stringify(reply.body))
  }
  const reader = await subscribe({ subscriptionType: 'OBJECT', objectTypeId: '0-1', actions: EVERYTHING })
  const objectId = await made('contacts', { firstname: 'Ann', tint: 'red' })
  const [created] = await reader.events(1)
  assert.equal(created?.propertyChanges.tint, 'red')
  const asOf = created?.occurredAt
  await patch(`${properties}/tint`, called('Rouge'))
  await patch(`/crm/v3/objects/contacts/${objectId}`, { properties: { tint: 'blue' } })
  const [updated] = await reader.events(1)
  assert.deepEqual([updated?.propertyChanges.tint, updated?.previousValues?.tint], ['blue', 'red'])
  const wish = { portalId, objectId, objectTypeId: '0-1', properties: ['tint'] }
  assert.equal((await app.post(SNAPSHOTS, { snapshotRequests: [{ ...wish, asOf }] })).status, 200)
  const [then] = await reader.events(1)
  assert.deepEqual([then?.action, then?.propertyChanges], ['SNAPSHOT', { tint: 'red' }])
  await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${portalId}`)
})
