import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { createDice } from '../../src/operations/demo-records-people.ts'
import { RESOURCES } from '../../src/resources/index.ts'
import { contacts } from '../../src/resources/records/contacts.ts'
import { missingKeys, updateAsset } from '../../src/store/assets.ts'
import { listChanges } from '../../src/store/changes.ts'
import { countsOf } from '../../src/store/record-counts.ts'
import { listRecords } from '../../src/store/record-reads.ts'
import type { RecordResource } from '../../src/store/record-resource.ts'
import { termsOf } from '../../src/store/record-terms.ts'
import { createRecords, updateRecord } from '../../src/store/records.ts'
import type { AssetResource } from '../../src/store/resource.ts'
import { holdTagNames, lockTagNames } from '../../src/store/tag-names.ts'
import { renameTagOnContacts, type TagRename } from '../../src/store/tag-renames.ts'
import type { Client, Reply } from '../support/client.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client
let next = 0

before(async () => {
  server = await startTestServer({ work: false })
  agency = await createAgency(server.app, { locations: 20 })
})
after(() => server?.[Symbol.asyncDispose]())

/** Each story in a location of its own. */
beforeEach(() => {
  location = agency.locations[next++] as TestLocation
  client = server.client(location.token)
})

const db = () => server.app.platform.db
const resource = contacts as unknown as RecordResource

async function tag(name: string): Promise<string> {
  const made = await client.post(`/locations/${location.id}/tags`, { name })
  assert.equal(made.status, 200, JSON.stringify(made.body))
  return made.body.tag.id
}
async function rename(id: string, name: string, status = 200) {
  const reply = await client.put(`/locations/${location.id}/tags/${id}`, { name })
  assert.equal(reply.status, status, JSON.stringify(reply.body))
}
async function contact(email: string, tags: string[]): Promise<string> {
  const made = await client.post('/contacts/', { locationId: location.id, email, tags })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body.contact.id
}
const tagsOf = async (id: string) => (await client.get(`/contacts/${id}`)).body.contact.tags as string[]
const tagNames = async () => (await client.get(`/locations/${location.id}/tags`)).body.tags.map(({ name }: { name: string }) => name) as string[]
async function found(name: string): Promise<{ ids: string[]; total: number }> {
  const body = { locationId: location.id, pageLimit: 100, filters: [{ field: 'tags', operator: 'eq', value: name }], sort: [{ field: 'email' }] }
  const reply = await client.post('/contacts/search', body)
  return { ids: reply.body.contacts.map(({ id }: { id: string }) => id), total: reply.body.total }
}

/** Terms and counts of every contact are those that its document has. */
async function assertSound(locationId = location.id) {
  const rows = await listRecords(db(), resource, locationId)
  const stored = await query(
    db(),
    sql<{ id: string; same: boolean; terms: string[] }>`
      select id, tsvector_to_array(terms) as terms from record where location_id = ${locationId} and kind = 'contacts' and deleted_at is null`,
  )
  const terms = new Map(stored.map((row) => [row.id, row.terms]))
  for (const { id, document } of rows) assert.deepEqual(terms.get(id)?.toSorted(), termsOf(resource, locationId, document).toSorted(), id)
  const kept = await query(
    db(),
    sql<{ term: string; n: number }>`
      select term, sum(n)::int as n from (
        select term, n from record_count where location_id = ${locationId} and kind = 'contacts'
        union all select key, value::bigint from record_count_change, jsonb_each_text(counts) where location_id = ${locationId} and kind = 'contacts') both_parts
      group by term having sum(n) <> 0`,
  )
  const counted = countsOf(
    resource,
    rows.map(({ document }) => [undefined, document]),
  )
  assert.deepEqual(Object.fromEntries(kept.map(({ term, n }) => [term, n])), Object.fromEntries(counted))
}

test('a tag that is renamed by hand has its new name on every contact, found under it and no longer under the old one', async () => {
  const id = await tag('Lead')
  const [ann, ben, cora] = [
    await contact('ann@post.example', ['lead', 'new']),
    await contact('ben@post.example', ['lead']),
    await contact('cora@post.example', ['new']),
  ]
  await rename(id, ' Prospect ')
  assert.deepEqual([await tagsOf(ann), await tagsOf(ben), await tagsOf(cora)], [['prospect', 'new'], ['prospect'], ['new']])
  assert.deepEqual(await found('PROSPECT'), { ids: [ann, ben], total: 2 })
  assert.deepEqual(await found('lead'), { ids: [], total: 0 })
  assert.deepEqual(await tagNames(), ['Prospect', 'new'])
  const [change] = (await client.get(`/locations/${location.id}/records/contacts/${ann}/history`)).body.history
  assert.deepEqual([change.op, change.fields], ['update', [{ path: 'tags', before: ['lead', 'new'], after: ['prospect', 'new'] }]])
  const [renamed] = await listChanges(db(), { locationId: location.id, kind: 'tags', entityId: id, limit: 1 })
  assert.deepEqual([change.actor, change.cause, change.at], [renamed?.actor, renamed?.cause, renamed?.at.toISOString()], 'by the same call')
  const untouched = await listChanges(db(), { locationId: location.id, kind: 'contacts', entityId: cora, limit: 5 })
  assert.equal(untouched.length, 1)
  await assertSound()
})

test('a renaming that is refused changes no contact', async () => {
  const id = await tag('one')
  await tag('two')
  const ann = await contact('ann@post.example', ['one'])
  await rename(id, 'TWO', 400)
  await rename(id, ' ', 422)
  assert.deepEqual(await tagsOf(ann), ['one'])
})

test('only spaces or the way an accent is written may change; of case alone contacts see nothing', async () => {
  const id = await tag('vip client')
  const ann = await contact('ann@post.example', ['vip client'])
  const changes = () => listChanges(db(), { locationId: location.id, kind: 'contacts', entityId: ann, limit: 50 })
  await rename(id, 'VIP Client')
  assert.deepEqual([await tagsOf(ann), (await changes()).length], [['vip client'], 1])
  await rename(id, 'VIP  Client')
  assert.deepEqual([await tagsOf(ann), (await changes()).length], [['vip  client'], 2])
  await rename(id, 'caf\u00e9')
  await rename(id, 'cafe\u0301')
  assert.deepEqual(await tagsOf(ann), ['cafe\u0301'])
  assert.deepEqual((await found('Caf\u00e9')).ids, [ann])
  await assertSound()
})

test('two tags are swapped by way of a third name', async () => {
  const [a, b] = [await tag('alpha'), await tag('beta')]
  const [ann, ben, cora] = [
    await contact('ann@post.example', ['alpha']),
    await contact('ben@post.example', ['beta']),
    await contact('cora@post.example', ['alpha', 'beta']),
  ]
  await rename(a, 'alpha for now')
  await rename(b, 'alpha')
  await rename(a, 'beta')
  assert.deepEqual([await tagsOf(ann), await tagsOf(ben), await tagsOf(cora)], [['beta'], ['alpha'], ['beta', 'alpha']])
  assert.deepEqual(await found('alpha'), { ids: [ben, cora], total: 2 })
  await assertSound()
})

test('renames of one call happen at once: swapped, passed on, put together, in many locations', async () => {
  const dice = createDice(11)
  const NAMES = ['a', 'b', 'c', 'd', 'e', "o'hara", 'x & y', 'caf\u00e9', 'two  blanks']
  const places = agency.locations.slice(-4).map(({ id }) => id)
  const author = { actor: 'test', cause: 'push1', atMs: Date.now() + 60_000 }
  const before = new Map<string, string[]>()
  for (const locationId of places) {
    const people = Array.from({ length: 700 }, (_, n) => ({
      document: {
        firstName: dice.pick(['A', 'B']),
        email: `p${n}@post.example`,
        type: 'lead',
        tags: NAMES.filter(() => dice.once(3)),
        customFields: [],
        dnd: false,
        followers: [],
      },
    }))
    const rows = await inTransaction(db(), (tx) => createRecords({ tx, locationId, author: { ...author, cause: null, atMs: Date.now() } }, resource, people))
    for (const { id, document } of rows) before.set(`${locationId}/${id}`, document.tags as string[])
  }
  const maps: Record<string, string>[] = [
    { a: 'b', b: 'a' },
    { a: 'B', b: 'C', c: 'D' },
    { "o'hara": 'a', 'x & y': 'a', 'cafe\u0301': 'x & y' },
  ]
  const renames = maps.flatMap((map, index) => Object.entries(map).map(([from, to]): TagRename => ({ locationId: places[index] as string, from, to })))
  const counts = await inTransaction(db(), (tx) => renameTagOnContacts(tx, author, renames))
  let [written, log] = [0, 0]
  for (const [index, locationId] of places.entries()) {
    const map = new Map(Object.entries(maps[index] ?? {}).map(([from, to]) => [from.normalize('NFC'), to.toLowerCase()]))
    let count = 0
    for (const { id, document, updatedAt } of await listRecords(db(), resource, locationId)) {
      const had = before.get(`${locationId}/${id}`) as string[]
      const expected = [...new Set(had.map((one) => map.get(one) ?? one))]
      assert.deepEqual(document.tags, expected)
      if (expected.join() === had.join()) continue
      count++
      assert.equal(updatedAt.getTime(), author.atMs)
      if (count > 5) continue
      const [change] = await listChanges(db(), { locationId, kind: 'contacts', entityId: id, limit: 5 })
      assert.deepEqual([change?.op, change?.cause, change?.actor, change?.delta], ['update', 'push1', 'test', { tags: [had, expected] }])
    }
    assert.equal(counts.find((one) => one.locationId === locationId)?.count ?? 0, count)
    written += count
    const [told] = await query(db(), sql<{ n: number }>`select count(*) as n from change where location_id = ${locationId} and cause = 'push1'`)
    log += told?.n ?? 0
    await assertSound(locationId)
  }
  assert.equal(log, written)
  assert.ok(written > 900)
})

/** Until a statement waits for an advisory lock, or `done`. */
async function untilWaiting(done: Promise<unknown>) {
  let isDone = false
  done.finally(() => {
    isDone = true
  })
  for (let tries = 0; tries < 400 && !isDone; tries++) {
    const waiting = await query(db(), sql`select 1 from pg_locks where locktype = 'advisory' and not granted`)
    if (waiting.length > 0) return
    await pause(5)
  }
}

test('who gives a tag to a contact while it is being renamed waits, and then finds that it is gone', async () => {
  const id = await tag('old')
  const ann = await contact('ann@post.example', [])
  const tries = [
    () => client.post('/contacts/', { locationId: location.id, email: 'new@post.example', tags: ['old'] }),
    () => client.post(`/contacts/${ann}/tags`, { tags: ['old'] }),
  ]
  for (const attempt of tries) {
    let reply: Promise<Reply> | undefined
    await inTransaction(db(), async (tx) => {
      const scope = { tx, locationId: location.id, author: { actor: 'test', cause: null, atMs: Date.now() }, kinds: [...RESOURCES.keys()] }
      await lockTagNames(tx, [location.id])
      const { document } = await updateAsset(scope, RESOURCES.get('tags') as AssetResource, id, () => ({ name: 'renamed' }))
      await renameTagOnContacts(tx, scope.author, [{ locationId: location.id, from: 'old', to: document.name as string }])
      reply = attempt()
      await untilWaiting(reply)
    })
    assert.ok(((await reply)?.status ?? 500) < 300)
    assert.deepEqual(await tagNames(), ['renamed', 'old'])
    const made = (await client.get(`/locations/${location.id}/tags`)).body.tags.at(-1).id
    await client.delete(`/locations/${location.id}/tags/${made}`)
    await rename(id, 'old')
  }
})

test('a tag that is renamed while somebody gives it to a contact is renamed there too', async () => {
  const id = await tag('old')
  const ann = await contact('ann@post.example', [])
  let renaming: Promise<void> | undefined
  await inTransaction(db(), async (tx) => {
    await holdTagNames(tx, location.id)
    assert.deepEqual(await missingKeys(tx, location.id, 'tags', ['old']), [])
    renaming = rename(id, 'young')
    await untilWaiting(renaming)
    const scope = { tx, locationId: location.id, author: { actor: 'test', cause: null, atMs: Date.now() } }
    await updateRecord(scope, resource, ann, ({ document }) => ({ ...document, tags: ['old'] }))
  })
  await renaming
  assert.deepEqual(await tagsOf(ann), ['young'])
})

test('while a tag is renamed to and fro, others give it to contacts: no contact is left with a name that is no tag', async () => {
  const id = await tag('name 0')
  const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => contact(`p${n}@post.example`, ['name 0'])))
  const adding = async (n: number) => {
    const name = `name ${n % 9}`
    const replies = [
      await client.post(`/contacts/${ids[n % 12]}/tags`, { tags: [name] }),
      await client.post('/contacts/upsert', { locationId: location.id, email: `p${n}@post.example`, tags: [name] }),
      await client.post('/contacts/bulk/tags/update/add', { locationId: location.id, contacts: ids.slice(0, 3), tags: [name] }),
      await client.put(`/contacts/${ids[(n + 1) % 12]}`, { tags: [name] }),
    ]
    for (const { status, body } of replies) assert.ok(status < 300, JSON.stringify(body))
  }
  let renamed = 0
  const renaming = async () => {
    for (let n = 1; n <= 25; n++) {
      const reply = await client.put(`/locations/${location.id}/tags/${id}`, { name: `name ${n % 9}` })
      // Somebody may have made a tag of that name meanwhile.
      assert.ok([200, 400].includes(reply.status), JSON.stringify(reply.body))
      const last = reply.status === 200 ? reply : await client.put(`/locations/${location.id}/tags/${id}`, { name: `free ${n}` })
      if (last.status === 200) renamed++
    }
  }
  await Promise.all([renaming(), ...Array.from({ length: 40 }, (_, n) => adding(n))])
  assert.ok(renamed > 0)
  const names = new Set((await tagNames()).map((name) => name.toLowerCase()))
  assert.equal(names.size, (await tagNames()).length)
  for (const { document } of await listRecords(db(), resource, location.id))
    for (const name of document.tags as string[]) assert.ok(names.has(name), `${name} is no tag of ${[...names]}`)
  await assertSound()
})
