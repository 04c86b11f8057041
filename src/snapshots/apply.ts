import { type RawBuilder, sql } from 'kysely'
import { query, type Tx, texts } from '../db/pool.ts'
import { inSavepoint, isInfrastructure } from '../db/transaction.ts'
import { putBlobs } from '../store/blobs.ts'
import { numberedChangeId } from '../store/changes.ts'
import { toPartId } from '../store/parts.ts'
import type { AssetResource } from '../store/resource.ts'
import { type Combined, combine } from './combine.ts'
import { type Decision, decideSql, reasonOf } from './decide.ts'
import { loadPreferences, type Preferences } from './normalise.ts'
import { OUTCOME_OF, type Outcome } from './options.ts'
import type { OutcomeRow } from './outcomes.ts'
import { addResult, addTo, emptyResult, type Piece, type PieceResult } from './piece.ts'
import { removeGone } from './remove.ts'

/**
 * Applies one kind to some targets. What fails for its data alone is narrowed down: first to one target, then to one
 * asset, which is recorded as failed while everything else goes on.
 */
export async function applyPiece(tx: Tx, piece: Piece): Promise<PieceResult> {
  try {
    return await inSavepoint(tx, () => applySet(tx, piece))
  } catch (error) {
    if (isInfrastructure(error)) throw error
    const { scope } = piece
    const narrower =
      scope.targets.length > 1
        ? scope.targets.map((target) => ({ targets: [target] }))
        : scope.entries.length > 1
          ? scope.entries.map((entry) => ({ entries: [entry] }))
          : null
    if (narrower === null) return failedPiece(piece, error)
    const result = emptyResult()
    for (const [index, part] of narrower.entries()) {
      const gone = 'targets' in part || index === 0 ? piece.gone : { ...piece.gone, lineages: [] }
      addResult(result, await applyPiece(tx, { ...piece, gone, scope: { ...scope, ...part } }))
    }
    return result
  }
}

function failedPiece({ scope }: Piece, error: unknown): PieceResult {
  const locationId = scope.targets[0]?.locationId as string
  const { lineage, name } = scope.entries[0] ?? { lineage: '', name: '' }
  const concerned = scope.only?.some((pair) => pair.locationId === locationId && pair.lineage === lineage) ?? true
  if (!concerned) return emptyResult()
  const outcome: OutcomeRow = { locationId, kind: scope.kind, lineage, id: null, name, outcome: 'failed', reason: (error as Error).message, detail: null }
  return { ...emptyResult(), totals: new Map([[locationId, { failed: 1 }]]), outcomes: [outcome] }
}

interface SetRow {
  locationId: string
  action: Decision['action']
  count: number
  rest: Decision[]
}

async function applySet(tx: Tx, piece: Piece): Promise<PieceResult> {
  const { scope } = piece
  const result = emptyResult()
  const rows = scope.entries.length === 0 ? [] : await query(tx, applySql(piece))
  const merges: Decision[] = []
  for (const { locationId, action, count, rest } of rows) {
    if (action === 'merge') {
      merges.push(...rest)
      continue
    }
    const outcome = action === 'adopt' ? 'unchanged' : action === 'taken' ? 'ambiguous' : OUTCOME_OF[action]
    addTo(result.totals, locationId, { [outcome]: count })
    // Ambiguities were noted by the matching, with their candidates.
    if (action === 'ambiguous') continue
    for (const decision of rest) result.outcomes.push(toOutcome(scope.kind, decision, outcome, reasonOf(piece.resource.noun, decision)))
  }
  if (merges.length > 0) {
    const preferences = await loadPreferences(tx, [...new Set(merges.map((merge) => merge.locationId))])
    await applyMerges(tx, piece, merges, preferences, result)
  }
  for (const removed of await removeGone(tx, piece)) {
    addTo(result.removals, removed.locationId, { [removed.outcome]: 1 })
    if (removed.outcome !== 'deleted') result.outcomes.push(removed)
  }
  return result
}

function toOutcome(kind: string, decision: Decision, outcome: Outcome, reason: string | null, detail: unknown = null): OutcomeRow {
  const { locationId, lineage, id, name } = decision
  return { locationId, kind, lineage, id, name, outcome, reason, detail }
}

/** Creations, fast-forwards and adoptions: one statement, whatever the number of targets. */
function applySql({ scope, resource, author }: Piece): RawBuilder<SetRow> {
  const { kind } = scope
  const at = new Date(author.atMs)
  return sql<SetRow>`
    with ${decideSql(scope)},
    created as (
      insert into asset (location_id, kind, id, lineage, name, key, hash, base_hash, local, source_push, created_at, updated_at)
      select location_id, ${kind}, ${derivedIdSql(resource)}, lineage, name, key, hash, hash, local, ${author.pushId}, ${at}, ${at}
      from decided where action = 'create'
      returning location_id, id, lineage, hash
    ), updated as (
      update asset a set name = d.name, key = d.key, hash = d.hash, base_hash = d.hash, source_push = ${author.pushId},
        updated_at = case when d.action = 'adopt' then a.updated_at else ${at} end
      from decided d
      where d.action in ('update', 'adopt') and a.location_id = d.location_id and a.kind = ${kind} and a.id = d.id
      returning a.location_id, a.id, d.action, d.mine, d.hash,
        jsonb_build_object('base', encode(d.base, 'hex'), 'name', d.old_name, 'key', d.old_key, 'sourcePush', d.old_push) as delta
    ), risen as (
      -- Tombstones of what is there again: created by this statement, or made again by the target and matched.
      select distinct d.location_id, d.lineage, z.id from decided d
      join asset_tombstone z on z.location_id = d.location_id and z.kind = ${kind} and z.lineage = d.lineage
      where d.was_removed and (d.action = 'create' or d.id is not null)
    ), unburied as (
      delete from asset_tombstone z using risen r where z.location_id = r.location_id and z.kind = ${kind} and z.id = r.id
    ), seen as (
      update asset_tombstone z set base_hash = d.hash from decided d
      where d.action = 'conflict' and d.was_removed and z.location_id = d.location_id and z.kind = ${kind} and z.lineage = d.lineage
    ), logged as (
      insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
      select location_id, ${numberedChangeId(author.atMs)}, ${kind}, id, op, delta, before, after,
        ${author.actor}, ${author.pushId}, ${at}
      from (
        select c.location_id, c.id, 'create' as op, case when r.id is not null then (
            select jsonb_build_object('tombstones', jsonb_agg(to_jsonb(z) - 'location_id' - 'kind')) from asset_tombstone z
            where z.location_id = c.location_id and z.kind = ${kind} and z.id = r.id) end as delta, null::bytea as before, c.hash as after
        from created c left join risen r on r.location_id = c.location_id and r.lineage = c.lineage
        union all
        select location_id, id, case action when 'adopt' then 'adopt' else 'update' end, delta, mine, hash from updated
      ) written
    )
    select location_id as "locationId", action, count(*)::int as count,
      coalesce(jsonb_agg(jsonb_build_object('locationId', location_id, 'lineage', lineage, 'name', name, 'key', key, 'hash', encode(hash, 'hex'), 'id', id,
        'mine', encode(mine, 'hex'), 'base', encode(base, 'hex'), 'oldName', old_name, 'oldKey', old_key, 'oldPush', old_push, 'wasRemoved', was_removed, 'action', action))
        filter (where action in ('merge', 'keep', 'conflict', 'ambiguous', 'taken', 'skip')), '[]') as rest
    from decided group by location_id, action`
}

/** `derive_id` or `derive_hex` for the kind's format of id; the same as `deriveId` in ids.ts. */
function derivedIdSql({ kind, idFormat }: AssetResource): RawBuilder<string> {
  if (idFormat === 'id20') return sql`derive_id(location_id, ${kind}, lineage)`
  if (idFormat === 'hex24') return sql`derive_hex(location_id, ${kind}, lineage, 24)`
  return sql`derive_hex(location_id, ${kind}, lineage, 32)::uuid::text`
}

async function applyMerges(tx: Tx, piece: Piece, merges: Decision[], preferences: Preferences, result: PieceResult): Promise<void> {
  const { scope, resource } = piece
  const combined = await combine(tx, { resource, decisions: merges, preferences, policyFor: piece.policyFor })
  const sound: Combined[] = []
  for (const item of combined) {
    const { decision } = item
    const outcome = item.fault === null ? OUTCOME_OF[item.action] : 'failed'
    addTo(result.totals, decision.locationId, { [outcome]: 1 })
    if (item.fault === null) sound.push(item)
    const detail = item.conflicts.length > 0 ? { conflicts: item.conflicts } : null
    const reason =
      item.fault ??
      (item.action === 'keep'
        ? 'changed in the target only'
        : item.action === 'conflict'
          ? `changed on both sides: ${item.conflicts.map((c) => c.path).join(', ')}`
          : null)
    if (outcome !== 'unchanged' && outcome !== 'updated') result.outcomes.push(toOutcome(scope.kind, decision, outcome, reason, detail))
  }
  const writes = sound.filter(({ decision, hash, baseHash }) => hash !== decision.mine || baseHash !== decision.base)
  if (writes.length === 0) return
  const blobs = new Map(writes.flatMap((item) => item.blobs.map((blob) => [blob.hash, blob])))
  await putBlobs(tx, [...blobs.values()])
  await storePartAliases(tx, sound, piece.author.atMs)
  await writeMerges(tx, piece, writes)
}

/** One statement for all merged documents of a piece. */
async function writeMerges(tx: Tx, { scope, author }: Piece, writes: readonly Combined[]): Promise<void> {
  const at = new Date(author.atMs)
  await sql`
    with merged as (
      select location_id, id, name, key, decode(hash, 'hex') as hash, decode(base, 'hex') as base, decode(mine, 'hex') as mine, delta::jsonb as delta
      from unnest(${texts(writes.map((w) => w.decision.locationId))}, ${texts(writes.map((w) => w.decision.id))}, ${texts(writes.map((w) => w.name))},
        ${texts(writes.map((w) => w.key))}, ${texts(writes.map((w) => w.hash))}, ${texts(writes.map((w) => w.baseHash))}, ${texts(writes.map((w) => w.decision.mine))},
        ${texts(writes.map(({ decision: d }) => JSON.stringify({ base: d.base, name: d.oldName, key: d.oldKey, sourcePush: d.oldPush })))})
        m(location_id, id, name, key, hash, base, mine, delta)
    ), written as (
      update asset a set name = m.name, key = m.key, hash = m.hash, base_hash = m.base, source_push = ${author.pushId},
        updated_at = case when a.hash = m.hash then a.updated_at else ${at} end
      from merged m where a.location_id = m.location_id and a.kind = ${scope.kind} and a.id = m.id
      returning a.location_id, a.id, m.hash, m.mine, m.delta
    )
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select location_id, ${numberedChangeId(author.atMs)}, ${scope.kind}, id,
      case when mine = hash then 'adopt' else 'update' end, delta, mine, hash, ${author.actor}, ${author.pushId}, ${at}
    from written`.execute(tx)
}

async function storePartAliases(tx: Tx, items: readonly Combined[], atMs: number): Promise<void> {
  const aliases = items.flatMap(({ decision, matchedParts }) =>
    matchedParts.map(({ target, source }) => ({ locationId: decision.locationId, source, id: toPartId(target, decision.locationId) })),
  )
  if (aliases.length === 0) return
  await sql`
    insert into asset_alias (location_id, kind, lineage, id, created_at)
    select l, '', s, i, ${new Date(atMs)} from unnest(${texts(aliases.map((a) => a.locationId))}, ${texts(aliases.map((a) => a.source))}, ${texts(aliases.map((a) => a.id))}) a(l, s, i)
    on conflict (location_id, kind, lineage) do nothing`.execute(tx)
}
