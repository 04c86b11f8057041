import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import pg from 'pg'
import { checkBackup, restoreBackup } from '../../src/db/backup/restore.ts'
import { writeBackup } from '../../src/db/backup/write.ts'
import { countOf, digestAll } from '../support/all-rows.ts'
import { type Client, createClient } from '../support/client.ts'
import { createEmptyDatabase, createTestDatabase, ownerUrlOf, type TestDatabase } from '../support/database.ts'
import { askAppToken, Reader, SUBSCRIPTIONS } from '../support/journal.ts'
import { refresh, tokensFor } from '../support/oauth.ts'
import { startTestServer } from '../support/server.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

const folder = mkdtempSync(join(tmpdir(), 'tintype-backup-'))
const path = join(folder, 'all.tintype')
let story: Story
let elsewhere: TestDatabase

before(async () => {
  story = await startStory({ alone: true, work: false, rateLimit: 0 })
  elsewhere = await createEmptyDatabase()
})
after(async () => {
  await story?.[Symbol.asyncDispose]()
  await elsewhere?.drop()
  rmSync(folder, { recursive: true, force: true })
})

/** Contacts that were acknowledged. */
let acknowledged = 0

/** Contacts, one after the other, until it is told to stop. */
async function writeUntil(signal: AbortSignal, client: Client, locationId: string): Promise<void> {
  for (let count = 0; !signal.aborted; count++) {
    const { status } = await client.post('/contacts/', {
      locationId,
      firstName: `Writer ${count}`,
      email: `writer-${count}@post.example`,
    })
    assert.equal(status, 201)
    acknowledged++
  }
}

/** Until so many more were acknowledged. */
async function written(more: number): Promise<void> {
  const enough = acknowledged + more
  for (let tries = 0; acknowledged < enough; tries++) {
    assert.ok(tries < 3_000, 'nobody writes')
    await pause(10)
  }
}

async function upload({ empty, server, demo }: Story): Promise<{ url: string; bytes: Buffer }> {
  const { body } = await empty.client.post('/contacts/', {
    locationId: empty.id,
    firstName: 'Ann',
    phone: '+14155550123',
  })
  const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, index) => (index * 7919) % 256))
  const form = new FormData()
  form.set('locationId', empty.id)
  form.set('contactId', body.contact.id)
  form.set('fileAttachment', new Blob([bytes], { type: 'image/png' }), 'photo.png')
  const headers = { authorization: `Bearer ${demo.locations[2]?.token}`, version: '2021-07-28' }
  const answer = await fetch(`${server.url}/conversations/messages/upload`, { method: 'POST', headers, body: form })
  const { uploadedFiles } = (await answer.json()) as { uploadedFiles: Record<string, string> }
  return { url: new URL(Object.values(uploadedFiles)[0] as string).pathname, bytes }
}

test('a backup taken while others write is the database of one moment, and a server lives on from it', async () => {
  const { agency, template, empty, demo } = story
  const tokens = await tokensFor(story, empty.id)
  const { access_token } = (await askAppToken(story.server, demo.app)).body
  const contacts = { subscriptionType: 'OBJECT', portalId: demo.locations[2]?.portalId, objectTypeId: '0-1' }
  const wish = { ...contacts, actions: ['CREATE'] }
  assert.equal((await story.server.client(access_token).post(SUBSCRIPTIONS, wish)).status, 200)
  const file = await upload(story)
  const snapshot = await agency.capture(template.id)
  // Nobody works here: the push is acknowledged, and waits in the backup.
  const { push } = await agency.post(`/${snapshot.id}/push`, { locationIds: [empty.id] }, 202)

  const over = new AbortController()
  const places = [await newLocation(story, 'First writer'), await newLocation(story, 'Second writer')]
  const writers = places.map(({ id, client }) => writeUntil(over.signal, client, id))
  await written(10)
  let then: Record<string, string> = {}
  let pushes = 0
  const backup = await writeBackup({
    url: ownerUrlOf(story.server.databaseUrl),
    path,
    async onSnapshot(name) {
      const reader = new pg.Client({ connectionString: ownerUrlOf(story.server.databaseUrl) })
      await reader.connect()
      await reader.query('begin isolation level repeatable read, read only')
      await reader.query(`set transaction snapshot ${pg.escapeLiteral(name)}`)
      // What is written from here on belongs to nobody's backup. Either writer may have had one under way.
      await written(writers.length + 1)
      then = await digestAll(reader)
      // Beside those of the upkeep, which writers bring about.
      const jobs = await reader.query("select 1 from graphile_worker.jobs where task_identifier = 'push-batch'")
      pushes = jobs.rowCount ?? 0
      await reader.end()
    },
  })
  over.abort()
  await Promise.all(writers)
  const total = (digests: Record<string, string>) => countOf(digests['public.record'])
  const source = new pg.Client({ connectionString: ownerUrlOf(story.server.databaseUrl) })
  await source.connect()
  const now = await digestAll(source)
  await source.end()
  assert.ok(total(now) > total(then), 'others wrote meanwhile')
  assert.equal(statSync(path).mode & 0o777, 0o600)

  assert.equal((await checkBackup(path)).takenAt, backup.header.takenAt)
  await restoreBackup({ url: elsewhere.url, path })
  const target = new pg.Client({ connectionString: elsewhere.url })
  await target.connect()
  assert.deepEqual(await digestAll(target), then)
  for (const table of [
    'asset',
    'blob',
    'change',
    'record',
    'file_chunk',
    'token',
    'oauth_refresh',
    'push',
    'signing_key',
    'journal_subscription',
    'journal_inbox',
  ])
    assert.ok(countOf(then[`public.${table}`]) > 0, `the comparison covers no row of ${table}`)
  assert.equal(pushes, 1)
  assert.ok(countOf(then['graphile_worker._private_jobs']) >= pushes, 'the comparison covers it')
  await target.end()

  await using server = await startTestServer({ databaseUrl: elsewhere.url })
  const there = (token: string) => createClient(server.url, token)
  // What waited to be told is told there: once, though the change log has come back as well.
  const reader = new Reader(there(access_token))
  const [told] = await reader.events(1)
  assert.equal(told?.propertyChanges.firstname, 'Ann')
  await pause(300)
  assert.deepEqual(await reader.rest(), [])
  for (;;) {
    const { status, body } = await there(demo.agencyToken).get(
      `/snapshots/pushes/${push.id}?companyId=${demo.companyId}`,
    )
    assert.equal(status, 200, JSON.stringify(body))
    if (body.push.status === 'completed') break
    assert.ok(['pending', 'processing'].includes(body.push.status), JSON.stringify(body))
    await pause(50)
  }
  const found = await there(tokens.access_token).get(`/contacts/?locationId=${empty.id}`)
  assert.deepEqual(
    [found.status, found.body.meta.total],
    [200, 1],
    'a token of an app works, which the signing key proves',
  )
  const renewed = await refresh({ ...story, server }, tokens.refresh_token)
  assert.equal(renewed.status, 200, JSON.stringify(renewed.body))
  assert.ok(Buffer.from(await (await fetch(server.url + file.url)).arrayBuffer()).equals(file.bytes), 'files are in it')
  assert.equal(
    (await there(demo.locations[2]?.token as string).post('/contacts/', { locationId: empty.id, firstName: 'New' }))
      .status,
    201,
  )
})

const damaged = join(folder, 'damaged.tintype')
/** What is done to the text of a backup. */
const rewrite = (change: (text: Buffer) => Buffer | string) =>
  writeFileSync(damaged, zstdCompressSync(change(zstdDecompressSync(readFileSync(path)))))

test('a backup that is not as it was written is refused before anything is touched', async () => {
  const whole = readFileSync(path)
  const flipped = Buffer.from(whole)
  flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] as number) ^ 1
  writeFileSync(damaged, flipped)
  await assert.rejects(checkBackup(damaged), /broken off or was changed/)
  for (const length of [whole.length - 1, whole.length >> 1, 20]) {
    writeFileSync(damaged, whole.subarray(0, length))
    await assert.rejects(checkBackup(damaged), /broken off|ends too early/, String(length))
  }
  writeFileSync(damaged, 'PK\u0003\u0004 something else')
  await assert.rejects(checkBackup(damaged), /no backup of Tintype/)
  rewrite((text) => text.toString('latin1').replace('Writer 0', 'Writer X'))
  await assert.rejects(checkBackup(damaged), /SHA-256/)
  rewrite((text) => Buffer.concat([text, Buffer.from('more\n')]))
  await assert.rejects(checkBackup(damaged), /follows its end/)
})

test('a backup of a newer program, or of other migrations, is refused by name', async () => {
  rewrite((text) =>
    text.toString('latin1').replace('"migrations":[', '"migrations":[{"name":"999999-of-tomorrow","hash":"x"},'),
  )
  await assert.rejects(checkBackup(damaged), /SHA-256/, 'not even this passes unnoticed')
  const { createHash } = await import('node:crypto')
  rewrite((text) => {
    const lines = text
      .toString('latin1')
      .replace('"migrations":[', '"migrations":[{"name":"999999-of-tomorrow","hash":"x"},')
      .trimEnd()
      .split('\n')
      .slice(0, -1)
    const body = Buffer.from(`${lines.join('\n')}\n`, 'latin1')
    return Buffer.concat([
      body,
      Buffer.from(`${JSON.stringify({ sha256: createHash('sha256').update(body).digest('hex') })}\n`),
    ])
  })
  await assert.rejects(
    checkBackup(damaged),
    /migrations 999999-of-tomorrow are not those of this one .* or a newer one/,
  )
})

test('a database in which somebody has written is left as it is', async () => {
  const client = new pg.Client({ connectionString: elsewhere.url })
  await client.connect()
  const before = await digestAll(client)
  await assert.rejects(restoreBackup({ url: elsewhere.url, path }), /not empty: there are rows in agency, app, /)
  assert.deepEqual(await digestAll(client), before)
  await client.end()
})

test('a database that a server has begun and nobody has used is taken; one that is in use is not', async () => {
  const begun = await createTestDatabase()
  try {
    const server = await startTestServer({ databaseUrl: begun.url, work: false })
    await assert.rejects(restoreBackup({ url: begun.ownerUrl, path }), /A server or a worker uses this database/)
    await server[Symbol.asyncDispose]()
    await restoreBackup({ url: begun.ownerUrl, path })
    const client = new pg.Client({ connectionString: begun.ownerUrl })
    await client.connect()
    assert.ok(countOf((await digestAll(client))['public.agency']) > 0)
    await client.end()
  } finally {
    await begun.drop()
  }
})

test('a restore that fails half-way leaves nothing', async () => {
  const empty = await createEmptyDatabase()
  try {
    await assert.rejects(restoreBackup({ url: empty.url, path: damaged.replace('damaged', 'flipped') }), /ENOENT/)
    const whole = readFileSync(path)
    writeFileSync(damaged, whole.subarray(0, whole.length - 1_000))
    await assert.rejects(restoreBackup({ url: empty.url, path: damaged }), /broken off|ends too early/)
    const client = new pg.Client({ connectionString: empty.url })
    await client.connect()
    assert.equal(
      (await client.query(`select count(*)::int as n from pg_class where relnamespace = 'public'::regnamespace`))
        .rows[0].n,
      0,
    )
    await client.end()
    await restoreBackup({ url: empty.url, path })
  } finally {
    await empty.drop()
  }
})

test('a backup is never written over, and leaves nothing where it cannot be written', async () => {
  await assert.rejects(
    writeBackup({ url: ownerUrlOf(story.server.databaseUrl), path }),
    /exists. A backup is never written over/,
  )
  await assert.rejects(
    writeBackup({ url: ownerUrlOf(story.server.databaseUrl), path: join(folder, 'no/such/folder') }),
    /cannot be written/,
  )
  await assert.rejects(writeBackup({ url: 'postgres://127.0.0.1:1/nothing', path: join(folder, 'x') }), /ECONNREFUSED/)
})
