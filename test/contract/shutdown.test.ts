import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { startTestServer } from '../support/server.ts'
import { createAgency, type TestLocation } from '../support/tenants.ts'

const WAITING = `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`

test('a request under way is answered before the server ends, and none is taken on any more', async (t) => {
  const server = await startTestServer({ work: false })
  const location = (await createAgency(server.app)).locations[0] as TestLocation
  const client = server.client(location.token)
  const holder = new pg.Client({ connectionString: server.databaseUrl })
  await holder.connect()
  holder.on('error', () => {})
  t.after(() => holder.end())
  await holder.query('begin')
  await holder.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${location.id}/late@post.example`])
  const late = client.post('/contacts/', { locationId: location.id, email: 'late@post.example' })
  while ((await holder.query(WAITING)).rows[0].n === 0) await pause(10)
  const ended = server[Symbol.asyncDispose]()
  await assert.rejects(fetch(`${server.app.url}/health`, { headers: { connection: 'close' } }), 'no new connections')
  await holder.query('commit')
  assert.equal((await late).status, 201)
  await ended
})
