import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type pg from 'pg'
import { escapeLiteral } from 'pg'
import { openDatabase } from '../../src/db/pool.ts'
import { findMatches, type Identity } from '../../src/operations/contacts-duplicates.ts'
import type { Context } from '../../src/operations/define.ts'
import type { Client } from '../support/client.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

const CONTACTS = 100_000
const here = 'duplicates0000000000'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client
let next = 0

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 2 })
  const { db } = server.app.platform
  // Every tenth has additional e-mails and phones. Half of them stand in another location.
  await sql`
    insert into record (location_id, kind, id, object_id, doc, terms, created_at, updated_at)
    select case when n % 2 = 0 then ${here} else 'elsewhere00000000000' end, 'contacts', 'c' || n, n,
      jsonb_build_object('email', 'Person' || n || '@post.example', 'phone', '+1202' || n) || case when n % 10 <> 0 then '{}' else
        jsonb_build_object('additionalEmails', jsonb_build_array('Home' || n || '@post.example'), 'additionalPhones', jsonb_build_array('+44' || n)) end,
      ''::tsvector, now(), now()
    from generate_series(1, ${CONTACTS}::int) n`.execute(db)
  await sql`analyze record`.execute(db)
})
after(() => server?.[Symbol.asyncDispose]())

/** Each story in a location of its own. */
function move(): void {
  location = agency.locations[next++] as TestLocation
  client = server.client(location.token)
}

async function create(body: object) {
  const reply = await client.post('/contacts/', { locationId: location.id, ...body })
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  return reply.body.contact
}

const duplicate = async (query: string) => (await client.get(`/contacts/search/duplicate?locationId=${location.id}&${query}`)).body.contact?.id

test('who is who is one statement that indexes answer, among 100,000 contacts', async (t) => {
  const asked: { text: string; parameters: readonly unknown[] }[] = []
  const { db, pool, close } = openDatabase({ url: server.databaseUrl, poolSize: 1, log: server.app.platform.log })
  t.after(close)
  const ask = pool.query.bind(pool) as (text: string, parameters?: unknown[]) => Promise<pg.QueryResult>
  pool.query = ((text: string, parameters: unknown[]) => {
    asked.push({ text, parameters })
    return ask(text, parameters)
  }) as never
  const ctx = { db, locationId: here } as unknown as Context
  const find = async (identity: Identity) => (await findMatches(ctx, identity)).map(({ contact, field }) => [contact.id, field])

  assert.deepEqual(await find({ email: 'PERSON500@post.example' }), [['c500', 'email']])
  assert.deepEqual(await find({ email: 'home500@POST.example', phone: '+1202502' }), [
    ['c502', 'phone'],
    ['c500', 'email'],
  ])
  assert.deepEqual(await find({ phone: '+44700' }), [['c700', 'phone']])
  assert.deepEqual(await find({ email: 'person501@post.example', additionalEmails: ['nobody@post.example'], additionalPhones: ['+1'] }), [])
  assert.equal(asked.length, 4, 'one statement each')
  for (const { text, parameters } of asked) {
    // As it is asked after a few times: planned once, whatever is looked for.
    const listed = (value: unknown) => (Array.isArray(value) ? `{${value.map((one) => JSON.stringify(one)).join(',')}}` : String(value))
    const values = parameters.map((value) => (value === null ? 'null' : escapeLiteral(listed(value))))
    await ask(`set plan_cache_mode = force_generic_plan; deallocate all; prepare who as ${text}`)
    const { rows } = await ask(`explain (analyze, format json) execute who(${values.join(', ')})`)
    const [{ Plan: plan, 'Execution Time': ms }] = rows[0]['QUERY PLAN']
    const shown = JSON.stringify(plan)
    assert.ok(!shown.includes('Seq Scan'), shown)
    assert.ok(!shown.includes('_created_at_'), shown)
    assert.ok(ms < 20, `${ms} ms: ${shown}`)
  }
})

test("additional e-mails and phones are a contact's own", async () => {
  move()
  const first = await create({ email: 'ada@post.example', additionalEmails: ['Ada@work.example'], additionalPhones: ['(202) 555-0142'] })
  const upsert = async (body: object) => (await client.post('/contacts/upsert', { locationId: location.id, ...body })).body
  assert.equal(await duplicate('email=ada%40WORK.example'), first.id)
  assert.equal(await duplicate('number=2025550142'), first.id)
  for (const [body, matchingField] of [
    [{ email: 'ADA@work.example' }, 'email'],
    [{ phone: '202 555 0142' }, 'phone'],
    [{ additionalEmails: ['ada@post.example'] }, 'email'],
    [{ email: 'new@post.example', additionalPhones: ['+12025550142'] }, 'phone'],
  ] as const) {
    const reply = await client.post('/contacts/', { locationId: location.id, ...body })
    assert.deepEqual([reply.status, reply.body.meta], [400, { contactId: first.id, matchingField }], JSON.stringify(body))
  }
  const second = await create({ email: 'ben@post.example' })
  const reply = await client.put(`/contacts/${second.id}`, { additionalEmails: ['ada@work.example'] })
  assert.deepEqual([reply.status, reply.body.meta], [400, { contactId: first.id, matchingField: 'email' }])
  const own = await client.put(`/contacts/${first.id}`, { email: 'ada@work.example', additionalEmails: ['ada@post.example'], phone: '+12025550142' })
  assert.deepEqual([own.status, own.body.contact.email], [200, 'ada@work.example'], 'its own are no duplicates, whichever is the primary one')

  const byAdditional = await upsert({ email: 'ada@post.example', firstName: 'Ada' })
  assert.deepEqual([byAdditional.new, byAdditional.contact.id, byAdditional.contact.firstName], [false, first.id, 'Ada'])
  assert.equal(byAdditional.contact.email, 'ada@work.example', 'who is found by an additional e-mail keeps the primary one')
  const primary = await upsert({ email: 'ada@post.example', phone: '+442079460001', additionalEmails: ['ben@post.example', 'ada@home.example'] })
  assert.deepEqual([primary.contact.id, primary.contact.additionalEmails], [first.id, ['ada@home.example']], "what is another's stays with them")
})

test('a primary match wins over older additional ones', async () => {
  move()
  const doc = { settings: { allowDuplicateContact: true } }
  await sql`update location set doc = ${JSON.stringify(doc)}::jsonb where id = ${location.id}`.execute(server.app.platform.db)
  for (let index = 0; index < 25; index++) await create({ email: `office${index}@post.example`, additionalEmails: ['shared@post.example'] })
  const owner = await create({ email: 'shared@post.example' })
  const byPhone = await create({ phone: '+442079460007' })
  assert.equal(await duplicate('email=shared%40post.example'), owner.id)
  assert.equal(await duplicate('email=office3%40post.example&number=%2B442079460007'), await duplicate('email=office3%40post.example'))
  assert.equal(await duplicate('email=nobody%40post.example&number=%2B442079460007'), byPhone.id)
})
