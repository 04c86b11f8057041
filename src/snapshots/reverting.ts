import { sql } from 'kysely'
import { queryOne, type Tx } from '../db/pool.ts'
import type { State } from './options.ts'

/** A roll-back of all of a push that stands, or runs: a condition on `r`. */
export const STANDS = sql`not r.options ? 'only' and r.state not in ('rolled_back', 'cancelled', 'failed')`

/** The newest of those of this push. */
export function findReverting(tx: Tx, { id, snapshotId }: { id: string; snapshotId: string }): Promise<{ id: string; state: State } | null> {
  return queryOne(
    tx,
    sql<{ id: string; state: State }>`
      select r.id, r.state from push r where r.snapshot_id = ${snapshotId} and r.reverts = ${id} and ${STANDS} order by r.created_at desc, r.id desc limit 1`,
  )
}
