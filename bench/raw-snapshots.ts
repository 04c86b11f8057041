import { sql } from 'kysely'
import type { Db } from '../src/db/pool.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { uuidv7 } from '../src/ids.ts'

/** Each request a row; then its records read and written as one file, and the request marked as done. */
export async function rawSnapshots(
  db: Db,
  batchOf: (n: number) => readonly unknown[],
  seconds: number,
): Promise<number> {
  await sql`create table bench_request (id uuid primary key, items jsonb, state text)`.execute(db)
  await sql`create table bench_segment (id uuid primary key, body text)`.execute(db)
  const endMs = performance.now() + seconds * 1000
  const startedMs = performance.now()
  let n = 0
  for (; performance.now() < endMs; n++) {
    const id = uuidv7(Date.now())
    const items = JSON.stringify(batchOf(n))
    await sql`insert into bench_request (id, items, state) values (${id}, ${items}::jsonb, 'pending')`.execute(db)
    await inTransaction(db, async (tx) => {
      await sql`
        insert into bench_segment (id, body)
        select q.id, jsonb_agg(jsonb_build_object('portalId', l.portal_id, 'objectId', r.object_id, 'propertyChanges',
          jsonb_build_object('email', r.doc->'email', 'firstname', r.doc->'firstName', 'lastname', r.doc->'lastName',
            'phone', r.doc->'phone')))::text
        from bench_request q cross join jsonb_array_elements(q.items) i
          join location l on l.portal_id = (i->>'portalId')::bigint
          join record r on r.location_id = l.id and r.kind = 'contacts' and r.object_id = (i->>'objectId')::bigint
        where q.id = ${id} group by q.id`.execute(tx)
      await sql`update bench_request set state = 'done', items = null where id = ${id}`.execute(tx)
    })
  }
  return Math.round((n * batchOf(0).length * 1000) / (performance.now() - startedMs))
}
