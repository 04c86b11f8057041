import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { queryOne, type Tx } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { contacts } from '../../src/resources/records/contacts.ts'
import { createRecords, findByIdentity, recordsOfExternalIds } from '../../src/store/records/index.ts'
import { administer, ownerUrlOf } from '../support/database.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

// A location that has just been filled, in a new installation: autovacuum has come by when the first set was not yet
// committed, so the planner takes all contacts for none, and one index for as good as another.

/** More than a few pages full: those the planner rather reads from end to end. */
const MANY = 12_000
const SET = 100

let story: Story
let office: Actor
before(async () => {
  story = await startStory({ alone: true, work: false })
  office = await newLocation(story, 'Office')
  await inTransaction(database(), async (tx) => {
    await fill(tx, 0)
    await administer(ownerUrlOf(story.server.databaseUrl), (client) => client.query('vacuum record_contacts'))
  })
  for (let from = SET; from < MANY; from += SET) await inTransaction(database(), (tx) => fill(tx, from))
})
after(() => story?.[Symbol.asyncDispose]())

const database = () => story.server.app.platform.db
const email = (n: number) => `ada${n}@ex.test`
const phone = (n: number) => `+1212${String(2_000_000 + n)}`
const range = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n)

function fill(tx: Tx, from: number): Promise<unknown> {
  const author = { actor: 'test', cause: null, atMs: Date.now() }
  const documents = range(from, SET).map((n) => ({
    document: {
      type: 'lead',
      firstName: `Ada ${n}`,
      email: email(n),
      phone: phone(n),
      externalId: `c${n}`,
      ...(n % 100 === 0 ? { additionalEmails: [`second${n}@ex.test`], additionalPhones: [phone(500_000 + n)] } : {}),
      tags: [],
      customFields: [],
      dnd: false,
      followers: [],
    },
  }))
  return createRecords({ tx, locationId: office.id, author }, contacts, documents)
}

/** Rows of contacts and of their indexes that were read. */
async function read(tx: Tx): Promise<number> {
  const row = await queryOne(
    tx,
    sql<{ n: number }>`select sum(pg_stat_get_xact_tuples_returned(c.oid)
        + case when c.relkind = 'r' then pg_stat_get_xact_tuples_fetched(c.oid) else 0 end)::int as n
      from pg_class c left join pg_index i on i.indexrelid = c.oid
      where 'record_contacts'::regclass in (c.oid, i.indrelid)`,
  )
  return row?.n ?? 0
}

const WHO: Record<string, (tx: Tx, from: number) => Promise<{ id: string }[]>> = {
  'by what another program calls them': (tx, from) =>
    recordsOfExternalIds(
      tx,
      contacts,
      office.id,
      range(from, SET).map((n) => `c${n}`),
    ),
  'by e-mail and phone': (tx, from) =>
    findByIdentity(tx, office.id, {
      emails: range(from, SET).map(email),
      phones: range(from, SET).map(phone),
      email: undefined,
      phone: undefined,
      most: 5_000,
    }),
  'by what is theirs besides': (tx, from) =>
    findByIdentity(tx, office.id, {
      emails: range(from, SET / 2).map((n) => `second${n * 100}@ex.test`),
      phones: range(from, SET / 2).map((n) => phone(500_000 + n * 100)),
      email: undefined,
      phone: undefined,
      most: 5_000,
    }),
}

for (const [how, find] of Object.entries(WHO))
  test(`contacts are looked for ${how}, and no others are read`, async () => {
    await inTransaction(database(), async (tx) => {
      const before = await read(tx)
      const nobody = await find(tx, MANY * 2)
      assert.equal(nobody.length, 0)
      const ofNobody = (await read(tx)) - before
      assert.ok(ofNobody <= SET, `${ofNobody} rows were read to find nobody`)
      const found = await find(tx, 0)
      assert.ok(found.length >= SET / 2, `${found.length} were found`)
      const ofThem = (await read(tx)) - before - ofNobody
      assert.ok(ofThem <= 8 * SET, `${ofThem} rows were read for ${found.length}`)
    })
  })
