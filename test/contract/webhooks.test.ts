import assert from 'node:assert/strict'
import { verify } from 'node:crypto'
import { after, before, test } from 'node:test'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { createToken } from '../../src/auth/tokens.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import type { Client } from '../support/client.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'
import { isTakenBySdk, LOOPBACK, makeWebhook, type Receiver, startReceiver } from '../support/webhooks.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client
let receiver: Receiver

before(async () => {
  server = await startTestServer(LOOPBACK)
  agency = await createAgency(server.app, { locations: 2 })
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
  receiver = await startReceiver()
})
after(async () => {
  await receiver?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

let people = 0
async function newContact(more: object = {}): Promise<string> {
  const { status, body } = await client.post('/contacts/', {
    locationId: location.id,
    firstName: `Person ${++people}`,
    ...more,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body.contact.id
}

const tokenOf = (scopes: string[]) =>
  inTransaction(server.app.platform.db, async (tx) => {
    const wish = { name: 'narrow', agencyId: agency.companyId, locationId: location.id, scopes, unlimited: true }
    return server.client((await createToken(tx, wish, Date.now())).token)
  })

test('one request is verified by standardwebhooks, by svix, by the official SDK, and as v1a by its key', async () => {
  const { id, secret } = await makeWebhook(client, { url: receiver.url, events: [{ type: 'ContactCreate' }] })
  const contactId = await newContact({ email: 'ada@example.com' })
  await receiver.until(({ taken }) => taken.length === 1, 'a delivery')
  const [received] = receiver.taken as [Receiver['taken'][number]]
  const { headers, raw, body } = received
  assert.deepEqual([body.type, body.id, body.locationId], ['ContactCreate', contactId, location.id])
  assert.deepEqual([body.appId, body.webhookId], [id, headers['webhook-id']])

  const signed = headers as Record<string, string>
  assert.deepEqual(new StandardWebhook(secret).verify(raw, signed), body)
  assert.deepEqual(new SvixWebhook(secret).verify(raw, signed), body)

  const { body: key } = await client.get('/webhooks/public-key')
  const v1a = signed['webhook-signature']?.split(' ').find((one) => one.startsWith('v1a,')) as string
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${raw}`
  assert.ok(verify(null, Buffer.from(content), key.pem, Buffer.from(v1a.slice(4), 'base64')))

  for (const publicKey of [key.pem, key.base64]) assert.ok(await isTakenBySdk(received, id, publicKey))
  assert.throws(() => new StandardWebhook(secret).verify(`${raw} `, signed))
  await client.delete(`/webhooks/${id}`)
})

test('after a rotation both secrets sign until the older one ends, and no answer shows either again', async () => {
  const { id, secret } = await makeWebhook(client, { url: receiver.url, events: [{ type: 'TaskCreate' }] })
  const rotated = await client.post(`/webhooks/${id}/secret`, { overlapSeconds: 3600 })
  assert.equal(rotated.status, 201)
  const test1 = await client.post(`/webhooks/${id}/test`)
  assert.equal(test1.status, 202, JSON.stringify(test1.body))
  const sent = async (reply: typeof test1) => {
    const { id: deliveryId } = reply.body.delivery
    await receiver.until(({ taken }) => taken.some((one) => one.id === deliveryId), 'the test event')
    return receiver.taken.find((one) => one.id === deliveryId) as Receiver['taken'][number]
  }
  const both = await sent(test1)
  assert.equal(both.body.type, 'WebhookTest')
  for (const one of [secret, rotated.body.secret])
    new StandardWebhook(one).verify(both.raw, both.headers as Record<string, string>)

  const third = await client.post(`/webhooks/${id}/secret`, { overlapSeconds: 0 })
  const alone = await sent(await client.post(`/webhooks/${id}/test`))
  const headers = alone.headers as Record<string, string>
  new StandardWebhook(third.body.secret).verify(alone.raw, headers)
  for (const one of [secret, rotated.body.secret])
    assert.throws(() => new StandardWebhook(one).verify(alone.raw, headers))

  const shown = JSON.stringify([
    (await client.get(`/webhooks/${id}`)).body,
    (await client.get('/webhooks/')).body,
    (await client.get(`/webhooks/${id}/deliveries`)).body,
  ])
  assert.ok(!shown.includes('whsec_'))
  await client.delete(`/webhooks/${id}`)
})

test('changes are told where the fields that were asked for became others', async () => {
  const events = [{ type: 'ContactUpdate', fields: ['tags'] }, { type: 'ContactTagUpdate' }]
  const { id } = await makeWebhook(client, { url: receiver.url, events })
  const contactId = await newContact()
  await client.put(`/contacts/${contactId}`, { city: 'Hudson' })
  await client.post(`/contacts/${contactId}/tags`, { tags: ['vip'] })
  const own = () => receiver.taken.filter(({ body }) => body.appId === id)
  await receiver.until(() => own().length >= 2, 'both events of the tag')
  assert.deepEqual(
    own().map(({ body }) => [body.type, body.tags, body.city]),
    [
      ['ContactUpdate', ['vip'], 'Hudson'],
      ['ContactTagUpdate', ['vip'], 'Hudson'],
    ],
  )
  await client.delete(`/webhooks/${id}`)
})

test('nobody is told what the maker of the webhook could not read, nor shown it in the log', async () => {
  const narrow = await tokenOf(['webhooks.write', 'contacts.readonly'])
  const refused = await narrow.post('/webhooks/', { name: 'x', url: receiver.url, events: [{ type: 'InvoiceCreate' }] })
  assert.equal(refused.status, 422)
  assert.match(JSON.stringify(refused.body), /may not read what InvoiceCreate tells/)

  const { id } = await makeWebhook(narrow, { url: receiver.url })
  const all = await makeWebhook(client, { url: receiver.url })
  await client.post('/invoices', { invoice_id: 'in-1', number: 'No. 7', total: 5, status: 'sent' })
  const contactId = await newContact()
  const told = (webhook: string) =>
    receiver.taken.filter(({ body }) => body.appId === webhook).map(({ body }) => body.type)
  await receiver.until(() => told(all.id).includes('ContactCreate') && told(id).includes('ContactCreate'), contactId)
  assert.deepEqual(told(id), ['ContactCreate'])
  assert.deepEqual(told(all.id).toSorted(), ['ContactCreate', 'InvoiceCreate', 'InvoiceSent'])

  const { body } = await narrow.get(`/webhooks/${all.id}/deliveries?type=InvoiceCreate`)
  const [invoice] = body.deliveries
  const names = async (by: typeof client) =>
    (await by.get(`/webhooks/${all.id}/deliveries`)).body.deliveries.map(
      (one: { type: string; subjectName: string | null }) => `${one.type} ${one.subjectName}`,
    )
  assert.deepEqual((await names(client)).toSorted(), [
    `ContactCreate Person ${people}`,
    'InvoiceCreate No. 7',
    'InvoiceSent No. 7',
  ])
  assert.deepEqual((await names(narrow)).toSorted(), [
    `ContactCreate Person ${people}`,
    'InvoiceCreate null',
    'InvoiceSent null',
  ])
  assert.equal((await narrow.get(`/webhooks/${all.id}/deliveries/${invoice.id}`)).status, 401)
  assert.equal((await client.get(`/webhooks/${all.id}/deliveries/${invoice.id}`)).status, 200)
  // Whoever sends it elsewhere is who it may tell from then on.
  await narrow.put(`/webhooks/${all.id}`, { url: `${receiver.url}/else` })
  await client.post('/invoices', { invoice_id: 'in-2', total: 5, status: 'sent' })
  await newContact()
  await receiver.until(() => told(all.id).filter((type) => type === 'ContactCreate').length === 2, 'a second contact')
  assert.equal(told(all.id).filter((type) => type === 'InvoiceCreate').length, 1)
  for (const webhook of [id, all.id]) await client.delete(`/webhooks/${webhook}`)
})

test('the log tells request, answers and attempts, page by page, and what was told is sent again', async () => {
  const { id } = await makeWebhook(client, { url: receiver.url, events: [{ type: 'ContactCreate' }] })
  const since = new Date().toISOString()
  for (let n = 0; n < 3; n++) await newContact()
  const own = () => receiver.taken.filter(({ body }) => body.appId === id)
  await receiver.until(() => own().length === 3, 'three deliveries')
  const list = async (query: string) => (await client.get(`/webhooks/${id}/deliveries?${query}`)).body
  for (let tries = 0; (await list('state=delivered')).deliveries.length < 3; tries++) assert.ok(tries < 500)
  const first = await list('limit=2')
  const second = await list(`limit=2&after=${first.after}`)
  assert.deepEqual([first.deliveries.length, second.deliveries.length, second.after], [2, 1, null])
  assert.equal((await list(`since=${encodeURIComponent(since)}&type=ContactCreate`)).deliveries.length, 3)
  assert.equal((await list('state=failed')).deliveries.length, 0)

  const [{ id: deliveryId }] = first.deliveries
  const { delivery } = (await client.get(`/webhooks/${id}/deliveries/${deliveryId}`)).body
  assert.equal(delivery.request.body, own().find((one) => one.id === deliveryId)?.raw)
  assert.deepEqual(
    delivery.attempts.map(({ status, answer, error }: never) => [status, answer, error]),
    [[200, 'answer 200', null]],
  )

  const one = await client.post(`/webhooks/${id}/deliveries/${deliveryId}/replay`)
  assert.deepEqual([one.status, one.body.replayed], [202, 1])
  await receiver.until(() => own().filter((sent) => sent.id === deliveryId).length === 2, 'the replay, by its id')
  for (let tries = 0; (await list('state=delivered')).deliveries.length < 3; tries++) assert.ok(tries < 500)
  const all = await client.post(`/webhooks/${id}/replay-since`, { since })
  assert.equal(all.body.replayed, 3)
  await receiver.until(() => own().length === 7, 'all of them once more')
  assert.equal((await client.post(`/webhooks/${id}/replay-failed`)).body.replayed, 0)
  await client.delete(`/webhooks/${id}`)
  assert.equal((await client.get(`/webhooks/${id}/deliveries`)).status, 404)
})

test('an app hears of each location where it is installed, and of its own life', async () => {
  const manager = server.client(agency.token)
  const made = await manager.post(`/apps/?companyId=${agency.companyId}`, {
    name: 'Listener',
    scopes: ['contacts.readonly', 'locations.readonly', 'users.readonly'],
    redirectUris: ['https://app.example/'],
  })
  const { app } = made.body
  const query = `?appId=${app.id}`
  const { id } = await makeWebhook(manager, { url: receiver.url }, query)
  assert.equal((await client.get(`/webhooks/${id}${query}`)).status, 401, "an app is the agency's")
  const own = () => receiver.taken.filter(({ body }) => body.appId === app.id).map(({ body }) => body)
  for (const { id: locationId, token } of agency.locations)
    await server.client(token).post('/contacts/', { locationId, firstName: 'Heard' })
  await receiver.until(() => own().length === 2, 'a contact of each location')
  assert.deepEqual(
    own()
      .map(({ locationId }) => locationId)
      .toSorted(),
    agency.locations.map(({ id }) => id).toSorted(),
  )

  const created = await manager.post('/locations/', { companyId: agency.companyId, name: 'Third', timezone: 'UTC' })
  assert.equal(created.status, 200, JSON.stringify(created.body))
  await manager.put(`/locations/${created.body.id}`, { companyId: agency.companyId, name: 'Renamed' })
  await receiver.until(() => own().length === 4, 'the location')
  assert.deepEqual(
    own()
      .slice(2)
      .map(({ type, id, name, companyId }) => [type, id, name, companyId]),
    [
      ['LocationCreate', created.body.id, 'Third', agency.companyId],
      ['LocationUpdate', created.body.id, 'Renamed', agency.companyId],
    ],
  )
  assert.equal((await manager.delete(`/apps/${app.id}?companyId=${agency.companyId}`)).status, 200)
  assert.equal((await manager.get(`/webhooks/${query}`)).status, 404)
})
