import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { query, texts } from '../../src/db/pool.ts'
import { naturalKey, toTags } from '../../src/store/natural-key.ts'
import type { Client } from '../support/client.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app)
  location = agency.locations[0] as TestLocation
  client = server.client(location.token)
})
after(() => server?.[Symbol.asyncDispose]())

const db = () => server.app.platform.db
const path = (more = '') => `/locations/${location.id}${more}`
const search = async (operator: string, value: string) =>
  (
    await client.post('/contacts/search', {
      locationId: location.id,
      pageLimit: 100,
      filters: [{ field: 'tags', operator, value }],
    })
  ).body

const COMPOSED = 'caf\u00e9'
const DECOMPOSED = 'cafe\u0301'

test('names that look alike have one key', () => {
  const alike = [
    ['VIP Client', ' vip  client ', 'vip\u00a0client', 'v\u200bip\u2003client\ufeff', '\u00advip\tclient'],
    [COMPOSED, DECOMPOSED, 'CAF\u00c9', 'CAFE\u0301', 'cafe\u0301\u200b'],
    ['\u0394\u03a3', '\u03b4\u03c2'],
    ['\uff36\uff29\uff30', 'vip'],
    ['\u2764\ufe0f', '\u2764'],
    ['', ' ', '\u3000\u200b', '\u3164'],
  ]
  for (const names of alike) assert.equal(new Set(names.map(naturalKey)).size, 1, JSON.stringify(names))
  const flags = [
    '\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
    '\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}',
  ]
  assert.equal(new Set(flags.map(naturalKey)).size, 2)
  assert.deepEqual(toTags([' VIP ', 'vip', DECOMPOSED, COMPOSED, '\u200b', ' ']), ['vip', DECOMPOSED])
})

const names = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'aAbéÉe\u0301\u200b\u00ad\ufeff \t\u00a0\u3000\u2003ﬁ™ıİßΣςﷺ한\u3164\ufe0f'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((one) => one.isWellFormed() && one !== '\0'),
  ),
  maxLength: 12,
})

test('a key is its own key, and SQL makes the same of what is stored in lower case', async () => {
  const some = fc.sample(names, 3000)
  for (const name of some) assert.equal(naturalKey(naturalKey(name)), naturalKey(name), JSON.stringify(name))
  const lower = some.map((name) => name.toLowerCase())
  const rows = await query(
    db(),
    sql<{
      key: string
    }>`select natural_key(name) as key from unnest(${texts(lower)}) with ordinality n(name, position)
        order by position`,
  )
  const unlike = lower.filter((name, index) => naturalKey(name) !== rows[index]?.key)
  // What NFKC makes large again outside of ASCII, as the migration says.
  for (const name of unlike) assert.match(name.normalize('NFKC'), /[^\p{ASCII}]/u, JSON.stringify(name))
  assert.ok(unlike.length < some.length / 100, `${unlike.length}: ${JSON.stringify(unlike.slice(0, 20))}`)
})

test('tags of one look are one tag, however they are typed', async () => {
  const made = await client.post(path('/tags'), { name: ` ${DECOMPOSED}  Club ` })
  assert.equal(made.body.tag.name, `${DECOMPOSED}  Club`, 'as it was typed, without spaces around it')
  assert.equal((await client.post(path('/tags'), { name: `${COMPOSED} club` })).status, 400)
  const created = await client.post('/contacts/', {
    locationId: location.id,
    email: 'guest@post.example',
    tags: [`${COMPOSED} Club`, `${DECOMPOSED} club`],
  })
  assert.deepEqual(created.body.contact.tags, [`${COMPOSED} club`])
  const { id } = created.body.contact
  const upserted = await client.post('/contacts/upsert', {
    locationId: location.id,
    email: 'guest@post.example',
    tags: [`${DECOMPOSED}\u00a0club`],
  })
  assert.deepEqual(upserted.body.contact.tags, [`${DECOMPOSED}\u00a0club`])
  const added = await client.post(`/contacts/${id}/tags`, { tags: [` ${COMPOSED}   CLUB`, 'New'] })
  assert.deepEqual(added.body, { tags: [`${DECOMPOSED}\u00a0club`, 'new'], tagsAdded: ['new'] })
  assert.deepEqual(
    (await client.get(path('/tags'))).body.tags.map(({ name }: { name: string }) => name),
    [`${DECOMPOSED}  Club`, 'new'],
  )
  for (const value of [` ${COMPOSED} CLUB `, `${DECOMPOSED}  club`, 'cafe\u0301 clu\u200bb']) {
    assert.equal((await search('eq', value)).total, 1, value)
    assert.equal((await search('eq', value)).contacts.length, 1, value)
    assert.equal((await search('contains', value)).total, 1, value)
    assert.equal((await search('not_eq', value)).total, 0, value)
  }
  assert.equal((await search('contains', 'AF\u00c9  c')).total, 1)
  const removed = await client.delete(`/contacts/${id}/tags`, { tags: [`${COMPOSED} club`, 'other'] })
  assert.deepEqual(removed.body, { tags: ['new'], tagsRemoved: [`${COMPOSED} club`] })
  assert.equal((await search('eq', COMPOSED)).total, 0)
})

test('names are stored without spaces around them, and there is something to see in them', async () => {
  const agencyClient = server.client(agency.token)
  const { companyId } = agency
  const pipeline = { locationId: location.id, name: ' Sales ', stages: [{ name: ' New\t' }] }
  const made = await client.post('/opportunities/pipelines/', pipeline)
  assert.deepEqual([made.body.pipeline.name, made.body.pipeline.stages[0].name], ['Sales', 'New'])
  for (const blank of ['', ' ', '\u00a0\t', '\u200b', '\u3164 \u200d']) {
    const refused = async (reply: { status: number; body: { message: string[] } }) => {
      assert.equal(reply.status, 422, JSON.stringify(reply.body))
      assert.match(String(reply.body.message), /name should not be empty/)
    }
    await refused((await client.post(path('/tags'), { name: blank })) as never)
    await refused((await client.post('/opportunities/pipelines/', { ...pipeline, name: blank })) as never)
    await refused((await client.post('/opportunities/pipelines/', { ...pipeline, stages: [{ name: blank }] })) as never)
    await refused((await client.put(`/opportunities/pipelines/${made.body.pipeline.id}`, { name: blank })) as never)
    await refused((await client.post(path('/customFields'), { name: blank, dataType: 'TEXT' })) as never)
    await refused((await client.post(path('/customValues'), { name: blank, value: 'x' })) as never)
    await refused((await agencyClient.post('/locations/', { companyId, name: blank })) as never)
    await refused(
      (await agencyClient.post(`/snapshots/?companyId=${companyId}`, {
        name: blank,
        locationId: location.id,
      })) as never,
    )
  }
  const snapshot = await agencyClient.post(`/snapshots/?companyId=${companyId}`, {
    name: ' Base ',
    locationId: location.id,
  })
  assert.equal(snapshot.body.snapshot.name, 'Base')
  const other = await agencyClient.post('/locations/', { companyId, name: ' Harbour ' })
  assert.equal(other.body.name, 'Harbour')
})

test('what was stored under older keys is folded by the migration', async () => {
  const id = (
    await client.post('/contacts/', { locationId: location.id, email: 'old@post.example', tags: ['kept', DECOMPOSED] })
  ).body.contact.id
  const tag = (await client.post(path('/tags'), { name: 'two  blanks' })).body.tag.id
  await sql`update asset set key = 'two  blanks' where location_id = ${location.id} and id = ${tag}`.execute(db())
  const lead = `${location.id.slice(0, 8)}=tags=`
  await sql`update record set terms = terms || array_to_tsvector(array[${lead + DECOMPOSED}])
      where location_id = ${location.id} and id = ${id}`.execute(db())
  await sql`update record set terms = ts_delete(terms, ${lead + COMPOSED}) where location_id = ${location.id}
      and id = ${id}`.execute(db())
  await sql`insert into record_count (location_id, kind, term, n)
      values (${location.id}, 'contacts', ${`tags=${DECOMPOSED}`}, 1)`.execute(db())
  await sql`update record_count_change set counts = counts - ${`tags=${COMPOSED}`}::text
      where location_id = ${location.id}`.execute(db())
  assert.equal((await search('eq', COMPOSED)).total, 0)
  const migration = readFileSync('sql/migrations/000015-natural-keys.sql', 'utf8').replace(
    /create function[\s\S]*?\$\$;/,
    '',
  )
  await sql.raw(migration).execute(server.owner())
  assert.equal((await search('eq', COMPOSED)).total, 1)
  assert.equal((await search('eq', COMPOSED)).contacts[0].id, id)
  assert.equal((await search('eq', 'kept')).total, 1)
  assert.equal((await client.post(path('/tags'), { name: 'two blanks' })).status, 400)
})
