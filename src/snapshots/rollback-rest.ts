import { type RawBuilder, sql } from 'kysely'
import { json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { isRunning } from './options.ts'
import type { PushRow } from './push.ts'
import { findReverting, STANDS } from './reverting.ts'
import type { UndoOptions } from './rollback.ts'

/** Why a roll-back keeps what a person has deleted: nothing but an override brings that back. */
export const DELETED = 'deleted since the push'

/**
 * 409 for a push that has not ended, or is undone already, and for one whose undoing would not lead back. Answers the roll-back that stands and has kept
 * something which this one may undo: it is about that alone. Null: it is about all of the push.
 */
export async function refuseRollback(tx: Tx, push: PushRow, options: UndoOptions): Promise<string | null> {
  if (isRunning(push.state)) throw new AppError('push_not_finished', { state: push.state })
  await refuseOutOfOrder(tx, push)
  const by = await findReverting(tx, push)
  if (by === null) return null
  const above = await findReverting(tx, { id: by.id, snapshotId: push.snapshotId })
  if (above !== null && isRunning(above.state)) throw new AppError('push_not_finished', { state: above.state })
  if (above !== null) throw new AppError('push_undone_later', { pushId: push.id, first: above.id })
  const kept = await queryOne(
    tx,
    sql`
      select 1 from push_target t join push_outcome o on o.location_id = t.location_id and o.push_id = t.push_id
      where t.push_id = ${by.id} and ${by.state} = 'completed' and ${keptSql(options)} limit 1`,
  )
  if (kept === null) throw new AppError('push_already_reverted', { pushId: push.id, by: by.id })
  return by.id
}

/** Roll-backs of a snapshot's pushes begin one after the other: each sees which of the others stand, or run. */
export async function holdRollbacks(tx: Tx, { snapshotId }: PushRow): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${snapshotId}/roll-backs`}, 0))`.execute(tx)
}

/** 409 while another roll-back stands that began where this push, or what would stand again with its undoing, has ended. */
async function refuseOutOfOrder(tx: Tx, push: PushRow): Promise<void> {
  const later = (of: RawBuilder<unknown>, that: RawBuilder<unknown>) => sql`
    select r.id from push r where r.snapshot_id = ${push.snapshotId} and r.reverts = ${of} and ${STANDS} and ${that} order by r.created_at desc, r.id desc limit 1`
  const blocking = await queryOne(
    tx,
    sql<{ first: string | null }>`
      with recursive chain as (
        select id, reverts, options, false as stands from push where id = ${push.id}
        union all
        -- What was undone more than once stands again with the last of it only.
        select p.id, p.reverts, p.options, not c.stands from chain c join push p on p.id = c.reverts
        where not c.options ? 'only' and (c.stands or not exists (${later(sql`p.id`, sql`r.id <> c.id`)}))
      )
      select coalesce(o.first, case when o.rest is distinct from o.newest then coalesce(o.newest, (${later(sql`o.rest`, sql`true`)})) end) as first from (
        select case when not c.stands then (${later(sql`c.reverts`, sql`r.options->>'restOf' = c.id`)}) end as first,
          case when c.stands then c.options->>'restOf' end as rest, case when c.stands then (${later(sql`c.reverts`, sql`true`)}) end as newest
        from chain c where c.reverts is not null
      ) o
      where o.first is not null or o.rest is distinct from o.newest limit 1`,
  )
  if (blocking?.first != null) throw new AppError('push_undone_later', { pushId: push.id, first: blocking.first })
}

/** What a roll-back `o.push_id` has kept and a second one with these options may undo: a condition on `o`, an outcome. */
const keptSql = ({ override, only }: UndoOptions) => sql`o.outcome = 'kept' and (${override}::boolean or o.reason is distinct from ${DELETED})
  and (${only === undefined}::boolean or (o.kind, o.lineage) in (select a->>'kind', a->>'lineage' from jsonb_array_elements(${json(only ?? [])}) a))`

/** Targets that a roll-back of this push is about: a condition on `t`. */
export const isUndone = (push: PushRow, { restOf, ...options }: UndoOptions) => sql`
  t.push_id = ${push.id} and t.started_at is not null and (${restOf ?? null}::text is null
    or exists (select 1 from push_outcome o where o.location_id = t.location_id and o.push_id = ${restOf ?? null} and ${keptSql(options)}))`

/** True for what a roll-back is about: all of it, or what the one before it has kept. */
export async function keepsToRest(
  tx: Tx,
  { restOf, ...options }: UndoOptions,
  locationIds: readonly string[],
): Promise<(asset: { locationId: string; kind: string; id: string }) => boolean> {
  if (restOf === undefined) return () => true
  const rows = await query(
    tx,
    sql<{ name: string }>`
      select o.location_id || '/' || o.kind || '/' || o.id as name from push_outcome o
      where o.location_id = any(${texts(locationIds)}) and o.push_id = ${restOf} and ${keptSql(options)}`,
  )
  const names = new Set(rows.map(({ name }) => name))
  return ({ locationId, kind, id }) => names.has(`${locationId}/${kind}/${id}`)
}
