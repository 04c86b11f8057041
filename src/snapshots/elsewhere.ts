import { type RawBuilder, sql } from 'kysely'
import { texts } from '../db/pool.ts'
import { isLeftAlone } from './outcomes.ts'

/**
 * Whether a push `p` says anything of an asset: one of single assets says nothing of the others, what somebody has
 * decided nothing of the same asset in other locations, and what was undone for it alone nothing of it (`undone`: of
 * readUndoneNames).
 */
export const isAbout = (
  asset: { locationId: RawBuilder<unknown>; kind: RawBuilder<unknown>; lineage: RawBuilder<unknown> },
  undone: readonly string[],
): RawBuilder<boolean> => {
  const stands =
    undone.length === 0
      ? sql`true`
      : sql`p.id || '/' || ${asset.locationId} || '/' || ${asset.kind} || '/' || ${asset.lineage} <> all(${texts(undone)})`
  const named = sql`'kind', ${asset.kind}, 'lineage', ${asset.lineage}`
  return sql`(not p.options ? 'only' or p.options->'only' @> jsonb_build_array(jsonb_build_object(${named})))
    and (not p.options ? 'takes'
      or p.options->'takes' @> jsonb_build_array(jsonb_build_object('locationId', ${asset.locationId}, ${named})))
    and ${stands}`
}

interface Holders {
  /** `location/lineage` of aliases of this kind that lead elsewhere from now on. */
  leaving?: readonly string[]
  /** What a push has left alone it did not bring: what its snapshot has pushed before stands. */
  hasBrought?: boolean
  /** Of readUndoneNames. */
  undone: readonly string[]
}

/**
 * What other snapshots hold of an asset `a` (location_id, kind, id, lineage), as a lateral subquery: (name, version,
 * hash) of each one whose newest version that was pushed there, of those whose push was about it, reaches it.
 */
export function heldElsewhereSql(
  snapshotId: string,
  { leaving = [], hasBrought = false, undone }: Holders,
): RawBuilder<unknown> {
  const leads = leaving.length === 0 ? sql`true` : sql`l.location_id || '/' || l.lineage <> all(${texts(leaving)})`
  const asset = { locationId: sql`a.location_id`, kind: sql`a.kind`, lineage: sql`way.lineage` }
  const brings = sql`not exists (
    select 1 from push_outcome o where o.location_id = t.location_id and o.push_id = t.push_id and o.kind = a.kind
      and o.lineage = way.lineage and ${isLeftAlone})`
  return sql`(
        select s.name, newest.version, e.hash from (
          select a.lineage
          union all
          select l.lineage from asset_alias l where l.location_id = a.location_id and l.kind = a.kind and l.id = a.id
            and l.base_hash is not null and ${leads}
        ) way
        cross join lateral (
          select distinct on (p.snapshot_id) p.snapshot_id, p.version
          from push_target t join push p on p.id = t.push_id
          where t.location_id = a.location_id and p.snapshot_id <> ${snapshotId} and p.reverts is null
            and t.state in ('completed', 'partial', 'processing') and ${isAbout(asset, undone)}
            and ${hasBrought ? brings : sql`true`}
          order by p.snapshot_id, p.created_at desc
        ) newest
        join snapshot s on s.id = newest.snapshot_id
        join snapshot_entry e on e.snapshot_id = newest.snapshot_id and e.version = newest.version and e.kind = a.kind
          and e.lineage = way.lineage
      )`
}

/**
 * The pairs of an asset `of` (location_id, kind, id), each with the push that was the last to bring it: (lineage,
 * source_push). Its own lineage counts where no alias has it.
 */
export const pairsSql = (of: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    select o.lineage, o.source_push from asset o where o.location_id = ${of}.location_id and o.kind = ${of}.kind
      and o.id = ${of}.id and o.base_hash is not null
      and not exists (select 1 from asset_alias l where l.location_id = o.location_id and l.kind = o.kind
        and l.lineage = o.lineage)
    union all
    select l.lineage, l.source_push from asset_alias l where l.location_id = ${of}.location_id and l.kind = ${of}.kind
      and l.id = ${of}.id and l.base_hash is not null`

/**
 * Who has brought what an asset `a` (location_id, kind, id) was pushed as last, if that is another snapshot, as a lateral
 * subquery: (name, version, hash). A push that was undone for this asset alone, or as a whole but for this asset, is not
 * the newest one, and is what stands.
 */
export const broughtElsewhereSql = (snapshotId: string): RawBuilder<unknown> => sql`(
        select s.name, p.version, e.hash from (${pairsSql(sql`a`)}) pair
        join push p on p.id = pair.source_push and p.snapshot_id <> ${snapshotId}
        join snapshot s on s.id = p.snapshot_id
        join snapshot_entry e on e.snapshot_id = p.snapshot_id and e.version = p.version and e.kind = a.kind
          and e.lineage = pair.lineage
      )`
