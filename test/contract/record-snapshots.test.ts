import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { inTransaction } from '../../src/db/transaction.ts'
import type { Client } from '../support/client.ts'
import { askAppToken, ended, JOURNAL_SCOPES, JR, SNAPSHOTS } from '../support/journal.ts'
import { allow } from '../support/oauth.ts'
import { startTestServer } from '../support/server.ts'
import { type Story, startStory } from '../support/stories.ts'

const TIMEOUT_MS = 400
let story: Story
let app: Client
let portalId: number
let objectId: number

before(async () => {
  story = await startStory({ alone: true, snapshotTimeoutMs: TIMEOUT_MS })
  app = await appClient()
  portalId = story.demo.locations[0]?.portalId as number
  const { id: locationId, client } = story.template
  const made = await client.post('/contacts/', { locationId, firstName: 'Ann', email: 'ann@snap.example' })
  objectId = await objectIdOf(made.body.contact.id)
})
after(() => story?.[Symbol.asyncDispose]())

async function appClient(scope?: string): Promise<Client> {
  const token = await askAppToken(story.server, story.demo.app, scope === undefined ? {} : { scope })
  assert.equal(token.status, 200, JSON.stringify(token.body))
  return story.server.client(token.body.access_token)
}

async function objectIdOf(id: string): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`select object_id as n from record where kind = 'contacts' and id = ${id}`.execute(story.server.owner())
  return rows[0]?.n as number
}

interface Wish {
  portalId?: number
  objectId?: number
  objectTypeId?: string
  properties?: string[]
}

async function ask(client: Client, wishes: readonly Wish[]): Promise<string[]> {
  const snapshotRequests = wishes.map((wish) => ({
    portalId,
    objectId,
    objectTypeId: '0-1',
    properties: ['email'],
    ...wish,
  }))
  const { status, body } = await client.post(SNAPSHOTS, { snapshotRequests })
  assert.equal(status, 200, JSON.stringify(body))
  return body.snapshotResponses.map(({ snapshotStatusId }: { snapshotStatusId: string }) => snapshotStatusId)
}

const outcome = async (client: Client, id: string) => {
  const { status, errorCode, message, initiatedAt, completedAt, journalOffset } = await ended(client, id)
  assert.ok(completedAt >= initiatedAt)
  assert.equal(journalOffset === undefined, status !== 'COMPLETED')
  return [status, errorCode, message].filter((one) => one !== undefined)
}

test('what cannot be told ends as FAILED with the reason, beside what can', async () => {
  const partner = story.demo.partner.locations[0]?.portalId as number
  const ids = await ask(app, [
    {},
    { objectId: 12_345 },
    { properties: ['email', 'no_such_property'] },
    { objectTypeId: '0-9999' },
    { portalId: partner },
    { portalId: 999_999_999 },
  ])
  const outcomes = []
  for (const id of ids) outcomes.push((await outcome(app, id)).slice(0, 2))
  assert.deepEqual(outcomes, [
    ['COMPLETED'],
    ['FAILED', 'VALIDATION_ERROR'],
    ['FAILED', 'VALIDATION_ERROR'],
    ['FAILED', 'VALIDATION_ERROR'],
    ['FAILED', 'PERMISSION_DENIED'],
    ['FAILED', 'PERMISSION_DENIED'],
  ])
})

test('a token of journal scopes alone works with the scopes of the app; one that names others is held to them', async () => {
  const journal = JOURNAL_SCOPES.join(' ')
  const plain = await appClient(journal)
  assert.deepEqual(await outcome(plain, (await ask(plain, [{}]))[0] as string), ['COMPLETED'])
  const narrow = await appClient(`${journal} businesses.readonly`)
  const [status, code] = await outcome(narrow, (await ask(narrow, [{}]))[0] as string)
  assert.deepEqual([status, code], ['FAILED', 'PERMISSION_DENIED'])
})

test('an app that was never granted the scope of a type is denied it, whatever its token asks for', async () => {
  const { server, demo, agency } = story
  const redirectUri = 'http://127.0.0.1:49999/callback'
  const made = await agency.client.post(`/apps/?companyId=${demo.companyId}`, {
    companyId: demo.companyId,
    name: 'Companies only',
    scopes: [...JOURNAL_SCOPES, 'crm.objects.companies.read'],
    redirectUris: [redirectUri],
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const app = { ...demo.app, clientId: made.body.app.clientId, clientSecret: made.body.secret }
  const place = { ...story, demo: { ...demo, app } } as Story
  await allow(place, demo.locations[0]?.id as string, { redirect_uri: redirectUri })
  for (const scope of [[], JOURNAL_SCOPES]) {
    const weak = server.client(
      (await askAppToken(server, app, scope.length === 0 ? {} : { scope: scope.join(' ') })).body.access_token,
    )
    const [ours, theirs] = await ask(weak, [{}, { objectTypeId: '0-2' }])
    assert.deepEqual((await outcome(weak, ours as string)).slice(0, 2), ['FAILED', 'PERMISSION_DENIED'])
    // Of a type that it may read it is told that nobody has this number.
    assert.deepEqual((await outcome(weak, theirs as string)).slice(0, 2), ['FAILED', 'VALIDATION_ERROR'])
  }
})

test('what nobody works on is PENDING, and EXPIRED once its time is over', async () => {
  await using alone = await startStory({ alone: true, work: false, snapshotWindowSeconds: 1 })
  const token = await askAppToken(alone.server, alone.demo.app)
  const idle = alone.server.client(token.body.access_token)
  const [id] = await ask(idle, [{ portalId: alone.demo.locations[0]?.portalId as number }])
  const first = await idle.get(`${SNAPSHOTS}/status/${id}`)
  assert.deepEqual([first.body.status, 'completedAt' in first.body], ['PENDING', false])
  await pause(1_100)
  await using _worker = await startTestServer({ databaseUrl: alone.server.databaseUrl, snapshotWindowSeconds: 1 })
  const [status, message] = await outcome(idle, id as string)
  assert.equal(status, 'EXPIRED')
  assert.match(message, /Ask for it again/)
})

/** Nobody reads a record until this is disposed of. */
async function lockRecords(): Promise<AsyncDisposable> {
  const locked = Promise.withResolvers<void>()
  const free = Promise.withResolvers<void>()
  const holding = inTransaction(story.server.owner(), async (tx) => {
    await sql`lock table record in access exclusive mode`.execute(tx)
    locked.resolve()
    await free.promise
  })
  await locked.promise
  return {
    async [Symbol.asyncDispose]() {
      free.resolve()
      await holding
    },
  }
}

test('one that is being read is IN_PROGRESS, and TIMEOUT when reading takes too long', async () => {
  const locked = await lockRecords()
  const [id] = await ask(app, [{}])
  const seen = new Set<string>()
  const endMs = performance.now() + 15_000
  for (;;) {
    const { body } = await app.get(`${SNAPSHOTS}/status/${id}`)
    seen.add(body.status)
    if (body.status === 'FAILED' || performance.now() > endMs) break
    await pause(20)
  }
  await locked[Symbol.asyncDispose]()
  assert.ok(seen.has('IN_PROGRESS'), [...seen].join(', '))
  assert.deepEqual((await outcome(app, id as string)).slice(0, 2), ['FAILED', 'TIMEOUT'])
  assert.deepEqual(await outcome(app, (await ask(app, [{}]))[0] as string), ['COMPLETED'])
})

test('the limit is for reading records: whatever takes longer to be written down is written down', async () => {
  const owner = story.server.owner()
  await sql`create function dawdle() returns trigger language plpgsql as $$
    begin perform pg_sleep(${sql.lit(TIMEOUT_MS / 500)}); return null; end $$`.execute(owner)
  for (const table of ['snapshot_request', 'journal_segment'])
    await sql`create trigger dawdle after insert or update on ${sql.table(table)}
      for each statement execute function dawdle()`.execute(owner)
  try {
    assert.deepEqual(await outcome(app, (await ask(app, [{}]))[0] as string), ['COMPLETED'])
  } finally {
    await sql`drop function dawdle cascade`.execute(owner)
  }
})

test('a fault of ours is INTERNAL_ERROR, and the next one works', async () => {
  const owner = story.server.owner()
  await sql`alter table record rename column object_id to object_id_away`.execute(owner)
  const [id] = await ask(app, [{}])
  const failed = await ended(app, id as string)
  await sql`alter table record rename column object_id_away to object_id`.execute(owner)
  assert.deepEqual([failed.status, failed.errorCode], ['FAILED', 'INTERNAL_ERROR'])
  assert.deepEqual(await outcome(app, (await ask(app, [{}]))[0] as string), ['COMPLETED'])
})

test('a status is known as soon as its request is answered, to its app alone, at each of its paths', async () => {
  const [id] = await ask(app, [{}])
  await ended(app, id as string)
  const paths = [
    '/webhooks-journal/snapshots/2026-03/crm/status',
    '/webhooks-journal/snapshots/2026-09/crm/status',
    '/webhooks-journal/journal/2026-03/status',
    '/webhooks/v4/journal/status',
    '/webhooks/v4/snapshots/crm/status',
  ]
  const answers = await Promise.all(paths.map((path) => app.get(`${path}/${id}`)))
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
  assert.equal(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1)
  const [unknown, wrong] = [`${(id as string).slice(0, -4)}00ff`, 'no-id']
  for (const one of [unknown, wrong]) assert.equal((await app.get(`${SNAPSHOTS}/status/${one}`)).status, 404)
})

test("the document's own example is answered in its shapes, and its polling recipe comes to an end", async () => {
  const email = { portalId: 12345, objectTypeId: '0-1' }
  const snapshotRequests = [
    { ...email, objectId: 1001, properties: ['email', 'firstname', 'lastname', 'phone'] },
    { ...email, objectId: 1002, properties: ['email', 'company'] },
    { portalId, objectId, objectTypeId: '0-1', properties: ['email', 'company'] },
  ]
  const { status, body } = await app.post(SNAPSHOTS, { snapshotRequests })
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body), ['snapshotResponses'])
  assert.deepEqual(
    body.snapshotResponses.map(({ snapshotStatusId, ...rest }: { snapshotStatusId: string }) => {
      assert.match(snapshotStatusId, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
      return rest
    }),
    snapshotRequests.map(({ properties: _, ...rest }) => rest),
  )
  const statuses = []
  for (const { snapshotStatusId } of body.snapshotResponses) statuses.push(await ended(app, snapshotStatusId))
  assert.deepEqual(
    statuses.map(({ status: word, errorCode }) => [word, errorCode]),
    [
      ['FAILED', 'PERMISSION_DENIED'],
      ['FAILED', 'PERMISSION_DENIED'],
      ['COMPLETED', undefined],
    ],
  )
  const { id, initiatedAt, completedAt, status: word, journalOffset, ...more } = statuses[2]
  assert.deepEqual([typeof id, word, typeof journalOffset, more], ['string', 'COMPLETED', 'string', {}])
  assert.ok(Number.isInteger(initiatedAt) && Number.isInteger(completedAt))
  const tooMany = Array.from({ length: 10_001 }, () => snapshotRequests[0])
  const refused = await app.post(SNAPSHOTS, { snapshotRequests: tooMany })
  assert.deepEqual([refused.status, refused.body.category], [400, 'VALIDATION_ERROR'])
})

test('a setting says SUCCESS for what has come to a good end', async () => {
  await using other = await startTestServer({
    databaseUrl: story.server.databaseUrl,
    work: false,
    snapshotSuccess: 'SUCCESS',
  })
  const token = await askAppToken(story.server, story.demo.app)
  const [id] = await ask(app, [{}])
  await ended(app, id as string)
  const { body } = await other.client(token.body.access_token).get(`${SNAPSHOTS}/status/${id}`)
  assert.equal(body.status, 'SUCCESS')
})

test('one that is asked for by another name of its type, as it was, says what it is and when it was written', async () => {
  const [id] = await ask(app, [{ objectTypeId: 'CONTACTS', properties: ['lastmodifieddate'] }])
  const { journalOffset } = await ended(app, id as string)
  const { client } = story.template
  const writtenAt = async () => {
    const list = await client.raw('GET', `/crm/v3/objects/contacts/${objectId}?properties=lastmodifieddate`)
    return list.body.properties.lastmodifieddate
  }
  const first = await writtenAt()
  await pause(5)
  const asOf = new Date().toISOString()
  await pause(5)
  await client.raw('PATCH', `/crm/v3/objects/contacts/${objectId}`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ properties: { city: 'Hudson' } }),
  })
  assert.notEqual(await writtenAt(), first)
  const wish = { portalId, objectId, objectTypeId: '0-1', properties: ['lastmodifieddate'], asOf }
  const { body } = await app.post(SNAPSHOTS, { snapshotRequests: [wish] })
  const then = await ended(app, body.snapshotResponses[0].snapshotStatusId)
  const eventAt = async (offset: string) => {
    const { body: batch } = await app.post(`${JR}/batch/read?inline=true`, { inputs: [offset] })
    return batch.results[0].journalEvents.at(-1)
  }
  assert.equal((await eventAt(journalOffset)).objectTypeId, '0-1')
  assert.equal((await eventAt(then.journalOffset)).propertyChanges.lastmodifieddate, first)
})

test('a number that no program could read exactly is nobody, and others beside it are told', async () => {
  const { status, body } = await app.raw('POST', SNAPSHOTS, {
    headers: { 'content-type': 'application/json' },
    body: `{"snapshotRequests":[{"portalId":${portalId},"objectId":9007199254740993,"objectTypeId":"0-1","properties":["email"]},
      {"portalId":${portalId},"objectId":${objectId},"objectTypeId":"0-1","properties":["email"]}]}`,
  })
  assert.equal(status, 200, JSON.stringify(body))
  const [odd, even] = body.snapshotResponses
  assert.deepEqual((await outcome(app, odd.snapshotStatusId)).slice(0, 2), ['FAILED', 'VALIDATION_ERROR'])
  assert.deepEqual(await outcome(app, even.snapshotStatusId), ['COMPLETED'])
})
