import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { endArrivals, takeArrivals } from '../../src/connect/incoming/arrivals.ts'
import { findLinks, recordsByOutsideId } from '../../src/connect/runs/links.ts'
import { queryOne, type Tx } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

// A connection to which much has come since its tables were counted last, which they never were: the planner takes all
// that came to a location for less than what is looked for.

const MANY = 12_000
const SET = 100
const place = { locationId: 'place', id: 'theirs' }

let server: TestServer
before(async () => {
  server = await startTestServer({ work: false })
  const owner = server.owner()
  await sql`insert into connection_arrival (location_id, connection_id, id, headers, body, state, received_at)
    select ${place.locationId}, ${place.id}, gen_random_uuid(), '{}', '{}', case when n <= ${MANY - 2 * SET} then 'done'
      else 'waiting' end, now() from generate_series(1, ${MANY}::int) n`.execute(owner)
  await sql`insert into connection_link (location_id, connection_id, external_id, kind, record_id, hash, synced, at)
    select ${place.locationId}, ${place.id}, 'x' || n, 'contacts', 'r' || n, '', '{}', now()
    from generate_series(1, ${MANY}::int) n`.execute(owner)
})
after(() => server?.[Symbol.asyncDispose]())

/** Rows of a table and of its indexes that were read. */
async function read(tx: Tx, table: string): Promise<number> {
  const row = await queryOne(
    tx,
    sql<{ n: number }>`select sum(pg_stat_get_xact_tuples_returned(c.oid)
        + case when c.relkind = 'r' then pg_stat_get_xact_tuples_fetched(c.oid) else 0 end)::int as n
      from pg_class c left join pg_index i on i.indexrelid = c.oid
      where ${table}::regclass in (c.oid, i.indrelid)`,
  )
  return row?.n ?? 0
}

const names = (prefix: string) => Array.from({ length: SET }, (_, n) => `${prefix}${n + 1}`)
const LOOKS: Record<string, { table: string; look(tx: Tx): Promise<number> }> = {
  'what waits is taken and ended': {
    table: 'connection_arrival',
    async look(tx) {
      const taken = await takeArrivals(tx, place, { most: SET, mostBytes: 1_000_000 })
      const ended = taken.map((arrival, n) => ({ arrival, error: n % 2 === 0 ? null : `fault ${n}` }))
      await endArrivals(tx, place, ended, 'run')
      return taken.length
    },
  },
  'what is known of theirs is looked for': {
    table: 'connection_link',
    look: async (tx) => (await findLinks(tx, place, 'contacts', names('x'))).size,
  },
  'a name that nobody has is looked for': {
    table: 'connection_link',
    look: async (tx) => SET - (await findLinks(tx, place, 'contacts', names('nobody'))).size,
  },
  'a name is looked for in all connections': {
    table: 'connection_link',
    look: async (tx) => (await recordsByOutsideId(tx, place.locationId, 'contacts', names('x'))).size,
  },
}

for (const [what, { table, look }] of Object.entries(LOOKS))
  test(`${what}, and nothing else is read`, async () => {
    await inTransaction(server.app.platform.db, async (tx) => {
      const before = await read(tx, table)
      assert.equal(await look(tx), SET)
      const rows = (await read(tx, table)) - before
      assert.ok(rows <= 8 * SET, `${rows} rows were read for ${SET}`)
    })
  })

test('of what came each is told what it came to', async () => {
  await inTransaction(server.app.platform.db, async (tx) => {
    const taken = await takeArrivals(tx, place, { most: 3, mostBytes: 1_000_000 })
    const errors = [null, 'no JSON', null]
    await endArrivals(
      tx,
      place,
      taken.map((arrival, n) => ({ arrival, error: errors[n] ?? null })),
      'told',
    )
    const { rows } = await sql`select state, error, run_id as run from connection_arrival
      where run_id = 'told' order by seq`.execute(tx)
    assert.deepEqual(
      rows,
      errors.map((error) => ({ state: error === null ? 'done' : 'failed', error, run: 'told' })),
    )
  })
})
