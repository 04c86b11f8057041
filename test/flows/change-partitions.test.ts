import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { query } from '../../src/db/pool.ts'
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
