import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely'
import { openDatabase } from '../../src/db/pool.ts'
import { findMatches, type Identity } from '../../src/operations/contacts-duplicates.ts'
import type { Context } from '../../src/operations/define.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const CONTACTS = 100_000
const here = 'duplicates0000000000'

let server: TestServer
before(async () => {
  server = await startTestServer({ work: false })
  const { db } = server.app.platform
  // Every tenth has additional e-mails and phones. Half of them stand in another location.
  await sql`
    insert into record (location_id, kind, id, object_id, doc, terms, created_at, updated_at)
    select case when n % 2 = 0 then ${here} else 'elsewhere00000000000' end, 'contacts', 'c' || n, n,
      jsonb_build_object('email', 'Person' || n || '@post.example', 'phone', '+1202' || n) || case when n % 10 <> 0 then '{}' else
        jsonb_build_object('additionalEmails', jsonb_build_array('Home' || n || '@post.example'), 'additionalPhones', jsonb_build_array('+44' || n)) end,
      ''::tsvector, now(), now()
    from generate_series(1, ${CONTACTS}::int) n`.execute(db)
  await sql`analyze record`.execute(db)
})
after(() => server?.[Symbol.asyncDispose]())

test('who is who is one statement that indexes answer, among 100,000 contacts', async (t) => {
  const asked: CompiledQuery[] = []
  const { pool, close } = openDatabase({ url: server.databaseUrl, poolSize: 1, log: server.app.platform.log })
  t.after(close)
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }), log: ({ query }) => void asked.push(query) })
  const ctx = { db, locationId: here } as unknown as Context
  const find = async (identity: Identity) => (await findMatches(ctx, identity)).map(({ contact, field }) => [contact.id, field])

  assert.deepEqual(await find({ email: 'PERSON500@post.example' }), [['c500', 'email']])
  assert.deepEqual(await find({ email: 'home500@POST.example', phone: '+1202502' }), [
    ['c502', 'phone'],
    ['c500', 'email'],
  ])
  assert.deepEqual(await find({ phone: '+44700' }), [['c700', 'phone']])
  assert.deepEqual(await find({ email: 'person501@post.example', additionalEmails: ['nobody@post.example'], additionalPhones: ['+1'] }), [])
  assert.equal(asked.length, 4, 'one statement each')
  for (const { sql: text, parameters } of asked) {
    const { rows } = await pool.query(`explain (analyze, format json) ${text}`, parameters as unknown[])
    const [{ Plan: plan, 'Execution Time': ms }] = rows[0]['QUERY PLAN']
    const shown = JSON.stringify(plan)
    assert.ok(!shown.includes('Seq Scan'), shown)
    assert.ok(!shown.includes('_created_at_'), shown)
    assert.ok(ms < 20, `${ms} ms: ${shown}`)
  }
})
