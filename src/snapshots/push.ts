import { type RawBuilder, sql } from 'kysely'
import { type Db, json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { queryPlanned } from '../db/prepared.ts'
import { enqueue } from '../db/queue.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { finishBatch } from './finish.ts'
import { isRunning, looksAtAll, type PushOptions, refuseOtherLocations, type State, type Totals } from './options.ts'
import { findReverting } from './reverting.ts'
import type { SnapshotRow } from './snapshots.ts'

export interface PushRow {
  id: string
  agencyId: string
  snapshotId: string
  version: number
  /** The push that this one rolls back. */
  reverts: string | null
  /** `restOf`: the roll-back that has kept what this one is about. */
  options: PushOptions & { override?: boolean; restOf?: string }
  kinds: string[]
  state: State
  actor: string
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

/** A target as its batch sees it. */
export interface BatchTarget {
  locationId: string
  fromVersion: number | null
  /** What the accepted plan said of it; null: no plan was required. */
  planDigest: string | null
  completed: string[]
  failed: string[]
  totals: Record<string, Totals>
}

export const COLUMNS = sql`id, agency_id as "agencyId", snapshot_id as "snapshotId", version, reverts, options, kinds,
  state, actor, created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"`

/** Why a target of an accepted plan was left alone. */
export const MOVED = 'changed since the plan'

/**
 * A piece is meant to write about this many pointers: long enough to be worth a transaction, short enough to lose and
 * to hold locations for.
 */
const PIECE_POINTERS = 20_000
const MOST_TARGETS = 500

export interface NewPush {
  snapshot: SnapshotRow
  version: number
  locationIds: readonly string[]
  options: PushOptions
  /** In the order they are applied. */
  kinds: readonly string[]
  /** Entries of the version. */
  entries: number
  /** By target, when a plan was accepted. */
  planDigests?: ReadonlyMap<string, string> | undefined
  actor: string
}

/** Stores a push with its targets and enqueues its batches, all in the caller's transaction. */
export async function startPush(tx: Tx, push: NewPush, atMs: number): Promise<PushRow> {
  const { snapshot, locationIds } = push
  refuseOtherLocations(snapshot.onlyLocations, locationIds)
  const row = await insertPush(
    tx,
    { ...push, snapshotId: snapshot.id, agencyId: snapshot.agencyId, reverts: null },
    atMs,
  )
  const full = Math.min(MOST_TARGETS, Math.max(1, Math.floor(PIECE_POINTERS / Math.max(1, push.entries))))
  const all = locationIds.filter((locationId) => looksAtAll(push.options, locationId))
  const digests = locationIds.map((locationId) => push.planDigests?.get(locationId) ?? null)
  // Targets that stand at the same version of this snapshot go together: their batches look at differences only.
  await sql`
    with standing as (
      select t.location_id, t.digest, s.version
      from unnest(${texts(locationIds)}, ${texts(digests)}) t(location_id, digest)
      left join location_applied s on s.location_id = t.location_id and s.snapshot_id = ${snapshot.id}
        and not t.location_id = any(${texts(all)})
    ), size as (
      select v.version, greatest(1, least(${MOST_TARGETS}::int, ${PIECE_POINTERS}::int / greatest(1, (
        select count(*)::int from snapshot_entry e where e.snapshot_id = ${snapshot.id} and e.version = ${push.version}
          and not exists (
            select 1 from snapshot_entry b where b.snapshot_id = e.snapshot_id and b.version = v.version
              and b.kind = e.kind and b.lineage = e.lineage and b.hash = e.hash))))) as targets
      from (select distinct version from standing where version is not null) v
    )
    insert into push_target (location_id, push_id, id, batch, from_version, plan_digest, state)
    select location_id, ${row.id}, derive_id(location_id, 'push', ${row.id}),
      dense_rank() over (order by from_version nulls first, slot), from_version, digest, 'pending'
    from (
      select t.location_id, t.digest, t.version as from_version,
        (row_number() over (partition by t.version order by t.location_id) - 1)
          / coalesce(z.targets, ${full}::int) as slot
      from standing t left join size z on z.version = t.version
    ) target`.execute(tx)
  await enqueueBatches(tx, row)
  return getPush(tx, row.agencyId, row.id)
}

interface PushInsert {
  agencyId: string
  snapshotId: string
  version: number
  reverts: string | null
  options: object
  kinds: readonly string[]
  actor: string
}

export async function insertPush(tx: Tx, push: PushInsert, atMs: number): Promise<PushRow> {
  const row = await queryOne(
    tx,
    sql<PushRow>`
      insert into push (id, agency_id, snapshot_id, version, reverts, options, kinds, state, actor, created_at)
      values (${newId()}, ${push.agencyId}, ${push.snapshotId}, ${push.version}, ${push.reverts}, ${json(push.options)},
        ${texts(push.kinds)}, 'pending', ${push.actor}, ${new Date(atMs)})
      returning ${COLUMNS}`,
  )
  return row as PushRow
}

/** Enqueues a job for each batch that has targets to do. */
export async function enqueueBatches(tx: Tx, push: Pick<PushRow, 'id' | 'agencyId'>): Promise<void> {
  const batches = await query(
    tx,
    sql<{
      batch: number
    }>`select distinct batch from push_target where push_id = ${push.id} and state = 'pending' order by batch`,
  )
  if (batches.length === 0)
    await sql`
      update push set state = 'completed', started_at = created_at, finished_at = created_at
      where id = ${push.id}`.execute(tx)
  await enqueue(
    tx,
    'push-batch',
    batches.map(({ batch }) => ({ pushId: push.id, batch })),
    { tenant: push.agencyId },
  )
}

/** The push of this agency; 404 for anybody else's. */
export async function getPush(
  db: Db,
  agencyId: string,
  id: string,
  options: { lock?: boolean } = {},
): Promise<PushRow> {
  const [row] = await queryPlanned(
    db,
    sql<PushRow>`
      select ${COLUMNS} from push
      where id = ${id} and agency_id = ${agencyId} ${options.lock ? sql`for update` : sql``}`,
  )
  if (row === undefined) throw new AppError('not_found', { what: 'push', id })
  return row
}

/** The push behind a job, locked against being cancelled while a piece of it runs. */
export function findPushForPiece(tx: Tx, id: string): Promise<PushRow | null> {
  return queryOne(tx, sql<PushRow>`select ${COLUMNS} from push where id = ${id} for share`)
}

export interface Targets {
  locationIds: readonly string[] | 'all'
  /** Which ones `all` stands for: a condition on `l`. */
  within: RawBuilder<boolean>
  /** Which of `all` are left out. */
  except?: readonly string[]
}

/**
 * Locations of an agency that a push may name. `all`: those that are meant, without the snapshot's source, which is
 * where it came from.
 */
export async function resolveTargets(
  db: Db,
  snapshot: SnapshotRow,
  { locationIds, within, except = [] }: Targets,
): Promise<string[]> {
  if (locationIds !== 'all') return [...new Set(locationIds)].sort()
  const rows = await query(
    db,
    sql<{ id: string }>`
      select id from location l where agency_id = ${snapshot.agencyId} and deleted_at is null
        and id is distinct from ${snapshot.sourceLocationId} and not id = any(${texts(except)}) and ${within}
        and (${snapshot.onlyLocations === null}::boolean or id = any(${texts(snapshot.onlyLocations ?? [])}))
      order by id`,
  )
  return rows.map((row) => row.id)
}

/**
 * Ends a push that has not ended: pieces under way are finished, the others never start. A push of which all pieces are
 * done is completed.
 */
export async function cancelPush(tx: Tx, push: PushRow, atMs: number): Promise<PushRow> {
  if (!isRunning(push.state)) throw new AppError('push_finished', { state: push.state })
  const done = await query(
    tx,
    sql<{ batch: number }>`
      select distinct t.batch from push_target t join push_piece p on p.push_id = t.push_id and p.batch = t.batch
      where t.push_id = ${push.id} and t.state in ('pending', 'processing') order by t.batch`,
  )
  for (const { batch } of done) await finishBatch(tx, { pushId: push.id, batch, atMs })
  await sql`
    update push_target set state = 'cancelled', finished_at = ${new Date(atMs)}
    where push_id = ${push.id} and state in ('pending', 'processing')`.execute(tx)
  await sql`
    update push set state = 'cancelled', finished_at = ${new Date(atMs)}
    where id = ${push.id} and state in ('pending', 'processing')`.execute(tx)
  return getPush(tx, push.agencyId, push.id)
}

/**
 * Redoes what failed, and only that: failed assets, the kinds that a failed target never completed, and targets that
 * had moved since their plan.
 */
export async function retryPush(tx: Tx, push: PushRow): Promise<PushRow> {
  if (isRunning(push.state)) throw new AppError('push_not_finished', { state: push.state })
  // What undoes it, or has undone it, would fight with it.
  const by = await findReverting(tx, push)
  if (by !== null) throw new AppError('push_already_reverted', { pushId: push.id, by: by.id })
  await forgetMoved(tx, push.id)
  const rows = await query(
    tx,
    sql`
      update push_target t set state = 'pending', from_version = null, plan_digest = null, error = null,
        finished_at = null, batch = t.batch + (select max(batch) from push_target where push_id = ${push.id})
      where t.push_id = ${push.id} and t.state in ('failed', 'partial') returning 1`,
  )
  if (rows.length === 0) throw new AppError('push_nothing_failed')
  await enqueueBatches(tx, push)
  const row = await queryOne(
    tx,
    sql<PushRow>`update push set state = 'processing', finished_at = null where id = ${push.id} returning ${COLUMNS}`,
  )
  return row as PushRow
}

/** Takes back what was told of targets that had moved since the accepted plan: they are planned anew, as a whole. */
async function forgetMoved(tx: Tx, pushId: string): Promise<void> {
  await sql`
    with moved as (
      select location_id, batch, totals from push_target
      where push_id = ${pushId} and state = 'failed' and plan_digest is not null and error like ${`%${MOVED}%`}
    ), told as (
      delete from push_outcome o using moved m where o.push_id = ${pushId} and o.location_id = m.location_id
    ), taken_back as (
      insert into push_piece (push_id, batch, step, totals, finished_at)
      select ${pushId}, s.batch, 'planned anew', jsonb_object_agg(s.outcome, -s.number), now() from (
        select m.batch, n.key as outcome, sum(n.value::int) as number
        from moved m, jsonb_each(m.totals) k, jsonb_each_text(k.value) n group by 1, 2
      ) s group by s.batch
    )
    update push_target t set totals = '{}', completed = '{}', failed = '{}' from moved m
    where t.push_id = ${pushId} and t.location_id = m.location_id`.execute(tx)
}
