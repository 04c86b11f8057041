import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { freePort } from '../../src/db/free-port.ts'
import { queryOne } from '../../src/db/pool.ts'
import { makeConnection, send, until, upload } from '../support/connections.ts'
import { Service } from '../support/crash.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

/** Kills of the server and of two workers, in turn. */
const ROUNDS = Number(process.env.TINTYPE_CRASH_ROUNDS ?? 4)
const PEOPLE = 120
/** At least: it goes on until the last kill. */
const VERSIONS = ROUNDS * 5

/** As programs do that mean it: the same message until somebody has taken it. */
async function sendUntilTaken(address: string, message: string, body: object): Promise<void> {
  for (let tries = 0; ; tries++) {
    const reply = await send(address, body, { 'webhook-id': message }).catch(() => null)
    if (reply?.status === 202) return
    assert.ok(tries < 600 && [undefined, 429, 503].includes(reply?.status), `${message} is not taken: ${reply?.status}`)
    await pause(100)
  }
}

test(`${ROUNDS} kills of server and workers lose nothing that came to a connection, double none of it and keep its order`, {
  timeout: 20 * 60_000,
}, async () => {
  const database = await createTestDatabase()
  const env = { TINTYPE_PORT: String(await freePort()) }
  const services = (['work', 'serve', 'work'] as const).map(
    (command) => new Service({ command, databaseUrl: database.url, env }),
  )
  try {
    await using server = await startTestServer({ databaseUrl: database.url, work: false })
    const location = (await createAgency(server.app)).locations[0] as TestLocation
    const client = server.client(location.token)
    const { id, address } = await makeConnection(client)
    for (const service of services) service.start()
    const [, url] = await Promise.all(services.map(({ ready }) => ready))
    const hook = new URL(new URL(address).pathname, url).href
    const rows = async () =>
      (await queryOne(
        server.app.platform.db,
        sql<{ rows: number; waiting: number }>`
          select (select count(*)::int from connection_row where connection_id = ${id} and state <> 'waiting') as rows,
            (select count(*)::int from connection_arrival where connection_id = ${id} and state = 'waiting') as waiting`,
      )) as { rows: number; waiting: number }
    let versions = 0
    let isLast = false
    const sending = (async () => {
      while (versions < VERSIONS || !isLast) {
        const city = String(++versions)
        const people = Array.from({ length: PEOPLE }, (_, n) => n)
        await Promise.all(
          people.map((n) => sendUntilTaken(hook, `${n}/${city}`, { id: `p${n}`, email: `p${n}@ex.test`, city })),
        )
      }
    })()
    for (let round = 0; round < ROUNDS; round++) {
      const before = (await rows()).rows
      await until(async () => (await rows()).rows > before + PEOPLE / 2, 'rows between two kills')
      await (services[round % services.length] as Service).crash()
    }
    isLast = true
    await sending
    const sent = PEOPLE * versions
    await until(async () => (await rows()).rows >= sent, 'all that came')
    assert.deepEqual(await rows(), { rows: sent, waiting: 0 })
    const found = await client.post('/contacts/search', { locationId: location.id, pageLimit: 200 })
    assert.equal(found.body.total, PEOPLE)
    for (const { city } of found.body.contacts) assert.equal(city, String(versions))
    const { order } = (await queryOne(
      server.app.platform.db,
      sql<{ order: number }>`select count(*)::int as "order" from (
          select (delta->'city'->>1)::int as city, lag((delta->'city'->>1)::int) over (partition by entity_id order by id) as before
          from change where location_id = ${location.id} and kind = 'contacts'
        ) c where before is not null and city <> before + 1`,
    )) as { order: number }
    assert.equal(order, 0)
  } finally {
    for (const service of services) await service.end()
    await database.drop()
  }
})

const TURNS = ROUNDS * 2

test(`a worker that is killed at ${TURNS} moments of its turns leaves nothing lying that came to rely on it`, {
  timeout: 20 * 60_000,
}, async () => {
  const database = await createTestDatabase()
  const worker = new Service({ command: 'work', databaseUrl: database.url })
  try {
    await using server = await startTestServer({ databaseUrl: database.url, work: false })
    const location = (await createAgency(server.app)).locations[0] as TestLocation
    const { id, address } = await makeConnection(server.client(location.token))
    const count = async () =>
      (
        await queryOne(
          server.app.platform.db,
          sql<{ rows: number }>`select count(*)::int as rows from connection_row where connection_id = ${id}`,
        )
      )?.rows
    worker.start()
    let sent = 0
    for (let turn = 0; turn < TURNS; turn++) {
      await worker.ready
      // As few that the job ends between them; the last ones rely on whoever is killed.
      const most = 1 + Math.random() * 10
      for (let n = 0; n < most; n++, sent++) {
        assert.equal((await send(address, { id: `p${sent}`, email: `p${sent}@ex.test` })).status, 202)
        await pause(Math.random() * 20)
      }
      await worker.crash()
      await until(async () => (await count()) === sent, `${sent} rows`)
    }
  } finally {
    await worker.end()
    await database.drop()
  }
})

const ROWS = 3_000
const PEOPLE_OF_FILE = 1_000

/** Each person several times, in one set of rows and in others, and some that cannot be written. */
const FILE = [
  'id,first_name,last_name,email,phone,city,tags,type',
  ...Array.from({ length: ROWS }, (_, n) => {
    const who = (n * 7) % PEOPLE_OF_FILE
    return `c${who},First,Last,${n % 101 === 100 ? 'nobody' : `p${who}@ex.test`},,City ${Math.floor((3 * n) / ROWS)},vip,Client`
  }),
].join('\n')

test('a worker that is killed in the middle of a file, of a look at it and of its undoing does each row once', {
  timeout: 20 * 60_000,
}, async () => {
  const database = await createTestDatabase()
  const worker = new Service({ command: 'work', databaseUrl: database.url })
  try {
    await using server = await startTestServer({ databaseUrl: database.url, work: false })
    const location = (await createAgency(server.app)).locations[0] as TestLocation
    const client = server.client(location.token)
    const { id } = await makeConnection(client, { way: 'file' })
    const runOf = async (runId: string) => (await client.get(`/connections/${id}/runs/${runId}`)).body.run
    const sumOf = ({ created, updated, unchanged, skipped, failed }: Record<string, number>) =>
      [created, updated, unchanged, skipped, failed].reduce((sum = 0, count = 0) => sum + count, 0) as number
    /** Killed whenever some of it is done, and some is left. */
    const untilDone = async (runId: string) => {
      let kills = 0
      for (let seen = 0; ; await pause(10)) {
        const run = await runOf(runId)
        const done = sumOf(run)
        if (run.state !== 'running') {
          assert.ok(kills > 0, `${runId} was never killed`)
          return run
        }
        if (done === 0 || done === seen || kills >= Math.min(ROUNDS, 4)) continue
        await worker.ready
        await worker.crash()
        kills++
        seen = done
      }
    }
    const rowsOfRun = async (runId: string) =>
      (await queryOne(
        server.app.platform.db,
        sql<{ rows: number; places: number; counts: Record<string, number> }>`
          select sum(n)::int as rows, (select count(distinct place)::int
            from connection_row where run_id = ${runId}) as places, jsonb_object_agg(state, n) as counts
          from (select state, count(*)::int as n from connection_row where run_id = ${runId} group by 1) s`,
      )) as { rows: number; places: number; counts: Record<string, number> }
    const contacts = async () =>
      (await client.post('/contacts/search', { locationId: location.id, pageLimit: 1 })).body.total
    worker.start()
    await worker.ready
    const at = { url: server.url, token: location.token }
    const looked = await untilDone((await upload(at, { id, dryRun: true }, FILE)).body.run.id)
    assert.deepEqual([sumOf(looked), await contacts()], [ROWS, 0])
    const run = await untilDone((await upload(at, { id }, FILE)).body.run.id)
    for (const { id: runId, state, created, updated, unchanged, failed, skipped } of [looked, run]) {
      const { rows, places, counts } = await rowsOfRun(runId)
      assert.deepEqual([state, rows, places], ['done', ROWS, ROWS])
      const none = { created: 0, updated: 0, unchanged: 0, failed: 0, skipped: 0 }
      assert.deepEqual({ ...none, ...counts }, { created, updated, unchanged, failed, skipped })
    }
    assert.deepEqual([run.created, run.failed], [looked.created, looked.failed])
    assert.equal(await contacts(), PEOPLE_OF_FILE)
    const { body } = await client.post(`/connections/${id}/runs/${run.id}/undo`)
    const undone = await untilDone(body.run.id)
    assert.deepEqual([undone.updated, undone.skipped, await contacts()], [PEOPLE_OF_FILE, 0, 0])
    assert.equal((await rowsOfRun(undone.id)).rows, PEOPLE_OF_FILE)
    assert.equal((await runOf(run.id)).state, 'undone')
  } finally {
    await worker.end()
    await database.drop()
  }
})
