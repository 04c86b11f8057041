import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { RESOURCES } from '../../src/resources/index.ts'
import { type AssetResource, missingKeys, updateAsset } from '../../src/store/assets/index.ts'
import {
  holdTagNames,
  listRecords,
  lockTagNames,
  renameTagOnContacts,
  updateRecord,
} from '../../src/store/records/index.ts'
import type { Client, Reply } from '../support/client.ts'
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
  const id = await people.tag('old')
  const ann = await people.contact('ann@post.example', [])
  const tries = [
    () => client.post('/contacts/', { locationId: location.id, email: 'new@post.example', tags: ['old'] }),
    () => client.post(`/contacts/${ann}/tags`, { tags: ['old'] }),
  ]
  for (const attempt of tries) {
    let reply: Promise<Reply> | undefined
    await inTransaction(db(), async (tx) => {
      const scope = {
        tx,
        locationId: location.id,
        author: { actor: 'test', cause: null, atMs: Date.now() },
        kinds: [...RESOURCES.keys()],
      }
      await lockTagNames(tx, [location.id])
      const { document } = await updateAsset(scope, RESOURCES.get('tags') as AssetResource, id, () => ({
        name: 'renamed',
      }))
      await renameTagOnContacts(tx, scope.author, [
        { locationId: location.id, from: 'old', to: document.name as string },
      ])
      reply = attempt()
      await untilWaiting(reply)
    })
    assert.ok(((await reply)?.status ?? 500) < 300)
    assert.deepEqual(await people.tagNames(), ['renamed', 'old'])
    const made = (await client.get(`/locations/${location.id}/tags`)).body.tags.at(-1).id
    await client.delete(`/locations/${location.id}/tags/${made}`)
    await people.rename(id, 'old')
  }
})

test('a tag that is renamed while somebody gives it to a contact is renamed there too', async () => {
  const id = await people.tag('old')
  const ann = await people.contact('ann@post.example', [])
  let renaming: Promise<void> | undefined
  await inTransaction(db(), async (tx) => {
    await holdTagNames(tx, location.id)
    assert.deepEqual(await missingKeys(tx, location.id, 'tags', ['old']), [])
    renaming = people.rename(id, 'young')
    await untilWaiting(renaming)
    const scope = { tx, locationId: location.id, author: { actor: 'test', cause: null, atMs: Date.now() } }
    await updateRecord(scope, resource, ann, ({ document }) => ({ ...document, tags: ['old'] }))
  })
  await renaming
  assert.deepEqual(await people.tagsOf(ann), ['young'])
})

test('while a tag is renamed to and fro, others give it to contacts: no contact is left with a name that is no tag', async () => {
  const id = await people.tag('name 0')
  const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => people.contact(`p${n}@post.example`, ['name 0'])))
  const adding = async (n: number) => {
    const name = `name ${n % 9}`
    const replies = [
      await client.post(`/contacts/${ids[n % 12]}/tags`, { tags: [name] }),
      await client.post('/contacts/upsert', { locationId: location.id, email: `p${n}@post.example`, tags: [name] }),
      await client.post('/contacts/bulk/tags/update/add', {
        locationId: location.id,
        contacts: ids.slice(0, 3),
        tags: [name],
      }),
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
      const last =
        reply.status === 200 ? reply : await client.put(`/locations/${location.id}/tags/${id}`, { name: `free ${n}` })
      if (last.status === 200) renamed++
    }
  }
  await Promise.all([renaming(), ...Array.from({ length: 40 }, (_, n) => adding(n))])
  assert.ok(renamed > 0)
  const names = new Set((await people.tagNames()).map((name) => name.toLowerCase()))
  assert.equal(names.size, (await people.tagNames()).length)
  for (const { document } of await listRecords(db(), resource, location.id))
    for (const name of document.tags as string[]) assert.ok(names.has(name), `${name} is no tag of ${[...names]}`)
  await people.assertSound()
})
