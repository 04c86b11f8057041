import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { createDice } from '../../src/demo/index.ts'
import { sumCounts } from '../../src/store/records/index.ts'
import type { Client } from '../support/client.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency } from '../support/tenants.ts'

let server: TestServer
let client: Client
let locationId: string

before(async () => {
  server = await startTestServer({ work: false })
  const agency = await createAgency(server.app)
  locationId = agency.locations[0]!.id
  client = server.client(agency.locations[0]!.token)
})
after(() => server?.[Symbol.asyncDispose]())

const db = () => server.app.database.db
const FIELDS = ['tags', 'assignedTo', 'followers', 'businessId', 'source', 'type', 'city', 'state', 'country']

/** Every count that is kept, and the same counted row by row: both without zeros. */
async function kept(): Promise<Record<string, number>> {
  const rows = await query(
    db(),
    sql<{ term: string; n: number }>`
      select term, sum(n)::int as n from (
        select term, n from record_count where location_id = ${locationId} and kind = 'contacts'
        union all select key, value::bigint from record_count_change, jsonb_each_text(counts)
          where location_id = ${locationId} and kind = 'contacts') both_parts
      group by term having sum(n) <> 0`,
  )
  return Object.fromEntries(rows.map(({ term, n }) => [term, n]))
}

async function counted(): Promise<Record<string, number>> {
  const rows = await query(
    db(),
    sql<{
      doc: Record<string, unknown>
    }>`select doc from record where location_id = ${locationId} and kind = 'contacts' and deleted_at is null`,
  )
  const counts: Record<string, number> = {}
  const add = (term: string) => {
    counts[term] = (counts[term] ?? 0) + 1
  }
  for (const { doc } of rows) {
    add('')
    for (const term of new Set(
      FIELDS.flatMap((field) => [doc[field] ?? []].flat().map((value) => `${field}=${String(value).toLowerCase()}`)),
    ))
      add(term)
  }
  return counts
}

const search = async (...filters: object[]) =>
  (await client.post('/contacts/search', { locationId, pageLimit: 1, filters })).body.total
const same = async () => assert.deepEqual(await kept(), await counted())
const sum = () => sumCounts(db(), { locationId, kind: 'contacts' })

test('whatever happens to contacts, at once and in turn, their counts are exact', async () => {
  const dice = createDice(5)
  const TAGS = ['vip', 'VIP ', 'lead', 'Fair', 'a=b', "o'hara"]
  const ids: string[] = []
  const tags = () => TAGS.filter(() => dice.once(3))
  const steps: Record<string, (n: number) => Promise<unknown>> = {
    create: async (n) => {
      const body = {
        locationId,
        email: `p${n}@people.example`,
        tags: tags(),
        source: dice.pick(['Fair', 'fair', 'Web']),
        city: dice.pick(['Hudson', '']),
      }
      const made = await client.post('/contacts/', body)
      if (made.status === 201) ids.push(made.body.contact.id)
    },
    upsert: (n) =>
      client.post('/contacts/upsert', {
        locationId,
        email: `p${n - dice.roll(20)}@people.example`,
        source: dice.pick(['Fair', 'Web', null]),
      }),
    update: () =>
      client.put(`/contacts/${dice.pick(ids)}`, {
        tags: tags(),
        type: dice.pick(['lead', 'customer']),
        country: dice.pick(['US', 'DE']),
      }),
    tag: () => client.post(`/contacts/${dice.pick(ids)}/tags`, { tags: tags() }),
    bulk: () => client.post('/contacts/bulk/tags/update/add', { locationId, contacts: ids.slice(-5), tags: ['bulk'] }),
    delete: () => client.delete(`/contacts/${ids.splice(dice.roll(ids.length), 1)[0]}`),
    sum,
  }
  for (let n = 0; n < 20; n++) await (steps.create as (n: number) => Promise<unknown>)(n)
  for (let round = 0; round < 12; round++) {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (steps[dice.pick(Object.keys(steps))] as (n: number) => Promise<unknown>)(100 + round * 20 + index),
      ),
    )
    await same()
  }
  assert.ok(((await kept())[''] as number) > 20)
  await sum()
  await same()
  const left = await query(db(), sql`select 1 from record_count_change where location_id = ${locationId}`)
  assert.equal(left.length, 0, 'everything was summed up')
})

test('a search for one counted value, and for nothing at all, answers the count; others count for themselves', async () => {
  const eq = (field: string, value: unknown) => ({ field, operator: 'eq', value })
  const truth = await counted()
  assert.equal(await search(), truth[''])
  assert.equal(await search(eq('tags', 'ViP')), truth['tags=vip'])
  assert.equal(await search({ group: 'OR', filters: [eq('source', 'FAIR')] }), truth['source=fair'])
  assert.equal(await search(eq('tags', 'nobody has it')), 0)
  // Of one count that is wrong on purpose only the searches that rely on it speak.
  await sql`update record_count set n = n + 1000 where location_id = ${locationId} and term = 'tags=vip'`.execute(db())
  assert.equal(await search(eq('tags', 'vip')), (truth['tags=vip'] as number) + 1000)
  assert.ok((await search(eq('tags', 'vip'), eq('type', 'lead'))) <= (truth['tags=vip'] as number))
  assert.ok((await search({ field: 'tags', operator: 'not_eq', value: 'vip' })) <= (truth[''] as number))
  assert.ok((await search(eq('tags', ['vip', 'lead']))) <= (truth[''] as number))
  await sql`update record_count set n = n - 1000 where location_id = ${locationId} and term = 'tags=vip'`.execute(db())
})

test('what is refused or undone counts nothing', async () => {
  const first = await kept()
  const { email } = (await client.post('/contacts/search', { locationId, pageLimit: 1 })).body.contacts[0]
  assert.equal((await client.post('/contacts/', { locationId, email, tags: ['vip'] })).status, 400)
  assert.equal((await client.post('/contacts/', { locationId, email: 'no address', tags: ['vip'] })).status, 422)
  assert.deepEqual(await kept(), first)
})

test('tags of many contacts are counted once, however many statements the call is written in', async () => {
  const contacts = []
  for (let nth = 0; nth < 12; nth++)
    contacts.push((await client.post('/contacts/', { locationId, firstName: `Tagged ${nth}` })).body.contact.id)
  const before = await kept()
  const changes = async () =>
    (
      await query(
        db(),
        sql<{ n: number }>`select count(*)::int as n from record_count_change
      where location_id = ${locationId}`,
      )
    )[0]?.n ?? 0
  const tags = Array.from({ length: 400 }, (_, nth) => `long ${nth} `.padEnd(190, 'x'))
  for (const type of ['add', 'remove']) {
    await sum()
    const { status, body } = await client.post(`/contacts/bulk/tags/update/${type}`, { locationId, contacts, tags })
    assert.equal(status, 201, JSON.stringify(body))
    assert.ok((await changes()) <= 1)
    await same()
  }
  assert.deepEqual(await kept(), before)
})
