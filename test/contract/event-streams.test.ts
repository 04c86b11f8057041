import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type EventStream, openStream, until, within } from '../support/event-stream.ts'
import { tokensFor } from '../support/oauth.ts'
import { statementsOf } from '../support/statements.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

/** A fifth of them for each tenant. */
const STREAMS = 60
const EACH = 12
/** More than the buffers between us hold. */
const LONG = 30_000_000

let aheadMs = 0
let story: Story
let target: Actor
let snapshot: { id: string }
before(async () => {
  story = await startStory({
    work: false,
    streams: STREAMS,
    readerGraceSeconds: 1,
    clock: { nowMs: () => Date.now() + aheadMs },
  })
  target = await newLocation(story, 'Followed')
  snapshot = await story.agency.capture(story.template.id)
})
after(() => story?.[Symbol.asyncDispose]())

const newPush = async (): Promise<string> =>
  (await story.agency.post(`/${snapshot.id}/push`, { locationIds: [target.id] }, 202)).push.id
const eventsOf = (pushId: string) => `${story.server.url}${story.agency.path(`/pushes/${pushId}/events`)}`
const follow = (pushId: string, token = story.demo.agencyToken) => openStream(eventsOf(pushId), token)

const isLook = (text: string) => /from push\s+where/.test(text)

async function followAll(count: number, pushId: string): Promise<EventStream[]> {
  return Promise.all(Array.from({ length: count }, () => follow(pushId)))
}

test('however many follow a push, it is looked at once for all of them', async () => {
  const pushId = await newPush()
  const streams = await followAll(EACH, pushId)
  await until(() => streams.every((stream) => stream.names().includes('progress')), 'each has its first event')
  const texts = await statementsOf(story.server, () => pause(2_000))
  const looks = texts.filter(isLook)
  assert.ok(looks.length >= 2 && looks.length <= 10, `${looks.length} looks in 2 s for ${EACH} streams`)
  for (const stream of streams) stream.close()
  await until(
    async () => !(await statementsOf(story.server, () => pause(600))).some(isLook),
    'nobody looks for those who have left',
  )
})

test('followers of one push are told the same, whenever they came, each target once', async () => {
  const pushId = await newPush()
  const early = await follow(pushId)
  await until(() => early.names().includes('progress'), 'the first event')
  await story.agency.post(`/pushes/${pushId}/cancel`, {}, 202)
  const late = await follow(pushId)
  await Promise.all([early.ended, late.ended])
  assert.deepEqual(early.names(), ['progress', 'target', 'done'])
  assert.deepEqual(late.names(), ['progress', 'target', 'done'])
})

test('a tenant gets a share of the streams, and others notice nothing; beyond the end of all it is 503', async () => {
  const pushId = await newPush()
  const streams = await followAll(EACH, pushId)
  assert.deepEqual(new Set(streams.map((stream) => stream.status)), new Set([200]))
  const refused = await follow(pushId)
  assert.equal(refused.status, 429)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  const { partner, demo } = story
  const theirs = await partner.capture(demo.partner.locations[0]!.id)
  const elsewhere = await partner.client.post('/locations/', { companyId: partner.companyId, name: 'Theirs' })
  const { push } = await partner.post(`/${theirs.id}/push`, { locationIds: [elsewhere.body.id] }, 202)
  const other = await openStream(
    `${story.server.url}${partner.path(`/pushes/${push.id}/events`)}`,
    demo.partner.agencyToken,
  )
  assert.equal(other.status, 200)
  streams[0]?.close()
  let again: EventStream | undefined
  await until(async () => {
    again = await follow(pushId)
    return again.status === 200
  }, 'a place is free again')
  for (const stream of [...streams, other, again]) stream?.close()
})

test('beyond what one process serves, it is 503 with the time to come again', async () => {
  await using small = await startStory({ work: false, streams: 1 })
  const { push } = await small.agency.post(
    `/${(await small.agency.capture(small.template.id)).id}/push`,
    { locationIds: [small.empty.id] },
    202,
  )
  const partnerPush = async () => {
    const made = await small.partner.client.post('/locations/', { companyId: small.partner.companyId, name: 'Theirs' })
    const theirs = await small.partner.capture(small.demo.partner.locations[0]!.id)
    return (await small.partner.post(`/${theirs.id}/push`, { locationIds: [made.body.id] }, 202)).push.id
  }
  const first = await openStream(
    `${small.server.url}${small.agency.path(`/pushes/${push.id}/events`)}`,
    small.demo.agencyToken,
  )
  const second = await openStream(
    `${small.server.url}${small.partner.path(`/pushes/${await partnerPush()}/events`)}`,
    small.demo.partner.agencyToken,
  )
  assert.deepEqual([first.status, second.status], [200, 503])
  assert.ok(Number(second.headers.get('retry-after')) > 0)
  first.close()
})

test('a stream ends when its token is revoked', async () => {
  const { agency } = story
  const made = await agency.client.post(`/tokens/?companyId=${agency.companyId}`, {
    name: 'Follower',
    scopes: ['snapshots.readonly'],
  })
  const stream = await follow(await newPush(), made.body.secret)
  await until(() => stream.names().includes('progress'), 'it runs')
  assert.equal((await agency.client.delete(`/tokens/${made.body.token.id}?companyId=${agency.companyId}`)).status, 200)
  assert.ok(await within(2_000, stream.ended), 'it goes on')
  assert.ok(!stream.names().includes('done'))
})

test('a stream ends when its token expires', async () => {
  const pushId = await newPush()
  const [expiring, other] = [
    await follow(pushId, (await tokensFor(story, 'agency')).access_token),
    await follow(pushId),
  ]
  await until(() => expiring.names().includes('progress'), expiring.text() || `it runs: ${expiring.status}`)
  aheadMs += 2 * 86_400_000
  assert.ok(await within(3_000, expiring.ended), 'it goes on')
  assert.ok(!(await within(300, other.ended)), 'the token of another still holds')
  other.close()
})

test('a stream on which nothing happens says now and then that it is there', async () => {
  const stream = await follow(await newPush())
  await until(() => stream.names().includes('progress'), 'it runs')
  const before = stream.text()
  aheadMs += 16_000
  await until(() => stream.text().length > before.length, 'nothing is said')
  assert.match(stream.text().slice(before.length), /^: /)
  stream.close()
})

test('a reader that takes nothing is cut off, whatever it was to be sent', async () => {
  const { id: locationId, client } = story.template
  const form = new FormData()
  form.append(
    'conversationId',
    (await client.post('/conversations/', { locationId, contactId: await newContact() })).body.conversation.id,
  )
  form.append('locationId', locationId)
  form.append('fileAttachment', new Blob(['x'.repeat(LONG)], { type: 'text/plain' }), 'long.txt')
  const headers = { version: '2021-07-28', authorization: `Bearer ${story.demo.locations[0]!.token}` }
  const uploaded = await fetch(`${story.server.url}/conversations/messages/upload`, {
    method: 'POST',
    headers,
    body: form,
  })
  const answer = (await uploaded.json()) as { uploadedFiles?: Record<string, string> }
  const [link] = Object.values(answer.uploadedFiles ?? {})
  assert.ok(link, JSON.stringify(answer))
  const { hostname, port } = new URL(story.server.url)
  const socket = connect(Number(port), hostname).pause()
  socket.on('error', () => {})
  socket.write(`GET ${new URL(link).pathname} HTTP/1.1\r\nhost: x\r\n\r\n`)
  await pause(4_000)
  let received = 0
  socket.on('data', (data) => {
    received += data.length
  })
  const closed = once(socket, 'close')
  socket.resume()
  await until(async () => (await within(100, closed)) || received >= LONG, 'neither end nor file')
  assert.ok(received < LONG, 'the whole file was waiting for it')
  socket.destroy()
})

const newContact = async (): Promise<string> =>
  (
    await story.template.client.post('/contacts/', {
      locationId: story.template.id,
      firstName: 'Reader',
      email: 'reader@post.example',
    })
  ).body.contact.id
