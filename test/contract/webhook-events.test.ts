import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { registerApp } from '../../src/auth/apps.ts'
import { installApp } from '../../src/auth/installs.ts'
import { EVENT_TYPES } from '../../src/connect/index.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'
import { WEBHOOK_DOCUMENTS } from '../support/webhook-documents.ts'
import { everythingHappens } from '../support/webhook-story.ts'
import { LOOPBACK, makeWebhook, type Receiver, startReceiver } from '../support/webhooks.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let receiver: Receiver
let appId: string

before(async () => {
  server = await startTestServer(LOOPBACK)
  agency = await createAgency(server.app)
  location = agency.locations[0] as TestLocation
  receiver = await startReceiver()
  const { db, clock } = server.app.platform
  appId = await inTransaction(db, async (tx) => {
    const wish = { agencyId: agency.companyId, name: 'App', scopes: ['locations.readonly'], redirectUris: [] }
    return (await registerApp(tx, wish, clock.nowMs())).app.id
  })
  await makeWebhook(server.client(agency.token), { url: receiver.url }, `?appId=${appId}`)
  await makeWebhook(server.client(location.token), { url: receiver.url })
})
after(async () => {
  await receiver?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

// biome-ignore lint/suspicious/noExplicitAny: bodies of all kinds
type Document = Record<string, any>

test('all 58 documents: each event of what is stored is sent, with the fields that are documented', async () => {
  const documents = Object.entries(WEBHOOK_DOCUMENTS)
  assert.equal(documents.length, 58)
  const told = documents.flatMap(([name, { event, why }]) => {
    assert.ok((event === undefined) !== (why === undefined), `${name} is sent, or it is said why not`)
    return event ?? []
  })
  assert.deepEqual([...EVENT_TYPES].toSorted(), told.toSorted(), 'no event without a document')

  await everythingHappens({ server, agency, location, appId })
  const bodies = () => receiver.taken.map(({ body }) => body)
  const nameOf = (body: Document) =>
    'messageId' in body && !('messageType' in body) ? 'ProviderOutboundMessage' : body.type
  const missing = () => told.filter((event) => !bodies().some((body) => nameOf(body) === event))
  await receiver
    .until(() => missing().length === 0, 'every event')
    .catch((error) => {
      assert.deepEqual(missing(), [], String(error).slice(0, 200))
    })

  for (const [name, { event, fields, without = {} }] of documents) {
    if (event === undefined) continue
    const found = bodies().filter((body) => nameOf(body) === event)
    const absent = fields.split(' ').filter((field) => !(field in without))
    const best = found
      .map((body) => absent.filter((field) => body[field] === undefined))
      .toSorted((a, b) => a.length - b.length)[0]
    assert.deepEqual(best, [], `${name} lacks fields: ${JSON.stringify(found[0]).slice(0, 800)}`)
    for (const field of Object.keys(without))
      assert.ok(
        found.some((body) => body[field] === undefined),
        `${name} has ${field} after all`,
      )
    for (const body of found)
      for (const field of ['type', 'appId', 'webhookId', 'timestamp'])
        assert.equal(typeof body[field], 'string', `${name}: ${field}`)
  }
})

test('bodies tell how a record was after what they tell of, and of what is gone how it was', () => {
  const of = (type: string) => receiver.taken.map(({ body }) => body).filter((body) => body.type === type)
  assert.deepEqual(
    of('ContactCreate').map(({ tags, dnd }) => [tags, dnd])[0],
    [['vip'], false],
    'not as it became later',
  )
  assert.deepEqual(
    of('ContactTagUpdate').map(({ tags }) => tags),
    [['vip', 'wedding']],
  )
  assert.equal(of('ContactDelete')[0].email, 'gone@example.com')
  assert.deepEqual(
    of('OpportunityMonetaryValueUpdate').map(({ monetaryValue }) => monetaryValue),
    [50],
  )
  assert.equal(of('OpportunityUpdate').length, 4)
  assert.deepEqual(
    of('InvoicePartiallyPaid').map(({ amountDue }) => amountDue),
    [60],
  )
  assert.equal(of('AppointmentDelete')[0].appointment.appointmentStatus, 'showed')
  assert.equal(of('InboundMessage')[0].messageType, 'Email')
  assert.equal(of('OutboundMessage').length, 1, 'what is planned is told when it is sent')
  assert.deepEqual(
    of('AssociationUpdate').map(({ secondObjectLabel }) => secondObjectLabel),
    ['Owner'],
  )
  assert.deepEqual(
    of('RelationDelete').map(({ secondObjectKey }) => secondObjectKey),
    ['contact'],
  )
  assert.deepEqual(
    of('RecordUpdate').map(({ properties }) => properties.find((one: Document) => one.key === 'age')),
    [{ key: 'age', valueString: '4' }],
  )
  assert.deepEqual(
    of('UNINSTALL').map((body) => body.locationId),
    [location.id],
  )
  assert.equal(of('UserCreate').length, 1, 'the app may not read users')
})

test('out of the agency an app is told that it is out of the locations, too, which had let it in themselves', async () => {
  const { db, clock } = server.app.platform
  const install = { appId, agencyId: agency.companyId, userId: 'user', scopes: [], futureLocations: true }
  for (const locationId of [location.id, null])
    await inTransaction(db, (tx) => installApp(tx, { ...install, locationId }, clock.nowMs()))
  const before = receiver.taken.length
  const path = `/apps/${appId}/installation?companyId=${agency.companyId}`
  assert.equal((await server.client(agency.token).delete(path)).status, 200)
  const ends = () => receiver.taken.slice(before).filter(({ body }) => body.type === 'UNINSTALL')
  for (const where of [{ locationId: location.id }, { companyId: agency.companyId }])
    await receiver.until(
      () => ends().some(({ body }) => Object.entries(where).every(([name, id]) => body[name] === id)),
      `the end in ${JSON.stringify(where)}`,
    )
})
