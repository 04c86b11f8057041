import { type RawBuilder, sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import type { Policy } from './options.ts'

/** A location that a push reaches. */
export interface Target {
  locationId: string
  /** The location stands at the version that `WantedEntry.changed` compares with: only differences are looked at. */
  isCurrent: boolean
}

/** An entry of the pushed version, with how it is to be decided. */
export interface WantedEntry {
  lineage: string
  name: string
  key: string | null
  hash: string
  policy: Policy
  /** Differs from the version that current targets stand at. */
  changed: boolean
  /** `local` of an asset that the push creates. */
  local: Record<string, unknown>
}

/** A match or an ambiguity that is not in `asset_alias` (yet): id null says ambiguous. */
export interface Known {
  locationId: string
  lineage: string
  id: string | null
}

export interface Scope {
  kind: string
  targets: readonly Target[]
  entries: readonly WantedEntry[]
  known: readonly Known[]
  /** Retrying: only these assets of these targets. */
  only?: readonly { locationId: string; lineage: string }[] | undefined
}

/**
 * The decision about every asset of one kind in every target, as common table expressions that end in `decided`:
 * (location_id, lineage, name, key, hash, local, id, mine, base, old_name, old_key, action). The plan reads it and the
 * push writes from it, so the two cannot differ. A current target costs only what changed, what drifted and what it deleted.
 * `offset 0` keeps each look-up an index probe: statistics lag behind a running push, and a planner that trusts them would read
 * the whole table for every piece.
 */
export function decideSql({ kind, targets, entries, known, only }: Scope): RawBuilder<unknown> {
  return sql`
    target as materialized (
      select * from unnest(${texts(targets.map((t) => t.locationId))}, ${targets.map((t) => t.isCurrent)}::boolean[]) t(location_id, is_current)
    ), entry as materialized (
      select e.lineage, e.name, e.key, decode(e.hash, 'hex') as hash, e.policy, e.changed, e.local::jsonb as local
      from unnest(${texts(entries.map((e) => e.lineage))}, ${texts(entries.map((e) => e.name))}, ${texts(entries.map((e) => e.key))},
        ${texts(entries.map((e) => e.hash))}, ${texts(entries.map((e) => e.policy))}, ${entries.map((e) => e.changed)}::boolean[],
        ${texts(entries.map((e) => JSON.stringify(e.local)))}) e(lineage, name, key, hash, policy, changed, local)
    ), known as materialized (
      select * from unnest(${texts(known.map((k) => k.locationId))}, ${texts(known.map((k) => k.lineage))}, ${texts(known.map((k) => k.id))}) k(location_id, lineage, id)
    ), pair as (${only === undefined ? pairsSql(kind) : retrySql(only)}
    ), found as (
      select p.*, coalesce(a.id, b.id) as id, coalesce(a.hash, b.hash) as mine, coalesce(a.base_hash, b.base_hash) as base,
        coalesce(a.name, b.name) as old_name, case when a.id is null then b.key else a.key end as old_key,
        k.lineage is not null and k.id is null as ambiguous, z.base_hash as removed
      from pair p
      left join known k on k.location_id = p.location_id and k.lineage = p.lineage
      left join lateral (
        select id, hash, base_hash, name, key from asset
        where location_id = p.location_id and kind = ${kind} and lineage = p.lineage offset 0
      ) a on true
      left join lateral (
        select id from asset_alias where a.id is null and location_id = p.location_id and kind = ${kind} and lineage = p.lineage offset 0
      ) l on true
      left join lateral (
        select id, hash, base_hash, name, key from asset
        where a.id is null and location_id = p.location_id and kind = ${kind} and id = coalesce(k.id, l.id) offset 0
      ) b on true
      left join lateral (
        select base_hash from asset_tombstone where a.id is null and location_id = p.location_id and kind = ${kind} and lineage = p.lineage offset 0
      ) z on true
    ), decided as materialized (
      select location_id, lineage, name, key, hash, local, id, mine, base, old_name, old_key, removed is not null as was_removed, case
        when ambiguous then 'ambiguous'
        when id is null and removed is not null and policy <> 'override' then
          case when removed = hash then 'keep' when policy = 'skip' then 'skip' else 'conflict' end
        when id is null then 'create'
        when mine = hash then case when base = hash then 'unchanged' else 'adopt' end
        when policy = 'override' or mine = base then 'update'
        when base = hash then 'keep'
        when policy = 'skip' then 'skip'
        else 'merge'
      end as action
      from found
    )`
}

function pairsSql(kind: string): RawBuilder<unknown> {
  return sql`
      select t.location_id, e.* from target t cross join entry e where not t.is_current or e.changed
      union all
      select t.location_id, e.* from target t
      join (
        select a.location_id, a.lineage from asset a where a.kind = ${kind} and a.drift_push is not null
          and a.location_id = any(select location_id from target where is_current)
        union
        select l.location_id, l.lineage from asset_alias l join asset a on a.location_id = l.location_id and a.kind = l.kind and a.id = l.id
          where l.kind = ${kind} and a.drift_push is not null and l.location_id = any(select location_id from target where is_current)
        union
        select z.location_id, z.lineage from asset_tombstone z where z.kind = ${kind} and z.location_id = any(select location_id from target where is_current)
      ) d on d.location_id = t.location_id
      join entry e on e.lineage = d.lineage and not e.changed
      where t.is_current`
}

function retrySql(only: readonly { locationId: string; lineage: string }[]): RawBuilder<unknown> {
  return sql`
      select o.location_id, e.* from unnest(${texts(only.map((o) => o.locationId))}, ${texts(only.map((o) => o.lineage))}) o(location_id, lineage)
      join target t on t.location_id = o.location_id join entry e on e.lineage = o.lineage`
}

/** A row of `decided` that needs more than the set-based statement, or that a plan shows. */
export interface Decision {
  locationId: string
  lineage: string
  name: string
  key: string | null
  hash: string
  id: string | null
  mine: string | null
  base: string | null
  oldName: string | null
  oldKey: string | null
  wasRemoved: boolean
  action: 'create' | 'update' | 'adopt' | 'merge' | 'keep' | 'conflict' | 'ambiguous' | 'skip' | 'unchanged'
}

export const DECISION_COLUMNS = sql`location_id as "locationId", lineage, name, key, hash, id, mine, base, old_name as "oldName", old_key as "oldKey",
  was_removed as "wasRemoved", action`

/** Decides without writing. `unchanged` and `adopt` rows are left out: nothing of them is seen. */
export function readDecisions(db: Db, scope: Scope): Promise<Decision[]> {
  if (scope.targets.length === 0 || scope.entries.length === 0) return Promise.resolve([])
  return query(
    db,
    sql<Decision>`with ${decideSql(scope)}
      select ${DECISION_COLUMNS} from decided where action not in ('unchanged', 'adopt') order by location_id, lineage`,
  )
}

/** An asset whose entry is gone from the pushed version. */
export interface Removal {
  locationId: string
  lineage: string
  id: string
  name: string
  mine: string
  base: string
}

/** Assets of these targets that were pushed under these lineages and are still there. */
export function readRemovals(db: Db, kind: string, locationIds: readonly string[], lineages: readonly string[]): Promise<Removal[]> {
  if (lineages.length === 0) return Promise.resolve([])
  return query(
    db,
    sql<Removal>`
      select a.location_id as "locationId", a.lineage, a.id, a.name, a.hash as mine, a.base_hash as base from asset a
      where a.kind = ${kind} and a.location_id = any(${texts(locationIds)}) and a.lineage = any(${texts(lineages)}) and a.base_hash is not null
      union
      select a.location_id, l.lineage, a.id, a.name, a.hash, a.base_hash from asset_alias l
      join asset a on a.location_id = l.location_id and a.kind = l.kind and a.id = l.id
      where l.kind = ${kind} and l.location_id = any(${texts(locationIds)}) and l.lineage = any(${texts(lineages)}) and a.base_hash is not null
      order by 1, 2`,
  )
}

/** Kinds in which current targets differ from what was pushed, by edits or deletions of their own. */
export async function findBusyKinds(db: Db, targets: readonly { locationId: string; fromVersion: number | null }[]): Promise<Set<string>> {
  const current = targets.filter((target) => target.fromVersion !== null).map((target) => target.locationId)
  if (current.length === 0) return new Set()
  const rows = await query(
    db,
    sql<{ kind: string }>`
      select kind from asset where drift_push is not null and location_id = any(${texts(current)})
      union select kind from asset_tombstone where location_id = any(${texts(current)})`,
  )
  return new Set(rows.map((row) => row.kind))
}
