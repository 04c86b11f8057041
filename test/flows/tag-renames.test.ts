import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { createDice } from '../../src/demo/index.ts'
import { listChanges } from '../../src/store/changes/index.ts'
import { createRecords, listRecords, renameTagOnContacts, type TagRename } from '../../src/store/records/index.ts'
import type { Client } from '../support/client.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { resource, TaggedContacts } from '../support/tagged-contacts.ts'
import { createAgency, type TestAgency, type TestLocation } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let location: TestLocation
let client: Client
let people: TaggedContacts
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
  people = new TaggedContacts(server, location)
})

const db = () => server.app.platform.db

test('a tag that is renamed by hand has its new name on every contact, found under it and no longer under the old one', async () => {
  const id = await people.tag('Lead')
  const [ann, ben, cora] = [
    await people.contact('ann@post.example', ['lead', 'new']),
    await people.contact('ben@post.example', ['lead']),
    await people.contact('cora@post.example', ['new']),
  ]
  await people.rename(id, ' Prospect ')
  assert.deepEqual(
    [await people.tagsOf(ann), await people.tagsOf(ben), await people.tagsOf(cora)],
    [['prospect', 'new'], ['prospect'], ['new']],
  )
  assert.deepEqual(await people.found('PROSPECT'), { ids: [ann, ben], total: 2 })
  assert.deepEqual(await people.found('lead'), { ids: [], total: 0 })
  assert.deepEqual(await people.tagNames(), ['Prospect', 'new'])
  const [change] = (await client.get(`/locations/${location.id}/records/contacts/${ann}/history`)).body.history
  assert.deepEqual(
    [change.op, change.fields],
    ['update', [{ path: 'tags', before: ['lead', 'new'], after: ['prospect', 'new'] }]],
  )
  const [renamed] = await listChanges(db(), { locationId: location.id, kind: 'tags', entityId: id, limit: 1 })
  assert.deepEqual(
    [change.actor, change.cause, change.at],
    [renamed?.actor, renamed?.cause, renamed?.at.toISOString()],
    'by the same call',
  )
  const untouched = await listChanges(db(), { locationId: location.id, kind: 'contacts', entityId: cora, limit: 5 })
  assert.equal(untouched.length, 1)
  await people.assertSound()
})

test('a renaming that is refused changes no contact', async () => {
  const id = await people.tag('one')
  await people.tag('two')
  const ann = await people.contact('ann@post.example', ['one'])
  await people.rename(id, 'TWO', 400)
  await people.rename(id, ' ', 422)
  assert.deepEqual(await people.tagsOf(ann), ['one'])
})

test('only spaces or the way an accent is written may change; of case alone contacts see nothing', async () => {
  const id = await people.tag('vip client')
  const ann = await people.contact('ann@post.example', ['vip client'])
  const changes = () => listChanges(db(), { locationId: location.id, kind: 'contacts', entityId: ann, limit: 50 })
  await people.rename(id, 'VIP Client')
  assert.deepEqual([await people.tagsOf(ann), (await changes()).length], [['vip client'], 1])
  await people.rename(id, 'VIP  Client')
  assert.deepEqual([await people.tagsOf(ann), (await changes()).length], [['vip  client'], 2])
  await people.rename(id, 'caf\u00e9')
  await people.rename(id, 'cafe\u0301')
  assert.deepEqual(await people.tagsOf(ann), ['cafe\u0301'])
  assert.deepEqual((await people.found('Caf\u00e9')).ids, [ann])
  await people.assertSound()
})

test('two tags are swapped by way of a third name', async () => {
  const [a, b] = [await people.tag('alpha'), await people.tag('beta')]
  const [ann, ben, cora] = [
    await people.contact('ann@post.example', ['alpha']),
    await people.contact('ben@post.example', ['beta']),
    await people.contact('cora@post.example', ['alpha', 'beta']),
  ]
  await people.rename(a, 'alpha for now')
  await people.rename(b, 'alpha')
  await people.rename(a, 'beta')
  assert.deepEqual(
    [await people.tagsOf(ann), await people.tagsOf(ben), await people.tagsOf(cora)],
    [['beta'], ['alpha'], ['beta', 'alpha']],
  )
  assert.deepEqual(await people.found('alpha'), { ids: [ben, cora], total: 2 })
  await people.assertSound()
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
    const rows = await inTransaction(db(), (tx) =>
      createRecords({ tx, locationId, author: { ...author, cause: null, atMs: Date.now() } }, resource, people),
    )
    for (const { id, document } of rows) before.set(`${locationId}/${id}`, document.tags as string[])
  }
  const maps: Record<string, string>[] = [
    { a: 'b', b: 'a' },
    { a: 'B', b: 'C', c: 'D' },
    { "o'hara": 'a', 'x & y': 'a', 'cafe\u0301': 'x & y' },
  ]
  const renames = maps.flatMap((map, index) =>
    Object.entries(map).map(([from, to]): TagRename => ({ locationId: places[index] as string, from, to })),
  )
  const counts = await inTransaction(db(), (tx) => renameTagOnContacts(tx, author, renames))
  let [written, log] = [0, 0]
  for (const [index, locationId] of places.entries()) {
    const map = new Map(
      Object.entries(maps[index] ?? {}).map(([from, to]) => [from.normalize('NFC'), to.toLowerCase()]),
    )
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
      assert.deepEqual(
        [change?.op, change?.cause, change?.actor, change?.delta],
        ['update', 'push1', 'test', { tags: [had, expected] }],
      )
    }
    assert.equal(counts.find((one) => one.locationId === locationId)?.count ?? 0, count)
    written += count
    const [told] = await query(
      db(),
      sql<{ n: number }>`select count(*) as n from change where location_id = ${locationId} and cause = 'push1'`,
    )
    log += told?.n ?? 0
    await people.assertSound(locationId)
  }
  assert.equal(log, written)
  assert.ok(written > 900)
})
