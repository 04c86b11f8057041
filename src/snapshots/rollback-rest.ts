import { type RawBuilder, sql } from 'kysely'
import { json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { isRunning } from './options.ts'
import type { PushRow } from './push.ts'
import { findReverting, standingSql } from './reverting.ts'
import { findExhausting } from './rollback-parts.ts'
import type { UndoOptions } from './undoing.ts'

/** Why a roll-back keeps what a person has deleted: nothing but an override brings that back. */
export const DELETED = 'deleted since the push'

/**
 * 409 for a push that has not ended, or is undone already, and for one whose undoing would not lead back. Where a
 * roll-back stands and has kept something which this one may undo, it is about that alone. What a roll-back of single
 * assets has undone is left out (rollback-parts.ts).
 */
export async function allowRollback(
  tx: Tx,
  push: PushRow,
  { options, resources }: { options: UndoOptions; resources: ReadonlyMap<string, AssetResource> },
): Promise<UndoOptions> {
  if (isRunning(push.state)) throw new AppError('push_not_finished', { state: push.state })
  await refuseOutOfOrder(tx, push)
  const by = await findReverting(tx, push)
  if (by === null) {
    const part = await findExhausting(tx, push, { options, resources })
    if (part !== null) throw new AppError('push_already_reverted', { pushId: push.id, by: part })
    return options
  }
  const above = await findReverting(tx, { id: by.id, snapshotId: push.snapshotId })
  if (above !== null && isRunning(above.state)) throw new AppError('push_not_finished', { state: above.state })
  if (above !== null) throw new AppError('push_undone_later', { pushId: push.id, first: above.id })
  const keptOne = sql`
    select 1 from push_target t join push_outcome o on o.location_id = t.location_id and o.push_id = t.push_id
    where t.push_id = ${by.id} and ${keptSql(options)} limit 1`
  if (by.state !== 'completed' || (await queryOne(tx, keptOne)) === null)
    throw new AppError('push_already_reverted', { pushId: push.id, by: by.id })
  return { ...options, restOf: by.id }
}

/** Roll-backs of a snapshot's pushes begin one after the other: each sees which of the others stand, or run. */
export async function holdRollbacks(tx: Tx, { snapshotId }: PushRow): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${snapshotId}/roll-backs`}, 0))`.execute(tx)
}

/**
 * 409 while another roll-back stands that began where this push, or what would stand again with its undoing, has ended.
 */
async function refuseOutOfOrder(tx: Tx, push: PushRow): Promise<void> {
  const later = (of: RawBuilder<unknown>, that?: RawBuilder<unknown>) =>
    standingSql(sql`r.id`, { snapshotId: push.snapshotId, of, that })
  const blocking = await queryOne(
    tx,
    sql<{ first: string }>`
      with recursive chain as (
        select id, reverts, options, created_at, false as stands from push where id = ${push.id}
        union all
        -- What was undone more than once stands again with the last of it only.
        select p.id, p.reverts, p.options, p.created_at, not c.stands from chain c join push p on p.id = c.reverts
        where not c.options ? 'only' and (c.stands or not exists (${later(sql`p.id`, sql`r.id <> c.id`)}))
      )
      select first from (
        -- What a later roll-back of the same push has left out to one of single assets would be undone by neither.
        select case when not c.stands then
          (${later(
            sql`c.reverts`,
            sql`(r.options->>'restOf' = c.id
            or (c.options ? 'only' and (r.created_at, r.id) > (c.created_at, c.id)))`,
          )})
          when n.newest is distinct from c.options->>'restOf'
            then coalesce(n.newest, (${later(sql`c.options->>'restOf'`)})) end as first
        from chain c cross join lateral (
          -- It may stand already: what its roll-back has kept is undone now.
          select (${later(sql`c.reverts`, sql`r.id <> c.id`)}) as newest
        ) n where c.reverts is not null
      ) o where first is not null limit 1`,
  )
  if (blocking !== null) throw new AppError('push_undone_later', { pushId: push.id, first: blocking.first })
}

/**
 * What a roll-back `o.push_id` has kept and a second one with these options may undo: a condition on `o`, an outcome.
 */
const keptSql = ({
  override,
  only,
}: UndoOptions) => sql`o.outcome = 'kept' and (${override}::boolean or o.reason is distinct from ${DELETED})
  and (${only === undefined}::boolean
    or (o.kind, o.lineage) in (select a->>'kind', a->>'lineage' from jsonb_array_elements(${json(only ?? [])}) a))`

/** Targets that a roll-back of this push is about: a condition on `t`. */
export const isUndone = (push: PushRow, { restOf, ...options }: UndoOptions) => sql`
  t.push_id = ${push.id} and t.started_at is not null and (${restOf ?? null}::text is null
    or exists (select 1 from push_outcome o where o.location_id = t.location_id and o.push_id = ${restOf ?? null}
      and ${keptSql(options)}))`

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
