import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { checkBackup, restoreBackup } from '../../src/db/backup/restore.ts'
import { readMigrations } from '../../src/db/migrate.ts'
import { query } from '../../src/db/pool.ts'
import { type Client, createClient } from '../support/client.ts'
import { createEmptyDatabase, type TestDatabase } from '../support/database.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

/*
 * 000013.tintype is a backup of a database that commit 35f6722 made and worked with, before assets got identities,
 * natural keys and an inbox: its demo without people, two pushes with conflicts, edits of a client, a third push and
 * its roll-back, a share, thirty contacts.
 * 000013.json is what that program answered. A later release adds a pair of its own beside it.
 */
const FOLDER = import.meta.dirname
const before13 = JSON.parse(readFileSync(join(FOLDER, '000013.json'), 'utf8')) as Before
const path = join(FOLDER, '000013.tintype')

interface Before {
  demo: { companyId: string; agencyToken: string; locations: { id: string; token: string }[] }
  snapshotId: string
  formId: string
  pushes: Record<'first' | 'second' | 'third' | 'undo', string>
  share: { id: string }
  answers: { location: number; path: string; body: unknown }[]
}

let database: TestDatabase
let server: TestServer
let agency: Client

before(async () => {
  database = await createEmptyDatabase()
  await restoreBackup({ url: database.url, path })
  server = await startTestServer({ databaseUrl: database.url, publicUrl: 'http://127.0.0.1:4477' })
  agency = createClient(server.url, before13.demo.agencyToken)
})
after(async () => {
  await server?.[Symbol.asyncDispose]()
  await database?.drop()
})

/** Where an answer lacks what it said before, or says otherwise. Additions are none. */
function differences(was: unknown, is: unknown, at = ''): string[] {
  if (was === null || typeof was !== 'object')
    return Object.is(was, is) ? [] : [`${at}: ${JSON.stringify(was)} became ${JSON.stringify(is)}`]
  if (is === null || typeof is !== 'object') return [`${at}: became ${JSON.stringify(is)}`]
  if (Array.isArray(was) && was.length !== (is as unknown[]).length)
    return [`${at}: ${was.length} became ${(is as unknown[]).length}`]
  return Object.entries(was).flatMap(([name, value]) =>
    differences(value, (is as Record<string, unknown>)[name], `${at}/${name}`),
  )
}

test('the data of the release before is brought up to date', async () => {
  const known = (await checkBackup(path)).migrations.map(({ name }) => name)
  const ours = readMigrations().map(({ name }) => name)
  assert.ok(known.length < ours.length, 'there is something to bring up to date')
  assert.equal(known.at(-1), '000013-write-conflicts')
  const applied = await query(server.app.platform.db, sql<{ name: string }>`select name from migration order by name`)
  assert.deepEqual(
    applied.map(({ name }) => name),
    ours,
  )
})

test('its tokens work, and everything that was there is told as before', async () => {
  const found: string[] = []
  for (const { location, path, body } of before13.answers) {
    const client = location < 0 ? agency : createClient(server.url, before13.demo.locations[location]?.token)
    const reply = await client.get(path)
    assert.equal(reply.status, 200, `${path}: ${JSON.stringify(reply.body)}`)
    found.push(...differences(body, reply.body).map((line) => `${path} ${line}`))
  }
  // Drift tells the snapshot's lineage since then, where it told the target's: the one that a push takes.
  // Folders are no fields any more.
  const meant = (line: string) =>
    / \/traceId: | \/drift\/\d+\/assets\/\d+\/lineage: | \/customFields: (6 became 5|7 became 6)$/.test(line)
  assert.deepEqual(
    found.filter((line) => !meant(line)),
    [],
  )
})

const at = (rest: string) => `/snapshots${rest}${rest.includes('?') ? '&' : '?'}companyId=${before13.demo.companyId}`
const ended = async (id: string) => {
  for (;;) {
    const { push } = (await agency.get(at(`/pushes/${id}`))).body
    if (push.status !== 'pending' && push.status !== 'processing') return push
    await pause(50)
  }
}

test('what a push of that time made is known again: a new version reaches it, the client’s words stay, and it can be undone', async () => {
  const [template, , empty] = before13.demo.locations as [
    { id: string; token: string },
    unknown,
    { id: string; token: string },
  ]
  const [source, target] = [createClient(server.url, template.token), createClient(server.url, empty.token)]
  const form = async () => (await target.get(`/forms/${before13.formId}`)).body.form
  const was = await form()
  assert.equal(was.description, 'Our own words')
  const [tag] = (await source.get(`/locations/${template.id}/tags`)).body.tags
  const tags = async () =>
    (await target.get(`/locations/${empty.id}/tags`)).body.tags.map(({ name }: { name: string }) => name)
  const beforePush = (await tags()).sort()
  assert.ok(beforePush.includes(tag.name))
  await source.put(`/locations/${template.id}/tags/${tag.id}`, { name: 'renamed since' })
  assert.equal((await agency.post(at(`/${before13.snapshotId}/refresh`), {})).status, 201)
  const started = await agency.post(at(`/${before13.snapshotId}/push`), { locationIds: [empty.id] })
  assert.equal(started.status, 202, JSON.stringify(started.body))
  const push = await ended(started.body.push.id)
  assert.equal(push.status, 'completed', JSON.stringify(push))
  assert.equal(push.totals.failed, undefined)
  assert.ok((await tags()).includes('renamed since'))
  assert.deepEqual(await form(), was)
  const undone = await ended((await agency.post(at(`/pushes/${push.id}/rollback`), {})).body.push.id)
  assert.equal(undone.status, 'completed', JSON.stringify(undone))
  assert.deepEqual((await tags()).sort(), beforePush)
  const old = await ended(
    (await agency.post(at(`/pushes/${before13.pushes.second}/rollback`), { override: true })).body.push.id,
  )
  assert.equal(old.status, 'completed', JSON.stringify(old))
})

test('new writes go where they belong', async () => {
  const [, , empty] = before13.demo.locations as [unknown, unknown, { id: string; token: string }]
  const client = createClient(server.url, empty.token)
  const { total } = (await client.get(`/contacts/?locationId=${empty.id}&limit=1`)).body.meta
  assert.equal(total, 30)
  assert.equal(
    (await client.post('/contacts/', { locationId: empty.id, firstName: 'New', email: 'p3@post.example' })).status,
    400,
    'who was there is known',
  )
  assert.equal(
    (await client.post('/contacts/', { locationId: empty.id, firstName: 'New', email: 'new@post.example' })).status,
    201,
  )
})
