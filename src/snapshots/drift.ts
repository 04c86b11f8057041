import { sql } from 'kysely'
import { type Db, query } from '../db/pool.ts'
import type { SnapshotRow } from './snapshots.ts'

export interface DriftedAsset {
  kind: string
  lineage: string
  id: string
  name: string
  change: 'edited' | 'deleted'
}

export interface DriftedLocation {
  locationId: string
  locationName: string
  version: number
  assets: DriftedAsset[]
}

interface DriftRow extends DriftedAsset {
  locationId: string
  locationName: string
  version: number
}

export interface DriftPage {
  locationId?: string | undefined
  limit: number
  /** The last location of the page before. */
  after?: string | undefined
}

/**
 * Assets that differ from what this snapshot last brought to them, each by the lineage it has in the snapshot. Reads partial indexes of drifted pointers and
 * tombstones: its cost grows with what has drifted, not with the fleet.
 */
export async function readDrift(db: Db, snapshot: SnapshotRow, page: DriftPage): Promise<DriftedLocation[]> {
  const rows = await query(
    db,
    sql<DriftRow>`
      with pushes as materialized (select id, version from push where snapshot_id = ${snapshot.id}),
      drifted as (
        select a.location_id, a.kind, a.lineage as own, a.id, a.name, 'edited' as change, a.drift_push as source_push from asset a
        where a.drift_push = any(array(select id from pushes)) and a.location_id > ${page.after ?? ''}
          and (${page.locationId ?? null}::text is null or a.location_id = ${page.locationId ?? null})
        union all
        (select distinct on (z.location_id, z.kind, z.id) z.location_id, z.kind, z.lineage, z.id, z.name, 'deleted', z.source_push
        from asset_tombstone z join pushes p on p.id = z.source_push
        left join snapshot_entry e on e.snapshot_id = ${snapshot.id} and e.version = p.version and e.kind = z.kind and e.lineage = z.lineage
        where z.source_push = any(array(select id from pushes)) and z.location_id > ${page.after ?? ''}
          and (${page.locationId ?? null}::text is null or z.location_id = ${page.locationId ?? null})
        order by z.location_id, z.kind, z.id, e.lineage is null, z.lineage)
      ), mine as (
        select d.*, l.name as location_name, p.version, coalesce((
            select l.lineage from asset_alias l join snapshot_entry e on e.snapshot_id = ${snapshot.id} and e.version = p.version and e.kind = l.kind and e.lineage = l.lineage
            where l.location_id = d.location_id and l.kind = d.kind and l.id = d.id order by l.lineage limit 1
          ), d.own) as lineage, dense_rank() over (order by d.location_id) as position
        from drifted d join pushes p on p.id = d.source_push
        join location l on l.id = d.location_id and l.agency_id = ${snapshot.agencyId} and l.deleted_at is null
      )
      select location_id as "locationId", location_name as "locationName", version, kind, lineage, id, name, change from mine
      where position <= ${page.limit} order by location_id, kind, name, id`,
  )
  return [...Map.groupBy(rows, (row) => row.locationId)].map(([locationId, assets]) => ({
    locationId,
    locationName: assets[0]?.locationName ?? locationId,
    version: Math.max(...assets.map((asset) => asset.version)),
    assets: assets.map(({ kind, lineage, id, name, change }) => ({ kind, lineage, id, name, change })),
  }))
}
