import { type RawBuilder, sql } from 'kysely'
import { type Db, query } from '../db/pool.ts'
import { showNames } from '../store/assets/index.ts'
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
 * Assets that differ from what was pushed last, each by the lineage it has in the snapshot: what this snapshot brought
 * last, and what another one that shares the lineage brought to where this one was pushed, too. Where it has reached an
 * asset by several lineages, the newest of these pairs alone tells. Reads partial indexes of drifted pairs and
 * tombstones: its cost grows with what has drifted in the agency, not with the fleet.
 */
export async function readDrift(db: Db, snapshot: SnapshotRow, page: DriftPage): Promise<DriftedLocation[]> {
  const isAsked = (table: string) => sql`${sql.ref(`${table}.location_id`)} > ${page.after ?? ''}
    and (${page.locationId ?? null}::text is null or ${sql.ref(`${table}.location_id`)} = ${page.locationId ?? null})`
  const rows = await query(
    db,
    sql<DriftRow>`
      with pushes as materialized (select id, snapshot_id, version from push where agency_id = ${snapshot.agencyId}),
      drifted as (
        ${driftedPairs(isAsked)}
      ), mine as (
        select d.*, l.name as location_name, coalesce(own.version, shared.version) as version,
          dense_rank() over (order by d.location_id) as position
        from drifted d join location l on l.id = d.location_id and l.deleted_at is null
        left join pushes own on own.id = d.source_push and own.snapshot_id = ${snapshot.id}
        left join lateral ${sharedSql(snapshot, sql`d.lineage`)} shared on own.id is null
        where (own.id is not null or shared.version is not null) and not ${overtakenSql(snapshot)}
      )
      select location_id as "locationId", location_name as "locationName", version, kind, lineage, id, name, change
      from mine
      where position <= ${page.limit} order by location_id, kind, name, id`,
  )
  const byLocation = [...Map.groupBy(rows, (row) => row.locationId)]
  return Promise.all(
    byLocation.map(async ([locationId, assets]) => ({
      locationId,
      locationName: assets[0]?.locationName ?? locationId,
      version: Math.max(...assets.map((asset) => asset.version)),
      assets: (await showNames(db, locationId, assets)).map(({ kind, lineage, id, name, change }) => ({
        kind,
        lineage,
        id,
        name,
        change,
      })),
    })),
  )
}

/** Of a tombstone `z`: its lineage leads nowhere else. */
const reachesNothing = sql`not exists (
    select 1 from asset a where a.location_id = z.location_id and a.kind = z.kind and a.lineage = z.lineage)
  and not exists (
    select 1 from asset_alias l where l.location_id = z.location_id and l.kind = z.kind and l.lineage = z.lineage)`

/**
 * Pairs that differ from what was pushed by them last: edited, or deleted. For a statement that names the pushes that
 * count as `pushes`. `isAsked`: what of a table of pairs, or of tombstones, is looked at.
 */
export const driftedPairs = (isAsked: (table: string) => RawBuilder<unknown>) => sql`
  select a.location_id, a.kind, a.lineage, a.id, a.name, 'edited' as change, a.drift_push as source_push
  from asset a
  where a.drift_push = any(array(select id from pushes)) and ${isAsked('a')}
    and not exists (select 1 from asset_alias l where l.location_id = a.location_id and l.kind = a.kind
      and l.lineage = a.lineage)
  union all
  select l.location_id, l.kind, l.lineage, l.id, a.name, 'edited', l.drift_push from asset_alias l
  join asset a on a.location_id = l.location_id and a.kind = l.kind and a.id = l.id
  where l.drift_push = any(array(select id from pushes)) and ${isAsked('l')}
  union all
  select z.location_id, z.kind, z.lineage, z.id, z.name, 'deleted', z.source_push from asset_tombstone z
  where z.base_hash is not null and z.source_push = any(array(select id from pushes)) and ${isAsked('z')}
    and ${reachesNothing}`

/** The version in which this snapshot, as it was pushed last to where `d` is, holds a lineage. */
const sharedSql = ({ id }: SnapshotRow, lineage: RawBuilder<unknown>) => sql`(
  select e.version from (
    select p.version from push_target t join push p on p.id = t.push_id
    where t.location_id = d.location_id and p.snapshot_id = ${id} and p.reverts is null
      and t.state in ('completed', 'partial', 'processing')
    order by p.created_at desc limit 1
  ) newest join snapshot_entry e on e.snapshot_id = ${id} and e.version = newest.version and e.kind = d.kind
    and e.lineage = ${lineage}
)`

/**
 * This snapshot has reached the asset of `d` by another lineage since: what was pushed by that one counts. Of two that
 * its version holds, that is the one by which it has pushed to the asset itself, whatever another snapshot has brought
 * there by the other.
 */
const overtakenSql = (snapshot: SnapshotRow) => sql`exists (
  select 1 from (
    select a.lineage, a.source_push from asset a where a.location_id = d.location_id and a.kind = d.kind and a.id = d.id
      and a.base_hash is not null
      and not exists (select 1 from asset_alias l where l.location_id = a.location_id and l.kind = a.kind
        and l.lineage = a.lineage)
    union all
    select l.lineage, l.source_push from asset_alias l where l.location_id = d.location_id and l.kind = d.kind
      and l.id = d.id and l.base_hash is not null
    union all
    -- What led here and reaches something else by now says nothing of what was deleted.
    select z.lineage, z.source_push from asset_tombstone z where z.location_id = d.location_id and z.kind = d.kind
      and z.id = d.id and z.base_hash is not null and ${reachesNothing}
  ) o join push other on other.id = o.source_push join push this on this.id = d.source_push
  where o.lineage <> d.lineage and (other.snapshot_id = ${snapshot.id} or exists ${sharedSql(snapshot, sql`o.lineage`)})
    and case
      when other.snapshot_id = this.snapshot_id or not exists ${sharedSql(snapshot, sql`d.lineage`)}
        or not exists ${sharedSql(snapshot, sql`o.lineage`)}
        or ${snapshot.id} not in (other.snapshot_id, this.snapshot_id)
        then (other.created_at, other.id) > (this.created_at, this.id)
      else other.snapshot_id = ${snapshot.id}
    end
)`
