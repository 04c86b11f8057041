import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import { sql } from 'kysely'
import type { Client } from '../support/client.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client
let sdk: HighLevel
let next = 0

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 60 })
})
after(() => server?.[Symbol.asyncDispose]())

/** Each story in a location of its own. */
beforeEach(() => {
  location = agency.locations[next++] as TestLocation
  client = server.client(location.token)
  sdk = new HighLevel({ privateIntegrationToken: location.token })
  sdk.getHttpClient().defaults.baseURL = server.url
})

const here = () => ({ locationId: location.id })

async function create(body: object = {}, status = 201) {
  const reply = await client.post('/contacts/', { ...here(), ...body })
  assert.equal(reply.status, status, JSON.stringify(reply.body))
  return reply.body.contact
}
const get = async (id: string) => (await client.get(`/contacts/${id}`)).body.contact
const setting = (name: string, value: unknown) =>
  sql`update location set doc = jsonb_set(doc || '{"settings":{}}', ${[`settings`, name]}::text[],
      ${JSON.stringify(value)}::jsonb) where id = ${location.id}`.execute(server.app.platform.db)

test('a contact whose e-mail or phone another one has is refused, and the answer names the other', async () => {
  const first = await create({ email: 'one@post.example', phone: '2025550142' })
  assert.equal(first.phone, '+12025550142')
  const refused = async (body: object, matchingField: string) => {
    const reply = await client.post('/contacts/', { ...here(), ...body })
    assert.equal(reply.status, 400)
    assert.equal(reply.body.message, 'This location does not allow duplicated contacts.')
    assert.deepEqual(reply.body.meta, { contactId: first.id, matchingField })
  }
  await refused({ email: 'ONE@post.example' }, 'email')
  await refused({ email: 'two@post.example', phone: '+1 202 555 0142' }, 'phone')
  const second = await create({ email: 'two@post.example', phone: '' })
  await create({ phone: null })
  await create({ phone: ' ' })
  const reply = await client.put(`/contacts/${second.id}`, { phone: '(202) 555-0142' })
  assert.equal(reply.status, 400)
  assert.deepEqual(reply.body.meta, { contactId: first.id, matchingField: 'phone' })
  assert.equal(
    (await client.put(`/contacts/${first.id}`, { email: 'one@POST.example', phone: '2025550142' })).status,
    200,
    'its own are no duplicates',
  )
  await setting('allowDuplicateContact', true)
  await create({ email: 'one@post.example' })
})

test('fifty requests at once for one person make one contact', async () => {
  const replies = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      client.post('/contacts/upsert', { ...here(), email: `same@post.example`, source: `request ${index}` }),
    ),
  )
  assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200])
  assert.equal(new Set(replies.map(({ body }) => body.contact.id)).size, 1)
  assert.equal(replies.filter(({ body }) => body.new).length, 1)
})

test('an upsert follows the e-mail first and leaves to others what is theirs', async () => {
  const byEmail = await create({ email: 'e@post.example' })
  const byPhone = await create({ phone: '+442079460000', firstName: 'Phone' })
  const upsert = async (body: object) => (await client.post('/contacts/upsert', { ...here(), ...body })).body
  const both = await upsert({ email: 'E@post.example', phone: '+44 20 7946 0000', firstName: 'New' })
  assert.deepEqual(
    [both.new, both.contact.id, both.contact.firstName, both.contact.phone],
    [false, byEmail.id, 'New', undefined],
  )
  assert.equal((await get(byPhone.id)).firstName, 'Phone')
  const phoneOnly = await upsert({ email: 'fresh@post.example', phone: '+442079460000' })
  assert.deepEqual(
    [phoneOnly.new, phoneOnly.contact.id, phoneOnly.contact.email],
    [false, byPhone.id, 'fresh@post.example'],
  )
  const made = await upsert({ email: 'nobody@post.example' })
  assert.equal(made.new, true)
  assert.equal(typeof made.traceId, 'string')
  assert.equal((await upsert({ email: 'nobody@post.example', createNewIfDuplicateAllowed: true })).new, false)
  await setting('allowDuplicateContact', true)
  assert.equal((await upsert({ email: 'nobody@post.example', createNewIfDuplicateAllowed: true })).new, true)
  const found = (
    await client.get(
      `/contacts/search/duplicate?locationId=${location.id}&number=%2B442079460000&email=e%40post.example`,
    )
  ).body
  assert.equal(found.contact.id, byEmail.id)
  assert.equal(
    (await client.get(`/contacts/search/duplicate?locationId=${location.id}&email=gone@post.example`)).body.contact,
    null,
  )
})

test('customers of another program are synchronised by their own id, then by e-mail and phone', async () => {
  const known = await create({ email: 'known@post.example' })
  const send = (body: object, headers: Record<string, string> = {}) => client.post('/customers', body, headers)
  const created = await send({ customer_id: 'c-1', email: 'new@post.example', first_name: 'Ann', last_name: 'Lee' })
  assert.equal(created.status, 201)
  assert.deepEqual(
    [created.body.created, created.body.customer.firstName, created.body.customer.externalId],
    [true, 'Ann', 'c-1'],
  )
  const renamed = await send({ customer_id: 'c-1', email: 'other@post.example' })
  assert.deepEqual(
    [renamed.status, renamed.body.id, renamed.body.customer.email],
    [200, created.body.id, 'other@post.example'],
  )
  const matched = await send({ customer_id: 'c-2', email: 'KNOWN@post.example' })
  assert.deepEqual([matched.status, matched.body.id, matched.body.created], [200, known.id, false])
  const key = { 'idempotency-key': 'once' }
  const [one, two] = [await send({ customer_id: 'c-3' }, key), await send({ customer_id: 'c-3' }, key)]
  assert.deepEqual([one.status, two.status, one.body.id], [201, 201, two.body.id])
  const wrong = await send({ email: 'x@post.example', colour: 'red' })
  assert.deepEqual(
    [wrong.status, wrong.body.message],
    [422, ['property colour should not exist', 'customer_id should not be empty']],
  )
  const forAgency = await server
    .client(agency.token)
    .post(`/customers?locationId=${location.id}`, { customer_id: 'c-1' })
  assert.deepEqual([forAgency.status, forAgency.body.id], [200, created.body.id])
})
