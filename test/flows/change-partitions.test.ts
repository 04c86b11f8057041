import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { query } from '../../src/db/pool.ts'
import { maintain } from '../../src/jobs/maintain.ts'
import { ensureJournalPartitions } from '../../src/journal/index.ts'
import { ensureChangePartitions } from '../../src/store/changes/index.ts'
import { startTestServer } from '../support/server.ts'
import { createAgency } from '../support/tenants.ts'

test('changes written before there was a worker move to their month when one comes', async () => {
  await using server = await startTestServer({ work: false, alone: true })
  const { db } = server.app.platform
  const [location] = (await createAgency(server.app)).locations
  assert.equal(
    (await server.client(location!.token).post('/forms/', { locationId: location!.id, name: 'Early' })).status,
    201,
  )
  const places = () => query(db, sql<{ place: string }>`select tableoid::regclass::text as place from change`)
  assert.deepEqual(await places(), [{ place: 'change_default' }])
  await server.app.work()
  const [moved, ...others] = await places()
  assert.match(moved!.place, /^change_\d{4}_\d{2}$/)
  assert.deepEqual(others, [])
})

test('workers that begin at once make one partition of each time', async () => {
  await using server = await startTestServer({ work: false, alone: true })
  const { db, clock } = server.app.platform
  const laterMs = clock.nowMs() + 400 * 86_400_000
  for (const ensure of [ensureChangePartitions, ensureJournalPartitions]) {
    const all = Array.from({ length: 5 }, () => ensure(db, laterMs))
    await Promise.all(all)
  }
  const made = await query(
    db,
    sql`select 1 from pg_class where relkind = 'r' and relname ~ '^(change|journal_segment|journal_segment_location)_2'`,
  )
  assert.equal(made.length, 3 + 3 + 3)
})

test('a worker begins while somebody reads for long: partitions are made once that is over', async () => {
  await using server = await startTestServer({ work: false, alone: true })
  const { platform } = server.app
  const countMonths = async () =>
    (await query(platform.db, sql`select 1 from pg_class where relkind = 'r' and relname ~ '^change_2'`)).length
  const reader = new pg.Client(server.databaseUrl)
  await reader.connect()
  try {
    await reader.query('begin; select count(*) from change')
    await server.app.work()
    assert.equal(await countMonths(), 0)
  } finally {
    await reader.end()
  }
  await maintain(platform)
  assert.equal(await countMonths(), 3)
})
