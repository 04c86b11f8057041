import { type RawBuilder, sql } from 'kysely'
import { bytes, type Db, json, query, type Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { uuidv7, uuidv7Prefix } from '../ids.ts'

/** Who writes, when and why: goes into every `change` row. */
export interface Author {
  /** `token:<id>`, `push:<id>` or `system`. */
  actor: string
  /** Id of the push or the request behind the write; null when there is none. */
  cause: string | null
  atMs: number
}

export type ChangeOp = 'create' | 'update' | 'delete' | 'adopt'

export interface Change {
  locationId: string
  kind: string
  entityId: string
  op: ChangeOp
  beforeHash: string | null
  afterHash: string | null
  delta: Record<string, unknown> | null
}

/** Appends to the change log. Call it in the transaction of the write it tells of. */
export async function appendChange(tx: Tx, author: Author, change: Change): Promise<void> {
  await sql`
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    values (${change.locationId}, ${uuidv7(author.atMs)}, ${change.kind}, ${change.entityId}, ${change.op}, ${change.delta === null ? null : json(change.delta)},
      ${bytes(change.beforeHash)}, ${bytes(change.afterHash)}, ${author.actor}, ${author.cause}, ${new Date(author.atMs)})`.execute(tx)
}

/** A change at a moment of its own, for the set-based form. */
export interface TimedChange extends Change {
  atMs: number
}

/**
 * Appends many changes as one part of a larger statement. It stands after a `with` clause that names the rows written
 * (`written`, with their `id`): only what was written is told of.
 */
export function insertChanges(author: Author, changes: readonly TimedChange[]): RawBuilder<unknown> {
  const rows = changes.map(({ atMs, ...change }) => ({ ...change, id: uuidv7(atMs), at: new Date(atMs).toISOString() }))
  return sql`
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select c->>'locationId', (c->>'id')::uuid, c->>'kind', c->>'entityId', c->>'op', nullif(c->'delta', 'null'), decode(c->>'beforeHash', 'hex'), decode(c->>'afterHash', 'hex'),
      ${author.actor}, ${author.cause}, (c->>'at')::timestamptz
    from jsonb_array_elements(${json(rows)}) c where c->>'entityId' in (select id from written)`
}

/** Tells of the rows of `written` (`id`, `doc`, `deleted_at`), which are no more: each at its own moment, with all that it was. */
export function insertDeletions(author: Author, { locationId, kind }: Pick<Change, 'locationId' | 'kind'>): RawBuilder<unknown> {
  const milliseconds = sql`lpad(to_hex(floor(extract(epoch from deleted_at) * 1000)::bigint), 12, '0')`
  const rest = uuidv7Prefix(author.atMs).slice(12)
  return sql`
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select ${locationId}, (${milliseconds} || ${rest}::text || lpad(to_hex(row_number() over ()), 8, '0'))::uuid, ${kind}, id, 'delete',
      coalesce((select jsonb_object_agg(key, jsonb_build_array(value, null)) from jsonb_each(doc)), '{}'), null::bytea, null::bytea,
      ${author.actor}, ${author.cause}, deleted_at
    from written`
}

export interface ChangeRow extends Change {
  id: string
  actor: string
  cause: string | null
  at: Date
}

/** History of one asset, newest first. */
export function listChanges(
  db: Db,
  options: { locationId: string; kind: string; entityId: string; limit: number; before?: string | undefined },
): Promise<ChangeRow[]> {
  return query(
    db,
    sql<ChangeRow>`
      select location_id as "locationId", id, kind, entity_id as "entityId", op, delta, before_hash as "beforeHash", after_hash as "afterHash", actor, cause, at
      from change
      where location_id = ${options.locationId} and kind = ${options.kind} and entity_id = ${options.entityId}
        and id < ${options.before ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'}
      order by id desc limit ${options.limit}`,
  )
}

const PATIENCE = '2s'

/**
 * Makes the monthly partitions of the change log for this month and the next two. Rows outside of them go to the
 * default one; what it holds of a month moves when that month gets its own partition.
 */
export async function ensureChangePartitions(db: Db, nowMs: number): Promise<void> {
  const now = new Date(nowMs)
  for (let ahead = 0; ahead <= 2; ahead++) {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
    const name = `change_${from.getUTCFullYear()}_${String(from.getUTCMonth() + 1).padStart(2, '0')}`
    const made = await query(db, sql`select 1 from pg_class where oid = to_regclass(${name})`)
    if (made.length > 0) continue
    await inTransaction(db, async (tx) => {
      // Whoever waits for the whole table makes all others wait behind it: a long read (a backup) is let through, and the next hour tries again.
      await sql`select set_config('lock_timeout', ${PATIENCE}, true)`.execute(tx)
      await sql`select make_change_partition(${from.toISOString().slice(0, 10)}::date)`.execute(tx)
    })
  }
}

/** An id for each row of a set-based insert into the change log: one moment, one random part, the row's number. */
export function numberedChangeId(atMs: number): RawBuilder<string> {
  return sql<string>`(${uuidv7Prefix(atMs)}::text || lpad(to_hex(row_number() over ()), 8, '0'))::uuid`
}

/** How far the clocks of the process that makes a push and of the one that carries it out may differ. */
const CLOCK_SLACK_MS = 24 * 3600 * 1000

/** Every change that a push made has an id from here on. */
export function firstChangeOf(push: { createdAt: Date }): string {
  return firstIdAt(new Date(push.createdAt.getTime() - CLOCK_SLACK_MS))
}

/** The smallest UUIDv7 of a moment. */
export function firstIdAt(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}
