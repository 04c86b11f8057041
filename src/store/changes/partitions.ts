import { sql } from 'kysely'
import { type Db, query } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'

const PATIENCE = '2s'

/**
 * Makes the monthly partitions of the change log for this month and the next two. Rows outside of them go to the
 * default one; what it holds of a month moves when that month gets its own partition.
 */
export async function ensureChangePartitions(db: Db, nowMs: number): Promise<void> {
  const now = new Date(nowMs)
  for (let ahead = 0; ahead <= 2; ahead++) {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
    const name = `change_${from.getUTCFullYear()}_${String(from.getUTCMonth() + 1).padStart(2, '0')}`
    const made = await query(db, sql`select 1 from pg_class where oid = to_regclass(${name})`)
    if (made.length > 0) continue
    await inTransaction(db, async (tx) => {
      // Whoever waits for the whole table makes all others wait behind it: a long read (a backup) is let through, and
      // the next hour tries again.
      await sql`select set_config('lock_timeout', ${PATIENCE}, true)`.execute(tx)
      await sql`select make_change_partition(${from.toISOString().slice(0, 10)}::date)`.execute(tx)
    })
  }
}
