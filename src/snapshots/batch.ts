import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import { type Db, json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import type { AssetResource } from '../store/resource.ts'
import { applyPiece } from './apply.ts'
import { findBusyKinds, type Known } from './decide.ts'
import { finishBatch } from './finish.ts'
import { matchStep } from './match-step.ts'
import { addTotals, policyOf, type Totals } from './options.ts'
import { storeOutcomes } from './outcomes.ts'
import { addResult, emptyResult, type Piece, type PieceResult, type PushAuthor } from './piece.ts'
import { type BatchTarget, findPushForPiece, type PushRow } from './push.ts'
import { rollbackStep } from './rollback.ts'
import { isQuiet, readWanted, type Wanted, type WantedKind } from './wanted.ts'

export interface BatchContext {
  db: Db
  clock: Clock
  resources: ReadonlyMap<string, AssetResource>
}

/** A step of a batch: all its kinds in one transaction. */
interface Step {
  name: string
  kinds: WantedKind[]
}

/**
 * Brings a batch of targets to the pushed version, step by step. Each step is one transaction that records its own
 * completion in `push_piece`, so that the job may be killed at any instruction and run again.
 */
export async function runBatch(context: BatchContext, pushId: string, batch: number): Promise<void> {
  const { db, clock } = context
  await sql`update push set state = 'processing', started_at = coalesce(started_at, ${new Date(clock.nowMs())}) where id = ${pushId} and state = 'pending'`.execute(
    db,
  )
  const push = await queryOne(db, sql<{ reverts: string | null }>`select reverts from push where id = ${pushId}`)
  if (push === null) return
  const steps = push.reverts === null ? await planSteps(context, pushId, batch) : { wanted: null, list: [{ name: '*', kinds: [] }] }
  if (steps === null) return
  for (const step of steps.list) {
    const goesOn = await inTransaction(db, (tx) => runStep(context, tx, { pushId, batch, step, wanted: steps.wanted }))
    if (!goesOn) return
  }
  await inTransaction(db, (tx) => finishBatch(tx, { pushId, batch, atMs: clock.nowMs() }))
}

/** First the matching, then the kinds in dependency order; kinds in which nothing changed go in one step. */
async function planSteps(context: BatchContext, pushId: string, batch: number): Promise<{ wanted: Wanted; list: Step[] } | null> {
  const push = await inTransaction(context.db, (tx) => findPushForPiece(tx, pushId))
  const first = await queryOne(
    context.db,
    sql<{ fromVersion: number | null }>`select max(from_version) as "fromVersion" from push_target where push_id = ${pushId} and batch = ${batch}`,
  )
  if (push === null || first === null) return null
  const wanted = await readWanted(context.db, { ...push, fromVersion: first.fromVersion, resources: context.resources })
  const quiet = first.fromVersion === null ? [] : wanted.kinds.filter(isQuiet)
  const busy = wanted.kinds.filter((kind) => !quiet.includes(kind)).map((kind) => ({ name: kind.kind, kinds: [kind] }))
  return { wanted, list: [{ name: 'match', kinds: [] }, ...(quiet.length > 0 ? [{ name: '*', kinds: quiet }] : []), ...busy] }
}

interface StepInput {
  pushId: string
  batch: number
  step: Step
  wanted: Wanted | null
}

/** False when the push is over (cancelled, or gone). */
async function runStep(context: BatchContext, tx: Tx, { pushId, batch, step, wanted }: StepInput): Promise<boolean> {
  const push = await findPushForPiece(tx, pushId)
  if (push === null || push.state !== 'processing') return false
  const claimed = await queryOne(
    tx,
    sql`insert into push_piece (push_id, batch, step, totals, finished_at) values (${pushId}, ${batch}, ${step.name}, '{}', ${new Date(context.clock.nowMs())})
        on conflict do nothing returning 1`,
  )
  if (claimed === null) return true
  const targets = await lockTargets(tx, push, batch, context.clock.nowMs())
  const author = { pushId, actor: `push:${pushId}`, atMs: context.clock.nowMs() }
  let totals: Totals = {}
  if (wanted === null) totals = await rollbackStep(tx, { push, targets, author, resources: context.resources })
  else if (step.name === 'match') await matchStep(tx, { push, wanted, targets, atMs: author.atMs })
  else totals = await applyKinds(tx, { push, wanted, kinds: step.kinds, targets, author })
  await sql`update push_piece set totals = ${json(totals)}, finished_at = ${new Date(context.clock.nowMs())} where push_id = ${pushId} and batch = ${batch} and step = ${step.name}`.execute(
    tx,
  )
  return true
}

/** Locks the batch's locations in one order (no deadlocks between pushes) and fails the targets whose location is gone. */
async function lockTargets(tx: Tx, push: PushRow, batch: number, nowMs: number): Promise<BatchTarget[]> {
  const there = await query(
    tx,
    sql<{ id: string }>`
      select id from location where id = any(select location_id from push_target where push_id = ${push.id} and batch = ${batch} and state in ('pending', 'processing'))
        and deleted_at is null order by id for no key update`,
  )
  const ids = there.map((row) => row.id)
  await sql`
    update push_target set state = 'failed', error = 'The location was deleted.', finished_at = ${new Date(nowMs)}
    where push_id = ${push.id} and batch = ${batch} and state in ('pending', 'processing') and not location_id = any(${texts(ids)})`.execute(tx)
  return query(
    tx,
    sql<BatchTarget>`
      select location_id as "locationId", from_version as "fromVersion", completed, failed, totals from push_target
      where push_id = ${push.id} and batch = ${batch} and location_id = any(${texts(ids)}) order by location_id`,
  )
}

interface KindsInput {
  push: PushRow
  wanted: Wanted
  kinds: readonly WantedKind[]
  targets: readonly BatchTarget[]
  author: PushAuthor
}

/** Applies kinds to the targets of a batch and books the results. Returns the sum over the targets. */
async function applyKinds(tx: Tx, input: KindsInput): Promise<Totals> {
  const { push, kinds, targets } = input
  const locationIds = targets.map((target) => target.locationId)
  const noted = await readNoted(
    tx,
    push.id,
    kinds.map((kind) => kind.kind),
    locationIds,
  )
  const busy = await findBusyKinds(tx, targets)
  const results = new Map<string, PieceResult>()
  for (const kind of kinds) {
    const result = isIdle(kind, targets, busy)
      ? emptyResult()
      : await applyKind(
          tx,
          input,
          kind,
          noted.filter((row) => row.kind === kind.kind),
        )
    await storeOutcomes(tx, push.id, result.outcomes)
    results.set(kind.kind, result)
  }
  return bookTotals(
    tx,
    push,
    kinds.map((kind) => ({ kind, result: results.get(kind.kind) as PieceResult })),
    targets,
  )
}

/** Nothing of this kind changed since the version the targets stand at, and none of them touched it. */
function isIdle(kind: WantedKind, targets: readonly BatchTarget[], busy: ReadonlySet<string>): boolean {
  return isQuiet(kind) && !busy.has(kind.kind) && targets.every((target) => target.fromVersion !== null)
}

type Noted = Known & { kind: string; outcome: string }

/** Assets found ambiguous by the matching, or failed in an earlier try. */
function readNoted(tx: Tx, pushId: string, kinds: readonly string[], locationIds: readonly string[]): Promise<Noted[]> {
  return query(
    tx,
    sql<Noted>`select kind, location_id as "locationId", lineage, null::text as id, outcome from push_outcome
      where push_id = ${pushId} and kind = any(${texts(kinds)}) and outcome in ('ambiguous', 'failed') and location_id = any(${texts(locationIds)})`,
  )
}

async function applyKind(tx: Tx, { push, wanted, targets, author }: KindsInput, kind: WantedKind, noted: readonly Noted[]): Promise<PieceResult> {
  const open = targets.filter((target) => !target.completed.includes(kind.kind))
  const retried = open.filter((target) => target.failed.includes(kind.kind))
  const fresh = open.filter((target) => !target.failed.includes(kind.kind))
  const failed = noted.filter((row) => row.outcome === 'failed')
  if (failed.length > 0) {
    await sql`delete from push_outcome where push_id = ${push.id} and kind = ${kind.kind} and outcome = 'failed' and location_id = any(${texts(failed.map((row) => row.locationId))})`.execute(
      tx,
    )
  }
  const policyFor = (lineage: string) => policyOf(wanted.options, kind.kind, lineage)
  const scopeOf = (list: readonly BatchTarget[]) => ({
    kind: kind.kind,
    unique: kind.resource.unique !== null,
    entries: kind.entries,
    known: noted.filter((row) => row.outcome === 'ambiguous'),
    targets: list.map(({ locationId, fromVersion }) => ({ locationId, isCurrent: fromVersion !== null })),
  })
  const gone = { snapshotId: wanted.snapshotId, held: kind.entries.map((entry) => entry.lineage) }
  const pieces: Piece[] = []
  if (fresh.length > 0) pieces.push({ author, resource: kind.resource, scope: scopeOf(fresh), policyFor, gone: { ...gone, lineages: kind.gone } })
  if (retried.length > 0)
    pieces.push({ author, resource: kind.resource, scope: { ...scopeOf(retried), only: failed }, policyFor, gone: { ...gone, lineages: [] } })
  const result = emptyResult()
  for (const piece of pieces) addResult(result, await applyPiece(tx, piece))
  return result
}

interface Booking {
  kind: WantedKind
  result: PieceResult
}

/** Writes what became of some kinds to their targets. Entries that nobody mentioned are unchanged. Returns what the push's totals gain. */
async function bookTotals(tx: Tx, push: PushRow, bookings: readonly Booking[], targets: readonly BatchTarget[]): Promise<Totals> {
  const sum: Totals = {}
  const rows = targets.map(({ locationId, totals, completed, failed: earlierFailed }) => {
    const booked: Record<string, Totals> = {}
    const failed: string[] = []
    for (const { kind, result } of bookings) {
      if (completed.includes(kind.kind)) continue
      const now: Totals = { ...result.totals.get(locationId) }
      const earlier = totals[kind.kind]
      if (earlier === undefined) addTotals(now, { unchanged: kind.entries.length - Object.values(now).reduce((count, number) => count + number, 0) })
      addTotals(now, result.removals.get(locationId) ?? {})
      const again = { failed: -(earlier?.failed ?? 0) }
      addTotals(addTotals(sum, now), again)
      if ((now.failed ?? 0) > 0) failed.push(kind.kind)
      booked[kind.kind] = addTotals(addTotals({ ...earlier }, again), now)
    }
    return { locationId, booked, failed: [...earlierFailed.filter((kind) => !Object.hasOwn(booked, kind)), ...failed] }
  })
  await sql`
    update push_target t set totals = t.totals || r.booked::jsonb, completed = t.completed || r.done, failed = r.failed
    from (
      select r.location_id, r.booked,
        array(select jsonb_array_elements_text(r.done::jsonb)) as done, array(select jsonb_array_elements_text(r.failed::jsonb)) as failed
      from unnest(${texts(rows.map((r) => r.locationId))}, ${texts(rows.map((r) => JSON.stringify(r.booked)))},
        ${texts(rows.map((r) => JSON.stringify(Object.keys(r.booked).filter((kind) => !r.failed.includes(kind)))))},
        ${texts(rows.map((r) => JSON.stringify(r.failed)))}) r(location_id, booked, done, failed)
    ) r
    where t.push_id = ${push.id} and t.location_id = r.location_id`.execute(tx)
  return sum
}
