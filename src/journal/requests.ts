import { type RawBuilder, sql } from 'kysely'
import { announce } from '../db/announce.ts'
import { type Db, json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { isUuid, uuidv7 } from '../ids.ts'
import { shownRecordName } from '../store/records/index.ts'

/** The topic of notices that there is something to do for whoever writes the journal. */
export const JOURNAL_WORK = 'journal work'

/** wire/hubspot.md: more are refused. */
export const MOST_ITEMS = 10_000

export interface Item {
  portalId: number
  objectId: number
  objectTypeId: string
  properties: string[]
  /** As it was then; absent: as it is when it is read. */
  asOfMs?: number
}

export type Failure = readonly [
  code: 'TIMEOUT' | 'VALIDATION_ERROR' | 'INTERNAL_ERROR' | 'PERMISSION_DENIED',
  message: string,
]

/**
 * An item's id: that of its request, whose last two bytes are the item's number. So a request of ten thousand items is
 * one row, written once for each step of its life.
 */
export function itemId(requestId: string, number: number): string {
  return requestId.slice(0, -4) + number.toString(16).padStart(4, '0')
}

/** Records of a location, by their ids there. */
export interface Named {
  locationId: string
  kind: string
  recordIds: readonly string[]
}

interface Request {
  appId: string
  items: readonly Item[]
  scopes: readonly string[] | null
  /** Of whoever asks for an app, and is none: what they call the items. */
  named?: Named
}

/** Takes a request for snapshots: one statement, whatever its size. Answers its id. */
export async function acceptRequest(tx: Tx, { appId, items, scopes, named }: Request, atMs: number): Promise<string> {
  const id = itemId(uuidv7(atMs), 0)
  await sql`
    insert into snapshot_request (id, app_id, state, items, item_count, scopes, initiated_at, location_id, kind, record_ids)
    values (${id}, ${appId}, 'pending', ${json(items)}, ${items.length}, ${scopes === null ? null : texts(scopes)},
      ${new Date(atMs)}, ${named?.locationId ?? null}, ${named?.kind ?? null},
      ${named === undefined ? null : texts(named.recordIds)})`.execute(tx)
  await announce(tx, JOURNAL_WORK)
  return id
}

/** A request on its way. */
export interface Claimed {
  id: string
  appId: string
  items: Item[]
  scopes: string[] | null
}

/** Requests that waited too long end here; of the others the oldest are begun, items up to `most`. */
export async function beginRequests(
  tx: Tx,
  { nowMs, windowMs, most }: { nowMs: number; windowMs: number; most: number },
) {
  await sql`
    update snapshot_request set state = 'expired', completed_at = ${new Date(nowMs)}, items = null
    where state in ('pending', 'in_progress') and initiated_at < ${new Date(nowMs - windowMs)}`.execute(tx)
  await sql`
    update snapshot_request r set state = 'in_progress', started_at = ${new Date(nowMs)}
    from (select id, sum(item_count) over (order by initiated_at, id) - item_count as before from snapshot_request
      where state in ('pending', 'in_progress') order by initiated_at, id limit 1000) w
    where r.id = w.id and w.before < ${most} and r.state = 'pending'`.execute(tx)
}

/** Those begun, by this process or by one that is no more. */
export function readBegun(tx: Tx, { most, only }: { most: number; only?: string }): Promise<Claimed[]> {
  return query(
    tx,
    sql<Claimed>`
      select id, app_id as "appId", items, scopes from (
        select *, sum(item_count) over (order by initiated_at, id) - item_count as before from snapshot_request
        where state = 'in_progress' and (${only ?? null}::uuid is null or id = ${only ?? null}::uuid)
      ) w where before < ${most} order by initiated_at, id`,
  )
}

/** What there is to do. */
export interface Work {
  inbox: boolean
  requests: boolean
}

/** `alsoListened`: to whoever else is told of what has committed. */
export function hasWork(db: Db, alsoListened: RawBuilder<unknown>): Promise<(Work & { listened: boolean }) | null> {
  return queryOne(
    db,
    sql<Work & { listened: boolean }>`
      select exists (select 1 from journal_inbox order by seq limit 1) as inbox,
        exists (select 1 from snapshot_request where state in ('pending', 'in_progress')) as requests,
        (exists (select 1 from journal_subscription) or ${alsoListened}) as listened`,
  )
}

/** How much waits for the next rounds. */
export async function countWaiting(db: Db): Promise<{ changes: number; snapshots: number }> {
  const row = await queryOne(
    db,
    sql<{ changes: number; snapshots: number }>`
      select (select count(*) from journal_inbox) as changes, (select coalesce(sum(item_count), 0) from snapshot_request
        where state in ('pending', 'in_progress')) as snapshots`,
  )
  return { changes: Number(row?.changes ?? 0), snapshots: Number(row?.snapshots ?? 0) }
}

/** How a request ended. */
export interface Settled {
  id: string
  failures: Record<number, Failure>
  /** `[first number, offset]`, in order. */
  offsets: [number, string][]
}

export async function settleRequests(tx: Tx, settled: readonly Settled[], atMs: number): Promise<void> {
  if (settled.length === 0) return
  await sql`
    update snapshot_request r set state = 'settled', completed_at = ${new Date(atMs)}, items = null,
      failures = nullif(s->'failures', '{}'), offsets = s->'offsets'
    from jsonb_array_elements(${json(settled)}) s where r.id = (s->>'id')::uuid`.execute(tx)
}

export interface Status {
  state: 'PENDING' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'EXPIRED'
  initiatedAt: Date
  completedAt: Date | null
  failure: Failure | null
  offset: string | null
}

/** A request as whoever asked for an app follows it. */
export interface Followed {
  appId: string
  appName: string
  kind: string
  initiatedAt: Date
  completedAt: Date | null
  /** Named as they are called now. */
  items: (Pick<Status, 'state' | 'failure' | 'offset'> & { recordId: string; name: string | null; statusId: string })[]
}

/** What became of a request for records of this location; null: there is none of this id. */
export async function readRequest(db: Db, locationId: string, id: string): Promise<Followed | null> {
  if (!isUuid(id)) return null
  const row = await queryOne(
    db,
    sql<Omit<Followed, 'items'> & Ended & FollowedItems>`
      select r.app_id as "appId", a.name as "appName", r.kind, r.initiated_at as "initiatedAt",
        r.completed_at as "completedAt", r.state, r.record_ids as "recordIds", r.failures, r.offsets,
        (select coalesce(jsonb_object_agg(n.id, ${shownRecordName('n')}), '{}') from record n
          where n.location_id = r.location_id and n.kind = r.kind and n.id = any(r.record_ids)) as names
      from snapshot_request r join app a on a.id = r.app_id
      where r.id = ${id}::uuid and r.location_id = ${locationId}`,
  )
  if (row === null) return null
  const { recordIds, names, failures, state, offsets, ...rest } = row
  return {
    ...rest,
    items: recordIds.map((recordId, number) => ({
      recordId,
      name: names[recordId] ?? null,
      statusId: itemId(id, number),
      ...outcomeOf({ state, offsets }, number, failures?.[number] ?? null),
    })),
  }
}

interface FollowedItems {
  recordIds: string[]
  names: Record<string, string | null>
  failures: Record<string, Failure> | null
}

interface Ended {
  state: string
  offsets: [number, string][] | null
}

function outcomeOf({ state, offsets }: Ended, number: number, failure: Failure | null) {
  return {
    state: (state !== 'settled' ? state.toUpperCase() : failure === null ? 'COMPLETED' : 'FAILED') as Status['state'],
    failure,
    offset: failure === null ? (offsets?.findLast(([first]) => first <= number)?.[1] ?? null) : null,
  }
}

/** What became of one item; null: no such item of this app. */
export async function readStatus(db: Db, appId: string, id: string): Promise<Status | null> {
  if (!isUuid(id)) return null
  const number = Number.parseInt(id.slice(-4), 16)
  const row = await queryOne(
    db,
    sql<Omit<Status, 'state' | 'offset'> & Ended>`
      select state, initiated_at as "initiatedAt", completed_at as "completedAt",
        failures->${String(number)} as failure, offsets
      from snapshot_request where id = ${itemId(id, 0)}::uuid and app_id = ${appId} and item_count > ${number}`,
  )
  if (row === null) return null
  const { state, offsets, ...rest } = row
  return { ...rest, ...outcomeOf({ state, offsets }, number, rest.failure) }
}

/** Statuses are known as long as what they speak of. */
export async function forgetRequests(db: Db, beforeMs: number): Promise<void> {
  await sql`delete from snapshot_request where completed_at < ${new Date(beforeMs)}`.execute(db)
}
