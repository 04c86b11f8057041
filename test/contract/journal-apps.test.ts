import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { maintain } from '../../src/jobs/maintain.ts'
import { LIFE_EVENTS } from '../../src/journal/index.ts'
import type { Client } from '../support/client.ts'
import { askAppToken, ended, type JournalEvent, JR, Reader, SNAPSHOTS, SUBSCRIPTIONS } from '../support/journal.ts'
import { ask, tokensFor } from '../support/oauth.ts'
import { startTestServer } from '../support/server.ts'
import { type Story, startStory } from '../support/stories.ts'

const DAY_MS = 86_400_000
let story: Story
let app: Client
let portalId: number

before(async () => {
  story = await startStory()
  app = await appClient()
  portalId = story.demo.locations[2]?.portalId as number
})
after(() => story?.[Symbol.asyncDispose]())

async function appClient(): Promise<Client> {
  return story.server.client((await askAppToken(story.server, story.demo.app)).body.access_token)
}

async function subscribe(wish: Record<string, unknown>): Promise<number> {
  const { status, body } = await app.post(SUBSCRIPTIONS, { portalId, ...wish })
  assert.equal(status, 200, JSON.stringify(body))
  return body.id
}

const CONTACTS = { subscriptionType: 'OBJECT', objectTypeId: '0-1', actions: ['CREATE', 'UPDATE', 'DELETE'] }

async function contact(client: Client, more: Record<string, unknown> = {}): Promise<string> {
  const reply = await client.post('/contacts/', { locationId: story.empty.id, firstName: 'Somebody', ...more })
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  return reply.body.contact.id
}

test('a subscription is what was asked for last, with the id it had', async () => {
  const first = await subscribe(CONTACTS)
  const second = await subscribe({ ...CONTACTS, actions: ['DELETE'], properties: null, objectIds: [] })
  assert.equal(second, first)
  const { body } = await app.get(`${SUBSCRIPTIONS}/${first}`)
  const { createdAt, updatedAt, ...rest } = body
  assert.ok(createdAt <= updatedAt)
  assert.deepEqual(rest, {
    id: first,
    appId: story.demo.app.hubspotAppId,
    subscriptionType: 'OBJECT',
    objectTypeId: '0-1',
    portalId,
    actions: ['DELETE'],
    properties: null,
    objectIds: null,
    associatedObjectTypeIds: null,
    listIds: null,
    actionOverrides: null,
    excludeOwnChanges: false,
    deletedAt: null,
  })
  assert.equal(typeof rest.appId, 'number')
  assert.equal((await app.raw('DELETE', `${SUBSCRIPTIONS}/${first}`)).status, 204)
  assert.equal((await app.get(`${SUBSCRIPTIONS}/${first}`)).status, 404)
})

test('what makes no sense is refused with the reason, and where the app is not it cannot listen', async () => {
  const refused = async (wish: Record<string, unknown>) => {
    const { status, body } = await app.post(SUBSCRIPTIONS, wish)
    assert.equal(body.status, 'error')
    return [status, body.message]
  }
  const foreign = story.demo.partner.locations[0]?.portalId
  assert.deepEqual((await refused({ ...CONTACTS, portalId: foreign }))[0], 403)
  assert.match((await refused({ portalId, ...CONTACTS, actions: ['ASSOCIATION_ADDED'] }))[1], /OBJECT has no action/)
  assert.match((await refused({ portalId, ...CONTACTS, actions: [] }))[1], /actions should not be empty/)
  assert.match((await refused({ portalId, ...CONTACTS, objectTypeId: '0-9999' }))[1], /no object type 0-9999/)
  assert.match((await refused({ ...CONTACTS }))[1], /portalId should not be empty/)
  assert.match((await refused({ portalId, ...CONTACTS, properties: ['nope'] }))[1], /have no property nope/)
})

test('an app hears of its own coming and going, once for each portal', async () => {
  for (const eventTypeId of Object.values(LIFE_EVENTS)) {
    const { status } = await app.post(SUBSCRIPTIONS, { subscriptionType: 'APP_LIFECYCLE_EVENT', eventTypeId })
    assert.equal(status, 200)
  }
  const reader = new Reader(app)
  await reader.rest()
  const place = story.demo.locations[2] as (typeof story.demo.locations)[number]
  await tokensFor(story, place.id)
  const [installed] = await reader.events(1)
  assert.deepEqual(
    [installed?.type, installed?.action, installed?.portalId, installed?.eventTypeId],
    ['app_lifecycle_event', 'APP_INSTALL', place.portalId, LIFE_EVENTS.APP_INSTALL],
  )
  const { appId } = story.demo.app
  const { agency, demo } = story
  const gone = await agency.client.delete(
    `/apps/${appId}/installation?companyId=${demo.companyId}&locationId=${place.id}`,
  )
  assert.equal(gone.status, 200, JSON.stringify(gone.body))
  const [uninstalled] = await reader.events(1)
  assert.deepEqual([uninstalled?.action, uninstalled?.portalId], ['APP_UNINSTALL', place.portalId])
  // It needs no consent to speak for its agency, but it was taken out of this location.
  const wish = { ...CONTACTS, actions: ['DELETE'], portalId: place.portalId }
  const isIn = async () => (await app.post(SUBSCRIPTIONS, wish)).status === 200
  assert.equal(await isIn(), false)
  const installs = async () =>
    (await agency.client.get(`/apps/installations?companyId=${demo.companyId}`)).body.installs
  const places = async () =>
    (await installs()).map((one: Record<string, unknown>) => [one.locationId, one.exceptLocationIds])
  assert.deepEqual(await places(), [[null, [place.id]]])
  const token = { grant_type: 'client_credentials', user_type: 'Location', locationId: place.id }
  assert.equal((await ask(story, '/oauth/token', token)).status, 403)
  const snapshotRequests = [{ portalId: place.portalId, objectId: 1, objectTypeId: '0-1', properties: ['email'] }]
  const { snapshotResponses } = (await app.post(SNAPSHOTS, { snapshotRequests })).body
  const { errorCode } = await ended(app, snapshotResponses[0].snapshotStatusId)
  assert.equal(errorCode, 'PERMISSION_DENIED')
  await tokensFor(story, place.id)
  assert.deepEqual((await reader.events(1)).map(lifeOf), [['APP_INSTALL', place.portalId]])
  assert.equal(await isIn(), true)
  assert.deepEqual(await places(), [
    [null, []],
    [place.id, []],
  ])
})

const lifeOf = ({ action, portalId: of }: JournalEvent) => [action, of]

test('a contact that gets or loses a tag joins or leaves a list', async () => {
  await subscribe({ subscriptionType: 'LIST_MEMBERSHIP', actions: ['ADDED_TO_LIST', 'REMOVED_FROM_LIST'] })
  const reader = new Reader(app)
  await reader.rest()
  const id = await contact(story.empty.client, { tags: ['Wedding'] })
  const [added] = await reader.events(1)
  await story.empty.client.put(`/contacts/${id}`, { tags: ['Fair'] })
  const events = await reader.events(2)
  assert.deepEqual(
    events.map(({ action, listName }) => [action, listName]),
    [
      ['ADDED_TO_LIST', 'fair'],
      ['REMOVED_FROM_LIST', 'wedding'],
    ],
  )
  assert.deepEqual([added?.action, added?.objectTypeId], ['ADDED_TO_LIST', '0-1'])
  assert.equal(added?.listId, events[1]?.listId)
  await subscribe({
    subscriptionType: 'LIST_MEMBERSHIP',
    actions: ['ADDED_TO_LIST', 'REMOVED_FROM_LIST'],
    listIds: [added?.listId],
  })
  await story.empty.client.put(`/contacts/${id}`, { tags: ['Wedding'] })
  const [again] = await reader.events(1)
  assert.equal(again?.listName, 'wedding')
  const { tags } = (await story.empty.client.get(`/locations/${story.empty.id}/tags`)).body
  const tag = tags.find((one: { name: string }) => one.name === 'wedding')
  await story.empty.client.put(`/locations/${story.empty.id}/tags/${tag.id}`, { name: 'weddings' })
  await pause(300)
  assert.deepEqual(await reader.rest(), [], 'nobody joins or leaves a list that gets another name')
  await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${portalId}`)
})

test('an app that wants to hear of others only does not hear its own echo', async () => {
  const { access_token } = await tokensFor(story, story.empty.id)
  const own = story.server.client(access_token)
  await subscribe({ ...CONTACTS, excludeOwnChanges: true })
  const reader = new Reader(app)
  await reader.rest()
  const id = await contact(own)
  await story.empty.client.put(`/contacts/${id}`, { firstName: 'By somebody else' })
  const [told] = await reader.events(1)
  assert.deepEqual([told?.action, told?.propertyChanges], ['UPDATE', { firstname: 'By somebody else' }])
  await subscribe({ ...CONTACTS, excludeOwnChanges: false })
  await own.put(`/contacts/${id}`, { firstName: 'By myself' })
  assert.equal((await reader.events(1))[0]?.propertyChanges.firstname, 'By myself')
})

test('an app that is taken out of an agency hears nothing more of it', async () => {
  await using other = await startStory({ alone: true })
  const client = other.server.client((await askAppToken(other.server, other.demo.app)).body.access_token)
  const portal = other.demo.locations[2]?.portalId as number
  const wish = { ...CONTACTS, portalId: portal }
  assert.equal((await client.post(SUBSCRIPTIONS, wish)).status, 200)
  const reader = new Reader(client)
  const make = () => other.empty.client.post('/contacts/', { locationId: other.empty.id, firstName: 'A' })
  await make()
  await reader.events(1)
  const { appId } = other.demo.app
  const path = `/apps/${appId}/installation?companyId=${other.demo.companyId}`
  assert.equal((await other.agency.client.delete(path)).status, 200)
  await make()
  await pause(300)
  assert.deepEqual(await reader.rest(), [])
  assert.equal((await client.post(SUBSCRIPTIONS, wish)).status, 403)

  const lives = async (count: number) => (await reader.events(count)).map(lifeOf)
  for (const eventTypeId of Object.values(LIFE_EVENTS))
    await client.post(SUBSCRIPTIONS, { subscriptionType: 'APP_LIFECYCLE_EVENT', eventTypeId })
  const portals = other.demo.locations.map(({ portalId: of }) => of)
  const isIn = async (of = portal) => (await client.post(SUBSCRIPTIONS, { ...wish, portalId: of })).status === 200
  await tokensFor(other, other.empty.id)
  assert.deepEqual(await lives(1), [['APP_INSTALL', portal]])
  assert.deepEqual([await isIn(), await isIn(portals[0])], [true, false], 'like any other app')
  await tokensFor(other, 'agency')
  const everywhere = (action: string) => portals.map((of) => [action, of])
  assert.deepEqual(await lives(3), everywhere('APP_INSTALL'))
  assert.equal((await other.agency.client.delete(`${path}&locationId=${other.empty.id}`)).status, 200)
  assert.deepEqual(await lives(1), [['APP_UNINSTALL', portal]])
  assert.deepEqual([await isIn(), await isIn(portals[0])], [false, true], 'though it is installed in the agency')
  assert.equal((await other.agency.client.delete(`${path}&locationId=${other.empty.id}`)).status, 404)
  await tokensFor(other, 'agency')
  assert.deepEqual(await lives(1), [['APP_INSTALL', portal]], 'where it was not')
  assert.equal(await isIn(), true)
  assert.equal((await other.agency.client.delete(path)).status, 200)
  assert.deepEqual(await lives(3), everywhere('APP_UNINSTALL'))
})

test('too many requests in a second are refused in the words that the official client tries again on', async () => {
  await using limited = await startTestServer({ databaseUrl: story.server.databaseUrl, work: false, journalRate: 5 })
  const token = (await askAppToken(story.server, story.demo.app)).body.access_token
  const client = limited.client(token)
  const replies = await Promise.all(Array.from({ length: 20 }, () => client.get(`${JR}/latest`)))
  const refused = replies.filter(({ status }) => status === 429)
  assert.ok(refused.length >= 8, String(refused.length))
  const [{ body, headers }] = refused as [(typeof refused)[number]]
  assert.deepEqual(
    [body.status, body.message, body.category],
    ['error', 'You have reached your secondly limit.', 'RATE_LIMITS'],
  )
  assert.match(body.correlationId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.equal(body.correlationId, headers.get('x-hubspot-correlation-id'))
  assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  assert.equal(headers.get('x-hubspot-ratelimit-max'), '5')
})

test('an offset past retention is told as expired, with where the journal begins; what is younger stays', async () => {
  let agoMs = 40 * DAY_MS
  const clock = { nowMs: () => Date.now() - agoMs }
  await using other = await startStory({ alone: true, clock })
  const { platform } = other.server.app
  const clientNow = async () => other.server.client((await askAppToken(other.server, other.demo.app)).body.access_token)
  const make = () => other.empty.client.post('/contacts/', { locationId: other.empty.id, firstName: 'A' })
  const partitions = async () => {
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class where relname ~ '^journal_segment_\\d'`.execute(other.server.owner())
    return rows.map(({ name }) => name)
  }
  const then = await clientNow()
  await then.post(SUBSCRIPTIONS, { ...CONTACTS, portalId: other.demo.locations[2]?.portalId })
  const reader = new Reader(then)
  await make()
  await reader.events(1)
  const old = reader.offset as string
  const before = await partitions()
  assert.ok(before.length >= 3)
  agoMs = 0
  await maintain(platform)
  const after = await partitions()
  assert.deepEqual(
    before.filter((name) => after.includes(name)),
    [],
    'whole days are dropped',
  )
  const client = await clientNow()
  await make()
  await new Reader(client).events(1)
  const reply = await client.get(`${JR}/offset/${old}/next`)
  assert.equal(reply.status, 404)
  assert.match(reply.body.message, /has expired/)
  const { body: earliest } = await client.get(`${JR}/earliest`)
  assert.deepEqual(reply.body.context.earliestOffset, [earliest.currentOffset])
  assert.ok(Math.abs(Date.parse(reply.body.context.earliestTime[0]) - Date.now()) < DAY_MS)
})

test('a clock that steps back by an hour loses nothing, and offsets go on growing', async () => {
  let agoMs = 0
  const clock = { nowMs: () => Date.now() - agoMs }
  await using other = await startStory({ alone: true, clock })
  const client = other.server.client((await askAppToken(other.server, other.demo.app)).body.access_token)
  const portal = other.demo.locations[2]?.portalId
  const { body } = await client.post(SUBSCRIPTIONS, { ...CONTACTS, portalId: portal })
  const conditions = [{ property: 'city', operator: 'EQ', value: 'Hudson' }]
  await client.post(`${SUBSCRIPTIONS}/filters`, { subscriptionId: body.id, filter: { conditions } })
  const make = (city: string) =>
    other.empty.client.post('/contacts/', { locationId: other.empty.id, firstName: 'A', city })
  const reader = new Reader(client)
  await make('Hudson')
  await reader.events(1)
  agoMs = 3_600_000
  await make('Albany')
  await make('Hudson')
  await reader.events(1)
  agoMs = 0
  await make('Hudson')
  await reader.events(1)
})
