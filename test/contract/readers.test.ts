import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Database, openDatabase } from '../../src/db/pool.ts'
import { run } from '../../src/db/prepared.ts'
import { prepare } from '../../src/db/statements.ts'
import { createLog } from '../../src/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let clone: TestDatabase
let database: Database

before(async () => {
  clone = await createTestDatabase()
  database = openDatabase({ url: clone.url, poolSize: 5, log: createLog('silent') })
})
after(async () => {
  await database?.close()
  await clone?.drop()
})

const READ = prepare<{ pid: number; n: number }>('select pg_backend_pid() as pid, 100 / $1::int as n')
const read = async (n: number) => (await run(database.db, READ, [n]))[0] as { pid: number; n: number }

/** The connections that serve many reads at once. The first reads go elsewhere, until those are open. */
async function sharedPids(): Promise<number[]> {
  for (let tries = 0; tries < 100; tries++) {
    const rows = await Promise.all(Array.from({ length: 40 }, () => read(1)))
    const pids = new Set(rows.map(({ pid }) => pid))
    if (pids.size <= 2) return [...pids]
    await pause(20)
  }
  return assert.fail('reads do not come to share connections')
}

test('reads at once share two connections, and each gets its own answer', async () => {
  await sharedPids()
  const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => read(n + 1)))
  assert.deepEqual(
    answers.map(({ n }) => n),
    Array.from({ length: 100 }, (_, n) => Math.trunc(100 / (n + 1))),
  )
  assert.ok(new Set(answers.map(({ pid }) => pid)).size <= 2)
})

test('a read that fails is its own misfortune', async () => {
  await sharedPids()
  const outcomes = await Promise.allSettled([5, 0, 4, 0, 2].map(read))
  assert.deepEqual(
    outcomes.map((one) => (one.status === 'fulfilled' ? one.value.n : one.reason.code)),
    [20, '22012', 25, '22012', 50],
  )
})

test('connections that are lost are replaced', async () => {
  const pids = await sharedPids()
  await sql`select pg_terminate_backend(pid) from unnest(${pids}::int[]) pid`.execute(database.db)
  // None of these reads fails, whether or not the loss has been noticed.
  while ((await sharedPids()).some((pid) => pids.includes(pid))) await pause(10)
})
