import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
import { startTestServer } from '../support/server.ts'

test('a worker that loses the connection of its lock takes the lock again and is not given up for dead', async () => {
  await using server = await startTestServer()
  const { db } = server.app.platform
  const held = () =>
    query(
      db,
      sql<{ pid: number }>`select pid from pg_locks where locktype = 'advisory' and objsubid = 2 and classid = 7468018
        and database = (select oid from pg_database where datname = current_database())`,
    )
  const workers = () => query(db, sql<{ id: string }>`select id from worker`)
  const [before] = await held()
  const known = await workers()
  assert.equal(known.length, 1)
  await sql`select pg_terminate_backend(${before!.pid})`.execute(db)
  const deadline = Date.now() + 10_000
  for (;;) {
    const [now] = await held()
    if (now !== undefined && now.pid !== before!.pid) break
    assert.ok(Date.now() < deadline, 'the lock was not taken again')
    await pause(50)
  }
  assert.deepEqual(await workers(), known)
  assert.equal((await server.client().get('/ready')).status, 200)
})
