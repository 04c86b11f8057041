import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { queryOne } from '../../src/db/pool.ts'
import { makeConnection, send, until } from '../support/connections.ts'
import { Service } from '../support/crash.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

/** Kills of either of two workers. */
const ROUNDS = Number(process.env.TINTYPE_CRASH_ROUNDS ?? 4)
const PEOPLE = 120
const VERSIONS = ROUNDS * 5

test(`${ROUNDS} kills of workers lose nothing that came to a connection, double none of it and keep its order`, {
  timeout: 20 * 60_000,
}, async () => {
  const database = await createTestDatabase()
  const workers = [1, 2].map(() => new Service({ command: 'work', databaseUrl: database.url }))
  try {
    await using server = await startTestServer({ databaseUrl: database.url, work: false })
    const location = (await createAgency(server.app)).locations[0] as TestLocation
    const client = server.client(location.token)
    const { id, address } = await makeConnection(client)
    for (const worker of workers) worker.start()
    await Promise.all(workers.map(({ ready }) => ready))
    const rows = async () =>
      (await queryOne(
        server.app.platform.db,
        sql<{ rows: number; waiting: number }>`
          select (select count(*)::int from connection_row where connection_id = ${id} and state <> 'waiting') as rows,
            (select count(*)::int from connection_arrival where connection_id = ${id} and state = 'waiting') as waiting`,
      )) as { rows: number; waiting: number }
    let sent = 0
    const sending = (async () => {
      for (let version = 1; version <= VERSIONS; version++) {
        const people = Array.from({ length: PEOPLE }, (_, n) => n)
        const replies = await Promise.all(
          people.map((n) => send(address, { id: `p${n}`, email: `p${n}@ex.test`, city: String(version) })),
        )
        for (const reply of replies) assert.equal(reply.status, 202)
        sent += people.length
      }
    })()
    for (let round = 0; round < ROUNDS; round++) {
      const before = (await rows()).rows
      await until(async () => (await rows()).rows > before + PEOPLE / 2, 'rows between two kills')
      await (workers[round % 2] as Service).crash()
    }
    await sending
    assert.equal(sent, PEOPLE * VERSIONS)
    await until(async () => (await rows()).rows >= sent, 'all that came')
    assert.deepEqual(await rows(), { rows: sent, waiting: 0 })
    const found = await client.post('/contacts/search', { locationId: location.id, pageLimit: 200 })
    assert.equal(found.body.total, PEOPLE)
    for (const { city } of found.body.contacts) assert.equal(city, String(VERSIONS))
    const { order } = (await queryOne(
      server.app.platform.db,
      sql<{ order: number }>`select count(*)::int as "order" from (
          select (delta->'city'->>1)::int as city, lag((delta->'city'->>1)::int) over (partition by entity_id order by id) as before
          from change where location_id = ${location.id} and kind = 'contacts'
        ) c where before is not null and city <> before + 1`,
    )) as { order: number }
    assert.equal(order, 0)
  } finally {
    for (const worker of workers) await worker.end()
    await database.drop()
  }
})
