import { sql } from 'kysely'
import { query, type Tx, texts } from '../db/pool.ts'
import { isLeftAlone } from './outcomes.ts'
import type { BatchTarget, PushRow } from './push.ts'

/** Targets that a push begins with stand nowhere from then on. Answers at which version of this snapshot they stood. */
export async function takeBackApplied(
  tx: Tx,
  snapshotId: string,
  locationIds: readonly string[],
): Promise<Map<string, number | null>> {
  const rows = await query(
    tx,
    sql<{ locationId: string; version: number | null }>`
      delete from location_applied where location_id = any(${texts(locationIds)})
      returning location_id as "locationId", case when snapshot_id = ${snapshotId} then version end as version`,
  )
  return new Map(rows.map((row) => [row.locationId, row.version]))
}

/**
 * A target in which every asset was decided stands at this version from now on: the next push of the same snapshot
 * looks at differences only. Said while the location is held, as what is said of it later may be said of another push's
 * work. What an earlier try has done still has to be what stands there.
 */
export async function rememberApplied(tx: Tx, push: PushRow, targets: readonly BatchTarget[]): Promise<void> {
  const whole = targets.filter(({ completed, failed }) => completed.length === 0 && failed.length === 0)
  await sql`
    insert into location_applied (location_id, snapshot_id, version, push_id)
    select t.location_id, ${push.snapshotId}, ${push.version}, ${push.id} from push_target t
    where t.push_id = ${push.id} and t.location_id = any(${texts(targets.map((target) => target.locationId))})
      and cardinality(t.failed) = 0 and ${push.options.only === undefined}::boolean
      and not exists (
        select 1 from push_outcome o where o.location_id = t.location_id and o.push_id = t.push_id and ${isLeftAlone})
      and (t.location_id = any(${texts(whole.map((target) => target.locationId))}) or not exists (
        select 1 from push_target other where other.location_id = t.location_id and other.push_id <> t.push_id
          and (other.state = 'processing' or other.finished_at > t.started_at)))
    on conflict (location_id) do update set snapshot_id = excluded.snapshot_id, version = excluded.version,
      push_id = excluded.push_id`.execute(tx)
}
