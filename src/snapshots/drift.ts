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
        select l.location_id, l.kind, l.lineage, l.id, a.name, 'edited', l.drift_push from asset_alias l
        join asset a on a.location_id = l.location_id and a.kind = l.kind and a.id = l.id
        where l.drift_push = any(array(select id from pushes)) and l.location_id > ${page.after ?? ''}
          and (${page.locationId ?? null}::text is null or l.location_id = ${page.locationId ?? null})
        union all
        (select distinct on (location_id, kind, id) location_id, kind, lineage, id, name, 'deleted', source_push from asset_tombstone
        where base_hash is not null and source_push = any(array(select id from pushes)) and location_id > ${page.after ?? ''}
          and (${page.locationId ?? null}::text is null or location_id = ${page.locationId ?? null}))
      ), mine as (
        select d.*, d.own as lineage, l.name as location_name, p.version, dense_rank() over (order by d.location_id) as position
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
