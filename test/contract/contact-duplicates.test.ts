import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { inTransaction } from '../../src/db/transaction.ts'
import { BLANK } from '../../src/operations/contacts/documents.ts'
import { findMatches } from '../../src/operations/contacts/duplicates.ts'
import type { Context } from '../../src/operations/define.ts'
import { contacts } from '../../src/resources/records/contacts.ts'
import {
  hasId,
  type Identity,
  listRecords,
  newRow,
  recordsOfExternalIds,
  updateRecords,
  writeGathered,
} from '../../src/store/records/index.ts'
import type { Client } from '../support/client.ts'
import { areDirect, plansOf } from '../support/plans.ts'
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
  server = await startTestServer({ work: false, alone: true })
  agency = await createAgency(server.app, { locations: 2 })
  const { db } = server.app.platform
  // Every tenth has additional e-mails and phones. Half of them stand in another location.
  await sql`
    insert into record (location_id, kind, id, object_id, doc, terms, created_at, updated_at)
    select case when n % 2 = 0 then ${here} else 'elsewhere00000000000' end, 'contacts', 'c' || n, n,
      jsonb_build_object('email', 'Person' || n || '@post.example', 'phone', '+1202' || n, 'externalId', 'x' || n) ||
        case when n % 10 <> 0 then '{}' else
        jsonb_build_object('additionalEmails', jsonb_build_array('Home' || n || '@post.example'), 'additionalPhones',
          jsonb_build_array('+44' || n)) end,
      ''::tsvector, now(), now()
    from generate_series(1, ${CONTACTS}::int) n`.execute(db)
  await sql`analyze record`.execute(server.owner())
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

const duplicate = async (query: string) =>
  (await client.get(`/contacts/search/duplicate?locationId=${location.id}&${query}`)).body.contact?.id

test('who is who is one statement that indexes answer, among 100,000 contacts', async () => {
  const { count, plans } = await plansOf(server, async (db) => {
    const ctx = { db, locationId: here } as unknown as Context
    const find = async (identity: Identity) =>
      (await findMatches(ctx, identity)).map(({ contact, field }) => [contact.id, field])
    assert.deepEqual(await find({ email: 'PERSON500@post.example' }), [['c500', 'email']])
    assert.deepEqual(await find({ email: 'home500@POST.example', phone: '+1202502' }), [
      ['c502', 'phone'],
      ['c500', 'email'],
    ])
    assert.deepEqual(await find({ phone: '+44700' }), [['c700', 'phone']])
    assert.deepEqual(
      await find({
        email: 'person501@post.example',
        additionalEmails: ['nobody@post.example'],
        additionalPhones: ['+1'],
      }),
      [],
    )
  })
  assert.equal(count, 4, 'one statement each')
  areDirect(plans, 3)
})

test('a contact that is written together with others is compared with all others by indexes', async () => {
  const { count, plans } = await plansOf(server, async (db) => {
    const author = { actor: 'system', cause: null, atMs: Date.now() }
    const write = (document: object, emails: string[], phones: string[]) =>
      writeGathered(db, here, {
        ...{
          resource: contacts,
          author,
          before: null,
          after: newRow(author, contacts, { document: { ...BLANK, ...document } }),
        },
        ...{ emails, phones, tags: [], locks: [], nowMs: Date.now },
      })
    assert.equal(await write({ email: 'person500@post.example' }, ['person500@post.example'], []), false)
    assert.equal(await write({ phone: '+44700' }, ['nobody@post.example'], ['+1', '+44700']), false)
  })
  assert.equal(count, 2)
  areDirect(plans, 3)
})

test('records whose ids are known are found by their key, few and many, to be read and to be written', async () => {
  const ids = Array.from({ length: 30 }, (_, n) => `c${2 * n + 2}`)
  const { count, plans } = await plansOf(server, async (db) => {
    assert.equal((await listRecords(db, contacts, here, { where: hasId(ids) })).length, 30)
    const author = { actor: 'system', cause: null, atMs: Date.now() }
    // Undone, so that it can be explained.
    const edit = inTransaction(db, async (tx) => {
      await updateRecords({ tx, locationId: here, author }, contacts, hasId(ids), ({ document }) => ({
        ...BLANK,
        ...document,
        city: 'Hudson',
      }))
      throw new Error('enough')
    })
    await assert.rejects(edit, /enough/)
  })
  assert.equal(count, 3, 'read, locked, written')
  areDirect(plans, 30)
  const many = Array.from({ length: 1000 }, (_, n) => `c${2 * n + 2}`)
  areDirect(
    (
      await plansOf(server, async (db) =>
        assert.equal((await listRecords(db, contacts, here, { where: hasId(many) })).length, 1000),
      )
    ).plans,
    1000,
  )
})

test('those that another program calls so are found by its ids, few and many', async () => {
  for (const count of [1, 250]) {
    const ids = Array.from({ length: count }, (_, n) => `x${2 * n + 2}`)
    const { plans } = await plansOf(server, async (db) =>
      assert.equal((await recordsOfExternalIds(db, contacts, here, [...ids, 'x3', 'x-1'])).length, count),
    )
    areDirect(plans, count)
  }
})

test("additional e-mails and phones are a contact's own", async () => {
  move()
  const first = await create({
    email: 'ada@post.example',
    additionalEmails: ['Ada@work.example'],
    additionalPhones: ['(202) 555-0142'],
  })
  const upsert = async (body: object) =>
    (await client.post('/contacts/upsert', { locationId: location.id, ...body })).body
  assert.equal(await duplicate('email=ada%40WORK.example'), first.id)
  assert.equal(await duplicate('number=2025550142'), first.id)
  for (const [body, matchingField] of [
    [{ email: 'ADA@work.example' }, 'email'],
    [{ phone: '202 555 0142' }, 'phone'],
    [{ additionalEmails: ['ada@post.example'] }, 'email'],
    [{ email: 'new@post.example', additionalPhones: ['+12025550142'] }, 'phone'],
  ] as const) {
    const reply = await client.post('/contacts/', { locationId: location.id, ...body })
    assert.deepEqual(
      [reply.status, reply.body.meta],
      [400, { contactId: first.id, matchingField }],
      JSON.stringify(body),
    )
  }
  const second = await create({ email: 'ben@post.example' })
  const reply = await client.put(`/contacts/${second.id}`, { additionalEmails: ['ada@work.example'] })
  assert.deepEqual([reply.status, reply.body.meta], [400, { contactId: first.id, matchingField: 'email' }])
  const own = await client.put(`/contacts/${first.id}`, {
    email: 'ada@work.example',
    additionalEmails: ['ada@post.example'],
    phone: '+12025550142',
  })
  assert.deepEqual(
    [own.status, own.body.contact.email],
    [200, 'ada@work.example'],
    'its own are no duplicates, whichever is the primary one',
  )

  const byAdditional = await upsert({ email: 'ada@post.example', firstName: 'Ada' })
  assert.deepEqual(
    [byAdditional.new, byAdditional.contact.id, byAdditional.contact.firstName],
    [false, first.id, 'Ada'],
  )
  assert.equal(
    byAdditional.contact.email,
    'ada@work.example',
    'who is found by an additional e-mail keeps the primary one',
  )
  const primary = await upsert({
    email: 'ada@post.example',
    phone: '+442079460001',
    additionalEmails: ['ben@post.example', 'ada@home.example'],
  })
  assert.deepEqual(
    [primary.contact.id, primary.contact.additionalEmails],
    [first.id, ['ada@home.example']],
    "what is another's stays with them",
  )
})

test('a primary match wins over older additional ones', async () => {
  move()
  const doc = { settings: { allowDuplicateContact: true } }
  await sql`update location set doc = ${JSON.stringify(doc)}::jsonb where id = ${location.id}`.execute(
    server.app.platform.db,
  )
  for (let index = 0; index < 25; index++)
    await create({ email: `office${index}@post.example`, additionalEmails: ['shared@post.example'] })
  const owner = await create({ email: 'shared@post.example' })
  const byPhone = await create({ phone: '+442079460007' })
  assert.equal(await duplicate('email=shared%40post.example'), owner.id)
  assert.equal(
    await duplicate('email=office3%40post.example&number=%2B442079460007'),
    await duplicate('email=office3%40post.example'),
  )
  assert.equal(await duplicate('email=nobody%40post.example&number=%2B442079460007'), byPhone.id)
})
