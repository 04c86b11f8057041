import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import { type Db, json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import type { AssetResource } from '../store/resource.ts'
import { lockStages } from '../store/stage-holds.ts'
import { lockTagNames } from '../store/tag-names.ts'
import { rememberApplied, takeBackApplied } from './applied.ts'
import { applyPiece } from './apply.ts'
import { noteConflicts } from './conflicts-noted.ts'
import { findBusyKinds, type Scope, type Target } from './decide.ts'
import { finishBatch } from './finish.ts'
import { identify } from './identify.ts'
import type { Identities } from './identity.ts'
import { findMoved, reportMoved } from './moved.ts'
import { addTotals, type Totals } from './options.ts'
import { showOutcomes, storeOutcomes } from './outcomes.ts'
import { addResult, emptyResult, type PieceResult, type PushAuthor } from './piece.ts'
import { type BatchTarget, findPushForPiece, type PushRow } from './push.ts'
import { planRemovals } from './remove.ts'
import { rollbackStep } from './rollback.ts'
import { STAGED } from './stages-after.ts'
import { renameTagsOnContacts } from './tag-follow.ts'
import { isQuiet, onlyDecided, policyIn, readWanted, takesIn, type Wanted, type WantedKind } from './wanted.ts'

export interface BatchContext {
  db: Db
  clock: Clock
  resources: ReadonlyMap<string, AssetResource>
}

/**
 * Brings a batch of targets to the pushed version, or back. One transaction looks, matches, decides, writes and records its own completion in
 * `push_piece`: it holds its locations meanwhile, so nothing comes between what it sees and what it writes, and the job may be
 * killed at any instruction and run again. Answers the state of a push that has ended with it.
 */
export async function runBatch(context: BatchContext, pushId: string, batch: number): Promise<string | null> {
  const { db, clock } = context
  await sql`update push set state = 'processing', started_at = coalesce(started_at, ${new Date(clock.nowMs())}) where id = ${pushId} and state = 'pending'`.execute(
    db,
  )
  const goesOn = await inTransaction(db, (tx) => runPiece(context, tx, pushId, batch))
  return goesOn ? inTransaction(db, (tx) => finishBatch(tx, { pushId, batch, atMs: clock.nowMs() })) : null
}

/** False when the push is over (cancelled, or gone). */
async function runPiece({ db, clock, resources }: BatchContext, tx: Tx, pushId: string, batch: number): Promise<boolean> {
  const push = await findPushForPiece(tx, pushId)
  if (push === null || push.state !== 'processing') return false
  const at = new Date(clock.nowMs())
  const claimed = await queryOne(
    tx,
    sql`insert into push_piece (push_id, batch, step, totals, finished_at) values (${pushId}, ${batch}, '*', '{}', ${at}) on conflict do nothing returning 1`,
  )
  if (claimed === null) return true
  const targets = await lockTargets(tx, push, batch, at)
  const author = { pushId, actor: `push:${pushId}`, atMs: clock.nowMs() }
  const totals =
    push.reverts === null
      ? await applyVersion(tx, { push, targets, author, resources, note: noting(db, clock, push, batch) })
      : await rollbackStep(tx, { push, targets, author, resources })
  await sql`update push_piece set totals = ${json(totals)}, finished_at = ${new Date(clock.nowMs())} where push_id = ${pushId} and batch = ${batch} and step = '*'`.execute(
    tx,
  )
  return true
}

/** Locks the batch's locations in one order (no deadlocks between pushes) and fails the targets whose location is gone. */
async function lockTargets(tx: Tx, push: PushRow, batch: number, at: Date): Promise<BatchTarget[]> {
  if (push.kinds.includes('tags')) {
    const open = await query(
      tx,
      sql<{ id: string }>`select location_id as id from push_target where push_id = ${push.id} and batch = ${batch} and state in ('pending', 'processing')`,
    )
    await lockTagNames(
      tx,
      open.map((row) => row.id),
    )
  }
  const there = await query(
    tx,
    sql<{ id: string }>`
      select id from location where id = any(select location_id from push_target where push_id = ${push.id} and batch = ${batch} and state in ('pending', 'processing'))
        and deleted_at is null order by id for no key update`,
  )
  const ids = there.map((row) => row.id)
  await sql`
    update push_target set state = 'failed', error = 'The location was deleted.', finished_at = ${at}
    where push_id = ${push.id} and batch = ${batch} and state in ('pending', 'processing') and not location_id = any(${texts(ids)})`.execute(tx)
  return query(
    tx,
    sql<BatchTarget>`
      select location_id as "locationId", from_version as "fromVersion", plan_digest as "planDigest", completed, failed, totals from push_target
      where push_id = ${push.id} and batch = ${batch} and location_id = any(${texts(ids)}) order by location_id`,
  )
}

/** A batch that takes longer than this shows how far it is. */
const NOTE_MS = 100

type Note = (completed: readonly string[]) => void

/** Tells from beside the transaction which kinds are done. Nobody waits for it: a batch must not need a second connection to go on. */
function noting(db: Db, clock: Clock, { id }: PushRow, batch: number): Note {
  let lastMs = clock.nowMs()
  return (completed) => {
    if (clock.nowMs() - lastMs < NOTE_MS) return
    lastMs = clock.nowMs()
    sql`
      insert into push_progress (push_id, batch, completed) values (${id}, ${batch}, ${texts(completed)})
      on conflict (push_id, batch) do update set completed = excluded.completed where cardinality(push_progress.completed) < cardinality(excluded.completed)`
      .execute(db)
      .catch(() => {})
  }
}

interface VersionInput {
  note: Note
  push: PushRow
  targets: readonly BatchTarget[]
  author: PushAuthor
  resources: ReadonlyMap<string, AssetResource>
}

async function applyVersion(tx: Tx, { push, targets, author, resources, note }: VersionInput): Promise<Totals> {
  const fromVersion = targets.reduce<number | null>((newest, target) => target.fromVersion ?? newest, null)
  const wanted = await readWanted(tx, { ...push, fromVersion, resources })
  const standing = await beginTargets(tx, { push, targets, atMs: author.atMs })
  const moved = await findMoved(tx, { wanted, targets, standing })
  const sum = await reportMoved(tx, { push, wanted, moved })
  const open = targets.filter((target) => !moved.has(target.locationId))
  const identities = await identify(tx, {
    targets: open.map(({ locationId }) => ({ locationId, isCurrent: standing.has(locationId) })),
    wanted,
  })
  addTotals(sum, await applyKinds(tx, { push, wanted, targets: open, standing, identities, author, note }))
  await rememberApplied(tx, push, open)
  return sum
}

/**
 * Starts the targets and takes back the claim to be current where it no longer holds. Returns those that stand at the version
 * that differences are counted from.
 */
async function beginTargets(tx: Tx, { push, targets, atMs }: { push: PushRow; targets: readonly BatchTarget[]; atMs: number }): Promise<Set<string>> {
  const ids = targets.map((target) => target.locationId)
  const versions = await takeBackApplied(tx, push.snapshotId, ids)
  const standing = new Set(
    targets.filter(({ locationId, fromVersion }) => fromVersion !== null && versions.get(locationId) === fromVersion).map((target) => target.locationId),
  )
  await sql`
    update push_target set state = 'processing', started_at = coalesce(started_at, ${new Date(atMs)}), from_version = case when location_id = any(${texts([...standing])}) then from_version end
    where push_id = ${push.id} and location_id = any(${texts(ids)})`.execute(tx)
  return standing
}

interface KindsInput {
  note: Note
  push: PushRow
  wanted: Wanted
  targets: readonly BatchTarget[]
  standing: ReadonlySet<string>
  identities: Identities
  author: PushAuthor
}

/** Applies all kinds in dependency order and books the results. Returns the sum over the targets. */
async function applyKinds(tx: Tx, input: KindsInput): Promise<Totals> {
  const { push, wanted, targets } = input
  const failed = await readFailed(
    tx,
    push.id,
    targets.map((target) => target.locationId),
  )
  const busy = await findBusyKinds(tx, toTargets(input, targets))
  const standing = targets.map(({ locationId }) => ({ locationId, isCurrent: input.standing.has(locationId) }))
  const bookings: Booking[] = []
  for (const kind of wanted.kinds) {
    const isIdle = isQuiet(kind) && !busy.has(kind.kind) && !input.identities.waits(kind.kind) && input.identities.areCurrent(standing)
    const result = isIdle ? emptyResult() : await applyKind(tx, input, kind, failed)
    await storeOutcomes(tx, push.id, await showOutcomes(tx, result.outcomes, wanted))
    if (!isIdle) await noteConflicts(tx, { push, kind, outcomes: result.outcomes, targets, decided: wanted.decided, atMs: input.author.atMs })
    bookings.push({ kind, result })
    input.note(bookings.map((booking) => booking.kind.kind))
  }
  return bookTotals(tx, push, bookings, targets)
}

const toTargets = ({ standing, identities }: KindsInput, targets: readonly BatchTarget[]): Target[] =>
  identities.scope(targets.map(({ locationId }) => ({ locationId, isCurrent: standing.has(locationId) })))

interface Failed {
  kind: string
  locationId: string
  lineage: string
}

/** Assets that failed in an earlier try. */
function readFailed(tx: Tx, pushId: string, locationIds: readonly string[]): Promise<Failed[]> {
  return query(
    tx,
    sql<Failed>`delete from push_outcome where push_id = ${pushId} and outcome = 'failed' and location_id = any(${texts(locationIds)})
      returning kind, location_id as "locationId", lineage`,
  )
}

async function applyKind(tx: Tx, input: KindsInput, kind: WantedKind, allFailed: readonly Failed[]): Promise<PieceResult> {
  const { wanted, targets, identities, author } = input
  const open = targets.filter((target) => !target.completed.includes(kind.kind))
  const fresh = open.filter((target) => !target.failed.includes(kind.kind))
  const retried = open.filter((target) => target.failed.includes(kind.kind))
  const locationIds = open.map((target) => target.locationId)
  if (kind.kind === STAGED.kind) await lockStages(tx, locationIds)
  const known = await identities.knownOf(tx, kind, { store: true })
  const same = { author, identities, stages: wanted.options.stages, policyFor: policyIn(wanted, kind.kind), takesFor: takesIn(wanted, kind.kind) }
  const result = emptyResult()
  const apply = async (some: readonly BatchTarget[], only: Scope['only']): Promise<void> => {
    if (some.length === 0) return
    const removals = await planRemovals(tx, { wanted, kind, targets: toTargets(input, some), identities, only })
    const scope = { kind: kind.kind, resource: kind.resource, entries: kind.entries, known, targets: toTargets(input, some), only }
    addResult(result, await applyPiece(tx, { ...same, removals, scope }))
  }
  await apply(fresh, onlyDecided(wanted, kind.kind))
  await apply(
    retried,
    allFailed.filter((row) => row.kind === kind.kind),
  )
  if (kind.kind === 'tags') await renameTagsOnContacts(tx, author, locationIds)
  return result
}

interface Booking {
  kind: WantedKind
  result: PieceResult
}

/** Writes what became of the kinds to their targets. Entries that nobody mentioned are unchanged. Returns what the push's totals gain. */
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
  // Most targets of a batch have the same to book: each different booking is read once.
  const groups = [...Map.groupBy(rows, ({ booked, failed }) => JSON.stringify([booked, failed])).values()]
  const first = groups.map((group) => group[0] as (typeof rows)[number])
  await sql`
    with booking as materialized (
      select b.number, b.booked::jsonb as booked, array(select jsonb_array_elements_text(b.done::jsonb)) as done, array(select jsonb_array_elements_text(b.failed::jsonb)) as failed
      from unnest(${texts(first.map((r) => JSON.stringify(r.booked)))},
        ${texts(first.map((r) => JSON.stringify(Object.keys(r.booked).filter((kind) => !r.failed.includes(kind)))))},
        ${texts(first.map((r) => JSON.stringify(r.failed)))}) with ordinality b(booked, done, failed, number)
    )
    update push_target t set totals = t.totals || b.booked, completed = t.completed || b.done, failed = b.failed
    from unnest(${texts(groups.flatMap((group) => group.map((r) => r.locationId)))}, ${groups.flatMap((group, index) => group.map(() => index + 1))}::bigint[]) r(location_id, number)
    join booking b on b.number = r.number
    where t.push_id = ${push.id} and t.location_id = r.location_id`.execute(tx)
  return sum
}
