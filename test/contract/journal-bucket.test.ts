import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import S3rver from 's3rver'
import { maintain } from '../../src/jobs/maintain.ts'
import { askAppToken, JR, Reader, readUrl, SUBSCRIPTIONS } from '../support/journal.ts'
import { type Story, startStory } from '../support/stories.ts'

const BUCKET = 'journals'
const folder = mkdtempSync(join(tmpdir(), 'tintype-s3-'))
const openStore = (port: number) =>
  new S3rver({
    port,
    address: '127.0.0.1',
    silent: true,
    directory: folder,
    configureBuckets: [{ name: BUCKET, configs: [] }],
  })
let store = openStore(0)
let port: number
let story: Story
let agoMs = 40 * 86_400_000

before(async () => {
  port = ((await store.run()) as { port: number }).port
  process.env.AWS_ACCESS_KEY_ID = 'S3RVER'
  process.env.AWS_SECRET_ACCESS_KEY = 'S3RVER'
  story = await startStory({
    alone: true,
    journalBucket: BUCKET,
    journalBucketUrl: `http://127.0.0.1:${port}`,
    clock: { nowMs: () => Date.now() - agoMs },
  })
})
after(async () => {
  await story?.[Symbol.asyncDispose]()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const appClient = async () => story.server.client((await askAppToken(story.server, story.demo.app)).body.access_token)
const make = () => story.empty.client.post('/contacts/', { locationId: story.empty.id, firstName: 'Ann' })
const objects = () => {
  const place = join(folder, BUCKET, 'journal', story.demo.app.appId)
  return existsSync(place) ? readdirSync(place).filter((name) => /\.gz\._S3rver_object$/.test(name)) : []
}

test('files are kept in the bucket and read from it; they go when their days are over', async () => {
  const app = await appClient()
  await app.post(SUBSCRIPTIONS, {
    subscriptionType: 'OBJECT',
    portalId: story.demo.locations[2]?.portalId,
    objectTypeId: '0-1',
    actions: ['CREATE'],
  })
  const reader = new Reader(app)
  await make()
  const [event] = await reader.events(1)
  assert.equal(event?.propertyChanges.firstname, 'Ann')
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from journal_segment where body is not null`.execute(story.server.owner())
  assert.deepEqual([objects().length, rows[0]?.n], [1, 0])
  agoMs = 0
  await store.close()
  await assert.rejects(maintain(story.server.app.platform), /the object store/)
  store = openStore(port)
  await store.run()
  await maintain(story.server.app.platform)
  assert.equal(objects().length, 0, 'what could not go goes the next time')
})

test('while the store is away nothing is lost: what waits is told when it is back, and readers are told to try again', async () => {
  const app = await appClient()
  const reader = new Reader(app)
  await make()
  await reader.events(1)
  const { body } = await app.get(`${JR}/latest`)
  await store.close()
  const away = await fetch(body.url)
  assert.equal(away.status, 503)
  await make()
  store = openStore(port)
  await store.run()
  await reader.events(1, 20_000)
  await readUrl(body.url)
})
