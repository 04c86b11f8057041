import { type RawBuilder, sql } from 'kysely'
import { queryOne, type Tx } from '../db/pool.ts'
import type { State } from './options.ts'

interface Standing {
  snapshotId: string
  /** Id of the push that is undone. */
  of: RawBuilder<unknown>
  /** A further condition on `r`. */
  that?: RawBuilder<unknown>
}

/** The newest roll-back `r` of all of a push that stands, or runs. */
export const standingSql = (columns: RawBuilder<unknown>, { snapshotId, of, that = sql`true` }: Standing) => sql`
  select ${columns} from push r
  where r.snapshot_id = ${snapshotId} and r.reverts = ${of} and not r.options ? 'only'
    and r.state not in ('rolled_back', 'cancelled', 'failed') and ${that}
  order by r.created_at desc, r.id desc limit 1`

export function findReverting(
  tx: Tx,
  { id, snapshotId }: { id: string; snapshotId: string },
): Promise<{ id: string; state: State } | null> {
  return queryOne(
    tx,
    standingSql(sql`r.id, r.state`, { snapshotId, of: sql`${id}` }) as RawBuilder<{ id: string; state: State }>,
  )
}
