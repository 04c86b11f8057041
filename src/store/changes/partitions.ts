import { sql } from 'kysely'
import { ensurePartition } from '../../db/partitions.ts'
import type { Db } from '../../db/pool.ts'

/**
 * Makes the monthly partitions of the change log for this month and the next two. Rows outside of them go to the
 * default one; what it holds of a month moves when that month gets its own partition.
 */
export async function ensureChangePartitions(db: Db, nowMs: number): Promise<void> {
  const now = new Date(nowMs)
  for (let ahead = 0; ahead <= 2; ahead++) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)).toISOString().slice(0, 10)
    const name = `change_${month.slice(0, 7).replace('-', '_')}`
    if (!(await ensurePartition(db, name, sql`select make_change_partition(${month}::date)`))) return
  }
}
