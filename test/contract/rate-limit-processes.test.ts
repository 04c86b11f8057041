import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { forgetCounts } from '../../src/auth/rate-counts.ts'
import { createClient, type Reply } from '../support/client.ts'
import { Service } from '../support/crash.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

const DAY_MS = 86_400_000
const LIMIT = 40

let story: Story
before(async () => {
  story = await startStory({ work: false })
})
after(() => story?.[Symbol.asyncDispose]())

const db = () => story.server.app.platform.db

/** All private tokens of a location share one window: each test has a location of its own. */
let place = ''
const places = new Map<string, string>()

async function newToken(): Promise<string> {
  const { demo, agency } = story
  place = (await newLocation(story, 'Limited')).id
  const made = await agency.client.post(`/tokens/?companyId=${demo.companyId}`, {
    name: 'limited',
    scopes: ['*'],
    locationId: place,
  })
  places.set(made.body.secret, place)
  return made.body.secret
}

const tags = (url: string, token: string) => createClient(url, token).get(`/locations/${places.get(token)}/tags`)

const leftOf = ({ headers }: Reply, of: 'remaining' | 'daily-remaining') => Number(headers.get(`x-ratelimit-${of}`))

const allowed = (replies: Reply[]) => replies.filter(({ status }) => status === 200).length

/** Until the database knows of this many calls in the newest location. */
async function known(count: number, column: 'interval_count' | 'day_count' = 'interval_count'): Promise<void> {
  const read = sql<{ count: number }>`
    select ${sql.ref(column)} as count from rate_count where name = ${`private/${place}`}`
  for (let tries = 0; (await read.execute(db())).rows[0]?.count !== count; tries++) {
    assert.ok(tries < 1000, `the database does not get to ${count}`)
    await pause(10)
  }
}

/** Until a server has heard what the database answered: that a count is there is known before. */
async function heard({ app }: TestServer): Promise<void> {
  const { pool } = app.database
  for (let tries = 0; pool.idleCount < pool.totalCount; tries++) {
    assert.ok(tries < 1000, 'it goes on asking')
    await pause(10)
  }
}

test('two processes go beyond a limit by no more than they could not know of each other, and kill -9 forgets nothing', async () => {
  const env = { TINTYPE_RATE_LIMIT: '1000000', TINTYPE_RATE_LIMIT_DAILY: String(LIMIT) }
  const services = [1, 2].map(() => new Service({ command: 'serve', databaseUrl: story.server.databaseUrl, env })) as [
    Service,
    Service,
  ]
  try {
    // The limit of a day: a test is hardly ever run across midnight.
    if (DAY_MS - (Date.now() % DAY_MS) < 30_000) await pause(30_000)
    for (const service of services) service.start()
    const [first, second] = await Promise.all([services[0].ready, services[1].ready])
    const token = await newToken()
    assert.equal(allowed(await Promise.all(Array.from({ length: 30 }, () => tags(first, token)))), 30)
    await known(30, 'day_count')
    await tags(second, token)
    await known(31, 'day_count')
    await pause(250)
    const reply = await tags(second, token)
    assert.deepEqual(
      [reply.status, leftOf(reply, 'daily-remaining')],
      [200, LIMIT - 32],
      'it knows what was called elsewhere',
    )

    // The first knows of 30 or more, the second of 32: neither lets through more than what it sees left.
    const burst = await Promise.all(Array.from({ length: 60 }, (_, index) => tags([first, second][index % 2]!, token)))
    assert.ok(allowed(burst) >= LIMIT - 32 && allowed(burst) <= LIMIT - 30 + LIMIT - 32, String(allowed(burst)))
    await known(92, 'day_count')
    for (const url of [first, second]) {
      const refused = await tags(url, token)
      assert.deepEqual([refused.status, leftOf(refused, 'daily-remaining')], [429, 0])
    }
    await known(94, 'day_count')
    await assertPaced(first, second)
    await services[1].end()
    await services[0].crash()
    const again = await tags(await services[0].ready, token)
    assert.deepEqual([again.status, leftOf(again, 'daily-remaining')], [429, 0], 'the day goes on where it was')
  } finally {
    for (const service of services) await service.end()
  }
})

/** Half a second and two statements are promised; the rest is for a machine that does other things too. */
const PROMISED_MS = 500 + 1500

/** Calls that come steadily to both: soon after their sum has reached the limit, neither lets one through. */
async function assertPaced(...urls: [string, string]): Promise<void> {
  const token = await newToken()
  let [passed, refused, reachedMs] = [0, 0, Number.POSITIVE_INFINITY]
  for (let call = 0; refused < 10; call++) {
    const sentMs = performance.now()
    const { status } = await tags(urls[call % 2]!, token)
    refused = status === 429 ? refused + 1 : 0
    if (status === 200 && ++passed === LIMIT) reachedMs = performance.now()
    assert.ok(
      status === 429 || sentMs < reachedMs + PROMISED_MS,
      `let through ${sentMs - reachedMs} ms after the limit was reached`,
    )
    await pause(5)
  }
  assert.ok(passed >= LIMIT && passed <= 2 * LIMIT, String(passed))
}

const HELD = Date.parse('2030-01-01T12:00:00Z')

async function startPair(clock: { nowMs(): number }, rateLimit = 5): Promise<[TestServer, TestServer]> {
  const start = () =>
    startTestServer({ work: false, clock, rateLimit, rateLimitDaily: 100, databaseUrl: story.server.databaseUrl })
  return [await start(), await start()]
}

test('the headers of one server count what another has told; each window begins anew for both', async () => {
  let nowMs = HELD
  const pair = await startPair({ nowMs: () => nowMs })
  await using _first = pair[0]
  await using _second = pair[1]
  const [first, second] = [pair[0].url, pair[1].url]
  const token = await newToken()
  for (let call = 1; call <= 2; call++) assert.equal(leftOf(await tags(first, token), 'remaining'), 5 - call)
  await known(2)
  await tags(second, token)
  await known(3)
  await heard(pair[1])
  assert.deepEqual(
    [leftOf(await tags(second, token), 'remaining'), leftOf(await tags(second, token), 'remaining')],
    [1, 0],
  )
  await known(5)
  assert.equal((await tags(second, token)).status, 429)
  nowMs += 9_999
  assert.equal((await tags(second, token)).status, 429)
  nowMs += 1
  const next = await tags(second, token)
  assert.deepEqual([next.status, leftOf(next, 'remaining'), leftOf(next, 'daily-remaining')], [200, 4, 92])
  await known(1)
  await tags(first, token)
  await known(2)
  await heard(pair[0])
  const last = await tags(first, token)
  assert.deepEqual([last.status, leftOf(last, 'remaining'), leftOf(last, 'daily-remaining')], [200, 2, 90])
})

test('a server that ends tells what it has counted; the next one goes on from there', async () => {
  const clock = { nowMs: () => HELD + 60_000 }
  const [first, second] = await startPair(clock)
  await second[Symbol.asyncDispose]()
  const token = await newToken()
  for (let call = 1; call <= 3; call++) await tags(first.url, token)
  await first[Symbol.asyncDispose]()
  await using third = await startTestServer({
    work: false,
    clock,
    rateLimit: 5,
    rateLimitDaily: 100,
    databaseUrl: story.server.databaseUrl,
  })
  const reply = await tags(third.url, token)
  assert.deepEqual([leftOf(reply, 'remaining'), leftOf(reply, 'daily-remaining')], [1, 96])
})

test('while counts cannot be exchanged, each server goes on with its own; later nothing is missing', async () => {
  const [first, second] = await startPair({ nowMs: () => HELD + 120_000 })
  await second[Symbol.asyncDispose]()
  await using _first = first
  const token = await newToken()
  await sql`alter table rate_count rename to rate_count_away`.execute(story.server.owner())
  try {
    for (let call = 1; call <= 3; call++) {
      const reply = await tags(first.url, token)
      assert.deepEqual([reply.status, leftOf(reply, 'remaining')], [200, 5 - call])
      await pause(40)
    }
  } finally {
    await sql`alter table rate_count_away rename to rate_count`.execute(story.server.owner())
  }
  assert.equal(leftOf(await tags(first.url, token), 'remaining'), 1)
  await known(4)
})

test('counts of days that are over are forgotten', async () => {
  await forgetCounts(db(), HELD + DAY_MS)
  const { rows } = await sql`select 1 from rate_count where day_started_ms < ${HELD + DAY_MS}`.execute(db())
  assert.equal(rows.length, 0)
})
