import { sql } from 'kysely'
import { queryOne, type Tx, texts } from '../db/pool.ts'
import { inSavepoint, isInfrastructure } from '../db/transaction.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { lockStages } from '../store/records/index.ts'
import { restoreConflicts } from './conflict-changes.ts'
import { addTotals, type PushOptions, type Totals } from './options.ts'
import { type OutcomeRow, storeOutcomes } from './outcomes.ts'
import type { PushAuthor } from './piece.ts'
import { type BatchTarget, enqueueBatches, getPush, insertPush, type PushRow } from './push.ts'
import { acceptRollback, refuseMoved } from './rollback-accepted.ts'
import { allowRollback, holdRollbacks, isUndone } from './rollback-rest.ts'
import { STAGED } from './stages-after.ts'
import { restoreTagsOnContacts } from './tag-follow.ts'
import { undo } from './undo.ts'
import { moveBack, pipelinesOf } from './undo-stages.ts'
import { planUndoing, type Undoing, type UndoOptions } from './undoing.ts'

/** A roll-back is meant to restore about this many assets in one transaction. */
const PIECE_ASSETS = 5_000
const MOST_TARGETS = 200

/** What a push kept to does not limit what undoes it: that has its own word. */
const withoutLimits = ({
  only: _,
  takes: __,
  decisions: ___,
  stages: ____,
  restOf: _____,
  ...options
}: PushOptions & { restOf?: string }) => options

interface Asked extends UndoOptions {
  /** Of the plan that was accepted. */
  planHash?: string | undefined
  actor: string
  atMs: number
  resources: ReadonlyMap<string, AssetResource>
}

/**
 * Starts the push that undoes another one. It can be followed, and rolled back itself. 409 where the plan that was
 * accepted is another one by now.
 */
export async function startRollback(
  tx: Tx,
  push: PushRow,
  { actor, atMs, resources, planHash, ...asked }: Asked,
): Promise<PushRow> {
  await holdRollbacks(tx, push)
  const options = await allowRollback(tx, push, { options: asked, resources })
  const accepted = planHash === undefined ? null : await acceptRollback(tx, { push, options, resources }, planHash)
  const { id, agencyId, snapshotId, version } = push
  const kinds = push.reverts === null ? push.kinds.toReversed() : push.kinds
  const size = await queryOne(
    tx,
    sql<{
      assets: number
    }>`select count(*) as assets from snapshot_entry where snapshot_id = ${snapshotId} and version = ${version}`,
  )
  const targets = Math.min(MOST_TARGETS, Math.max(1, Math.floor(PIECE_ASSETS / Math.max(1, size?.assets ?? 1))))
  const rollback = await insertPush(
    tx,
    {
      agencyId,
      snapshotId,
      version,
      reverts: id,
      options: { ...withoutLimits(push.options), ...options },
      kinds,
      actor,
    },
    atMs,
  )
  const held = [...(accepted ?? [])]
  await sql`
    insert into push_target (location_id, push_id, id, batch, plan_digest, state)
    select t.location_id, ${rollback.id}, derive_id(t.location_id, 'push', ${rollback.id}),
      1 + (row_number() over (order by t.location_id) - 1) / ${targets}::int, h.digest, 'pending'
    from push_target t
    left join unnest(${texts(held.map(([id]) => id))}, ${texts(held.map(([, digest]) => digest))}) h(location_id, digest)
      on h.location_id = t.location_id
    where ${isUndone(push, options)}`.execute(tx)
  await enqueueBatches(tx, rollback)
  return getPush(tx, agencyId, rollback.id)
}

interface StepInput {
  push: PushRow
  targets: readonly BatchTarget[]
  author: PushAuthor
  resources: ReadonlyMap<string, AssetResource>
}

/**
 * Undoes a push in some targets: one transaction for all their kinds. What fails for its data alone is narrowed down to
 * one target, which fails while the others go on. Returns the totals.
 */
export async function rollbackStep(tx: Tx, input: StepInput): Promise<Totals> {
  try {
    return await inSavepoint(tx, () => rollbackTargets(tx, input))
  } catch (error) {
    if (isInfrastructure(error)) throw error
    const totals: Totals = {}
    if (input.targets.length > 1) {
      for (const target of input.targets) addTotals(totals, await rollbackStep(tx, { ...input, targets: [target] }))
      return totals
    }
    await sql`
      update push_target set failed = ${texts(input.push.kinds)}, error = ${(error as Error).message},
        started_at = coalesce(started_at, ${new Date(input.author.atMs)}), state = 'processing'
      where push_id = ${input.push.id}
        and location_id = any(${texts(input.targets.map((target) => target.locationId))})`.execute(tx)
    return totals
  }
}

async function rollbackTargets(tx: Tx, { push, targets, author, resources }: StepInput): Promise<Totals> {
  const all = targets.map((target) => target.locationId)
  const reverted = await getPush(tx, push.agencyId, push.reverts as string)
  const { override = false, only, restOf } = push.options
  const options: UndoOptions = { override, only, restOf }
  if (reverted.kinds.includes(STAGED.kind)) await lockStages(tx, all)
  const planned = await planUndoing(tx, { push: reverted, options, locationIds: all, resources, before: push.id })
  const { moved, totals: left } = await refuseMoved(tx, { push, targets, undoings: planned })
  const ids = all.filter((id) => !moved.has(id))
  const undoings = planned.filter(({ trace }) => !moved.has(trace.locationId))
  await sql`set constraints asset_unique_key deferred`.execute(tx)
  await undo(tx, { undoings, author, resources })
  await sql`set constraints asset_unique_key immediate`.execute(tx)
  await restoreTagsOnContacts(tx, author, reverted, ids)
  await moveBack(tx, { author, push: reverted, locationIds: ids, pipelines: pipelinesOf(undoings) })
  const totals = new Map<string, Record<string, Totals>>()
  for (const { trace, outcome } of undoings) {
    const byKind = totals.get(trace.locationId) ?? {}
    byKind[trace.kind] = addTotals(byKind[trace.kind] ?? {}, { [outcome]: 1 })
    totals.set(trace.locationId, byKind)
  }
  await storeOutcomes(
    tx,
    push.id,
    undoings.filter(({ act, reason }) => act === 'leave' || act === 'unbury' || reason !== null).map(toOutcome),
  )
  await sql`
    update push_target t set completed = ${texts(push.kinds)}, failed = '{}', error = null, totals = r.totals::jsonb,
      started_at = coalesce(t.started_at, ${new Date(author.atMs)}), state = 'processing'
    from unnest(${texts(ids)}, ${texts(ids.map((id) => JSON.stringify(totals.get(id) ?? {})))}) r(location_id, totals)
    where t.push_id = ${push.id} and t.location_id = r.location_id`.execute(tx)
  await sql`delete from location_applied where location_id = any(${texts(ids)})`.execute(tx)
  const kept = undoings.filter(({ act, outcome }) => act === 'leave' && outcome === 'kept')
  await restoreConflicts(tx, {
    pushId: reverted.id,
    rollbackId: push.id,
    locationIds: ids,
    only: options.only,
    among: options.restOf === undefined ? undefined : undoings.map(toName),
    kept: kept.map(toName),
    atMs: author.atMs,
  })
  return [...totals.values()].flatMap((byKind) => Object.values(byKind)).reduce(addTotals, left)
}

const toName = ({ trace: { locationId, kind, lineage } }: Undoing) => ({ locationId, kind, lineage })

function toOutcome({ trace, outcome, reason, name }: Undoing): OutcomeRow {
  const { locationId, kind, lineage, id } = trace
  return { locationId, kind, lineage, id, name, outcome, reason, detail: null }
}
