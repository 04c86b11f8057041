import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { leaveWord } from '../../src/db/distribute.ts'
import { type Database, openDatabase, query } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { createLog } from '../../src/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

/*
 * What the nodes of a cluster leave for the coordinator comes to what triggers tell at once elsewhere. No cluster is
 * needed for that: a node does with its rows what one server does with all.
 */

let place: TestDatabase
let database: Database
before(async () => {
  place = await createTestDatabase()
  database = openDatabase({ url: place.ownerUrl, poolSize: 2, log: createLog('silent') })
  const { db } = database
  await sql`insert into location (id, agency_id, portal_id, name, timezone, doc) values
    ('heard', 'agency', 1, 'Heard', 'UTC', '{}'), ('hooked', 'agency', 2, 'Hooked', 'UTC', '{}'),
    ('alone', 'agency', 3, 'Alone', 'UTC', '{}'), ('other', 'other', 4, 'Other', 'UTC', '{}')`.execute(db)
  await sql`insert into journal_subscription (id, app_id, location_id, type, object_type_id, event_type_id, actions,
      properties, object_ids, associated_object_type_ids, list_ids, excludes_own, since, created_at, updated_at)
    select n, 'app', 'heard', 'OBJECT', type, '', '{}', '{}', '{}', '{}', '{}', false, 0, now(), now()
    from unnest(array['0-1', '0-115']) with ordinality t(type, n)`.execute(db)
  await sql`insert into app (id, client_id, agency_id, name, scopes, redirect_uris, loopback, created_at, hubspot_id)
    values ('app', 'client', 'other', 'App', '{}', '{}', false, now(), 1)`.execute(db)
  await sql`insert into webhook_endpoint (location_id, id, app_id, agency_id, name, url, events, scopes, ordered, since,
      created_at, updated_at)
    select location, id, app, 'agency', 'Hook', 'https://a.test', '[]', '{}', false, 0, now(), now()
    from (values ('hooked', 'one', null), ('', 'two', 'app')) e(location, id, app)`.execute(db)
  await sql`delete from journal_inbox`.execute(db)
})
after(async () => {
  await database?.close()
  await place?.drop()
})

const write = async (seq: number) => {
  const { db } = database
  await sql`insert into change (location_id, id, kind, entity_id, op, actor, at)
    select location_id, (lpad(to_hex(${seq} + n), 12, '0') || '00000000000000000000')::uuid, kind, 'x', 'update', 'a', now()
    from (values ('heard', 'contacts', 1), ('alone', 'contacts', 2), ('agency', 'users', 3), ('hooked', 'forms', 4),
      ('other', 'forms', 5), ('heard', 'forms', 6)) c(location_id, kind, n)`.execute(db)
  await sql`insert into asset (location_id, kind, id, lineage, name, hash, created_at, updated_at)
    select location, 'forms', id || ${seq}::text, id || ${seq}::text, 'Form', '', now(), now()
    from unnest(array['heard', 'alone', 'alone'], array['a', 'b', 'c']) a(location, id)`.execute(db)
  await sql`delete from asset where location_id = 'other'`.execute(db)
}

/** What was told since, and is taken: which change of the ones written to whom, and whose references are to be counted. */
const take = async () => {
  const { db } = database
  const told = await query(
    db,
    sql`delete from journal_inbox where change_id is not null
      returning location_id as "to", right(left(change_id::text, 13), 1) as change, stands_under as under`,
  )
  const counts = await query(db, sql`delete from broken_count returning location_id as id, is_due as due`)
  const texts = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort()
  return { told: texts(told), counts: texts(counts) }
}

test('what a cluster collects later is what is told at once elsewhere', async () => {
  const { db } = database
  await write(0x10)
  const atOnce = await take()
  assert.equal(atOnce.told.length, 7, 'four of whoever is heard, and one user in two places and for apps')
  for (const table of ['change', 'asset']) await inTransaction(db, (tx) => leaveWord(tx, table))
  await write(0x20)
  assert.deepEqual(await take(), { told: [], counts: [] }, 'nothing is told by whoever writes')
  await sql`select collect_written(array_agg(location_id order by seq), array_agg(change_id order by seq),
    array_agg(kind order by seq)) from written_apart`.execute(db)
  assert.deepEqual(await take(), atOnce)
})
