import { sql } from 'kysely'
import { type Db, query, queryOne, texts } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { deriveId } from '../ids.ts'
import { firstChangeOf } from '../store/changes.ts'
import type { AssetResource } from '../store/resource.ts'
import type { Entry } from './capture.ts'
import { addTotals, type Outcome, type State, type Totals } from './options.ts'
import type { PushRow } from './push.ts'
import { readEntries } from './snapshots.ts'

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

const COLUMNS = sql`id, location_id as "locationId", state, completed, failed, totals, error, started_at as "startedAt", finished_at as "finishedAt"`

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
  limit: number
  after?: string | undefined
}

export async function listTargets(db: Db, push: PushRow, page: TargetPage): Promise<TargetProgress[]> {
  const rows = await query(
    db,
    sql<TargetRow>`
      select ${COLUMNS} from push_target
      where push_id = ${push.id} and location_id > ${page.after ?? ''} and (${page.status ?? null}::text is null or state = ${page.status ?? null})
        and (${page.outcome ?? null}::text is null or exists (select 1 from jsonb_each(totals) t(kind, counts) where (counts->>${page.outcome ?? ''})::int > 0))
      order by location_id limit ${page.limit}`,
  )
  return rows.map((row) => toProgress(push, row))
}

export async function getTarget(db: Db, push: PushRow, locationId: string): Promise<TargetProgress> {
  const row = await queryOne(db, sql<TargetRow>`select ${COLUMNS} from push_target where push_id = ${push.id} and location_id = ${locationId}`)
  if (row === null) throw new AppError('not_found', { what: `target of push ${push.id}`, id: locationId })
  return toProgress(push, row)
}

/** Which targets ended after a moment: what a live view asks again and again. */
export function listFinished(db: Db, pushId: string, since: Date): Promise<{ locationId: string; finishedAt: Date }[]> {
  return query(
    db,
    sql<{ locationId: string; finishedAt: Date }>`
      select location_id as "locationId", finished_at as "finishedAt" from push_target where push_id = ${pushId} and finished_at > ${since} order by finished_at, location_id`,
  )
}

export async function listTargetsOf(db: Db, push: PushRow, locationIds: readonly string[]): Promise<TargetProgress[]> {
  const rows = await query(
    db,
    sql<TargetRow>`select ${COLUMNS} from push_target where push_id = ${push.id} and location_id = any(${texts(locationIds)}) order by finished_at, location_id`,
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
 * what a completed kind mentions nowhere was unchanged. Entries are told by the ids they have, had or were given there.
 */
export async function readOutcomes(db: Db, push: PushRow, target: TargetProgress, resources: ReadonlyMap<string, AssetResource>): Promise<AssetOutcome[]> {
  const { locationId } = target
  const noted = await query(
    db,
    sql<{ kind: string; lineage: string; id: string | null; name: string; outcome: Outcome; reason: string | null; detail: unknown }>`
      select kind, lineage, id, name, outcome, reason, detail from push_outcome where push_id = ${push.id} and location_id = ${locationId}`,
  )
  const written = await query(
    db,
    sql<{ kind: string; id: string; op: string; lineage: string | null; name: string | null }>`
      select c.kind, c.entity_id as id, c.op, coalesce(c.delta->>'lineage', a.lineage) as lineage, coalesce(a.name, c.delta->>'name') as name
      from change c left join asset a on a.location_id = c.location_id and a.kind = c.kind and a.id = c.entity_id
      where c.location_id = ${locationId} and c.cause = ${push.id}
        and c.id >= ${firstChangeOf(push)}
      order by c.id`,
  )
  const entries = await readEntries(db, push.snapshotId, push.version, [...target.completed, ...target.failed])
  const ids = await idsOfEntries(db, locationId, entries, resources)
  const entryOf = new Map(entries.flatMap((entry) => (ids.get(`${entry.kind}:${entry.lineage}`) ?? []).map((id) => [`${entry.kind}:${id}`, entry] as const)))
  const outcomes = new Map<string, AssetOutcome>()
  for (const { reason, detail, ...row } of noted) {
    outcomes.set(`${row.kind}:${row.lineage}`, { ...row, ...(reason === null ? {} : { reason }), ...(detail === null ? {} : { detail }) })
  }
  for (const row of written) {
    const entry = entryOf.get(`${row.kind}:${row.id}`)
    const lineage = entry?.lineage ?? row.lineage ?? row.id
    if (outcomes.has(`${row.kind}:${lineage}`)) continue
    const outcome = row.op === 'create' ? 'created' : row.op === 'delete' ? 'deleted' : row.op === 'update' ? 'updated' : 'unchanged'
    outcomes.set(`${row.kind}:${lineage}`, { kind: row.kind, lineage, id: row.id, name: entry?.name ?? row.name ?? '', outcome })
  }
  for (const { kind, lineage, name } of push.reverts === null ? entries : []) {
    const key = `${kind}:${lineage}`
    if (!outcomes.has(key)) outcomes.set(key, { kind, lineage, id: ids.get(key)?.[0] ?? null, name, outcome: 'unchanged' })
  }
  const order = new Map(push.kinds.map((kind, index) => [kind, index]))
  return [...outcomes.values()].sort((a, b) => (order.get(a.kind) ?? 0) - (order.get(b.kind) ?? 0) || (a.lineage < b.lineage ? -1 : 1))
}

/** Ids that entries may have in a location, by `kind:lineage`: the one they have first, the one a push derives last. */
async function idsOfEntries(
  db: Db,
  locationId: string,
  entries: readonly Entry[],
  resources: ReadonlyMap<string, AssetResource>,
): Promise<Map<string, string[]>> {
  const rows = await query(
    db,
    sql<{ kind: string; lineage: string; id: string }>`
      with wanted as (select * from unnest(${texts(entries.map((e) => e.kind))}, ${texts(entries.map((e) => e.lineage))}) w(kind, lineage))
      select kind, lineage, a.id from asset a join wanted using (kind, lineage) where a.location_id = ${locationId}
      union all select kind, lineage, l.id from asset_alias l join wanted using (kind, lineage) where l.location_id = ${locationId}
      union all select kind, lineage, z.id from asset_tombstone z join wanted using (kind, lineage) where z.location_id = ${locationId}`,
  )
  const ids = new Map<string, string[]>()
  for (const { kind, lineage, id } of rows) ids.set(`${kind}:${lineage}`, [...(ids.get(`${kind}:${lineage}`) ?? []), id])
  for (const { kind, lineage } of entries) {
    const derived = deriveId(resources.get(kind)?.idFormat ?? 'id20', locationId, kind, lineage)
    if (!ids.has(`${kind}:${lineage}`)) ids.set(`${kind}:${lineage}`, [derived])
  }
  return ids
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
        select t.id, t.location_id, t.state, p.created_at, p.id as push_id, p.version from push p join push_target t on t.push_id = p.id
        where p.snapshot_id = ${snapshotId} and p.reverts is null and p.created_at between ${page.from} and ${page.to}
      ), last as (select created_at, id from listed where id = ${page.lastDoc ?? ''})
      select id, location_id as "locationId", state as status, created_at as "dateAdded", push_id as "pushId", version from listed
      where not exists (select 1 from last) or (created_at, id) < (select created_at, id from last)
      order by created_at desc, id desc limit ${page.limit}`,
  )
}

/** The latest push of a snapshot that reached this location; null when there was none. */
export async function findLatestPush(db: Db, snapshotId: string, locationId: string): Promise<PushRow | null> {
  return queryOne(
    db,
    sql<PushRow>`
      select p.id, p.agency_id as "agencyId", p.snapshot_id as "snapshotId", p.version, p.reverts, p.options, p.kinds, p.state, p.actor,
        p.created_at as "createdAt", p.started_at as "startedAt", p.finished_at as "finishedAt"
      from push_target t join push p on p.id = t.push_id
      where t.location_id = ${locationId} and p.snapshot_id = ${snapshotId} and p.reverts is null
      order by p.created_at desc, p.id desc limit 1`,
  )
}
