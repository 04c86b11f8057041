import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import type { Client } from '../support/client.ts'
import {
  askAppToken,
  ended,
  type JournalEvent,
  JR,
  Reader,
  readUrl,
  SNAPSHOTS,
  SUBSCRIPTIONS,
} from '../support/journal.ts'
import { type Actor, type Story, startStory } from '../support/stories.ts'

const MINUTE = 60_000

let aheadMs = 0
let story: Story
let app: Client
let place: Actor
let portalId: number

before(async () => {
  story = await startStory({ journalUrlSeconds: 60, clock: { nowMs: () => Date.now() + aheadMs } })
  const token = await askAppToken(story.server, story.demo.app)
  app = story.server.client(token.body.access_token)
  place = story.empty
  portalId = story.demo.locations[2]?.portalId as number
  await subscribe({})
})
after(() => story?.[Symbol.asyncDispose]())

async function subscribe(wish: Record<string, unknown>) {
  const { status, body } = await app.post(SUBSCRIPTIONS, {
    subscriptionType: 'OBJECT',
    portalId,
    objectTypeId: '0-1',
    actions: ['CREATE', 'UPDATE', 'DELETE'],
    ...wish,
  })
  assert.equal(status, 200, JSON.stringify(body))
  return body
}

let made = 0
/** One more contact, and the place in the journal behind its event. */
async function happen(): Promise<string> {
  const reader = new Reader(app)
  await reader.rest()
  const reply = await place.client.post('/contacts/', { locationId: place.id, firstName: `Contact ${made++}` })
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  await reader.events(1)
  return reader.offset as string
}

test('a signed URL needs no token, and works neither with a changed byte nor after its time', async () => {
  await happen()
  const { body: pointer } = await app.get(`${JR}/latest`)
  assert.deepEqual(Object.keys(pointer).sort(), ['currentOffset', 'expiresAt', 'url'])
  const file = await readUrl(pointer.url)
  assert.deepEqual(Object.keys(file), ['offset', 'journalEvents', 'publishedAt'])
  const url = new URL(pointer.url)
  for (const name of url.searchParams.keys()) {
    const changed = new URL(url)
    const value = url.searchParams.get(name) as string
    const last = value.at(-1) === '1' ? '2' : '1'
    changed.searchParams.set(name, value.slice(0, -1) + last)
    assert.equal((await fetch(changed)).status, 403, name)
  }
  for (const [from, to] of [
    [file.offset, file.offset.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))],
    [story.demo.app.appId, '0123456789abcdef01234567'],
  ] as const)
    assert.equal((await fetch(pointer.url.replace(from, to))).status, 403)
  aheadMs = MINUTE
  const late = await fetch(pointer.url)
  aheadMs = 0
  assert.equal(late.status, 403)
  const refusal = (await late.json()) as { status: string; message: string }
  assert.deepEqual([refusal.status, /expired/.test(refusal.message)], ['error', true])
})

/** What a plain client gets, with these headers. */
function get(url: string, headers: Record<string, string>): Promise<{ encoding: string | undefined; bytes: Buffer }> {
  return new Promise((done, failed) =>
    request(url, { headers }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      done({ encoding: response.headers['content-encoding'], bytes: Buffer.concat(chunks) })
    })
      .once('error', failed)
      .end(),
  )
}

test('a file comes packed to whoever takes that, and plain to others', async () => {
  await happen()
  const { body } = await app.get(`${JR}/latest`)
  const packed = await get(body.url, { 'accept-encoding': 'gzip' })
  const plain = await get(body.url, {})
  assert.deepEqual([packed.encoding, plain.encoding], ['gzip', undefined])
  assert.equal(gunzipSync(packed.bytes).toString(), plain.bytes.toString())
  assert.equal(JSON.parse(plain.bytes.toString()).journalEvents.length, 1)
})

test('an offset that was never given is unknown; who has caught up gets 204', async () => {
  const offset = await happen()
  assert.equal((await app.raw('GET', `${JR}/offset/${offset}/next`)).status, 204)
  for (const wrong of [
    'nothing',
    '550e8400-e29b-41d4-a716-446655440000',
    offset.replace(/.$/, (c) => (c === '0' ? '1' : '0')),
  ]) {
    const reply = await app.get(`${JR}/offset/${wrong}/next`)
    assert.deepEqual([reply.status, reply.body.category], [404, 'OBJECT_NOT_FOUND'], wrong)
  }
})

test('batches read forwards, backwards, and by name', async () => {
  const offsets = [await happen(), await happen(), await happen()]
  const next = await app.get(`${JR}/batch/${offsets[0]}/next/10`)
  assert.equal(next.body.status, 'COMPLETE')
  const at = (reply: typeof next) => reply.body.results.map((one: { currentOffset: string }) => one.currentOffset)
  assert.deepEqual(at(next), offsets.slice(1))
  assert.deepEqual(at(await app.get(`${JR}/batch/latest/2`)), offsets.slice(1))
  const unknown = '550e8400-e29b-41d4-a716-446655440000'
  const read = await app.post(`${JR}/batch/read`, { inputs: [offsets[1], unknown] })
  assert.deepEqual([read.status, at(read), read.body.numErrors], [207, [offsets[1]], 1])
  assert.deepEqual(read.body.errors[0].context, { ids: [unknown] })
  assert.equal((await app.post(`${JR}/batch/read`, { inputs: [offsets[1]] })).status, 200)
  assert.equal((await app.get(`${JR}/batch/latest/101`)).status, 400)
})

test('a long poll hears of a change, an inline pointer holds it, and a cursor is kept', async () => {
  const offset = await happen()
  const waiting = app.raw('GET', `${JR}/offset/${offset}/next?wait=10&inline=true`)
  await pause(100)
  const startedMs = performance.now()
  await place.client.post('/contacts/', { locationId: place.id, firstName: 'Heard' })
  const reply = await waiting
  assert.equal(reply.status, 200)
  assert.ok(performance.now() - startedMs < 2_000)
  assert.equal(reply.body.journalEvents[0].propertyChanges.firstname, 'Heard')
  assert.equal((await app.raw('GET', `${JR}/offset/${reply.body.currentOffset}/next?wait=1`)).status, 204)
  assert.equal((await app.get(`${JR}/consumers/mine`)).status, 404)
  const set = await app.put(`${JR}/consumers/mine`, { offset: reply.body.currentOffset })
  assert.equal(set.status, 200, JSON.stringify(set.body))
  const kept = await app.get(`${JR}/consumers/mine`)
  assert.deepEqual([kept.body.name, kept.body.offset], ['mine', reply.body.currentOffset])
  assert.equal((await app.put(`${JR}/consumers/mine`, { offset: '550e8400-e29b-41d4-a716-446655440000' })).status, 404)
  assert.equal((await app.raw('DELETE', `${JR}/consumers/mine`)).status, 204)
})

test('a stream sends each file, and begins where the last one ended', async () => {
  const offset = await happen()
  const expected = [await happen(), await happen()]
  const headers = { authorization: `Bearer ${(await askAppToken(story.server, story.demo.app)).body.access_token}` }
  const read = async (more: Record<string, string>, count: number) => {
    const over = new AbortController()
    const response = await fetch(`${story.server.url}${JR}/stream`, {
      headers: { ...headers, ...more },
      signal: over.signal,
    })
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
    let text = ''
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString()
      if (text.match(/^id: /gm)?.length === count) break
    }
    over.abort()
    return [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id)
  }
  assert.deepEqual(await read({ 'last-event-id': offset }, 2), expected)
  assert.deepEqual(await read({ 'last-event-id': expected[0] as string }, 1), [expected[1]])
})

test('the journal of one portal tells of it alone; a portal where the app is not is refused', async () => {
  const other = story.demo.locations[1]?.portalId as number
  await subscribe({ portalId: other })
  const reader = new Reader(app)
  await reader.rest()
  const both = await Promise.all(
    [place, story.byHand].map(({ client, id }) => client.post('/contacts/', { locationId: id, firstName: 'Both' })),
  )
  assert.deepEqual(
    both.map(({ status }) => status),
    [201, 201],
  )
  await reader.events(2)
  for (const family of ['journal', 'journal-local']) {
    const { body } = await app.get(`/webhooks-journal/${family}/2026-03/latest?installPortalId=${other}`)
    const { journalEvents } = await readUrl(body.url)
    assert.deepEqual([...new Set(journalEvents.map((event) => event.portalId))], [other])
  }
  const foreign = story.demo.partner.locations[0]?.portalId
  const refused = await app.get(`${JR}/latest?installPortalId=${foreign}`)
  assert.deepEqual([refused.status, refused.body.category], [403, 'MISSING_SCOPES'])
  const several = await app.get('/webhooks-journal/journal-local/2026-03/latest')
  assert.match(several.body.message, /installPortalId must say which/)
  const { paths } = (await app.get('/openapi.json')).body
  const said = paths['/webhooks-journal/journal-local/2026-03/latest'].get.parameters.find(
    ({ name }: { name: string }) => name === 'installPortalId',
  )
  assert.match(JSON.stringify(said), /needed unless the app is installed in one portal alone/)
  assert.equal((await app.raw('DELETE', `${SUBSCRIPTIONS}/portals/${other}`)).status, 204)
})

test('what HubSpot serves under other versions is served there, too', async () => {
  const offset = await happen()
  for (const path of [
    `/webhooks-journal/journal/2026-09/latest`,
    `/webhooks-journal/journal/2025-09/latest`,
    `/webhooks-journal/journal/v4/latest`,
    `/webhooks/v4/journal/latest`,
    `/webhooks/2026-03/journal/latest`,
  ])
    assert.equal((await app.get(path)).body.currentOffset, offset, path)
  for (const path of ['/webhooks/v4/subscriptions', '/webhooks-journal/subscriptions/v4'])
    assert.ok((await app.get(path)).body.results.length > 0)
})

test('tokens of other kinds do not read a journal, nor does that of an app read locations', async () => {
  for (const client of [place.client, story.agency.client, story.server.client()]) {
    const reply = await client.get(`${JR}/latest`)
    assert.ok([401, 403].includes(reply.status), String(reply.status))
    assert.equal(reply.body.status, 'error')
  }
  const reply = await app.get(`/contacts/?locationId=${place.id}`)
  assert.equal(reply.status, 401)
})

test('a snapshot is in the journal at the offset that its status names', async () => {
  const reader = new Reader(app)
  await reader.rest()
  await place.client.post('/contacts/', { locationId: place.id, firstName: 'Snap' })
  const [{ objectId }] = (await reader.events(1)) as [JournalEvent]
  const asked = await app.post(SNAPSHOTS, {
    snapshotRequests: [{ portalId, objectId, objectTypeId: '0-1', properties: ['firstname'] }],
  })
  const { journalOffset } = await ended(app, asked.body.snapshotResponses[0].snapshotStatusId)
  const file = await reader.next()
  assert.equal(file?.offset, journalOffset)
})
