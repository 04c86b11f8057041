import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { Webhook } from 'standardwebhooks'
import type { Client } from '../support/client.ts'
import {
  type Answer,
  ada,
  CONTACT_DEFINITION,
  INVOICE_DEFINITION,
  makeConnection,
  rowsOf,
  send,
  until,
  untilRows,
} from '../support/connections.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'
import { startReceiver } from '../support/webhooks.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client

before(async () => {
  server = await startTestServer({ outgoingNetworks: '127.0.0.0/8' })
})
after(() => server?.[Symbol.asyncDispose]())

/** Each story has a location of its own. */
async function begin(): Promise<void> {
  agency = await createAgency(server.app, { locations: 2 })
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
}

const contactsOf = async () => (await client.get(`/contacts/?locationId=${location.id}&limit=100`)).body.contacts
const contactOf = async (id: string) => (await client.get(`/contacts/${id}`)).body.contact

test('a contact that is sent comes into being, is changed, and comes twice without a second one', async () => {
  await begin()
  const { id, address } = await makeConnection(client)
  const reply = await send(address, ada())
  assert.equal(reply.status, 202)
  const [first] = await untilRows(client, id, 1)
  assert.deepEqual([first.state, first.externalId], ['created', '17h_c_1001'], JSON.stringify(first))
  const made = await contactOf(first.recordId)
  assert.deepEqual(
    [made.firstName, made.email, made.phone, made.city, made.tags],
    ['Ada', 'Ada@ex.test', '+12125550100', 'Austin', ['wedding', 'vip']],
  )
  assert.equal((await send(address, ada())).status, 202)
  assert.equal((await send(address, ada({ city: 'Dallas', tags: 'vip' }))).status, 202)
  const rows = await untilRows(client, id, 3)
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['created', 'unchanged', 'updated'],
  )
  assert.deepEqual(rows[2].changes.city, ['Austin', 'Dallas'])
  assert.equal((await contactsOf()).length, 1)
  const now = await contactOf(first.recordId)
  assert.deepEqual([now.city, now.tags], ['Dallas', ['vip']])
})

test('what comes at once and twice is one contact, and the last of one id wins', async () => {
  await begin()
  const { id, address } = await makeConnection(client)
  await client.post(`/connections/${id}/pause`)
  // In the order of the ids of one contact: each is sent when the one before was taken.
  for (let n = 1; n <= 30; n++) {
    const one = send(address, ada({ city: `City ${n}`, first_name: `Ada ${n}` }))
    const others = [1, 2, 3].map((k) =>
      send(address, ada({ id: `x${n}-${k}`, email: `x${n}-${k}@ex.test`, phone: null })),
    )
    for (const { status } of await Promise.all([one, ...others])) assert.equal(status, 202)
  }
  // The same by e-mail alone, under another id.
  await send(address, ada({ id: 'another', first_name: 'Augusta' }))
  await client.post(`/connections/${id}/resume`)
  const rows = await untilRows(client, id, 121)
  assert.equal(rows.filter(({ state }) => state === 'created').length, 91)
  const contacts = await client.post('/contacts/search', { locationId: location.id, pageLimit: 100 })
  assert.equal(contacts.body.total, 91)
  const [of] = contacts.body.contacts.filter(({ email }: { email: string }) => email === 'Ada@ex.test')
  assert.deepEqual([of.city, of.firstNameRaw ?? of.firstName], ['Austin', 'Augusta'])
})

test('two connections at once that bring the same people make each of them once', async () => {
  await begin()
  const [one, two] = [await makeConnection(client), await makeConnection(client, { name: 'Others' })]
  const sent = Array.from({ length: 60 }, (_, n) => n).flatMap((n) => [
    send(one.address, ada({ id: `a${n}`, email: `p${n}@ex.test`, phone: null })),
    send(two.address, ada({ id: `b${n}`, email: `P${n}@ex.test`, phone: null })),
  ])
  for (const { status } of await Promise.all(sent)) assert.equal(status, 202)
  const rows = [...(await untilRows(client, one.id, 60)), ...(await untilRows(client, two.id, 60))]
  assert.equal(rows.filter(({ state }) => state === 'created').length, 60)
  assert.equal(
    rows.filter(({ state }) => state === 'failed').length,
    0,
    JSON.stringify(rows.find((r) => r.problems[0])),
  )
  assert.equal((await client.post('/contacts/search', { locationId: location.id, pageLimit: 100 })).body.total, 60)
})

test('an invoice waits for its customer, goes from draft to paid, and keeps its lines', async () => {
  await begin()
  const people = await makeConnection(client)
  const invoices = await makeConnection(client, { name: 'Invoices', definition: INVOICE_DEFINITION })
  const invoice = (more: object) => ({
    invoices: [
      {
        id: '17h_i_9',
        number: 'INV-0042',
        contact_id: '17h_c_1001',
        currency: 'USD',
        status: 'draft',
        total: '1,200.00',
        due_date: '2026-12-24',
        items: [{ id: 'l1', name: 'Retainer', qty: 1, price: 1200 }],
        ...more,
      },
    ],
  })
  await send(invoices.address, invoice({}))
  await send(invoices.address, invoice({ status: 'sent' }))
  const waiting = await until(async () => {
    const rows = await rowsOf(client, invoices.id)
    return rows.length === 2 ? rows : null
  }, 'two rows that wait')
  assert.deepEqual(
    waiting.map(({ state }: Answer) => state),
    ['waiting', 'waiting'],
  )
  assert.match(waiting[0].problems[0].message, /no customer 17h_c_1001/)
  await send(people.address, ada())
  await untilRows(client, people.id, 1)
  // Its next turn has come.
  const { db } = server.app.platform
  await sql`update connection_row set due_at = now() where connection_id = ${invoices.id} and state = 'waiting'`.execute(
    db,
  )
  await client.post(`/connections/${invoices.id}/deploy`)
  const done = await untilRows(client, invoices.id, 2)
  assert.deepEqual(
    done.map(({ state }) => state),
    ['created', 'updated'],
  )
  const lines = [
    { id: 'l1', name: 'Retainer', qty: 2, price: 600 },
    { id: 'l2', name: 'Travel', qty: 1, price: 80 },
  ]
  await send(invoices.address, invoice({ status: 'paid', total: 1280, items: lines }))
  await untilRows(client, invoices.id, 3)
  const { invoices: all } = (await client.get(`/invoices?locationId=${location.id}`)).body
  assert.equal(all.length, 1)
  assert.deepEqual([all[0].status, all[0].total, all[0].dueDate], ['paid', 1280, '2026-12-24T00:00:00.000Z'])
  assert.deepEqual(all[0].items, [
    { name: 'Retainer', quantity: 2, price: 600 },
    { name: 'Travel', quantity: 1, price: 80 },
  ])
  const [contact] = await contactsOf()
  assert.equal(all[0].contactId, contact.id)
})

test('nobody else reaches a connection, and no secret is in an answer', async () => {
  await begin()
  const other = server.client((agency.locations[1] as TestLocation).token)
  const { id, address } = await makeConnection(client)
  const secret = address.split('/').at(-1) as string
  for (const [method, path] of [
    ['get', ''],
    ['get', '/rows'],
    ['get', '/arrivals'],
    ['post', '/pause'],
    ['delete', ''],
  ] as const)
    assert.equal((await other[method](`/connections/${id}${path}`)).status, 404, path)
  const put = await client.put(`/connections/${id}/secrets`, { secrets: { apiKey: 'sk_live_very_secret' } })
  assert.equal(put.status, 200)
  await send(address, ada({ password: 'hunter2', card: { cvc: '123' } }))
  await untilRows(client, id, 1)
  for (const path of ['', '/rows', '/arrivals', '/export', '/versions', '/runs'])
    assert.doesNotMatch(
      JSON.stringify((await client.get(`/connections/${id}${path}`)).body),
      /very_secret|hunter2|"123"/,
    )
  assert.doesNotMatch(JSON.stringify((await client.get('/connections/')).body), new RegExp(secret))
  const wrong = await send(address.replace(secret, 'x'.repeat(secret.length)), ada())
  const nobody = await send(address.replace(id, 'x'.repeat(20)), ada())
  assert.deepEqual([wrong.status, nobody.status], [404, 404])
  assert.equal((await send(address.replace(`/${secret}`, ''), ada())).status, 404)
  const rotated = (await client.post(`/connections/${id}/address`)).body.address
  assert.deepEqual([(await send(address, ada())).status, (await send(rotated, ada())).status], [404, 202])
})

test('what is too large, or names a message that came before, is not taken in again', async () => {
  await begin()
  const { id, address } = await makeConnection(client)
  const large = await send(address, JSON.stringify(ada({ notes: 'x'.repeat(11_000_000) })))
  assert.equal(large.status, 413)
  const ten = await send(address, JSON.stringify(ada({ notes: 'x'.repeat(9_000_000) })))
  assert.equal(ten.status, 202)
  const first = await send(address, ada({ city: 'One' }), { 'webhook-id': 'msg_1' })
  const again = await send(address, ada({ city: 'Two' }), { 'webhook-id': 'msg_1' })
  assert.deepEqual(await first.json(), await again.json())
  const rows = await untilRows(client, id, 2)
  assert.equal(rows.length, 2)
  assert.equal((await contactsOf())[0].city, 'One')
})

test('a signed body is taken once, a forged or old one never, and who looks sees why', async () => {
  await begin()
  const definition = { ...CONTACT_DEFINITION, source: { verify: { kind: 'standard' } } }
  const { id, address } = await makeConnection(client, { definition })
  const open = address.slice(0, address.lastIndexOf('/'))
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  assert.equal((await client.put(`/connections/${id}/secrets`, { secrets: { signing: secret } })).status, 200)
  const body = JSON.stringify(ada())
  const signed = (message: string, at: Date, text = body) => ({
    'webhook-id': message,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(message, at, text),
  })
  const now = new Date()
  assert.equal((await send(open, body, signed('m1', now))).status, 202)
  assert.equal((await send(open, body, signed('m1', now))).status, 202)
  assert.equal((await send(open, body.replace('Ada', 'Eve'), signed('m2', now))).status, 401)
  assert.equal((await send(open, body, signed('m3', new Date(now.getTime() - 3_600_000)))).status, 401)
  // The secret of the address is no signature.
  assert.equal((await send(address, body)).status, 401)
  await untilRows(client, id, 1)
  const { arrivals } = (await client.get(`/connections/${id}/arrivals`)).body
  assert.deepEqual([arrivals.length, Object.keys(arrivals[0].headers).includes('webhook-signature')], [1, false])
  await until(async () => {
    const { connection } = (await client.get(`/connections/${id}`)).body
    return /Something was refused/.test(connection.lastError ?? '')
  }, 'a reason')
})

test('a mapping that throws, or never ends, fails its item with the reason, and no other', async () => {
  await begin()
  const fields = [
    ...CONTACT_DEFINITION.mapping.fields.filter(({ to }) => to !== 'city'),
    { to: 'city', from: { expression: 'city = "loop" ? ($f := function($n) { $f($n + 1) }; $f(1)) : $number(city)' } },
  ]
  const definition = { source: {}, mapping: { ...CONTACT_DEFINITION.mapping, fields } }
  const { id, address } = await makeConnection(client, { definition })
  const people = ['5', 'Austin', 'loop', '6'].map((city, n) =>
    ada({ id: `p${n}`, email: `p${n}@ex.test`, phone: null, city }),
  )
  await send(address, people)
  const rows = await untilRows(client, id, 4)
  assert.deepEqual(
    rows.map(({ state }) => state),
    ['created', 'failed', 'failed', 'created'],
  )
  for (const { problems } of rows.slice(1, 3)) {
    assert.equal(problems[0].at, 'city')
    assert.match(problems[0].message, /cannot be worked out: /)
  }
})

test('a database that answers too late, and an alert that nobody takes, lose nothing and double nothing', async () => {
  await begin()
  await using receiver = await startReceiver()
  receiver.answer = () => {}
  const { id, address } = await makeConnection(client, { settings: { alertUrl: receiver.url } })
  const owner = server.owner()
  await sql`create function too_late() returns trigger language plpgsql as $$ begin
      raise 'canceling statement due to statement timeout' using errcode = '57014'; end $$`.execute(owner)
  await sql`create trigger too_late before insert on record_contacts for each row
      when (new.location_id = ${sql.lit(location.id)}) execute function too_late()`.execute(owner)
  await send(address, [ada(), ada({ id: 'bad', email: 'nobody', phone: null })])
  const fault = sql<{ fault: string | null }>`select last_error as fault from graphile_worker._private_jobs
      where key = ${`feed-connection/${id}`}`
  await until(async () => /statement timeout/.test((await fault.execute(owner)).rows[0]?.fault ?? ''), 'a failed try')
  assert.deepEqual([(await rowsOf(client, id)).length, (await contactsOf()).length], [0, 0])
  const { arrivals } = (await client.get(`/connections/${id}/arrivals`)).body
  assert.equal(arrivals[0].state, 'waiting')
  await sql`drop trigger too_late on record_contacts`.execute(owner)
  await sql`drop function too_late`.execute(owner)
  await until(async () => {
    await sql`update graphile_worker._private_jobs set run_at = now()
        where key = ${`feed-connection/${id}`} and locked_at is null`.execute(owner)
    return (await rowsOf(client, id)).length === 2
  }, 'two rows')
  await receiver.until(({ all }) => all.length > 0, 'an alert that is not answered')
  await send(address, ada({ city: 'Dallas' }))
  const rows = await untilRows(client, id, 3)
  assert.deepEqual(rows.map(({ state }) => state).toSorted(), ['created', 'failed', 'updated'])
  assert.equal((await contactsOf()).length, 1)
})
