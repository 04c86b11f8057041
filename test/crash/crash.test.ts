import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { OUTCOMES } from '../../src/snapshots/options.ts'
import { type Client, createClient, type Reply } from '../support/client.ts'
import { type Killed, rage, Service, seeded } from '../support/crash.ts'
import { compareDatabases } from '../support/crash-rows.ts'
import { type CrashWorld, createCrashWorld } from '../support/crash-world.ts'
import { administer, createTestDatabase, ownerUrlOf, type TestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'

/** Kills that must fall into pushes under way. */
const ROUNDS = Number(process.env.TINTYPE_CRASH_ROUNDS ?? 6)
const SEED = Number(process.env.TINTYPE_CRASH_SEED ?? randomInt(1_000_000))
const LIMIT_MS = 20 * 60_000
/** One push, kills included; nothing may hang. */
const PUSH_MS = 5 * 60_000
/**
 * What is done, in this order, until all kills have happened: the kills are spread over the pushes, and the first three
 * always happen.
 */
const SCRIPT = ['2', 'undo', '3', 'undo', '2', '3'] as const
type Act = (typeof SCRIPT)[number]
const FEWEST_ACTS = 3
/** Never with an undo as the last act: little would be left to compare. */
const isEnough = (acts: readonly Act[], kills: number) =>
  kills >= ROUNDS && acts.length >= FEWEST_ACTS && acts.at(-1) !== 'undo'
const KILLS_PER_PUSH = Math.ceil(ROUNDS / Math.max(FEWEST_ACTS, ROUNDS / 10))
/** The long run is the one with all targets. */
const TARGETS = ROUNDS < 50 ? 60 : 300

let calm: TestDatabase
let stormy: TestDatabase
let world: CrashWorld

before(async () => {
  calm = await createTestDatabase()
  world = await createCrashWorld(calm.url, TARGETS)
  stormy = await clone(calm)
})
after(async () => {
  await stormy?.drop()
  await calm?.drop()
})

/** The same rows under another name, which the runner knows how to clean up. */
async function clone({ url }: TestDatabase): Promise<TestDatabase> {
  const copy = new URL(url)
  copy.pathname += '_stormy'
  const [original, name] = [url, copy.href].map((address) => new URL(address).pathname.slice(1))
  const server = process.env.TINTYPE_TEST_SERVER_URL as string
  await administer(server, (client) => client.query(`create database ${name} template ${original}`))
  return {
    url: copy.href,
    ownerUrl: ownerUrlOf(copy.href),
    drop: () => administer(server, (client) => client.query(`drop database if exists ${name} with (force)`)),
  }
}

interface Request {
  method: 'get' | 'post'
  path: string
  body?: object
  key?: string
}

type Send = (request: Request) => Promise<Reply>

/**
 * Sends the script's acts one after the other. The order is the same in both databases; a key makes a repeated start
 * the same start.
 */
class Director {
  readonly acts: Act[] = []
  /** How each act ended, without the moments and ids. */
  readonly ends: { totals: Record<string, number> }[] = []
  readonly #standing: string[] = []
  readonly #send: Send

  constructor(send: Send) {
    this.#send = send
  }

  async start(act: Act): Promise<string> {
    const query = `?companyId=${world.companyId}`
    const undone = act === 'undo' ? this.#standing.pop() : undefined
    const [path, body] =
      act === 'undo'
        ? [`/snapshots/pushes/${undone}/rollback${query}`, {}]
        : [`/snapshots/${world.snapshotId}/push${query}`, { locationIds: 'all', version: Number(act), deletions: true }]
    const reply = await this.#send({ method: 'post', path, body, key: `act-${this.acts.length}` })
    assert.equal(reply.status, 202, JSON.stringify(reply.body))
    this.acts.push(act)
    if (act !== 'undo') this.#standing.push(reply.body.push.id)
    return reply.body.push.id
  }

  /** Settles when the push is over. Nobody tells it: it asks, until it is told that there is no use. */
  async end(pushId: string, signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + PUSH_MS
    for (;;) {
      signal?.throwIfAborted()
      const { status, body } = await this.#send({
        method: 'get',
        path: `/snapshots/pushes/${pushId}?companyId=${world.companyId}`,
      })
      assert.equal(status, 200, JSON.stringify(body))
      if (!['pending', 'processing'].includes(body.push.status)) {
        const { id, reverts, createdAt, startedAt, finishedAt, ...rest } = body.push
        this.ends.push(rest)
        return
      }
      assert.ok(Date.now() < deadline, `push ${pushId} did not end: ${JSON.stringify(body)}`)
      await pause(100)
    }
  }
}

test(`${ROUNDS} kills of worker and server leave what an uninterrupted run leaves, row for row`, {
  timeout: LIMIT_MS,
}, async (t) => {
  t.diagnostic(`TINTYPE_CRASH_SEED=${SEED}`)
  const [quiet, found] = [calm, stormy].map(({ url }) => connect(url)) as [pg.Pool, pg.Pool]
  try {
    const stormyRun = await runUnderFire(t, found)
    const { director, ms } = await runInPeace(stormyRun.acts)
    t.diagnostic(`uninterrupted: ${ms} ms`)
    assert.deepEqual(stormyRun.ends, director.ends)
    const { rows, differences } = await compareDatabases(quiet, found)
    t.diagnostic(`rows compared: ${JSON.stringify(rows)}`)
    assert.deepEqual(differences, [])
    const outcomes = new Set(director.ends.flatMap(({ totals }) => Object.keys(totals)))
    for (const outcome of OUTCOMES.filter((name) => name !== 'failed' && name !== 'skipped'))
      assert.ok(outcomes.has(outcome), `nothing was ${outcome}`)
    for (const [table, count] of Object.entries(rows)) assert.ok(count > 0, `the comparison covers no row of ${table}`)
  } finally {
    await Promise.all([quiet.end(), found.end()])
  }
})

function connect(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  pool.on('error', () => {})
  return pool
}

/** The interrupted run: server and worker are processes of their own, and one after the other dies. */
async function runUnderFire(t: TestContext, pool: pg.Pool): Promise<Director> {
  const settings = { databaseUrl: stormy.url }
  const services = [
    new Service({ command: 'work', ...settings }),
    new Service({ command: 'serve', ...settings }),
  ] as const
  const [, server] = services
  const random = seeded(SEED)
  const director = new Director((request) => sendUntilAnswered(server, request))
  const total: Killed = { serve: 0, work: 0, up: 0 }
  const sum = () => total.serve + total.work
  let starts = 0
  const began = Date.now()
  try {
    for (const service of services) service.start()
    while (!isEnough(director.acts, sum())) {
      const before = await counts(pool)
      // Half of the starts are killed before they are answered: whether the push exists by then is left to chance.
      const shot = sum() < ROUNDS && random() < 0.5 ? killSoon(server, random() * 60) : null
      if (shot !== null) starts++
      const pushId = await director.start(SCRIPT[director.acts.length % SCRIPT.length] as Act)
      await shot
      assert.equal((await counts(pool)).pushes, before.pushes + 1, 'a start that was sent again is the same push')

      const over = new AbortController()
      const isPushing = async () =>
        (await pool.query('select 1 from push where id = $1 and finished_at is null', [pushId])).rowCount === 1
      const storm = rage(
        { services, random, isPushing },
        Math.min(KILLS_PER_PUSH * director.acts.length, ROUNDS) - sum(),
        over.signal,
      ).catch((error) => {
        over.abort(error)
        throw error
      })
      const ended = director.end(pushId, over.signal).finally(() => over.abort())
      const [killed] = await Promise.all([storm, ended])
      total.serve += killed.serve
      total.work += killed.work
      await checkAfterPush(pool, pushId)
    }
    assert.deepEqual(
      services.flatMap((service) => service.errors),
      [],
    )
  } finally {
    for (const service of services) await service.end()
  }
  t.diagnostic(
    `killed while a push ran: worker ${total.work}, server ${total.serve}; while one was being started: server ` +
      `${starts}`,
  )
  t.diagnostic(
    `${director.acts.length} pushes (${director.acts.join(', ')}) of ${TARGETS} targets under fire: ` +
      `${Date.now() - began} ms`,
  )
  return director
}

async function killSoon(service: Service, afterMs: number): Promise<void> {
  await service.ready
  await pause(afterMs)
  await service.crash()
}

/** What a careful client does: no answer, so the same again. */
async function sendUntilAnswered(server: Service, request: Request): Promise<Reply> {
  const deadline = Date.now() + PUSH_MS
  for (;;) {
    try {
      return await sendOnce(createClient(await server.ready, world.token), request)
    } catch (error) {
      if (Date.now() > deadline || server.errors.length > 0) throw error
      await pause(10)
    }
  }
}

async function counts(pool: pg.Pool): Promise<{ pushes: number; jobs: number }> {
  const { rows } = await pool.query(
    'select (select count(*)::int from push) as pushes, (select count(*)::int from graphile_worker.jobs) as jobs',
  )
  return rows[0]
}

function sendOnce(client: Client, { method, path, body, key }: Request): Promise<Reply> {
  return method === 'get' ? client.get(path) : client.post(path, body, { 'idempotency-key': key as string })
}

/** No job is left behind, none has failed, and no piece was written twice. */
async function checkAfterPush(pool: pg.Pool, pushId: string): Promise<void> {
  const deadline = Date.now() + 30_000
  // A worker may have died between the last piece and the job's removal: the next one finds nothing to do.
  while ((await counts(pool)).jobs > 0) {
    assert.ok(Date.now() < deadline, 'jobs are left behind')
    await pause(50)
  }
  const twice = await pool.query(
    'select location_id, kind, entity_id from change where cause = $1 group by 1, 2, 3 having count(*) > 1',
    [pushId],
  )
  assert.deepEqual(twice.rows, [])
}

/** The same acts in the other database, uninterrupted. */
async function runInPeace(acts: readonly Act[]): Promise<{ director: Director; ms: number }> {
  await using server = await startTestServer({ databaseUrl: calm.url })
  const client = server.client(world.token)
  const director = new Director((request) => sendOnce(client, request))
  const began = Date.now()
  for (const act of acts) await director.end(await director.start(act))
  return { director, ms: Date.now() - began }
}
