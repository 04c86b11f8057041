import { sql } from 'kysely'
import { queryOne, type Tx, texts } from '../db/pool.ts'
import { inSavepoint, isInfrastructure } from '../db/transaction.ts'
import { type AssetDocument, type AssetResource, getBlobs, keyOf, titleOf } from '../store/assets/index.ts'
import { lockStages } from '../store/records/index.ts'
import { restoreConflicts } from './conflict-changes.ts'
import type { Move } from './keys.ts'
import { addTotals, type Outcome, type PushOptions, type Totals } from './options.ts'
import { type OutcomeRow, storeOutcomes } from './outcomes.ts'
import type { PushAuthor } from './piece.ts'
import { type BatchTarget, enqueueBatches, getPush, insertPush, type PushRow } from './push.ts'
import { readParts } from './rollback-parts.ts'
import { allowRollback, DELETED, holdRollbacks, isUndone, keepsToRest } from './rollback-rest.ts'
import { STAGED } from './stages-after.ts'
import { restoreTagsOnContacts } from './tag-follow.ts'
import { readTraces, type Trace } from './traces.ts'
import { undo } from './undo.ts'
import { makeRoom, takeOver } from './undo-adopted.ts'
import { keepStages, moveBack, pipelinesOf } from './undo-stages.ts'
import { keepsTo } from './wanted.ts'

/** A roll-back is meant to restore about this many assets in one transaction. */
const PIECE_ASSETS = 5_000
const MOST_TARGETS = 200

export interface UndoOptions {
  /** Also what has been changed since. */
  override: boolean
  /** Nothing but these assets. */
  only?: { kind: string; lineage: string }[]
  /** Nothing but what this roll-back of the same push has kept. */
  restOf?: string
}

/** What a push kept to does not limit what undoes it: that has its own word. */
const withoutLimits = ({
  only: _,
  takes: __,
  decisions: ___,
  stages: ____,
  restOf: _____,
  ...options
}: PushOptions & { restOf?: string }) => options

/** Starts the push that undoes another one. It can be followed, and rolled back itself. */
export async function startRollback(
  tx: Tx,
  push: PushRow,
  {
    actor,
    atMs,
    resources,
    ...asked
  }: UndoOptions & { actor: string; atMs: number; resources: ReadonlyMap<string, AssetResource> },
): Promise<PushRow> {
  await holdRollbacks(tx, push)
  const options = await allowRollback(tx, push, { options: asked, resources })
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
  await sql`
    insert into push_target (location_id, push_id, id, batch, state)
    select location_id, ${rollback.id}, derive_id(location_id, 'push', ${rollback.id}),
      1 + (row_number() over (order by location_id) - 1) / ${targets}::int, 'pending'
    from push_target t where ${isUndone(push, options)}`.execute(tx)
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

/** What is done about one asset, and what is told of it. */
export interface Undoing {
  trace: Trace
  /**
   * remove: what the push created; return: what it deleted; restore: content and pair; revive: the same for what a
   * person has deleted since; unpair: the pair alone; unbury: what is known of the pair since the asset was deleted;
   * leave: nothing.
   */
  act: 'remove' | 'return' | 'restore' | 'revive' | 'unpair' | 'unbury' | 'leave'
  outcome: Outcome
  reason: string | null
  name: string
  key: string | null
}

async function rollbackTargets(tx: Tx, { push, targets, author, resources }: StepInput): Promise<Totals> {
  const ids = targets.map((target) => target.locationId)
  const reverted = await getPush(tx, push.agencyId, push.reverts as string)
  const { override = false, only, restOf } = push.options
  const options: UndoOptions = { override, only, restOf }
  if (reverted.kinds.includes(STAGED.kind)) await lockStages(tx, ids)
  const undoings = await planUndoing(tx, { push: reverted, options, locationIds: ids, resources, before: push.id })
  await sql`set constraints asset_unique_key deferred`.execute(tx)
  await undo(tx, { undoings, author, resources })
  await sql`set constraints asset_unique_key immediate`.execute(tx)
  await restoreTagsOnContacts(tx, author, reverted, ids)
  await moveBack(tx, { author, push: reverted, locationIds: ids, pipelines: pipelinesOf(undoings, options) })
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
  return [...totals.values()].flatMap((byKind) => Object.values(byKind)).reduce((sum, more) => addTotals(sum, more), {})
}

const toName = ({ trace: { locationId, kind, lineage } }: Undoing) => ({ locationId, kind, lineage })

function toOutcome({ trace, outcome, reason, name }: Undoing): OutcomeRow {
  const { locationId, kind, lineage, id } = trace
  return { locationId, kind, lineage, id, name, outcome, reason, detail: null }
}

interface Planning {
  push: PushRow
  options: UndoOptions
  locationIds: readonly string[]
  resources: ReadonlyMap<string, AssetResource>
  /** The roll-back that does it; undefined: one that would begin now. */
  before?: string
}

/** What a roll-back would do, without doing it: only edits of people are in its way. */
export async function planUndoing(
  tx: Tx,
  { push, options, locationIds, resources, before }: Planning,
): Promise<Undoing[]> {
  const isRest = await keepsToRest(tx, options, locationIds)
  const parts = await readParts(tx, push, locationIds, before)
  const all = await readTraces(tx, push, locationIds, resources)
  const traces = all.filter(keepsTo(options)).filter((trace) => isRest(trace) && (parts?.isOpen(trace) ?? true))
  const documents = await readBefore(tx, traces)
  const undoings = traces.map((trace) => {
    const resource = resources.get(trace.kind) as AssetResource
    const before = trace.before === null ? undefined : documents.get(trace.before)
    const name =
      before === undefined || trace.op === 'delete'
        ? (trace.delta?.name ?? trace.name ?? '')
        : titleOf(resource, before)
    const key =
      before === undefined ? null : trace.op === 'delete' ? (trace.delta?.uniqueKey ?? null) : keyOf(resource, before)
    return {
      trace,
      name: trace.op === 'create' ? (trace.name ?? name) : name,
      key,
      ...verdictOf(trace, options.override),
    }
  })
  const free = await refuseTakenKeys(tx, undoings, { push, resources })
  return options.override ? free : keepStages(tx, free, { push, pipelines: pipelinesOf(free, options) })
}

function verdictOf(trace: Trace, override: boolean): Pick<Undoing, 'act' | 'outcome' | 'reason'> {
  const { op, now, after } = trace
  const leave = (reason: string | null, outcome: Outcome = 'kept') => ({ act: 'leave' as const, outcome, reason })
  if (trace.delta?.buried !== undefined)
    return now === null ? { act: 'unbury', outcome: 'unchanged', reason: null } : leave(null, 'unchanged')
  // A new asset goes only as it came: a value or a status that the client has set since is work, too.
  if (op === 'create') {
    if (now === null) return { act: 'unbury', outcome: 'unchanged', reason: null }
    return override || (now === after && !trace.isEdited)
      ? { act: 'remove', outcome: 'deleted', reason: null }
      : leave('changed since the push')
  }
  if (op === 'delete')
    return now === null ? { act: 'return', outcome: 'created', reason: null } : leave('made again since the push')
  if (now === null && override && trace.isBuried && trace.before !== after)
    return { act: 'revive', outcome: 'created', reason: null }
  if (now === null) return { act: 'unbury', outcome: 'kept', reason: DELETED }
  // What was adopted may read differently since: what it names led nowhere until the push met it.
  if (trace.before === after || now === trace.before) return { act: 'unpair', outcome: 'unchanged', reason: null }
  return override || now === after
    ? { act: 'restore', outcome: 'updated', reason: null }
    : leave('changed since the push')
}

async function readBefore(tx: Tx, traces: readonly Trace[]): Promise<Map<string, AssetDocument>> {
  const hashes = traces.flatMap(({ before }) => (before === null ? [] : [before]))
  return new Map(
    [...(await getBlobs(tx, hashes))].map(([hash, blob]) => [hash, JSON.parse(blob.text) as AssetDocument]),
  )
}

/** What would come back to a key that another asset has taken since stays as it is. */
async function refuseTakenKeys(
  tx: Tx,
  undoings: readonly Undoing[],
  { push, resources }: { push: PushRow; resources: ReadonlyMap<string, AssetResource> },
): Promise<Undoing[]> {
  const taken = new Set<Undoing>()
  const replaced: Undoing[] = []
  for (const [kind, resource] of resources) {
    if (resource.unique === null) continue
    const ofKind = undoings.filter((undoing) => undoing.trace.kind === kind)
    const moves = ofKind
      .filter(({ act }) => act === 'restore' || act === 'return' || act === 'revive')
      .map((undoing): Move & { undoing: Undoing } => ({
        undoing,
        locationId: undoing.trace.locationId,
        id: undoing.act === 'restore' ? undoing.trace.id : null,
        from: undoing.act === 'restore' ? undoing.trace.key : null,
        to: undoing.key,
      }))
    const leaving = new Set(
      ofKind.filter(({ act }) => act === 'remove').map(({ trace }) => `${trace.locationId}/${trace.id}`),
    )
    const found = await takeOver(tx, { push, kind, moves, leaving })
    for (const move of found.taken) taken.add(move.undoing)
    replaced.push(...found.replaced)
  }
  const left = undoings.map((undoing): Undoing => {
    if (!taken.has(undoing)) return undoing
    const { noun } = resources.get(undoing.trace.kind) as AssetResource
    const reason = `the target has another ${noun} with the key ${undoing.key}: ${makeRoom(undoing)}, and roll back again`
    return { ...undoing, act: 'leave', outcome: 'kept', reason, name: undoing.trace.name ?? undoing.name }
  })
  return [...left, ...replaced]
}
