import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { onBehalfOf, restAfter } from '../../src/db/fair-pool.ts'
import { type Database, openDatabase, poolOf, query } from '../../src/db/pool.ts'
import { createLog } from '../../src/log.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createAgency, type TestAgency } from '../support/tenants.ts'

let server: TestServer
let agency: TestAgency
let pool: Database
before(async () => {
  server = await startTestServer({ work: false, rateLimit: 0, statementSeconds: 2 })
  agency = await createAgency(server.app)
  pool = openDatabase({ url: server.databaseUrl, poolSize: 10, log: createLog('silent') })
})
after(async () => {
  await pool?.close()
  await server?.[Symbol.asyncDispose]()
})

const sleep = (tenant: string, seconds: number, signal?: AbortSignal) =>
  onBehalfOf(tenant, () => pool.pool.query('select pg_sleep($1)', [seconds]), signal)

/** Statements of this kind that run or wait now. */
async function countActive(text: string): Promise<number> {
  const { rows } = await pool.pool.query(
    `select count(*)::int as count from pg_stat_activity where datname = current_database() and state = 'active'
        and pid <> pg_backend_pid() and position($1 in query) > 0`,
    [text],
  )
  return rows[0].count
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    assert.ok(tries < 100, what)
    await pause(20)
  }
}

test('a tenant alone may use more than its share, but not all', async () => {
  const all = Array.from({ length: 20 }, () => sleep('greedy', 0.4))
  assert.equal(poolOf(pool.db).requestsWaiting, 14, 'of ten connections four are kept free')
  await until(async () => (await countActive('pg_sleep')) === 6, 'the others are used')
  await Promise.all(all)
})

test('while one tenant keeps asking, others get their answers at once, each in turn', async () => {
  let answered = 0
  const greedy = Array.from({ length: 60 }, () => sleep('greedy', 0.1).then(() => answered++))
  assert.equal(poolOf(pool.db).requestsWaiting, 54)
  await Promise.all([sleep('small', 0.01), sleep('smaller', 0.01), sleep('smallest', 0.01)])
  assert.ok(answered < 30, `${answered} of sixty that had asked before them were answered first`)
  await Promise.all(greedy)
})

test('what asks too much at once is told to come back', async () => {
  const asked = await Promise.allSettled(Array.from({ length: 340 }, () => sleep('greedy', 0.01)))
  const refused = asked.filter((one) => one.status === 'rejected')
  assert.equal(refused.length, 340 - 300 - 6)
  for (const { reason } of refused) assert.equal(reason.code, 'busy')
  await sleep('greedy', 0)
})

test('a statement that nobody waits for any more is cancelled, and its connection serves others', async () => {
  const ended = new AbortController()
  const slow = sleep('greedy', 30, ended.signal)
  await until(async () => (await countActive('pg_sleep')) === 1, 'it runs')
  ended.abort()
  await assert.rejects(slow, /cancel/)
  await Promise.all(Array.from({ length: 20 }, () => sleep('greedy', 0)))
})

test('whoever hangs up while waiting for a turn takes nobody else’s', async () => {
  const ended = new AbortController()
  const slow = Array.from({ length: 6 }, () => sleep('greedy', 0.5))
  const gone = Array.from({ length: 20 }, () => sleep('greedy', 30, ended.signal))
  await until(async () => (await countActive('pg_sleep')) === 6, 'the share is taken')
  ended.abort()
  for (const outcome of await Promise.allSettled(gone)) assert.equal(outcome.status, 'rejected')
  await Promise.all(slow)
  await Promise.all(Array.from({ length: 20 }, () => sleep('greedy', 0)))
})

test('when everybody hangs up at once, all connections are free again', async () => {
  const ended = new AbortController()
  const tenants = ['one', 'two', 'three', 'four', 'five']
  const slow = tenants.flatMap((tenant) => [sleep(tenant, 30, ended.signal), sleep(tenant, 30, ended.signal)])
  const all = Promise.allSettled(slow)
  const watcher = new pg.Client(server.databaseUrl)
  await watcher.connect()
  try {
    const sleeping = `select count(*)::int as count from pg_stat_activity
      where datname = current_database() and query like 'select pg_sleep%' and state = 'active'`
    await until(async () => (await watcher.query(sleeping)).rows[0].count === 10, 'every connection is taken')
    ended.abort()
    for (const outcome of await all) assert.match(String(outcome.status === 'rejected' && outcome.reason), /cancel/)
    await sleep('six', 0)
  } finally {
    await watcher.end()
  }
})

test('nothing in the database goes on for ever: statements, waiting for locks, transactions that nobody goes on with', async () => {
  const ends = await query(
    server.app.platform.db,
    sql<{ name: string; ms: number }>`select name, setting::int as ms from pg_settings where name in
        ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`,
  )
  assert.deepEqual(ends, [
    { name: 'idle_in_transaction_session_timeout', ms: 60_000 },
    { name: 'lock_timeout', ms: 1_000 },
    { name: 'statement_timeout', ms: 2_000 },
  ])
})

/** Holds a table against everybody while `work` runs. */
async function holding<T>(table: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client(server.databaseUrl)
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`lock table ${table} in access exclusive mode`)
    return await work()
  } finally {
    await client.end()
  }
}

test('a request that waits too long in the database is ended with 503, says so, and writes nothing', async () => {
  const [location] = agency.locations
  const client = server.client(location?.token)
  const tags = `/locations/${location?.id}/tags`
  await holding('asset', async () => {
    for (const reply of [await client.get(tags), await client.post(tags, { name: 'late' })]) {
      assert.equal(reply.status, 503, JSON.stringify(reply.body))
      assert.match(reply.body.message, /took too long/)
      assert.equal(reply.headers.get('retry-after'), '1')
    }
  })
  assert.deepEqual((await client.get(tags)).body.tags, [])
  assert.equal((await client.post(tags, { name: 'in time' })).status, 200)
})

test('a read ends in the database when its caller hangs up', async () => {
  const [location] = agency.locations
  await holding('asset', async () => {
    const ended = new AbortController()
    const headers = { version: '2021-07-28', authorization: `Bearer ${location?.token}` }
    const reply = fetch(`${server.url}/locations/${location?.id}/tags`, { headers, signal: ended.signal }).catch(
      () => 'gone',
    )
    await until(async () => (await countActive('from asset')) === 1, 'it waits')
    ended.abort()
    assert.equal(await reply, 'gone')
    await until(async () => (await countActive('from asset')) === 0, 'it still waits')
  })
})

test('one plan of a tenant is worked on at a time: its next one waits, and those of others do not', async () => {
  const tenants = await Promise.all(
    [agency, await createAgency(server.app), await createAgency(server.app)].map(
      async ({ companyId, token, locations: [location] }) => {
        const client = server.client(token)
        const made = await client.post(`/snapshots/?companyId=${companyId}`, { name: 'Plan', locationId: location?.id })
        assert.equal(made.status, 201, JSON.stringify(made.body))
        return () =>
          client.post(`/snapshots/${made.body.snapshot.id}/plan?companyId=${companyId}`, {
            locationIds: [location?.id],
          })
      },
    ),
  )
  const [first, second, third] = tenants.map((plan) => () => void started.push(plan())) as [
    () => void,
    () => void,
    () => void,
  ]
  const started: ReturnType<(typeof tenants)[number]>[] = []
  await holding('location_applied', async () => {
    for (const begin of [first, first, first]) begin()
    await until(async () => (await countActive('location_applied')) === 1, 'one of them runs')
    second()
    await until(async () => (await countActive('location_applied')) === 2, 'another tenant has a place of its own')
    third()
    // Whoever waits there for too long is ended, and the next one takes the place a moment later.
    for (let looks = 0; looks < 10; looks++) {
      assert.ok((await countActive('location_applied')) <= 2, 'and that is all: the database has other work, too')
      await pause(20)
    }
  })
  // Those that ran into the time limit of the statement are told so; the others had their turn.
  assert.deepEqual(
    new Set((await Promise.all(started)).map(({ status }) => status)).difference(new Set([200, 503])),
    new Set(),
  )
  assert.equal((await tenants[0]?.())?.status, 200)
})

test('what is long rests where another tenant is served too, and nowhere else', async () => {
  const rest = () => onBehalfOf('long', () => restAfter(200))
  /** Whether it has rested by the time that what waits for nothing is done. */
  const isResting = async () => {
    let isOver = false
    const resting = rest().then(() => {
      isOver = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    const rests = !isOver
    await resting
    return rests
  }
  await sleep('long', 0)
  await sleep('other', 0)
  assert.equal(await isResting(), true)
  await sleep('long', 0)
  assert.equal(await isResting(), true, 'also where it was the last to ask')
  await sleep('long', 1.1)
  assert.equal(await isResting(), false, 'the other has gone')
  assert.equal(await restAfter(200), undefined, 'the process itself is no tenant')
})
