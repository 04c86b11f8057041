import { type RawBuilder, sql } from 'kysely'
import { texts } from '../db/pool.ts'

/**
 * What other snapshots hold of an asset `a` (location_id, kind, id, lineage), as a lateral subquery: (name, version,
 * hash) of each one whose newest version that was pushed there reaches it. `leaving`: `location/lineage` of aliases of
 * this kind that lead elsewhere from now on.
 */
export function heldElsewhereSql(snapshotId: string, leaving: readonly string[] = []): RawBuilder<unknown> {
  const leads = leaving.length === 0 ? sql`true` : sql`l.location_id || '/' || l.lineage <> all(${texts(leaving)})`
  return sql`(
        select s.name, newest.version, e.hash from (
          select distinct on (p.snapshot_id) p.snapshot_id, p.version
          from push_target t join push p on p.id = t.push_id
          where t.location_id = a.location_id and p.snapshot_id <> ${snapshotId} and p.reverts is null
            and t.state in ('completed', 'partial', 'processing')
          order by p.snapshot_id, p.created_at desc
        ) newest
        join snapshot s on s.id = newest.snapshot_id
        join snapshot_entry e on e.snapshot_id = newest.snapshot_id and e.version = newest.version and e.kind = a.kind
        where e.lineage = a.lineage or exists (
          select 1 from asset_alias l where l.location_id = a.location_id and l.kind = a.kind and l.id = a.id
            and l.lineage = e.lineage and l.base_hash is not null and ${leads})
      )`
}
