import { type RawBuilder, sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import type { AssetResource } from '../store/assets/index.ts'
import type { Known } from './known.ts'
import type { Policy } from './options.ts'
import { LEFT } from './push-decisions.ts'
import { STAGED } from './stages-after.ts'

/** A location that a push reaches. */
export interface Target {
  locationId: string
  /** The location stands at the version that `WantedEntry.changed` compares with: only differences are looked at. */
  isCurrent: boolean
  /** No lineage stands for another one there: aliases need not be asked for. */
  isPlain: boolean
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
  /** Whose side stands where the target has deleted it, as the push was told. */
  ifGone: 'source' | 'target' | null
}

export interface Scope {
  kind: string
  resource: AssetResource
  targets: readonly Target[]
  entries: readonly WantedEntry[]
  known: readonly Known[]
  /** Retrying: only these assets of these targets. */
  only?: readonly { locationId: string; lineage: string }[] | undefined
}

/**
 * The decision about every asset of one kind in every target, as common table expressions that end in `decided`. The
 * plan reads it and the push writes from it, so the two cannot differ. A current target costs only what changed, what
 * drifted and what it deleted. `offset 0` keeps each look-up an index probe: statistics lag behind a running push, and
 * a planner that trusts them would read the whole table for every piece.
 */
export function decideSql({ kind, resource, targets, entries, known, only }: Scope): RawBuilder<unknown> {
  const hasParts = Object.keys(resource.parts).length > 0
  return sql`
    target as materialized (
      select * from unnest(${texts(targets.map((t) => t.locationId))}, ${targets.map((t) => t.isCurrent)}::boolean[],
        ${targets.map((t) => t.isPlain)}::boolean[]) t(location_id, is_current, is_plain)
    ), entry as materialized (
      select e.lineage, e.name, e.key, decode(e.hash, 'hex') as hash, e.policy, e.changed, e.local::jsonb as local,
        e.if_gone
      from unnest(${texts(entries.map((e) => e.lineage))}, ${texts(entries.map((e) => e.name))},
        ${texts(entries.map((e) => e.key))}, ${texts(entries.map((e) => e.hash))},
        ${texts(entries.map((e) => e.policy))}, ${entries.map((e) => e.changed)}::boolean[],
        ${texts(entries.map((e) => JSON.stringify(e.local)))}, ${texts(entries.map((e) => e.ifGone))})
        e(lineage, name, key, hash, policy, changed, local, if_gone)
    ), known as materialized (
      select k.location_id, k.lineage, k.id, k.ambiguous, k.drops, decode(k.hash, 'hex') as hash,
        k.title, k.key, k.local::jsonb as local, k.parts::jsonb as parts, k.policy, k.if_gone, k.merges, k.looks,
        decode(k.removed, 'hex') as removed, k.covered::jsonb as covered
      from unnest(${texts(known.map((k) => k.locationId))}, ${texts(known.map((k) => k.lineage))},
        ${texts(known.map((k) => k.id))}, ${known.map((k) => k.isAmbiguous)}::boolean[],
        ${known.map((k) => k.drops)}::boolean[], ${texts(known.map((k) => k.hash))},
        ${texts(known.map((k) => k.title))}, ${texts(known.map((k) => k.key))},
        ${texts(known.map((k) => (k.local === null ? null : JSON.stringify(k.local))))},
        ${texts(known.map((k) => (k.parts === null ? null : JSON.stringify(k.parts))))},
        ${texts(known.map((k) => k.policy))}, ${texts(known.map((k) => k.ifGone))}, ${known.map((k) => k.merges)}::boolean[],
        ${known.map((k) => k.looks)}::boolean[], ${texts(known.map((k) => k.removed))},
        ${texts(known.map((k) => (k.covered === null ? null : JSON.stringify(k.covered))))})
        k(location_id, lineage, id, ambiguous, drops, hash, title, key, local, parts, policy, if_gone, merges, looks,
          removed, covered)
    ), pair as (${only === undefined ? pairsSql(kind) : retrySql(only)}
    ), found as (
      select p.location_id, p.is_plain, p.lineage, p.name, coalesce(k.title, p.name) as title,
        case when k.title is null then p.key else k.key end as key, coalesce(k.policy, p.policy) as policy,
        coalesce(k.if_gone, p.if_gone) as if_gone,
        coalesce(k.merges, false) as merges, coalesce(k.local, p.local) as local, coalesce(k.hash, p.hash) as hash,
        coalesce(k.ambiguous, false) as ambiguous, coalesce(k.drops, false) as drops, k.parts as new_parts, l.alias,
        coalesce(b.id, a.id) as id, coalesce(b.hash, a.hash) as mine, b.id is not null as by_alias,
        case when b.id is null then a.base_hash when l.id = b.id then l.base_hash end as base,
        case when b.id is null then a.source_push when l.id = b.id then l.source_push end as old_push,
        case when b.id is null then a.part_aliases when l.id = b.id then l.part_aliases end as old_parts,
        case when b.id is null then a.name else b.name end as old_name,
        case when b.id is null then a.key else b.key end as old_key,
        coalesce(z.id, k.covered->>'id') as removed_id,
        coalesce(z.own_lineage, k.covered->>'own_lineage') as removed_lineage,
        coalesce(z.local, nullif(k.covered->'local', 'null')) as removed_local,
        coalesce(z.base_hash, (k.covered->>'base_hash')::bytea) as removed,
        coalesce(z.part_aliases, nullif(k.covered->'part_aliases', 'null')) as removed_parts,
        coalesce(k.removed, z.base_hash, (k.covered->>'base_hash')::bytea) as removed_read, k.covered
      from pair p
      left join known k on k.location_id = p.location_id and k.lineage = p.lineage
      left join lateral (
        select id, base_hash, source_push, part_aliases,
          to_jsonb(r) - 'location_id' - 'kind' - 'hash' - 'drift_push' as alias from asset_alias r
        where not p.is_plain and location_id = p.location_id and kind = ${kind} and lineage = p.lineage offset 0
      ) l on true
      left join lateral (
        select id, hash, name, key from asset
        where not p.is_plain and location_id = p.location_id and kind = ${kind}
          and id = coalesce(k.id, case when not coalesce(k.drops, false) then l.id end) offset 0
      ) b on true
      left join lateral (
        select id, hash, base_hash, name, key, source_push, part_aliases from asset
        where b.id is null and location_id = p.location_id and kind = ${kind} and lineage = p.lineage offset 0
      ) a on true
      left join lateral (
        select id, own_lineage, local, base_hash, part_aliases from asset_tombstone
        where a.id is null and b.id is null and location_id = p.location_id and kind = ${kind} and lineage = p.lineage
          and (own_lineage = lineage or not coalesce(k.drops, false)) offset 0
      ) z on true
    ), judged as (
      select found.*, case
        when ambiguous then 'ambiguous'
        when id is null and removed is not null and policy <> 'override' then
          case when removed_read = hash then 'keep' when policy = 'skip' then 'skip'
            when if_gone = 'target' then 'keep' when if_gone = 'source' then 'create' else 'conflict' end
        -- Somebody settled for what the target has, and another entry reaches that by now: nothing comes.
        when id is null and merges then 'keep'
        when id is null then 'create'
        when mine = hash then case when base = hash and not drops then 'unchanged' else 'adopt' end
        when merges then 'merge'
        -- Parts that both sides have made are matched by name, so that they keep their ids; only code can do that.
        when policy = 'override'
          and ${hasParts ? sql`mine is distinct from base` : sql`base is null`}
          then 'merge'
        when policy = 'override' or mine = base then ${isWatched(resource) ? sql`'merge'` : sql`'update'`}
        when base = hash then ${isWatched(resource) ? sql`'merge'` : sql`'keep'`}
        when policy = 'skip' then ${hasParts ? sql`'merge'` : sql`'skip'`}
        else 'merge'
      end as action
      from found
    ), decided as materialized (
      select judged.*, ${resource.unique === null ? sql`false` : contestedSql(kind)} as contested,
        case when action = 'create' then coalesce(removed_id, ${derivedIdSql(resource)}) end as new_id,
        case when action = 'create' then coalesce(removed_lineage, lineage) end as new_lineage,
        case when id is null and removed is not null and removed_read <> hash and policy = 'merge'
          and action in ('keep', 'create') then if_gone end as settled
      from judged
    )`
}

/**
 * Records stand in the parts of such assets: what a push would take away, and what was made anew, is looked at in code.
 */
const isWatched = (resource: AssetResource) => resource.kind === STAGED.kind

/** Another asset of the target has the incoming key: settle.ts finds out whether it goes on having it. */
function contestedSql(kind: string): RawBuilder<boolean> {
  return sql`(action in ('create', 'update', 'merge') and key is distinct from old_key and key is not null and exists (
        select 1 from asset o where o.location_id = judged.location_id and o.kind = ${kind}
          and o.unique_key = judged.key and o.id is distinct from judged.id))`
}

/** `derive_id` or `derive_hex` for the kind's format of id; the same as `deriveId` in ids.ts. */
function derivedIdSql({ kind, idFormat }: AssetResource): RawBuilder<string> {
  if (idFormat === 'id20') return sql`derive_id(location_id, ${kind}, lineage)`
  if (idFormat === 'hex24') return sql`derive_hex(location_id, ${kind}, lineage, 24)`
  return sql`derive_hex(location_id, ${kind}, lineage, 32)::uuid::text`
}

function pairsSql(kind: string): RawBuilder<unknown> {
  return sql`
      select t.location_id, t.is_plain, e.* from target t cross join entry e where not t.is_current or e.changed
      union all
      select t.location_id, t.is_plain, e.* from target t
      join (
        select a.location_id, a.lineage from asset a where a.kind = ${kind} and a.drift_push is not null
          and a.location_id = any(select location_id from target where is_current)
        union
        select l.location_id, l.lineage from asset_alias l where l.kind = ${kind} and l.drift_push is not null
          and l.location_id = any(select location_id from target where is_current)
        union
        select z.location_id, z.lineage from asset_tombstone z where z.kind = ${kind}
          and z.location_id = any(select location_id from target where is_current)
        union
        select location_id, lineage from known where looks
      ) d on d.location_id = t.location_id
      join entry e on e.lineage = d.lineage and not e.changed
      where t.is_current`
}

function retrySql(only: readonly { locationId: string; lineage: string }[]): RawBuilder<unknown> {
  return sql`
      select o.location_id, t.is_plain, e.*
      from unnest(${texts(only.map((o) => o.locationId))}, ${texts(only.map((o) => o.lineage))})
        o(location_id, lineage)
      join target t on t.location_id = o.location_id join entry e on e.lineage = o.lineage`
}

/** A row of `decided` that needs more than the set-based statement, or that a plan shows. */
export interface Decision {
  locationId: string
  lineage: string
  name: string
  key: string | null
  /** The entry's document as this target names things. */
  hash: string
  id: string | null
  /** Reached by another lineage than its own: the pair stands in `asset_alias`. */
  byAlias: boolean
  mine: string | null
  base: string | null
  oldName: string | null
  oldKey: string | null
  oldPush: string | null
  oldParts: Record<string, string> | null
  newParts: Record<string, string> | null
  /** The alias row of the lineage as it stands. */
  alias: object | null
  drops: boolean
  wasRemoved: boolean
  /** The target has deleted what the snapshot changed: whose side stands, as the push was told. */
  settled: 'source' | 'target' | null
  /** Whose tombstones go when the asset is written. */
  removedId: string | null
  /** Another asset has the key that this one is to have. */
  contested: boolean
  /** Id that a creation gives. */
  newId: string | null
  action: 'create' | 'update' | 'adopt' | 'merge' | 'keep' | 'conflict' | 'ambiguous' | 'skip' | 'unchanged'
}

/** The lineage reaches this asset by this push: what is left alone is matched all the same. */
export const isMet = ({ byAlias, id, alias }: Decision): boolean =>
  byAlias && id !== (alias as { id?: string } | null)?.id

/** How the reason begins where somebody has deleted it there. */
export const DELETED_THERE = 'deleted in the target'
export const SKIPPED = 'differs, and the policy is skip'

/** Why an asset is not simply brought up to date; null when there is nothing to explain. */
export function reasonOf(decision: Decision, openSince: number | null): string | null {
  if (decision.action === 'keep' && decision.settled !== null) return LEFT
  if (decision.action === 'keep')
    return keptBecause(decision.wasRemoved ? DELETED_THERE : 'changed in the target only', openSince)
  if (decision.action === 'conflict') return `${DELETED_THERE}, changed in the snapshot`
  if (decision.action === 'skip') return SKIPPED
  return null
}

/** What was a conflict is none again, and nobody has settled it. */
export const keptBecause = (reason: string, openSince: number | null) =>
  openSince === null ? reason : `conflict with version ${openSince}, kept`

/** One decision as JSON, for answers that hold several of them. */
export const DECISION_JSON = sql`jsonb_build_object(
  'locationId', location_id, 'lineage', lineage, 'name', name, 'key', key, 'hash', encode(hash, 'hex'), 'id', id,
  'byAlias', by_alias, 'mine', encode(mine, 'hex'), 'base', encode(base, 'hex'), 'oldName', old_name, 'oldKey', old_key,
  'oldPush', old_push, 'oldParts', old_parts, 'newParts', new_parts, 'alias', alias, 'drops', drops,
  'wasRemoved', removed is not null, 'settled', settled, 'removedId', removed_id, 'contested', contested, 'newId', new_id,
  'action', action)`

/** Decides without writing. `unchanged` and `adopt` rows are left out: nothing of them is seen. */
export async function readDecisions(db: Db, scope: Scope): Promise<Decision[]> {
  if (scope.targets.length === 0 || scope.entries.length === 0) return []
  const rows = await query(
    db,
    sql<{ decision: Decision }>`with ${decideSql(scope)}
      select ${DECISION_JSON} as decision from decided
      where action not in ('unchanged', 'adopt') order by location_id, lineage`,
  )
  return rows.map((row) => row.decision)
}

/** Kinds in which current targets differ from what was pushed, by edits or deletions of their own. */
export async function findBusyKinds(db: Db, targets: readonly Target[]): Promise<Set<string>> {
  const current = targets.filter((target) => target.isCurrent).map((target) => target.locationId)
  if (current.length === 0) return new Set()
  const rows = await query(
    db,
    sql<{ kind: string }>`
      select kind from asset where drift_push is not null and location_id = any(${texts(current)})
      union select kind from asset_alias where drift_push is not null and location_id = any(${texts(current)})
      union select kind from asset_tombstone where location_id = any(${texts(current)})`,
  )
  return new Set(rows.map((row) => row.kind))
}
