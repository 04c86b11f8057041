import { sql } from 'kysely'
import { isSpread } from '../../db/cluster.ts'
import { type Db, query, queryOne, texts } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'

/** Any number, as long as every Tintype process takes the same advisory lock: one collects at a time. */
const COLLECT_LOCK = 7_468_033
const MOST_AT_ONCE = 20_000

interface Written {
  locationId: string
  changeId: string | null
  kind: string | null
}

/**
 * On a cluster: brings to the coordinator what the nodes have left of what was written there
 * (sql/migrations/000088-on-a-cluster.sql). Elsewhere it asks nothing.
 */
export async function collectWritten(db: Db): Promise<void> {
  if (!(await isSpread(db))) return
  while ((await collectSome(db)) === MOST_AT_ONCE);
}

function collectSome(db: Db): Promise<number> {
  return inTransaction(db, async (tx) => {
    const lock = await queryOne(tx, sql<{ held: boolean }>`select pg_try_advisory_xact_lock(${COLLECT_LOCK}) as held`)
    if (lock?.held !== true) return 0
    const rows = await query(
      tx,
      sql<Written>`
        delete from written_apart w using (select location_id, seq from written_apart order by seq limit ${MOST_AT_ONCE}) n
        where w.location_id = n.location_id and w.seq = n.seq
        returning w.location_id as "locationId", w.change_id as "changeId", w.kind`,
    )
    if (rows.length === 0) return 0
    await sql`select collect_written(${texts(rows.map((row) => row.locationId))},
      ${rows.map((row) => row.changeId)}::uuid[], ${texts(rows.map((row) => row.kind))})`.execute(tx)
    return rows.length
  })
}
