import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { AppError } from '../../src/errors.ts'
import { maintain } from '../../src/jobs/maintain.ts'
import { writeRound } from '../../src/journal/round.ts'
import { createVisitorLimiter } from '../../src/operations/visitor-limit.ts'
import type { Client } from '../support/client.ts'
import { askAppToken, JR, SUBSCRIPTIONS } from '../support/journal.ts'
import { allow, ask, authoriseUrl, exchange } from '../support/oauth.ts'
import { TEST_OPERATOR } from '../support/server.ts'
import { type Story, startStory } from '../support/stories.ts'

const LIMIT = 10

/** Held still, so that a window is as long as the test says. */
let nowMs = Date.parse('2030-01-01T00:00:00Z')
let story: Story
before(async () => {
  story = await startStory({
    work: false,
    clock: { nowMs: () => nowMs },
    visitorLimit: LIMIT,
    trustedProxies: '127.0.0.1',
  })
})
after(() => story?.[Symbol.asyncDispose]())

const visit = (path: string, from: string, client: Client = story.server.client()) =>
  client.raw('GET', path, { headers: { version: '2021-07-28', 'x-forwarded-for': from } })

/** Statuses of so many calls, one after the other. */
async function statuses(count: number, call: () => Promise<{ status: number }>): Promise<number[]> {
  const seen: number[] = []
  for (let number = 0; number < count; number++) seen.push((await call()).status)
  return seen
}

async function publicPaths(): Promise<string[]> {
  const { id: locationId } = story.template
  const snapshot = await story.agency.capture(locationId)
  const { id } = await story.agency.post('/share/link', { snapshot_id: snapshot.id, share_type: 'permanent_link' }, 201)
  return [
    `/?share=${id}`,
    '/',
    '/docs',
    '/openapi.json',
    '/catalog',
    `/files/${locationId}/unknown0000000000000/x.png`,
    '/nothing/here',
    authoriseUrl(story.demo),
  ]
}

test('callers without a token are limited by their address, wherever they knock; the answer says when to come again', async () => {
  let block = 0
  for (const path of await publicPaths()) {
    nowMs += 10_000
    const from = `198.51.100.${++block}`
    const seen = await statuses(LIMIT, () => visit(path, from))
    assert.ok(!seen.includes(429), `${path}: ${seen}`)
    nowMs += 4_000
    const refused = await visit(path, from)
    assert.equal(refused.status, 429, path)
    assert.equal(refused.headers.get('retry-after'), '6', path)
    assert.notEqual((await visit(path, `198.51.100.${100 + block}`)).status, 429, 'somebody else notices nothing')
    nowMs += 6_000
    assert.notEqual((await visit(path, from)).status, 429, `${path}: a new window`)
  }
})

test('the token endpoint refuses before a body has come', async () => {
  nowMs += 10_000
  const from = { 'x-forwarded-for': '203.0.113.1', 'content-type': 'application/x-www-form-urlencoded' }
  const post = () =>
    story.server.client().raw('POST', '/oauth/token', { headers: from, body: 'grant_type=refresh_token' })
  assert.deepEqual(new Set(await statuses(LIMIT, post)), new Set([422]))
  const refused = await post()
  assert.deepEqual(
    [refused.status, refused.headers.get('retry-after'), refused.body.error],
    [429, '10', 'invalid_request'],
  )
})

test('an IPv6 network of 64 bits counts as one address, and an IPv4 address is itself however it is written', async () => {
  nowMs += 10_000
  for (let host = 1; host <= LIMIT; host++) assert.equal((await visit('/', `2001:db8:1:2::${host}`)).status, 200)
  assert.equal((await visit('/', '2001:db8:1:2:ffff:ffff:ffff:ffff')).status, 429)
  assert.equal((await visit('/', '2001:db8:1:3::1')).status, 200, 'the next network')
  for (let time = 1; time <= LIMIT; time++) assert.equal((await visit('/', '203.0.113.9')).status, 200)
  assert.equal((await visit('/', '::ffff:203.0.113.9')).status, 429)
  assert.equal((await visit('/', '::ffff:203.0.113.10')).status, 200, 'mapped addresses are not one network')
})

test('what a proxy that nobody trusts says of an address is not believed', async () => {
  await using strict = await startStory({ work: false, clock: { nowMs: () => nowMs }, visitorLimit: LIMIT })
  const call = (from: number) => visit('/', `203.0.113.${from}`, strict.server.client())
  for (let from = 1; from <= LIMIT; from++) assert.equal((await call(from)).status, 200)
  assert.equal((await call(200)).status, 429)
})

test('with a token nobody is counted as a stranger, and the probe of life answers always', async () => {
  nowMs += 10_000
  const { client, id } = story.template
  const from = '203.0.113.77'
  assert.ok(!(await statuses(LIMIT * 2, () => visit(`/locations/${id}/tags`, from, client))).includes(429))
  assert.deepEqual(new Set(await statuses(LIMIT * 2, () => visit('/health', from))), new Set([200]))
  assert.equal((await visit('/', from)).status, 200)
})

test('an app has a limit of its own wherever it calls from; whoever guesses its secret uses up no more than their own', async () => {
  nowMs += 10_000
  const { clientId, clientSecret } = story.demo.app
  const grant = (secret: string, from: string) =>
    story.server.client().raw('POST', '/oauth/token', {
      headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: secret,
        companyId: story.demo.companyId,
      }),
    })
  const guesses = await statuses(3, () => grant('wrong', '203.0.113.50'))
  assert.deepEqual(guesses, [401, 429, 429], 'a tenth of the limit for guesses')
  for (let host = 1; host <= LIMIT; host++) assert.equal((await grant('wrong', `203.0.113.${100 + host}`)).status, 401)
  for (let host = 1; host <= LIMIT; host++) assert.equal((await grant(clientSecret, `192.0.2.${host}`)).status, 200)
  const refused = await grant(clientSecret, '192.0.2.200')
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '10'])
})

test("wrong tokens are limited by their address; a right one from there is heard all the same, but for the operator's, which can be guessed", async () => {
  nowMs += 10_000
  const { client, id } = story.template
  const [from, path] = ['203.0.113.60', `/locations/${id}/tags`]
  const guess = (address: string) => visit(path, address, story.server.client(`pit-${randomUUID()}`))
  const wrong = await statuses(LIMIT * 5, () => guess(from))
  assert.deepEqual(new Set(wrong), new Set([401]))
  nowMs += 4_000
  const refused = await guess(from)
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '6'])
  assert.equal((await visit(path, from, client)).status, 200, 'a right token')
  assert.equal((await visit(path, from)).status, 401, 'none at all')
  assert.equal((await guess('203.0.113.61')).status, 401, 'from elsewhere')
  nowMs += 6_000
  assert.equal((await guess(from)).status, 401, 'a new window')

  const operate = (token: string, address = from) => visit('/agencies/', address, story.server.client(token))
  assert.equal((await operate('guess')).status, 401)
  assert.equal((await operate('guess')).status, 429)
  assert.equal((await operate(TEST_OPERATOR)).status, 429, 'right or wrong')
  assert.equal((await operate(TEST_OPERATOR, '203.0.113.62')).status, 200)
})

test('a signed URL of the journal is as good as a token; one whose signature does not fit is a visitor', async () => {
  nowMs += 10_000
  const { db, clock, bodies } = story.server.app.platform
  await maintain(story.server.app.platform)
  const app = story.server.client((await askAppToken(story.server, story.demo.app)).body.access_token)
  const portalId = story.demo.locations[0]?.portalId
  const wish = { subscriptionType: 'OBJECT', portalId, objectTypeId: '0-1', actions: ['CREATE'] }
  assert.equal((await app.post(SUBSCRIPTIONS, wish)).status, 200)
  await story.template.client.post('/contacts/', { locationId: story.template.id, firstName: 'Ann' })
  await writeRound({ db, bodies, nowMs: clock.nowMs, windowMs: 60_000, timeoutMs: 60_000 })
  const { url } = (await app.get(`${JR}/latest`)).body
  const from = '203.0.113.90'
  const read = (signed: string) => visit(signed.slice(story.server.url.length), from)
  assert.deepEqual(new Set(await statuses(LIMIT * 3, () => read(url))), new Set([200]))
  const wrong = url.replace('signature=', 'signature=x')
  assert.deepEqual(new Set(await statuses(LIMIT - 1, () => read(wrong))), new Set([403]))
  assert.equal((await read(url.replace(/&signature=.*/, ''))).status, 400)
  nowMs += 4_000
  const refused = await read(wrong)
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '6'])
  assert.equal((await visit('/', from)).status, 429)
  assert.equal((await read(url)).status, 200, 'a right one')
  nowMs += 6_000
})

test('a page that refuses says when to come again, too', async () => {
  nowMs += 10_000
  const code = (await allow(story, 'agency')).get('code') as string
  nowMs += 10_000
  assert.equal((await exchange(story, code)).status, 200)
  nowMs += 10_000
  for (let time = 0; time < LIMIT; time++) await ask(story, '/oauth/introspect', { token: 'x' })
  assert.equal((await ask(story, '/oauth/introspect', { token: 'x' })).status, 429)
  const page = await story.server.client().raw('GET', authoriseUrl(story.demo))
  assert.deepEqual([page.status, page.headers.get('retry-after')], [429, '10'])
  assert.match(String(page.headers.get('content-type')), /text\/html/)
})

test('however many addresses come, what is remembered of them stays small, and the crowd of those it does not know is limited too', () => {
  const limiter = createVisitorLimiter({ visitorLimit: 10, nowMs: () => nowMs })
  for (let number = 0; number < 150_000; number++) {
    try {
      limiter.visit(`2001:db8:${(number >> 8).toString(16)}:${(number & 255).toString(16)}::/64`)
    } catch (error) {
      assert.equal((error as AppError).code, 'rate_limited')
    }
  }
  assert.ok(limiter.size <= 60_000, `${limiter.size} names`)
  const known = () => limiter.visit('2001:db8:0:1::/64')
  for (let time = 0; time < 9; time++) known()
  assert.throws(known, /Too many requests/)
})
