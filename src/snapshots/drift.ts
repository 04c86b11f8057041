import { type RawBuilder, sql } from 'kysely'
import { byFoldedText, holdsText } from '../db/folded-text.ts'
import { type Db, json, query } from '../db/pool.ts'
import { invalid } from '../errors.ts'
import { type AssetResource, showNames } from '../store/assets/index.ts'
import { isAbout, pairsSql } from './elsewhere.ts'
import { readUndoneNames } from './rollback-parts.ts'
import type { SnapshotRow } from './snapshots.ts'

export interface DriftedAsset {
  kind: string
  lineage: string
  id: string
  name: string
  change: 'edited' | 'deleted'
  /** What it differs from: a version whose push brings back what was pushed. */
  version: number
}

export interface DriftedLocation {
  locationId: string
  locationName: string
  /** The newest of its assets. */
  version: number
  assets: DriftedAsset[]
}

interface DriftRow extends DriftedAsset {
  locationId: string
  locationName: string
}

/** By what locations are put in order: their name, or how much has drifted there. */
export const DRIFT_SORTS = ['name', 'assets'] as const

export interface DriftPage {
  locationId?: string | undefined
  /** Part of the name of a location, or of what kind an asset is and its name: then of these alone. */
  query?: string | undefined
  resources: ReadonlyMap<string, AssetResource>
  /** Undefined: by their ids. */
  sort?: (typeof DRIFT_SORTS)[number] | undefined
  order: 'asc' | 'desc'
  limit: number
  /** What the page before has said. */
  after?: string | undefined
}

export interface DriftList {
  drift: DriftedLocation[]
  /** Locations, and assets in them, on all pages. */
  total: number
  totalAssets: number
  after: string | null
}

/**
 * Assets that differ from what was pushed last, each by the lineage it has in the snapshot: what this snapshot brought
 * last, and what another one that shares the lineage brought to where this one was pushed, too. Where it has reached an
 * asset by several lineages, the newest of these pairs alone tells. Reads partial indexes of drifted pairs and
 * tombstones: its cost grows with what has drifted in the agency, not with the fleet.
 */
export async function readDrift(db: Db, snapshot: SnapshotRow, page: DriftPage): Promise<DriftList> {
  const isAsked = (table: string) => sql`(${page.locationId ?? null}::text is null
    or ${sql.ref(`${table}.location_id`)} = ${page.locationId ?? null})`
  const { place, isBehind } = orderOf(page)
  const holder = await readHolder(db, snapshot.id)
  const rows = await query(
    db,
    sql<Omit<DriftRow, 'locationId'> & { locationId: string | null; total: number; totalAssets: number }>`
      with pushes as materialized (select id, snapshot_id, version from push where agency_id = ${snapshot.agencyId}),
      drifted as (
        ${driftedPairs(isAsked)}
      ), mine as materialized (
        select d.*, l.name as location_name, coalesce(own.version, shared.version) as version,
          count(*) over (partition by d.location_id) as number
        from drifted d join location l on l.id = d.location_id and l.deleted_at is null
        left join pushes own on own.id = d.source_push and own.snapshot_id = ${snapshot.id}
        left join lateral ${sharedSql(holder, sql`d.lineage`)} shared on own.id is null
        where ${isFoundBy(page)} and (own.id is not null or shared.version is not null)
          and not ${overtakenSql(holder)}
      ), placed as (
        select m.*, dense_rank() over (order by ${place}) as position
        from mine m where ${isBehind}
      )
      select t.total, t.assets as "totalAssets", d.location_id as "locationId", d.location_name as "locationName",
        coalesce(same.version, d.version) as version, d.kind, d.lineage, d.id, d.name, d.change
      from (select count(distinct location_id)::int as total, count(*)::int as assets from mine) t
      left join placed d on d.position <= ${page.limit}
      left join lateral ${sameSql(snapshot)} same on true
      order by d.position, d.kind, ${byFoldedText(sql`d.name`)}, d.id`,
  )
  const found = rows.flatMap(({ total: _, totalAssets: __, locationId, ...row }) =>
    locationId === null ? [] : [{ locationId, ...row }],
  )
  const drift = await Promise.all(
    [...Map.groupBy(found, (row) => row.locationId)].map(([, assets]) => toDrifted(db, assets)),
  )
  const last = drift.length < page.limit ? undefined : drift.at(-1)
  return {
    drift,
    total: rows[0]?.total ?? 0,
    totalAssets: rows[0]?.totalAssets ?? 0,
    after:
      last === undefined ? null : page.sort === 'assets' ? `${last.assets.length}.${last.locationId}` : last.locationId,
  }
}

async function toDrifted(db: Db, rows: DriftRow[]): Promise<DriftedLocation> {
  const { locationId, locationName } = rows[0] as DriftRow
  const named = await showNames(db, locationId, rows)
  return {
    locationId,
    locationName,
    version: Math.max(...rows.map(({ version }) => version)),
    assets: named.map(({ kind, lineage, id, name, change, version }) => ({ kind, lineage, id, name, change, version })),
  }
}

/** Of a drifted pair `d` in the location `l`. */
function isFoundBy({ query: part, resources }: DriftPage): RawBuilder<unknown> {
  if (part === undefined) return sql`true`
  const labels = json(Object.fromEntries([...resources].map(([kind, { label }]) => [kind, label])))
  const called = sql`coalesce(${labels}->>d.kind, d.kind) || ' ' || d.name`
  return sql`(${holdsText(sql`l.name`, part)} or ${holdsText(called, part)})`
}

/** What locations of `m` stand by, and which of them stand behind the last of the page before. */
function orderOf({ sort, order, after }: DriftPage): { place: RawBuilder<unknown>; isBehind: RawBuilder<unknown> } {
  const [direction, isBeyond] = order === 'asc' ? [sql`asc`, sql`>`] : [sql`desc`, sql`<`]
  const behind = (key: RawBuilder<unknown>, last: RawBuilder<unknown>) =>
    after === undefined ? sql`true` : sql`(${key}) ${isBeyond} (${last})`
  const id = sql`m.location_id`
  if (sort === undefined) return { place: sql`${id} ${direction}`, isBehind: behind(id, sql`${after}::text`) }
  const key = byFoldedText(sql`m.location_name`)
  // By its name as it is now: it may have no drift any more.
  const nameOf = (last: string | undefined) =>
    sql`select ${byFoldedText(sql`l.name`)}, l.id from location l where l.id = ${last}`
  if (sort === 'name')
    return { place: sql`${key} ${direction}, ${id} ${direction}`, isBehind: behind(sql`${key}, ${id}`, nameOf(after)) }
  const [, number, lastId] = /^(\d{1,9})\.(.+)$/.exec(after ?? '0.-') ?? []
  if (number === undefined || lastId === undefined) throw invalid(['after should be what the page before has answered'])
  // Where as much has drifted, names go from A to Z whichever way the numbers go.
  return {
    place: sql`m.number ${direction}, ${key}, ${id}`,
    isBehind: sql`(${behind(sql`m.number`, sql`${Number(number)}::bigint`)}
      or (m.number = ${Number(number)}::bigint and (${key}, ${id}) > (${nameOf(lastId)})))`,
  }
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

/** A snapshot, and what of its pushes was undone for single assets (readUndoneNames). */
export interface Holder {
  id: string
  undone: readonly string[]
}

export const readHolder = async (db: Db, id: string): Promise<Holder> => ({
  id,
  undone: await readUndoneNames(db, { snapshotId: id }),
})

/**
 * The version in which this snapshot holds a lineage: that of its last push to where `d` is, of those for which
 * `counts`.
 */
const heldSql = ({ id }: Pick<Holder, 'id'>, lineage: RawBuilder<unknown>, counts: RawBuilder<unknown>) => sql`(
  select e.version, e.hash from (
    select p.version from push_target t join push p on p.id = t.push_id
    where t.location_id = d.location_id and p.snapshot_id = ${id} and p.reverts is null
      and t.state in ('completed', 'partial', 'processing') and ${counts}
    order by p.created_at desc limit 1
  ) newest join snapshot_entry e on e.snapshot_id = ${id} and e.version = newest.version and e.kind = d.kind
    and e.lineage = ${lineage}
)`

/** By the last push that was about it. */
const sharedSql = (holder: Holder, lineage: RawBuilder<unknown>) =>
  heldSql(holder, lineage, isAbout({ locationId: sql`d.location_id`, kind: sql`d.kind`, lineage }, holder.undone))

/**
 * The version of the last push at all, where it holds of `d` what the version has that `d` came from: what no later
 * version has changed is brought back together with what one has.
 */
const sameSql = (snapshot: SnapshotRow) => sql`(
  select newest.version from ${heldSql(snapshot, sql`d.lineage`, sql`true`)} newest
  join snapshot_entry was on was.snapshot_id = ${snapshot.id} and was.version = d.version and was.kind = d.kind
    and was.lineage = d.lineage and was.hash = newest.hash
)`

/**
 * This snapshot has reached the asset of `d` by another lineage since: what was pushed by that one counts. Of two that
 * its version holds, that is the one by which it has pushed to the asset itself, whatever another snapshot has brought
 * there by the other.
 */
const overtakenSql = (holder: Holder) => sql`exists (
  select 1 from (
    ${pairsSql(sql`d`)}
    union all
    -- What led here and reaches something else by now says nothing of what was deleted.
    select z.lineage, z.source_push from asset_tombstone z where z.location_id = d.location_id and z.kind = d.kind
      and z.id = d.id and z.base_hash is not null and ${reachesNothing}
  ) o join push other on other.id = o.source_push join push this on this.id = d.source_push
  where o.lineage <> d.lineage and (other.snapshot_id = ${holder.id} or exists ${sharedSql(holder, sql`o.lineage`)})
    and case
      when other.snapshot_id = this.snapshot_id or not exists ${sharedSql(holder, sql`d.lineage`)}
        or not exists ${sharedSql(holder, sql`o.lineage`)}
        or ${holder.id} not in (other.snapshot_id, this.snapshot_id)
        then (other.created_at, other.id) > (this.created_at, this.id)
      else other.snapshot_id = ${holder.id}
    end
)`

/** Whether the list of what has drifted of a snapshot names the pair `d`. */
export const isDriftOf = (holder: Holder) => sql`(
  (exists (select 1 from push own where own.id = d.source_push and own.snapshot_id = ${holder.id})
    or exists ${sharedSql(holder, sql`d.lineage`)})
  and not ${overtakenSql(holder)})`
