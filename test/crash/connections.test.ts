import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { freePort } from '../../src/db/free-port.ts'
import { queryOne } from '../../src/db/pool.ts'
import { makeConnection, send, until } from '../support/connections.ts'
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
