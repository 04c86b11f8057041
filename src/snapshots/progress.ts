import { type RawBuilder, sql } from 'kysely'
import { byFoldedText } from '../db/folded-text.ts'
import { type Db, query, queryOne, texts } from '../db/pool.ts'
import { queryPlanned } from '../db/prepared.ts'
import { AppError } from '../errors.ts'
import { deriveId } from '../ids.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { firstChangeOf } from '../store/changes/index.ts'
import { addTotals, type Outcome, type State, type Totals } from './options.ts'
import type { PushRow } from './push.ts'
import { idsReached } from './reached-ids.ts'
import { showRefs } from './ref-names.ts'
import { DELETION } from './remove.ts'
import { readEntries } from './snapshots.ts'
import { isCalled } from './target-order.ts'
import { keepsTo } from './wanted.ts'

/** One target as callers see it. */
export interface TargetProgress {
  id: string
  locationId: string
  status: State
  completed: string[]
  pending: string[]
  failed: string[]
  totals: Totals
  error?: string
  startedAt: Date | null
  finishedAt: Date | null
}

interface TargetRow {
  id: string
  locationId: string
  state: State
  completed: string[]
  failed: string[]
  totals: Record<string, Totals>
  error: string | null
  startedAt: Date | null
  finishedAt: Date | null
}

/** A target of a batch that is under way shows how far the batch is. */
const COLUMNS = sql`t.id, t.location_id as "locationId",
  case when t.state = 'pending' and n.completed is not null then 'processing' else t.state end as state,
  case when t.state in ('pending', 'processing') then t.completed || coalesce(n.completed, '{}')
    else t.completed end as completed, t.failed, t.totals, t.error,
  t.started_at as "startedAt", t.finished_at as "finishedAt"`
const TARGETS = sql`push_target t left join push_progress n on n.push_id = t.push_id and n.batch = t.batch
  and t.state in ('pending', 'processing')`

/** Sums of a push, from its finished pieces: cheap however many targets there are. */
export async function readTotals(db: Db, pushId: string): Promise<Totals> {
  const rows = await query(
    db,
    sql<{ outcome: Outcome; count: number }>`
      select t.key as outcome, sum(t.value::bigint)::bigint as count from push_piece p, jsonb_each_text(p.totals) t
      where p.push_id = ${pushId} group by t.key having sum(t.value::bigint) <> 0`,
  )
  return Object.fromEntries(rows.map((row) => [row.outcome, row.count]))
}

export interface TargetPage {
  status?: string | undefined
  /** Only targets in which this became of at least one asset. */
  outcome?: string | undefined
  /** Only targets that are called so, in part. */
  query?: string | undefined
  /** Undefined: by their ids. */
  sort?: 'name' | undefined
  limit: number
  after?: string | undefined
}

export async function listTargets(db: Db, push: PushRow, page: TargetPage): Promise<TargetProgress[]> {
  const places = page.sort === 'name' ? [byFoldedText(sql`l.name`), sql`l.id`] : [sql`l.id`]
  const place = sql.join(places)
  // By its name as it is now, wherever the last of the page before has come to stand.
  const isBehind =
    page.after === undefined
      ? sql`true`
      : sql`(${place}) > (select ${place} from location l where l.id = ${page.after})`
  const rows = await query(
    db,
    sql<TargetRow>`
      select ${COLUMNS} from ${TARGETS} join location l on l.id = t.location_id
      where t.push_id = ${push.id} and ${isBehind} and ${page.query === undefined ? sql`true` : isCalled(page.query)}
        and (${page.status ?? null}::text is null or t.state = ${page.status ?? null})
        and (${page.outcome ?? null}::text is null or exists (
          select 1 from jsonb_each(t.totals) k(kind, counts) where (counts->>${page.outcome ?? ''})::int > 0))
      order by ${place} limit ${page.limit}`,
  )
  return rows.map((row) => toProgress(push, row))
}

export async function getTarget(db: Db, push: PushRow, locationId: string): Promise<TargetProgress> {
  const [row] = await queryPlanned(
    db,
    sql<TargetRow>`select ${COLUMNS} from ${TARGETS} where t.push_id = ${push.id} and t.location_id = ${locationId}`,
  )
  if (row === undefined) throw new AppError('not_found', { what: `target of push ${push.id}`, id: locationId })
  return toProgress(push, row)
}

/** Which targets ended after a moment: what a live view asks again and again. */
export function listFinished(db: Db, pushId: string, since: Date): Promise<{ locationId: string; finishedAt: Date }[]> {
  return query(
    db,
    sql<{ locationId: string; finishedAt: Date }>`
      select location_id as "locationId", finished_at as "finishedAt" from push_target
      where push_id = ${pushId} and finished_at > ${since} order by finished_at, location_id`,
  )
}

export async function listTargetsOf(db: Db, push: PushRow, locationIds: readonly string[]): Promise<TargetProgress[]> {
  const rows = await query(
    db,
    sql<TargetRow>`
      select ${COLUMNS} from ${TARGETS}
      where t.push_id = ${push.id} and t.location_id = any(${texts(locationIds)})
      order by t.finished_at, t.location_id`,
  )
  return rows.map((row) => toProgress(push, row))
}

function toProgress(push: PushRow, row: TargetRow): TargetProgress {
  const done = new Set([...row.completed, ...row.failed])
  return {
    id: row.id,
    locationId: row.locationId,
    status: row.state,
    completed: push.kinds.filter((kind) => row.completed.includes(kind)),
    pending: push.kinds.filter((kind) => !done.has(kind)),
    failed: row.failed,
    totals: Object.values(row.totals).reduce((sum, totals) => addTotals(sum, totals), {}),
    ...(row.error === null ? {} : { error: row.error }),
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
  }
}

export interface AssetOutcome {
  kind: string
  lineage: string
  id: string | null
  name: string
  outcome: Outcome
  reason?: string
  detail?: unknown
}

/**
 * What became of every asset in one target: exceptions are noted, creations and updates stand in the change log, and
 * what a completed kind mentions nowhere was unchanged. All of it is of then: what happens later to the assets changes
 * nothing.
 */
export async function readOutcomes(
  db: Db,
  push: PushRow,
  target: TargetProgress,
  resources: ReadonlyMap<string, AssetResource>,
): Promise<AssetOutcome[]> {
  const { locationId } = target
  const noted = await queryPlanned(
    db,
    sql<{
      kind: string
      lineage: string
      id: string | null
      name: string
      outcome: Outcome
      reason: string | null
      detail: unknown
    }>`
      select kind, lineage, id, name, outcome, reason, detail from push_outcome
      where push_id = ${push.id} and location_id = ${locationId}`,
  )
  const written = await queryPlanned(
    db,
    sql<{ kind: string; id: string; op: string; lineage: string | null; name: string | null }>`
      select kind, entity_id as id, op, delta->>'lineage' as lineage, coalesce(delta->>'named', delta->>'name') as name
      from change
      where location_id = ${locationId} and cause = ${push.id} and kind = any(${texts([...resources.keys()])})
        and id >= ${firstChangeOf(push)}
      order by id`,
  )
  const entries = await readEntries(db, push.snapshotId, push.version, [...target.completed, ...target.failed])
  const derived = new Map(
    entries.map((entry) => [
      `${entry.kind}:${deriveId(resources.get(entry.kind)?.idFormat ?? 'id20', locationId, entry.kind, entry.lineage)}`,
      entry,
    ]),
  )
  const byLineage = new Map(entries.map((entry) => [`${entry.kind}:${entry.lineage}`, entry]))
  const outcomes = new Map<string, AssetOutcome>()
  for (const { reason, detail, ...row } of noted) {
    outcomes.set(`${row.kind}:${row.lineage}`, {
      ...row,
      ...(reason === null ? {} : { reason }),
      ...(detail === null ? {} : { detail }),
    })
  }
  for (const row of written) {
    const lineage = row.lineage ?? derived.get(`${row.kind}:${row.id}`)?.lineage ?? row.id
    const known = outcomes.get(`${row.kind}:${lineage}`)
    if (known !== undefined) {
      known.id ??= row.id
      continue
    }
    const outcome =
      row.op === 'create' ? 'created' : row.op === 'delete' ? 'deleted' : row.op === 'update' ? 'updated' : 'unchanged'
    const entry = byLineage.get(`${row.kind}:${lineage}`)
    const name = (push.reverts === null ? (entry?.name ?? row.name) : (row.name ?? entry?.name)) ?? ''
    const reason = outcome === 'deleted' && push.reverts === null ? { reason: DELETION } : {}
    outcomes.set(`${row.kind}:${lineage}`, { kind: row.kind, lineage, id: row.id, name, outcome, ...reason })
  }
  const isAsked = keepsTo(push.options)
  const silent =
    push.reverts === null
      ? entries.filter((entry) => isAsked(entry) && !outcomes.has(`${entry.kind}:${entry.lineage}`))
      : []
  const ids = await idsReached(db, {
    pushId: push.id,
    locationId,
    startedAt: target.startedAt ?? push.createdAt,
    entries: silent,
    resources,
  })
  for (const { kind, lineage, name } of silent) {
    const key = `${kind}:${lineage}`
    outcomes.set(key, { kind, lineage, id: ids.get(key) ?? null, name, outcome: 'unchanged' })
  }
  const order = new Map(push.kinds.map((kind, index) => [kind, index]))
  const sorted = [...outcomes.values()].sort(
    (a, b) => (order.get(a.kind) ?? 0) - (order.get(b.kind) ?? 0) || (a.lineage < b.lineage ? -1 : 1),
  )
  // As the version names things, not as the location does now: what is told of then must not change with what is
  // renamed or deleted later.
  return showRefs(sorted, new Map(entries.map((entry) => [`${entry.kind}:${entry.lineage}`, entry.name])))
}

export interface StatusRow {
  id: string
  locationId: string
  status: State
  dateAdded: Date
  pushId: string
  version: number
}

export interface StatusPage {
  /** A condition on `l`, the target's location. */
  within: RawBuilder<boolean>
  from: Date
  to: Date
  limit: number
  lastDoc?: string | undefined
}

/** HighLevel's "Get Snapshot Push between Dates": targets of a snapshot's pushes, newest first. */
export function listStatuses(db: Db, snapshotId: string, page: StatusPage): Promise<StatusRow[]> {
  return query(
    db,
    sql<StatusRow>`
      with listed as (
        select t.id, t.location_id, t.state, p.created_at, p.id as push_id, p.version from push p
        join push_target t on t.push_id = p.id
        join location l on l.id = t.location_id
        where p.snapshot_id = ${snapshotId} and p.reverts is null and p.created_at between ${page.from} and ${page.to}
          and ${page.within}
      ), last as (select created_at, id from listed where id = ${page.lastDoc ?? ''})
      select id, location_id as "locationId", state as status, created_at as "dateAdded", push_id as "pushId", version
      from listed
      where not exists (select 1 from last) or (created_at, id) < (select created_at, id from last)
      order by created_at desc, id desc limit ${page.limit}`,
  )
}

/** The latest push of a snapshot that reached this location; null when there was none. */
export async function findLatestPush(db: Db, snapshotId: string, locationId: string): Promise<PushRow | null> {
  return queryOne(
    db,
    sql<PushRow>`
      select p.id, p.agency_id as "agencyId", p.snapshot_id as "snapshotId", p.version, p.reverts, p.options, p.kinds,
        p.state, p.actor,
        p.created_at as "createdAt", p.started_at as "startedAt", p.finished_at as "finishedAt"
      from push_target t join push p on p.id = t.push_id
      where t.location_id = ${locationId} and p.snapshot_id = ${snapshotId} and p.reverts is null
      order by p.created_at desc, p.id desc limit 1`,
  )
}
