import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { query } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { contacts } from '../../src/resources/records/contacts.ts'
import { getRecord, updateRecord, updateSeen } from '../../src/store/records/index.ts'
import type { Client } from '../support/client.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client
let next = 0

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 8 })
})
after(() => server?.[Symbol.asyncDispose]())

/** Each story in a location of its own. */
function move(): void {
  location = agency.locations[next++] as TestLocation
  client = server.client(location.token)
}

const db = () => server.app.database.db
const create = (body: object) => client.post('/contacts/', { locationId: location.id, ...body })
const upsert = (body: object) => client.post('/contacts/upsert', { locationId: location.id, ...body })
const times = <T>(count: number, make: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)))

interface Change {
  entityId: string
  op: string
  delta: Record<string, [unknown, unknown]>
  actor: string
  cause: string
}

const changes = () =>
  query(
    db(),
    sql<Change>`select entity_id as "entityId", op, delta, actor, cause from change where location_id = ${location.id}
        and kind = 'contacts' order by at, id`,
  )

/** What the log says a contact has become, each change standing on the one before. */
function replay(log: readonly Change[]): Record<string, unknown> {
  const document: Record<string, unknown> = {}
  for (const { delta } of log) {
    for (const [name, [old, now]] of Object.entries(delta)) {
      assert.deepEqual(document[name] ?? null, old, `${name} was ${JSON.stringify(old)} according to the log`)
      document[name] = now
    }
  }
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null))
}

const stored = async () =>
  new Map(
    (
      await query(
        db(),
        sql<{
          id: string
          doc: object
        }>`select id, doc from record where location_id = ${location.id} and kind = 'contacts' and deleted_at is null`,
      )
    ).map(({ id, doc }) => [id, doc]),
  )

/** How many statements of `work` begin a transaction. */
async function transactionsOf(work: () => Promise<unknown>): Promise<number> {
  const ask = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown
  let count = 0
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    if (String(args[0]).startsWith('begin')) count++
    return ask.apply(this, args)
  } as never
  try {
    await work()
  } finally {
    pg.Client.prototype.query = ask as never
  }
  return count
}

test('contacts that come at once are stored together, each with its own change and counts', async () => {
  move()
  // The tag is there from now on, and connections are open.
  await create({ email: 'first@post.example', tags: ['guest'] })
  await times(60, () => client.get('/contacts/'))
  const person = (n: number) => ({
    email: `person${n}@post.example`,
    phone: `+1202555${String(n).padStart(4, '0')}`,
    tags: ['guest'],
  })
  let replies: { status: number; body: { traceId: string; contact: { id: string; email: string } } }[] = []
  const transactions = await transactionsOf(async () => {
    replies = await times(60, (n) => create(person(n)))
  })
  assert.ok(transactions <= 45, `${transactions} transactions for 60 contacts`)
  assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([201]))
  const documents = await stored()
  const log = await changes()
  for (const { body } of replies) {
    const own = log.filter(({ entityId }) => entityId === body.contact.id)
    assert.deepEqual(
      own.map(({ op, cause }) => [op, cause]),
      [['create', body.traceId]],
    )
    assert.deepEqual(replay(own), documents.get(body.contact.id))
    assert.equal((await client.get(`/contacts/${body.contact.id}`)).body.contact.email, body.contact.email)
  }
  const found = await client.post('/contacts/search', {
    locationId: location.id,
    pageLimit: 1,
    filters: [{ field: 'tags', operator: 'eq', value: 'guest' }],
  })
  assert.equal(found.body.total, 61)
})

test('large contacts that come at once all arrive', async () => {
  move()
  const field = await client.post(`/locations/${location.id}/customFields`, {
    name: 'Story',
    dataType: 'LARGE_TEXT',
    model: 'contact',
  })
  const id = (field.body.customField ?? field.body).id
  const story = 'once upon a time '.repeat(40_000)
  let replies: { status: number }[] = []
  const transactions = await transactionsOf(async () => {
    replies = await times(12, (n) =>
      create({ email: `writer${n}@post.example`, customFields: [{ id, field_value: story }] }),
    )
  })
  assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([201]))
  assert.equal((await stored()).size, 12)
  assert.ok(transactions >= 12, 'each by itself: together they would fill the memory')
  const people = await times(12, (n) =>
    create({
      email: `clan${n}@post.example`,
      additionalEmails: Array.from({ length: 50 }, (_, m) => `member${m}.${n}@post.example`),
    }),
  )
  assert.deepEqual(new Set(people.map(({ status }) => status)), new Set([201]))
})

test('whoever waits for somebody keeps nobody else waiting', async () => {
  move()
  const name = `${location.id}/held@post.example`
  let answered = false
  let held: Promise<{ status: number }> | undefined
  await inTransaction(db(), async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)
    held = create({ email: 'held@post.example' }).then((reply) => {
      answered = true
      return reply
    })
    const others = await times(20, (n) => create({ email: `free${n}@post.example` }))
    assert.deepEqual(new Set(others.map(({ status }) => status)), new Set([201]))
    await untilSomebodyWaits()
    assert.equal(answered, false, 'who asks for what is held waits')
  })
  assert.equal((await held)?.status, 201)
})

test('one that cannot be stored takes nobody along', async () => {
  move()
  await sql`create function refuse_poison() returns trigger language plpgsql as $$ begin raise exception 'poison';
      end $$`.execute(server.owner())
  await sql`create trigger poison before insert on record_contacts for each row
      when (new.doc->>'lastName' = 'Poison') execute function refuse_poison()`.execute(server.owner())
  try {
    const replies = await times(30, (n) =>
      create({ email: `guest${n}@post.example`, lastName: n === 13 ? 'Poison' : 'Honey' }),
    )
    assert.deepEqual(
      replies.flatMap(({ status }, n) => (status === 201 ? [] : [[n, status]])),
      [[13, 500]],
    )
    assert.equal((await stored()).size, 29)
  } finally {
    await sql`drop trigger poison on record_contacts`.execute(server.owner())
  }
})

test('upserts at once: each person once, and every change stands on the one before', async () => {
  move()
  await create({ email: 'start@post.example', tags: ['kept'] })
  for (let round = 0; round < 4; round++) {
    const replies = await times(40, (n) =>
      upsert({ email: `Person${n % 8}@post.example`, city: `City ${round}.${n}`, source: `s${n % 3}` }),
    )
    assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200]))
    assert.equal(replies.filter(({ body }) => body.new).length, round === 0 ? 8 : 0)
    assert.equal(new Set(replies.map(({ body }) => body.contact.id)).size, 8)
  }
  const documents = await stored()
  const log = await changes()
  assert.equal(documents.size, 9)
  for (const [id, document] of documents)
    assert.deepEqual(replay(log.filter(({ entityId }) => entityId === id)), document)
})

test('an upsert does not undo what others write to the same contact meanwhile', async () => {
  move()
  const { body } = await create({ email: 'busy@post.example', tags: [] })
  const { id } = body.contact
  const [tagged, upserted] = await Promise.all([
    times(25, (n) => client.post(`/contacts/${id}/tags`, { tags: [`tag ${n}`] })),
    times(25, (n) => upsert({ email: 'busy@post.example', city: `City ${n}` })),
  ])
  assert.deepEqual(new Set(tagged.map(({ status }) => status)), new Set([201]))
  assert.deepEqual(new Set(upserted.map(({ status }) => status)), new Set([200]))
  const document = (await stored()).get(id) as { tags: string[] }
  assert.equal(document.tags.length, 25)
  assert.deepEqual(replay((await changes()).filter(({ entityId }) => entityId === id)), document)
})

test('a record that somebody writes between reading and writing is read again', async () => {
  move()
  const { body } = await create({ email: 'seen@post.example', tags: [] })
  const scope = { locationId: location.id, author: { actor: 'system', cause: null, atMs: Date.now() } }
  let attempts = 0
  await inTransaction(db(), async (tx) => {
    attempts++
    const row = await getRecord(tx, contacts, location.id, body.contact.id)
    if (attempts === 1)
      await inTransaction(db(), (other) =>
        updateRecord({ ...scope, tx: other }, contacts, row.id, ({ document }) => ({ ...document, city: 'Hudson' })),
      )
    await updateSeen({ ...scope, tx }, contacts, row, ({ document }) => ({ ...document, source: 'Fair' }))
  })
  assert.equal(attempts, 2)
  const { city, source } = (await stored()).get(body.contact.id) as { city: string; source: string }
  assert.deepEqual({ city, source }, { city: 'Hudson', source: 'Fair' })
})

test('who gives an e-mail away while they are being changed does not get it back with the change', async () => {
  move()
  const { body } = await create({ email: 'given@post.example' })
  const { id } = body.contact
  const name = `${location.id}/+12025550100`
  let changed: Promise<{ status: number }> | undefined
  await inTransaction(db(), async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)
    changed = client.put(`/contacts/${id}`, { email: 'given@post.example', phone: '+12025550100' })
    await untilSomebodyWaits()
    assert.equal((await client.put(`/contacts/${id}`, { email: 'other@post.example' })).status, 200)
    assert.equal((await create({ email: 'given@post.example' })).status, 201)
  })
  assert.equal((await changed)?.status, 400)
  const emails = [...(await stored()).values()].map((document) => (document as { email: string }).email)
  assert.deepEqual(emails.sort(), ['given@post.example', 'other@post.example'])
})

async function untilSomebodyWaits(): Promise<void> {
  const waiting = sql<{
    n: number
  }>`select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`
  while ((await query(db(), waiting))[0]?.n === 0) await pause(10)
}
