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
  /** Two assets of a location may not share a natural key. */
  unique: boolean
  targets: readonly Target[]
  entries: readonly WantedEntry[]
  known: readonly Known[]
  /** Retrying: only these assets of these targets. */
  only?: readonly { locationId: string; lineage: string }[] | undefined
}

/**
 * The decision about every asset of one kind in every target, as common table expressions that end in `decided`:
 * (location_id, lineage, name, key, hash, local, id, mine, base, old_name, old_key, old_push, was_removed, action). The plan reads it and the
 * push writes from it, so the two cannot differ. A current target costs only what changed, what drifted and what it deleted.
 * `offset 0` keeps each look-up an index probe: statistics lag behind a running push, and a planner that trusts them would read
 * the whole table for every piece.
 */
export function decideSql({ kind, unique, targets, entries, known, only }: Scope): RawBuilder<unknown> {
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
        coalesce(a.name, b.name) as old_name, coalesce(a.source_push, b.source_push) as old_push, case when a.id is null then b.key else a.key end as old_key,
        k.lineage is not null and k.id is null as ambiguous, z.base_hash as removed
      from pair p
      left join known k on k.location_id = p.location_id and k.lineage = p.lineage
      left join lateral (
        select id, hash, base_hash, name, key, source_push from asset
        where location_id = p.location_id and kind = ${kind} and lineage = p.lineage offset 0
      ) a on true
      left join lateral (
        select id from asset_alias where a.id is null and location_id = p.location_id and kind = ${kind} and lineage = p.lineage offset 0
      ) l on true
      left join lateral (
        select id, hash, base_hash, name, key, source_push from asset
        where a.id is null and location_id = p.location_id and kind = ${kind} and id = coalesce(k.id, l.id) offset 0
      ) b on true
      left join lateral (
        select base_hash from asset_tombstone where a.id is null and location_id = p.location_id and kind = ${kind} and lineage = p.lineage offset 0
      ) z on true
    ), decided as materialized (
      select location_id, lineage, name, key, hash, local, id, mine, base, old_name, old_key, old_push, removed is not null as was_removed, case
        when ambiguous then 'ambiguous'
        when id is null and removed is not null and policy <> 'override' then
          case when removed = hash then 'keep' when policy = 'skip' then 'skip' else 'conflict' end
        when id is null then 'create'
        when mine = hash then case when base = hash then 'unchanged' else 'adopt' end
        when ${unique} and key is distinct from old_key and ${keyTakenSql(kind)} then 'taken'
        -- On first contact parts are matched by name, so that they keep their ids; only code can do that.
        when policy = 'override' and base is null then 'merge'
        when policy = 'override' or mine = base then 'update'
        when base = hash then 'keep'
        when policy = 'skip' then 'skip'
        else 'merge'
      end as action
      from found
    )`
}

/** Another asset of the target, one that this push does not bring a key to, has the incoming key already. */
function keyTakenSql(kind: string): RawBuilder<boolean> {
  return sql`exists (
          select 1 from asset o where o.location_id = found.location_id and o.kind = ${kind} and o.key = found.key and o.id <> found.id
            and not exists (select 1 from entry e where e.lineage = o.lineage))`
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
  oldPush: string | null
  wasRemoved: boolean
  action: 'create' | 'update' | 'adopt' | 'merge' | 'keep' | 'conflict' | 'ambiguous' | 'taken' | 'skip' | 'unchanged'
}

/** Why an asset is not simply brought up to date; null when there is nothing to explain. */
export function reasonOf(noun: string, decision: Decision): string | null {
  if (decision.action === 'keep') return decision.wasRemoved ? 'deleted in the target' : 'changed in the target only'
  if (decision.action === 'conflict') return 'deleted in the target, changed in the snapshot'
  if (decision.action === 'taken') return `the target has another ${noun} with the key ${decision.key}: rename one of the two`
  if (decision.action === 'skip') return 'differs, and the policy is skip'
  return null
}

export const DECISION_COLUMNS = sql`location_id as "locationId", lineage, name, key, hash, id, mine, base, old_name as "oldName", old_key as "oldKey", old_push as "oldPush",
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

export interface RemovalScope {
  kind: string
  snapshotId: string
  locationIds: readonly string[]
  /** Lineages that left the snapshot. */
  gone: readonly string[]
  /** Lineages of this kind that the pushed version holds. */
  held: readonly string[]
  /** Assets that are matched to an entry of the version, though no alias says so yet. */
  matched: readonly { locationId: string; id: string | null }[]
}

/**
 * Assets of these targets that this snapshot brought under a lineage it no longer holds, and that no entry of the version
 * reaches by another lineage. What another snapshot has brought there too stays: it is that one's business as well.
 */
export function readRemovals(db: Db, { kind, snapshotId, locationIds, gone, held, matched }: RemovalScope): Promise<Removal[]> {
  if (gone.length === 0 || locationIds.length === 0) return Promise.resolve([])
  return query(
    db,
    sql<Removal>`
      with reached as (
        select a.location_id, a.lineage, a.id from asset a
        where a.kind = ${kind} and a.location_id = any(${texts(locationIds)}) and a.lineage = any(${texts(gone)})
        union
        select l.location_id, l.lineage, l.id from asset_alias l
        where l.kind = ${kind} and l.location_id = any(${texts(locationIds)}) and l.lineage = any(${texts(gone)})
      )
      select r.location_id as "locationId", r.lineage, a.id, a.name, a.hash as mine, a.base_hash as base
      from reached r join asset a on a.location_id = r.location_id and a.kind = ${kind} and a.id = r.id
      where a.base_hash is not null
        and not a.lineage = any(${texts(held)})
        and not exists (
          select 1 from asset_alias l where l.location_id = a.location_id and l.kind = ${kind} and l.id = a.id and l.lineage = any(${texts(held)}))
        and not exists (
          select 1 from push_target t join push p on p.id = t.push_id and p.snapshot_id <> ${snapshotId} and p.reverts is null and p.state <> 'rolled_back'
          join snapshot_entry e on e.snapshot_id = p.snapshot_id and e.version = p.version and e.kind = ${kind}
          where t.location_id = a.location_id and (e.lineage = a.lineage or exists (
            select 1 from asset_alias l where l.location_id = a.location_id and l.kind = ${kind} and l.id = a.id and l.lineage = e.lineage)))
        and not exists (
          select 1 from unnest(${texts(matched.map((m) => m.locationId))}, ${texts(matched.map((m) => m.id))}) m(location_id, id)
          where m.location_id = a.location_id and m.id = a.id)
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
