import { type RawBuilder, sql } from 'kysely'
import { query, type Tx, texts } from '../db/pool.ts'
import { inSavepoint, isInfrastructure } from '../db/transaction.ts'
import { numberedChangeId } from '../store/changes/index.ts'
import { DECISION_JSON, type Decision, decideSql, reasonOf } from './decide.ts'
import { failedPiece, narrower } from './narrow.ts'
import { OUTCOME_OF, type Outcome } from './options.ts'
import type { OutcomeRow } from './outcomes.ts'
import { addResult, addTo, emptyResult, type Piece, type PieceResult } from './piece.ts'
import { leavingOf, removalOutcomes, removeGone } from './remove.ts'
import { settle } from './settle.ts'
import { moveOut } from './stages.ts'
import { writeSql } from './write.ts'
import { writeMerges } from './write-merges.ts'

/**
 * Applies one kind to some targets. What fails for its data alone is narrowed down: first to one target, then to one
 * asset, which is recorded as failed while everything else goes on.
 */
export async function applyPiece(tx: Tx, piece: Piece): Promise<PieceResult> {
  try {
    return await inSavepoint(tx, () => applySet(tx, piece))
  } catch (error) {
    if (isInfrastructure(error)) throw error
    const parts = narrower(piece, error)
    if (parts === null) return failedPiece(piece, error)
    const result = emptyResult()
    for (const part of parts) addResult(result, await applyPiece(tx, part))
    return result
  }
}

interface SetRow {
  locationId: string
  action: Decision['action']
  count: number
  isHeld: boolean
  rest: Decision[]
}

async function applySet(tx: Tx, piece: Piece): Promise<PieceResult> {
  const { scope } = piece
  const result = emptyResult()
  // Keys that swap are in each other's way until all of a kind is written.
  if (scope.resource.unique !== null) await sql`set constraints asset_unique_key deferred`.execute(tx)
  await removeGone(tx, piece)
  const held = await applyPlain(tx, piece, result, { holds: true, skip: [] })
  if (held.length > 0) await applyHeld(tx, piece, result, held)
  await moveOut(
    tx,
    piece.author,
    piece.removals.flatMap(({ leavingStages = [] }) => leavingStages),
  )
  for (const removed of removalOutcomes(piece)) {
    addTo(result.removals, removed.locationId, { [removed.outcome]: 1 })
    if (removed.outcome !== 'deleted') result.outcomes.push(removed)
  }
  if (scope.resource.unique !== null) await sql`set constraints asset_unique_key immediate`.execute(tx)
  return result
}

interface Plain {
  /** Targets of which something needs code are left alone and returned. */
  holds: boolean
  /** Assets that code writes, or leaves alone. */
  skip: readonly { locationId: string; lineage: string }[]
}

/** Creations, fast-forwards and adoptions: one statement, whatever the number of targets. */
async function applyPlain(tx: Tx, piece: Piece, result: PieceResult, plain: Plain): Promise<Decision[]> {
  if (piece.scope.entries.length === 0 || piece.scope.targets.length === 0) return []
  const held: Decision[] = []
  for (const { locationId, action, count, isHeld, rest } of await query(tx, applySql(piece, plain))) {
    if (isHeld) {
      held.push(...rest)
      continue
    }
    const outcome = action === 'adopt' ? 'unchanged' : OUTCOME_OF[action as Exclude<typeof action, 'merge' | 'adopt'>]
    addTo(result.totals, locationId, { [outcome]: count })
    for (const decision of rest) result.outcomes.push(toOutcome(piece, decision, outcome))
  }
  return held
}

function toOutcome(
  { scope, identities }: Piece,
  decision: Decision,
  outcome: Outcome,
  reason?: string | null,
  detail: unknown = null,
): OutcomeRow {
  const { locationId, lineage, name } = decision
  // What was matched and not written is not matched.
  const id = outcome === 'ambiguous' && decision.base === null ? null : decision.id
  const why =
    reason ??
    (decision.action === 'ambiguous'
      ? identities.reasonFor(decision, scope.kind)
      : reasonOf(decision, identities.openSince(decision, scope.kind)))
  const whole = decision.action === 'keep' && decision.settled !== null ? [{ take: decision.settled }] : []
  const candidates = decision.action === 'ambiguous' ? identities.candidatesFor(decision, scope.kind) : null
  return {
    locationId,
    kind: scope.kind,
    lineage,
    id,
    name,
    outcome,
    reason: why,
    detail: detail ?? (candidates === null ? toDetail([], whole) : { candidates }),
  }
}

/** What waits, and what this push was told about: conflicts-noted.ts reads both. */
const toDetail = (conflicts: readonly unknown[], decided: readonly { take: string }[]) =>
  conflicts.length + decided.length === 0
    ? null
    : { ...(conflicts.length > 0 && { conflicts }), ...(decided.length > 0 && { decided }) }

/** What is remembered of an alias `z` that gives way is replaced by what it had taken the place of. */
const isCovering = sql`exists (
  select 1 from covering c where c.location_id = z.location_id and c.lineage = z.lineage)`

function applySql(piece: Piece, { holds, skip }: Plain): RawBuilder<SetRow> {
  const { scope, author } = piece
  const { kind } = scope
  return sql<SetRow>`
    with ${decideSql(scope)},
    held as materialized (
      select distinct location_id from decided where ${holds}::boolean and (action = 'merge' or contested)
    ), skipped as materialized (
      select * from unnest(${texts(skip.map((s) => s.locationId))}, ${texts(skip.map((s) => s.lineage))})
        s(location_id, lineage)
    ), todo as materialized (
      select d.* from decided d where not exists (select 1 from held h where h.location_id = d.location_id)
        and not exists (select 1 from skipped s where s.location_id = d.location_id and s.lineage = d.lineage)
    ), write as materialized (
      select location_id, is_plain, lineage, coalesce(new_id, id) as id, new_lineage as own_lineage,
        case when stays then 'adopt' else action end as op,
        case when stays then old_name else title end as name, case when stays then old_key else key end as key,
        case when stays then mine else hash end as hash, mine, case when stays then base else hash end as base,
        by_alias or (action = 'create' and new_lineage <> lineage) as by_alias, drops,
        coalesce(removed_local, local) as local,
        nullif(coalesce(removed_parts, old_parts, '{}') || coalesce(new_parts, '{}'), '{}') as parts,
        old_name, old_key, base as old_base, old_push, old_parts, alias, removed_id, false as keeps
      -- What is left alone is matched all the same, and so an alias may give way: who it is does not change by that.
      from (select *, action in ('skip', 'keep') as stays from todo) t
      where action in ('create', 'update', 'adopt')
        or (stays and id is not null and (drops or (by_alias and id is distinct from alias->>'id')))
    ), covering as materialized (
      -- Who an alias led elsewhere is, which gives way, is what it was before; that stays deleted.
      select d.location_id, d.lineage, d.action, d.settled, d.hash, d.covered, d.alias, z.base_hash, z.source_push,
        to_jsonb(z) - 'location_id' - 'kind' as tombstone
      from todo d left join asset_tombstone z
        on z.location_id = d.location_id and z.kind = ${kind} and z.lineage = d.lineage
      where d.covered is not null and d.id is null and d.action in ('keep', 'skip', 'conflict')
    ), ${writeSql(scope.resource, author, isCovering)},
    uncovered as (
      insert into asset_tombstone (location_id, kind, lineage, id, name, base_hash, source_push, own_lineage, local,
        part_aliases, deleted_at)
      select location_id, ${kind}, lineage, covered->>'id', covered->>'name',
        case when action = 'conflict' or settled = 'target' then hash else (covered->>'base_hash')::bytea end, covered->>'source_push',
        covered->>'own_lineage', nullif(covered->'local', 'null'), nullif(covered->'part_aliases', 'null'),
        (covered->>'deleted_at')::timestamptz
      from covering
      on conflict (location_id, kind, lineage) do update set id = excluded.id, name = excluded.name,
        base_hash = excluded.base_hash, source_push = excluded.source_push, own_lineage = excluded.own_lineage,
        local = excluded.local, part_aliases = excluded.part_aliases, deleted_at = excluded.deleted_at
    ), buried as materialized (
      -- What stays deleted is told of, or who it is: the alias that led elsewhere gives way all the same.
      select d.location_id, d.lineage, d.action, d.settled, d.hash, d.removed, z.id, z.source_push,
        case when d.drops then d.alias end as alias
      from todo d join asset_tombstone z on z.location_id = d.location_id and z.kind = ${kind} and z.lineage = d.lineage
      where d.id is null and d.removed is not null and d.covered is null
        and (d.action = 'conflict' or d.settled = 'target' or (d.action in ('keep', 'skip') and d.drops and d.alias is not null))
    ), seen as (
      update asset_tombstone z set base_hash = b.hash from buried b
      where (b.action = 'conflict' or b.settled = 'target') and z.location_id = b.location_id and z.kind = ${kind} and z.lineage = b.lineage
    ), given_way as (
      delete from asset_alias l using (
        select location_id, lineage, alias from buried union all select location_id, lineage, alias from covering) b
      where b.alias is not null and l.location_id = b.location_id and l.kind = ${kind} and l.lineage = b.lineage
    ), told as (
      insert into change (location_id, id, kind, entity_id, op, delta, actor, cause, at)
      select location_id, ${numberedChangeId(author.atMs)}, ${kind}, id, 'adopt',
        jsonb_build_object('lineage', lineage,
            'buried', jsonb_build_object('base', encode(base, 'hex'), 'push', source_push))
          || case when alias is null then '{}' else jsonb_build_object('alias', alias) end || more,
        ${author.actor}, ${author.pushId}, ${new Date(author.atMs)}
      from (
        select location_id, lineage, id, removed as base, source_push, alias, '{}'::jsonb as more from buried
        union all
        select location_id, lineage, covered->>'id', base_hash, source_push, alias, case
            when tombstone is null then jsonb_build_object('isKnownAgain', true)
            else jsonb_build_object('tombstones', jsonb_build_array(tombstone)) end
        from covering
      ) t
    )
    select d.location_id as "locationId", d.action, count(*)::int as count, h.location_id is not null as "isHeld",
      coalesce(jsonb_agg(${DECISION_JSON}) filter (
        where h.location_id is not null and action not in ('unchanged', 'adopt')
          or action in ('keep', 'conflict', 'ambiguous', 'skip')), '[]') as rest
    from decided d left join held h using (location_id)
    where not exists (select 1 from skipped s where s.location_id = d.location_id and s.lineage = d.lineage)
    group by location_id, action, h.location_id`
}

/** Targets in which something must be merged, or waits for a key: the final word first, then everything of them. */
async function applyHeld(tx: Tx, piece: Piece, result: PieceResult, decisions: readonly Decision[]): Promise<void> {
  const { scope, identities, policyFor, takesFor, decidingFor } = piece
  const leaving = leavingOf(piece.removals)
  const { verdicts, leavingStages } = await settle(tx, {
    resource: scope.resource,
    decisions,
    identities,
    policyFor,
    takesFor,
    decidingFor,
    leaving,
    stages: piece.stages,
  })
  const byCode = verdicts.filter(
    ({ decision, combined, action }) =>
      combined !== null || (action === 'ambiguous' && decision.action !== 'ambiguous'),
  )
  const locationIds = new Set(decisions.map((decision) => decision.locationId))
  const targets = scope.targets.filter((target) => locationIds.has(target.locationId))
  await applyPlain(tx, { ...piece, scope: { ...scope, targets } }, result, {
    holds: false,
    skip: byCode.map((verdict) => verdict.decision),
  })
  for (const verdict of byCode) {
    const lacksOthers = verdict.action === 'ambiguous' && piece.brokenBy !== undefined
    const outcome = lacksOthers ? 'failed' : OUTCOME_OF[verdict.action]
    addTo(result.totals, verdict.decision.locationId, { [outcome]: 1 })
    const conflicts = verdict.action === 'conflict' && !verdict.isFault ? (verdict.combined?.conflicts ?? []) : []
    const detail = verdict.isFault ? { fault: verdict.reason } : toDetail(conflicts, verdict.combined?.decided ?? [])
    const noted = outcome !== 'updated' && !(outcome === 'unchanged' && !verdict.decision.byAlias)
    if (noted)
      result.outcomes.push(
        toOutcome(piece, verdict.decision, outcome, lacksOthers ? piece.brokenBy : verdict.reason, detail),
      )
  }
  await writeMerges(
    tx,
    piece,
    byCode.filter((verdict) => verdict.combined !== null && verdict.action !== 'ambiguous'),
  )
  await moveOut(tx, piece.author, leavingStages)
}
