import { sql } from 'kysely'
import { json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { inSavepoint, isInfrastructure } from '../db/transaction.ts'
import { AppError } from '../errors.ts'
import { getBlobs } from '../store/blobs.ts'
import { firstChangeOf, numberedChangeId } from '../store/changes.ts'
import { type AssetResource, keyOf, titleOf } from '../store/resource.ts'
import { addTotals, isRunning, type Outcome, type Totals } from './options.ts'
import { type OutcomeRow, storeOutcomes } from './outcomes.ts'
import type { PushAuthor } from './piece.ts'
import { type BatchTarget, enqueueBatches, getPush, insertPush, type PushRow, refuseReverted } from './push.ts'
import { deleteAssets } from './remove.ts'

/** A roll-back is meant to restore about this many assets in one transaction. */
const PIECE_ASSETS = 5_000
const MOST_TARGETS = 200

/** Starts the push that undoes another one. It can be followed, and rolled back itself. */
export async function startRollback(tx: Tx, push: PushRow, options: { override: boolean; actor: string }, atMs: number): Promise<PushRow> {
  if (isRunning(push.state)) throw new AppError('push_not_finished', { state: push.state })
  await refuseReverted(tx, push)
  const { id, agencyId, snapshotId, version } = push
  const kinds = push.reverts === null ? push.kinds.toReversed() : push.kinds
  const size = await queryOne(
    tx,
    sql<{ assets: number }>`select count(*) as assets from snapshot_entry where snapshot_id = ${snapshotId} and version = ${version}`,
  )
  const targets = Math.min(MOST_TARGETS, Math.max(1, Math.floor(PIECE_ASSETS / Math.max(1, size?.assets ?? 1))))
  const rollback = await insertPush(
    tx,
    { agencyId, snapshotId, version, reverts: id, options: { ...push.options, override: options.override }, kinds, actor: options.actor },
    atMs,
  )
  await sql`
    insert into push_target (location_id, push_id, id, batch, state)
    select location_id, ${rollback.id}, derive_id(location_id, 'push', ${rollback.id}), 1 + (row_number() over (order by location_id) - 1) / ${targets}::int, 'pending'
    from push_target where push_id = ${id} and started_at is not null`.execute(tx)
  await enqueueBatches(tx, rollback.id)
  return getPush(tx, agencyId, rollback.id)
}

/** What a push did to one asset, beside what the asset is now. */
interface Trace {
  locationId: string
  kind: string
  id: string
  op: 'create' | 'update' | 'adopt' | 'delete'
  before: string | null
  after: string | null
  delta: {
    base?: string | null
    name?: string
    key?: string | null
    lineage?: string
    local?: object
    sourcePush?: string | null
    createdAt?: string
    updatedAt?: string
    aliases?: string[]
    tombstones?: object[]
  } | null
  at: Date
  name: string | null
  now: string | null
  updatedAt: Date | null
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
      update push_target set failed = ${texts(input.push.kinds)}, error = ${(error as Error).message}, started_at = coalesce(started_at, ${new Date(input.author.atMs)}), state = 'processing'
      where push_id = ${input.push.id} and location_id = any(${texts(input.targets.map((target) => target.locationId))})`.execute(tx)
    return totals
  }
}

async function rollbackTargets(tx: Tx, { push, targets, author, resources }: StepInput): Promise<Totals> {
  const reverted = await getPush(tx, push.agencyId, push.reverts as string)
  const traces = await readTraces(
    tx,
    reverted,
    targets.map((target) => target.locationId),
  )
  const override = push.options.override === true
  const outcomes: OutcomeRow[] = []
  const removals: Trace[] = []
  const restores: Trace[] = []
  const returns: Trace[] = []
  const totals = new Map<string, Record<string, Totals>>()
  const book = (trace: Trace, outcome: Outcome, reason: string | null = null) => {
    const byKind = totals.get(trace.locationId) ?? {}
    byKind[trace.kind] = addTotals(byKind[trace.kind] ?? {}, { [outcome]: 1 })
    totals.set(trace.locationId, byKind)
    if (reason !== null)
      outcomes.push({
        locationId: trace.locationId,
        kind: trace.kind,
        lineage: trace.id,
        id: trace.id,
        name: trace.name ?? trace.delta?.name ?? '',
        outcome,
        reason,
        detail: null,
      })
  }
  for (const trace of traces) {
    const { op, now, after } = trace
    if (op === 'create') {
      // A new asset goes only as it came: a value or a status that the client has set since is work, too.
      const cameAt = trace.delta?.updatedAt === undefined ? trace.at : new Date(trace.delta.updatedAt)
      const untouched = now === after && trace.updatedAt?.getTime() === cameAt.getTime()
      if (now === null) book(trace, 'unchanged')
      else if (untouched || override) removals.push(trace)
      else book(trace, 'kept', 'changed since the push')
    } else if (op === 'delete') {
      if (now === null) returns.push(trace)
      else book(trace, 'kept', 'made again since the push')
    } else if (now === null) book(trace, 'kept', 'deleted since the push')
    else if (now === after || override) restores.push(trace)
    else book(trace, 'kept', 'changed since the push')
  }
  await deleteAssets(tx, { author, assets: removals })
  await buryAgain(tx, removals)
  for (const trace of removals) book(trace, 'deleted')
  for (const trace of await restoreAssets(tx, { restores, author, resources })) book(trace, trace.op === 'adopt' ? 'unchanged' : 'updated')
  await returnAssets(tx, returns, author)
  for (const trace of returns) book(trace, 'created')
  await storeOutcomes(tx, push.id, outcomes)
  await sql`
    update push_target t set completed = ${texts(push.kinds)}, failed = '{}', error = null, totals = r.totals::jsonb, started_at = coalesce(t.started_at, ${new Date(author.atMs)}), state = 'processing'
    from unnest(${texts(targets.map((t) => t.locationId))}, ${texts(targets.map((t) => JSON.stringify(totals.get(t.locationId) ?? {})))}) r(location_id, totals)
    where t.push_id = ${push.id} and t.location_id = r.location_id`.execute(tx)
  await sql`delete from location_applied where location_id = any(${texts(targets.map((t) => t.locationId))})`.execute(tx)
  return [...totals.values()].flatMap((byKind) => Object.values(byKind)).reduce((sum, more) => addTotals(sum, more), {})
}

/** First and last of what a push did to each asset (a retry can add a second row), and the asset as it stands. */
function readTraces(tx: Tx, push: PushRow, locationIds: readonly string[]): Promise<Trace[]> {
  return query(
    tx,
    sql<Trace>`
      with done as (
        select c.*, row_number() over (partition by location_id, kind, entity_id order by id) as nth,
          last_value(after_hash) over (partition by location_id, kind, entity_id order by id rows between unbounded preceding and unbounded following) as last_hash,
          last_value(at) over (partition by location_id, kind, entity_id order by id rows between unbounded preceding and unbounded following) as last_at
        from change c
        where c.location_id = any(${texts(locationIds)}) and c.cause = ${push.id}
          and c.id >= ${firstChangeOf(push)}
      )
      select d.location_id as "locationId", d.kind, d.entity_id as id, d.op, d.before_hash as before, d.last_hash as after, d.delta, d.last_at as at,
        a.name, a.hash as now, a.updated_at as "updatedAt"
      from done d left join asset a on a.location_id = d.location_id and a.kind = d.kind and a.id = d.entity_id
      where d.nth = 1 order by d.location_id, d.kind, d.entity_id`,
  )
}

interface Restore {
  restores: readonly Trace[]
  author: PushAuthor
  resources: ReadonlyMap<string, AssetResource>
}

/** Gives assets back the content, name and base they had before the push. */
async function restoreAssets(tx: Tx, { restores, author, resources }: Restore): Promise<readonly Trace[]> {
  if (restores.length === 0) return restores
  const blobs = await getBlobs(
    tx,
    restores.map((trace) => trace.before as string),
  )
  const documents = new Map([...blobs].map(([hash, blob]) => [hash, JSON.parse(blob.text) as Record<string, unknown>]))
  const rows = restores.map((trace) => {
    const resource = resources.get(trace.kind) as AssetResource
    const document = documents.get(trace.before as string) as Record<string, unknown>
    const base = trace.delta !== null && 'base' in trace.delta ? trace.delta.base : trace.before
    return { ...trace, base: base ?? null, newName: titleOf(resource, document), newKey: keyOf(resource, document) }
  })
  await sql`
    with wanted as (
      select l as location_id, k as kind, i as id, decode(h, 'hex') as hash, decode(b, 'hex') as base, n as name, y as key, s as source_push
      from unnest(${texts(rows.map((r) => r.locationId))}, ${texts(rows.map((r) => r.kind))}, ${texts(rows.map((r) => r.id))}, ${texts(rows.map((r) => r.before))},
        ${texts(rows.map((r) => r.base))}, ${texts(rows.map((r) => r.newName))}, ${texts(rows.map((r) => r.newKey))}, ${texts(rows.map((r) => r.delta?.sourcePush ?? null))}) w(l, k, i, h, b, n, y, s)
    ), old as (
      select a.* from asset a join wanted w on a.location_id = w.location_id and a.kind = w.kind and a.id = w.id
    ), written as (
      update asset a set hash = w.hash, base_hash = w.base, name = w.name, key = w.key, source_push = w.source_push,
        updated_at = case when a.hash = w.hash then a.updated_at else ${new Date(author.atMs)} end
      from wanted w where a.location_id = w.location_id and a.kind = w.kind and a.id = w.id
      returning a.location_id, a.kind, a.id, a.hash
    )
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select o.location_id, ${numberedChangeId(author.atMs)}, o.kind, o.id,
      case when o.hash = w.hash then 'adopt' else 'update' end, jsonb_build_object('base', encode(o.base_hash, 'hex'), 'name', o.name, 'key', o.key, 'sourcePush', o.source_push),
      o.hash, w.hash, ${author.actor}, ${author.pushId}, ${new Date(author.atMs)}
    from old o join written w on w.location_id = o.location_id and w.kind = o.kind and w.id = o.id`.execute(tx)
  return restores
}

/** A target's own deletion that the push had overridden is known again. */
async function buryAgain(tx: Tx, removals: readonly Trace[]): Promise<void> {
  const rows = removals.flatMap(({ locationId, kind, delta }) => (delta?.tombstones ?? []).map((tombstone) => ({ ...tombstone, locationId, kind })))
  if (rows.length === 0) return
  await sql`
    insert into asset_tombstone (location_id, kind, lineage, id, name, base_hash, source_push, deleted_at)
    select t->>'locationId', t->>'kind', t->>'lineage', t->>'id', t->>'name', (t->>'base_hash')::bytea, t->>'source_push', (t->>'deleted_at')::timestamptz
    from jsonb_array_elements(${json(rows)}) t
    on conflict (location_id, kind, lineage) do nothing`.execute(tx)
}

/** Brings back what the push had deleted, as it was: its id, its local values, its dates. */
async function returnAssets(tx: Tx, returns: readonly Trace[], author: PushAuthor): Promise<void> {
  if (returns.length === 0) return
  const rows = returns.map(({ locationId, kind, id, before, delta }) => ({ locationId, kind, id, hash: before, ...delta }))
  await sql`
    with wanted as (
      select r->>'locationId' as location_id, r->>'kind' as kind, r->>'id' as id, r->>'lineage' as lineage, r->>'name' as name, r->>'key' as key,
        decode(r->>'hash', 'hex') as hash, decode(r->>'base', 'hex') as base, r->'local' as local, r->>'sourcePush' as source_push,
        (r->>'createdAt')::timestamptz as created_at, (r->>'updatedAt')::timestamptz as updated_at, r->'aliases' as aliases
      from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) r
    ), made as (
      insert into asset (location_id, kind, id, lineage, name, key, hash, base_hash, local, source_push, created_at, updated_at)
      select location_id, kind, id, lineage, name, key, hash, base, local, source_push, created_at, updated_at from wanted
      returning location_id, kind, id, hash, updated_at
    ), unburied as (
      delete from asset_tombstone z using wanted w where z.location_id = w.location_id and z.kind = w.kind and z.lineage = w.lineage
    ), named as (
      insert into asset_alias (location_id, kind, lineage, id)
      select location_id, kind, jsonb_array_elements_text(aliases), id from wanted on conflict do nothing
    )
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select location_id, ${numberedChangeId(author.atMs)}, kind, id, 'create', jsonb_build_object('updatedAt', updated_at), null, hash,
      ${author.actor}, ${author.pushId}, ${new Date(author.atMs)}
    from made`.execute(tx)
}
