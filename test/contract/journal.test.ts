import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { LIFE_EVENTS } from '../../src/journal/index.ts'
import type { Client } from '../support/client.ts'
import { until } from '../support/event-stream.ts'
import {
  askAppToken,
  ended,
  JOURNAL_SCOPES,
  JR,
  Reader,
  readUrl,
  SNAPSHOTS,
  SUBSCRIPTIONS,
} from '../support/journal.ts'
import { REDIRECT } from '../support/oauth.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
let app: Client
let portalId: number

before(async () => {
  story = await startStory()
  const token = await askAppToken(story.server, story.demo.app)
  assert.equal(token.status, 200, JSON.stringify(token.body))
  app = story.server.client(token.body.access_token)
  portalId = story.demo.locations[2]?.portalId as number
})
after(() => story?.[Symbol.asyncDispose]())

test('a change of a contact is told, in the shapes of the wire', async () => {
  const { id: locationId, client } = story.empty
  const subscription = await app.post(SUBSCRIPTIONS, {
    subscriptionType: 'OBJECT',
    portalId,
    objectTypeId: '0-1',
    actions: ['CREATE', 'UPDATE', 'DELETE'],
  })
  assert.equal(subscription.status, 200, JSON.stringify(subscription.body))
  const reader = new Reader(app)
  const made = await client.post('/contacts/', { locationId, firstName: 'Ann', email: 'ann@a.example' })
  const { id } = made.body.contact
  await client.put(`/contacts/${id}`, { firstName: 'Anna' })
  await client.delete(`/contacts/${id}`)
  const [created, changed, gone] = await reader.events(3)
  assert.equal(created?.action, 'CREATE')
  assert.deepEqual(changed?.propertyChanges, { firstname: 'Anna' })
  assert.deepEqual(changed?.previousValues, { firstname: 'Ann' })
  assert.equal(gone?.action, 'DELETE')
  assert.equal(new Set([created, changed, gone].map((event) => event?.objectId)).size, 1)
})

test('a snapshot is asked for, ends, and is in the journal', async () => {
  const { id: locationId, client } = story.empty
  await app.post(SUBSCRIPTIONS, { subscriptionType: 'OBJECT', portalId, objectTypeId: '0-1', actions: ['CREATE'] })
  const reader = new Reader(app)
  await reader.rest()
  await client.post('/contacts/', { locationId, firstName: 'Bo', email: 'bo@a.example' })
  const [created] = await reader.events(1)
  const asked = await app.post(SNAPSHOTS, {
    snapshotRequests: [
      { portalId, objectId: created?.objectId, objectTypeId: '0-1', properties: ['email', 'phone'] },
      { portalId, objectId: 1, objectTypeId: '0-1', properties: ['email'] },
    ],
  })
  assert.equal(asked.status, 200, JSON.stringify(asked.body))
  const [one, other] = asked.body.snapshotResponses
  const status = await ended(app, one.snapshotStatusId)
  assert.equal(status.status, 'COMPLETED', JSON.stringify(status))
  const failed = await ended(app, other.snapshotStatusId)
  assert.deepEqual([failed.status, failed.errorCode], ['FAILED', 'VALIDATION_ERROR'])
  const pointer = await app.post(`${JR}/batch/read`, { inputs: [status.journalOffset] })
  const file = await readUrl(pointer.body.results[0].url)
  assert.deepEqual(
    file.journalEvents.map(({ action, propertyChanges, snapshotStatusId }) => ({
      action,
      propertyChanges,
      snapshotStatusId,
    })),
    [
      {
        action: 'SNAPSHOT',
        propertyChanges: { email: 'bo@a.example', phone: null },
        snapshotStatusId: one.snapshotStatusId,
      },
    ],
  )
})

test('a kind of event in the life of an app that there is not is refused, and one with the actions of another', async () => {
  const answer = async (wish: Record<string, unknown>) => {
    const { status, body } = await app.post(SUBSCRIPTIONS, { subscriptionType: 'APP_LIFECYCLE_EVENT', ...wish })
    return `${status} ${body.message ?? body.eventTypeId}`
  }
  const { APP_INSTALL, APP_UNINSTALL } = LIFE_EVENTS
  assert.match(await answer({ eventTypeId: '4-1' }), /^400 .*nothing is told as 4-1, but as 4-1909196/)
  assert.match(await answer({ eventTypeId: APP_INSTALL, actions: ['APP_UNINSTALL'] }), /^400 .* is APP_INSTALL/)
  assert.equal(await answer({ eventTypeId: APP_UNINSTALL, actions: ['APP_UNINSTALL'] }), `200 ${APP_UNINSTALL}`)
})

test('nobody is told how a record will be, and whose clock is a little ahead is told how it is, and of when', async () => {
  const ask = (asOf: number) =>
    app.post(SNAPSHOTS, {
      snapshotRequests: [{ portalId, objectId, objectTypeId: '0-1', properties: ['firstname'], asOf }],
    })
  await app.post(SUBSCRIPTIONS, { subscriptionType: 'OBJECT', portalId, objectTypeId: '0-1', actions: ['CREATE'] })
  const reader = new Reader(app)
  await reader.rest()
  await story.empty.client.post('/contacts/', { locationId: story.empty.id, firstName: 'Di' })
  const objectId = (await reader.events(1))[0]?.objectId
  const refused = await ask(Date.now() + 60_000)
  assert.deepEqual([refused.status, refused.body.category], [400, 'VALIDATION_ERROR'])
  assert.match(refused.body.message, /asOf must not lie in the future/)
  const before = Date.now()
  assert.equal((await ask(before + 3_000)).status, 200)
  const [told] = await reader.events(1)
  assert.deepEqual(told?.propertyChanges, { firstname: 'Di' })
  assert.ok(Date.parse(told?.asOf as string) >= before && Date.parse(told?.asOf as string) <= Date.now())
})

const CONTACTS = { subscriptionType: 'OBJECT', objectTypeId: '0-1', actions: ['CREATE', 'UPDATE', 'DELETE'] }

/** An app of the agency that may read so much and no more. */
async function appThatReads(...types: string[]): Promise<{ id: string; client: Client }> {
  const { server, agency, demo } = story
  const scopes = [...JOURNAL_SCOPES, ...types.map((type) => `crm.objects.${type}.read`)]
  const wish = { companyId: demo.companyId, name: 'Some', scopes, redirectUris: [REDIRECT] }
  const made = await agency.client.post(`/apps/?companyId=${demo.companyId}`, wish)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { clientId, id } = made.body.app
  const token = await askAppToken(server, { clientId, clientSecret: made.body.secret })
  return { id, client: server.client(token.body.access_token) }
}

const LISTS = { subscriptionType: 'LIST_MEMBERSHIP', actions: ['ADDED_TO_LIST'] }
const TIES = { subscriptionType: 'ASSOCIATION', objectTypeId: '0-2', actions: ['ASSOCIATION_ADDED'] }

test('nobody subscribes to what they may not read, whatever names it', async () => {
  const scope = `${JOURNAL_SCOPES.join(' ')} crm.objects.companies.read`
  const narrow = (await askAppToken(story.server, story.demo.app, { scope })).body.access_token
  for (const client of [(await appThatReads('companies')).client, story.server.client(narrow)]) {
    const answer = async (wish: Record<string, unknown>) => {
      const { status, body } = await client.post(SUBSCRIPTIONS, { portalId, ...wish })
      return [status, status === 200 ? body.associatedObjectTypeIds : body.message]
    }
    assert.equal((await answer(CONTACTS))[0], 403)
    assert.equal((await answer(LISTS))[0], 403)
    assert.equal((await answer({ ...TIES, associatedObjectTypeIds: ['companies', 'contacts'] }))[0], 403)
    assert.equal(
      (await answer({ ...CONTACTS, subscriptionType: 'GDPR_PRIVACY_DELETION', actions: ['GDPR_DELETE'] }))[0],
      403,
    )
    assert.equal((await answer({ ...CONTACTS, objectTypeId: '0-2' }))[0], 200)
    assert.deepEqual(await answer({ ...TIES, associatedObjectTypeIds: ['companies', 'COMPANY'] }), [200, ['0-2']])
    const [status, message] = await answer({ ...TIES, associatedObjectTypeIds: ['0-2', '0-999', 'contacts'] })
    assert.equal(status, 400)
    assert.match(message, /associatedObjectTypeIds: there is no object type 0-999/)
  }
  const { body } = await app.post(SUBSCRIPTIONS, { portalId, ...LISTS, objectTypeId: '0-2' })
  assert.match(body.message, /lists hold contacts/)
})

test('whoever subscribed when they might read more is told only what they may read now', async () => {
  const { id: locationId, client } = story.empty
  await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${portalId}`)
  const weak = await appThatReads('contacts', 'companies')
  const wishes = [CONTACTS, LISTS, TIES, { ...CONTACTS, objectTypeId: '0-2' }]
  for (const wish of wishes) assert.equal((await weak.client.post(SUBSCRIPTIONS, { portalId, ...wish })).status, 200)
  await sql`update app set scopes = array_remove(scopes, 'crm.objects.contacts.read')
    where id = ${weak.id}`.execute(story.server.owner())
  const scope = `${JOURNAL_SCOPES.join(' ')} crm.objects.companies.read`
  const narrow = story.server.client((await askAppToken(story.server, story.demo.app, { scope })).body.access_token)
  // Of all types, as far as it may read them.
  assert.equal((await narrow.post(SUBSCRIPTIONS, { portalId, ...TIES })).status, 200)
  const marker = { ...CONTACTS, objectTypeId: '0-2', actions: ['CREATE'] }
  assert.equal((await app.post(SUBSCRIPTIONS, { portalId, ...marker })).status, 200)
  const readers = [new Reader(weak.client), new Reader(app)]
  for (const reader of readers) await reader.rest()
  const made = await client.post('/contacts/', { locationId, firstName: 'Cy', tags: ['Wedding'] })
  const person = made.body.contact.id
  const company = async (name: string) => (await client.post('/businesses/', { locationId, name })).body.buiseness.id
  const first = await company('First')
  const linked = await client.post('/contacts/bulk/business', { locationId, ids: [person], businessId: first })
  assert.equal(linked.status, 200, JSON.stringify(linked.body))
  await company('Second')
  for (const reader of readers) {
    const told = await reader.events(2)
    assert.deepEqual(
      told.map(({ type, objectTypeId, propertyChanges }) => [type, objectTypeId, propertyChanges?.name]),
      [
        ['crmObject', '0-2', 'First'],
        ['crmObject', '0-2', 'Second'],
      ],
    )
  }
  assert.equal((await app.post(SUBSCRIPTIONS, { portalId, ...TIES })).status, 200)
  const third = await company('Third')
  await client.post('/contacts/bulk/business', { locationId, ids: [person], businessId: third })
  const told = await (readers[1] as Reader).events(3)
  assert.deepEqual(
    told.map(({ type }) => type),
    ['crmObject', 'association', 'association'],
    'a token that is not held to less asked again',
  )
  await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${portalId}`)
})

interface Told {
  recordId: string
  name: string | null
  status: string
  message: string | null
  offset: string
  properties: Record<string, string>
}

test('whoever is no app has records told to one that is allowed there, and follows what becomes of them', async () => {
  const { demo, agency, template, server, partner } = story
  const { id: locationId, client } = template
  const path = `/locations/${locationId}/record-snapshots`
  const contact = async (firstName: string, place = template) =>
    (await place.client.post('/contacts/', { locationId: place.id, firstName })).body.contact.id as string
  const recordIds = [await contact('Ada'), await contact('Grace')]
  const wish = { kind: 'contacts', recordIds, appId: demo.app.appId }
  const since = new Date().toISOString()
  await until(() => Date.now() > Date.parse(since), 'the next moment')
  assert.equal((await client.put(`/contacts/${recordIds[0]}`, { firstName: 'Augusta' })).status, 200)
  const told = async (more: object) => {
    const taken = await client.post(path, { ...wish, ...more })
    assert.equal(taken.status, 202, JSON.stringify(taken.body))
    await ended(app, taken.body.snapshotId)
    const { status, body } = await client.get(`${path}/${taken.body.snapshotId}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body.snapshot as { id: string; appId: string; appName: string; kind: string; records: Told[] }
  }
  const { id, appId, appName, kind, records } = await told({})
  assert.deepEqual([appId, appName, kind], [demo.app.appId, 'Demo app', 'contacts'])
  assert.deepEqual(
    records.map(({ recordId, name, status, message, properties }) => [
      ...[recordId, name, status, message],
      properties.firstname,
    ]),
    [
      [recordIds[0], 'Augusta', 'COMPLETED', null, 'Augusta'],
      [recordIds[1], 'Grace', 'COMPLETED', null, 'Grace'],
    ],
  )
  assert.equal((await app.get(`${SNAPSHOTS}/status/${id}`)).body.journalOffset, records[0]?.offset)
  assert.equal((await told({ asOf: since })).records[0]?.properties.firstname, 'Ada')

  const alone = await newLocation(story, 'Nobody listens')
  const unheard = { kind, recordIds: [await contact('Ada', alone)] }
  const nobody = await alone.client.post(`/locations/${alone.id}/record-snapshots`, unheard)
  assert.deepEqual([nobody.status, /No app listens/.test(nobody.body.message)], [400, true])
  await app.post(SUBSCRIPTIONS, {
    portalId: demo.locations[0]?.portalId,
    subscriptionType: 'OBJECT',
    objectTypeId: '0-1',
    actions: ['SNAPSHOT'],
  })
  assert.equal((await told({ appId: undefined })).appId, demo.app.appId, 'the one that listens')

  const few = { name: 'few', locationId, scopes: ['businesses.readonly'] }
  const made = await agency.client.post(`/tokens/?companyId=${agency.companyId}`, few)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const weak = server.client(made.body.secret)
  const refused: [number, Promise<{ status: number }>][] = [
    [404, client.post(path, { ...wish, recordIds: ['nobody'] })],
    [404, client.post(path, { ...wish, appId: 'no such app' })],
    [422, client.post(path, { ...wish, kind: 'users' })],
    [422, client.post(path, { ...wish, asOf: '2999-01-01T00:00:00Z' })],
    [401, weak.post(path, wish)],
    [401, weak.get(`${path}/${id}`)],
    [403, partner.client.get(`${path}/${id}`)],
    [404, alone.client.get(`/locations/${alone.id}/record-snapshots/${id}`)],
  ]
  for (const [index, [wanted, reply]] of refused.entries()) assert.equal((await reply).status, wanted, `${index}`)
})
