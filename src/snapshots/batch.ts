import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import { type Db, json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { lockTagNames } from '../store/records/index.ts'
import { rememberApplied, takeBackApplied } from './applied.ts'
import { applyKinds, type Note } from './apply-kinds.ts'
import { finishBatch } from './finish.ts'
import { identify } from './identify.ts'
import { findMoved, reportMoved } from './moved.ts'
import { addTotals, type Totals } from './options.ts'
import type { PushAuthor } from './piece.ts'
import { type BatchTarget, findPushForPiece, type PushRow } from './push.ts'
import { rollbackStep } from './rollback.ts'
import { readWanted } from './wanted.ts'

export interface BatchContext {
  db: Db
  clock: Clock
  resources: ReadonlyMap<string, AssetResource>
}

/**
 * Brings a batch of targets to the pushed version, or back. One transaction looks, matches, decides, writes and records
 * its own completion in `push_piece`: it holds its locations meanwhile, so nothing comes between what it sees and what
 * it writes, and the job may be killed at any instruction and run again. Answers the state of a push that has ended
 * with it.
 */
export async function runBatch(context: BatchContext, pushId: string, batch: number): Promise<string | null> {
  const { db, clock } = context
  await sql`
    update push set state = 'processing', started_at = coalesce(started_at, ${new Date(clock.nowMs())})
    where id = ${pushId} and state = 'pending'`.execute(db)
  const goesOn = await inTransaction(db, (tx) => runPiece(context, tx, pushId, batch))
  return goesOn ? inTransaction(db, (tx) => finishBatch(tx, { pushId, batch, atMs: clock.nowMs() })) : null
}

/** False when the push is over (cancelled, or gone). */
async function runPiece(
  { db, clock, resources }: BatchContext,
  tx: Tx,
  pushId: string,
  batch: number,
): Promise<boolean> {
  const push = await findPushForPiece(tx, pushId)
  if (push === null || push.state !== 'processing') return false
  const at = new Date(clock.nowMs())
  const claimed = await queryOne(
    tx,
    sql`
      insert into push_piece (push_id, batch, step, totals, finished_at)
      values (${pushId}, ${batch}, '*', '{}', ${at}) on conflict do nothing returning 1`,
  )
  if (claimed === null) return true
  const targets = await lockTargets(tx, push, batch, at)
  const author = { pushId, actor: `push:${pushId}`, atMs: clock.nowMs() }
  const totals =
    push.reverts === null
      ? await applyVersion(tx, { push, targets, author, resources, note: noting(db, clock, push, batch) })
      : await rollbackStep(tx, { push, targets, author, resources })
  await sql`
    update push_piece set totals = ${json(totals)}, finished_at = ${new Date(clock.nowMs())}
    where push_id = ${pushId} and batch = ${batch} and step = '*'`.execute(tx)
  return true
}

/**
 * Locks the batch's locations in one order (no deadlocks between pushes) and fails the targets whose location is gone.
 */
async function lockTargets(tx: Tx, push: PushRow, batch: number, at: Date): Promise<BatchTarget[]> {
  if (push.kinds.includes('tags')) {
    const open = await query(
      tx,
      sql<{ id: string }>`
        select location_id as id from push_target
        where push_id = ${push.id} and batch = ${batch} and state in ('pending', 'processing')`,
    )
    await lockTagNames(
      tx,
      open.map((row) => row.id),
    )
  }
  const there = await query(
    tx,
    sql<{ id: string }>`
      select id from location
      where id = any(select location_id from push_target
          where push_id = ${push.id} and batch = ${batch} and state in ('pending', 'processing'))
        and deleted_at is null order by id for no key update`,
  )
  const ids = there.map((row) => row.id)
  await sql`
    update push_target set state = 'failed', error = 'The location was deleted.', finished_at = ${at}
    where push_id = ${push.id} and batch = ${batch} and state in ('pending', 'processing')
      and not location_id = any(${texts(ids)})`.execute(tx)
  return query(
    tx,
    sql<BatchTarget>`
      select location_id as "locationId", from_version as "fromVersion", plan_digest as "planDigest", completed, failed,
        totals
      from push_target
      where push_id = ${push.id} and batch = ${batch} and location_id = any(${texts(ids)}) order by location_id`,
  )
}

/** A batch that takes longer than this shows how far it is. */
const NOTE_MS = 100

/**
 * Tells from beside the transaction which kinds are done. Nobody waits for it: a batch must not need a second
 * connection to go on.
 */
function noting(db: Db, clock: Clock, { id }: PushRow, batch: number): Note {
  let lastMs = clock.nowMs()
  return (completed) => {
    if (clock.nowMs() - lastMs < NOTE_MS) return
    lastMs = clock.nowMs()
    sql`
      insert into push_progress (push_id, batch, completed) values (${id}, ${batch}, ${texts(completed)})
      on conflict (push_id, batch) do update set completed = excluded.completed
        where cardinality(push_progress.completed) < cardinality(excluded.completed)`
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
 * Starts the targets and takes back the claim to be current where it no longer holds. Returns those that stand at the
 * version that differences are counted from.
 */
async function beginTargets(
  tx: Tx,
  { push, targets, atMs }: { push: PushRow; targets: readonly BatchTarget[]; atMs: number },
): Promise<Set<string>> {
  const ids = targets.map((target) => target.locationId)
  const versions = await takeBackApplied(tx, push.snapshotId, ids)
  const standing = new Set(
    targets
      .filter(({ locationId, fromVersion }) => fromVersion !== null && versions.get(locationId) === fromVersion)
      .map((target) => target.locationId),
  )
  await sql`
    update push_target set state = 'processing', started_at = coalesce(started_at, ${new Date(atMs)}),
      from_version = case when location_id = any(${texts([...standing])}) then from_version end
    where push_id = ${push.id} and location_id = any(${texts(ids)})`.execute(tx)
  return standing
}
