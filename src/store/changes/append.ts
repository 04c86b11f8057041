import { type RawBuilder, sql } from 'kysely'
import { bytes, json, type Tx } from '../../db/pool.ts'
import { uuidv7, uuidv7Prefix } from '../../ids.ts'

/** Who writes, when and why: goes into every `change` row. */
export interface Author {
  /** `token:<id>`, `push:<id>` or `system`. */
  actor: string
  /** Id of the push or the request behind the write; null when there is none. */
  cause: string | null
  atMs: number
}

/** `merge`, `gdpr_delete` and `restore` are of records: one that took in others, was forgotten, came back. */
export type ChangeOp = 'create' | 'update' | 'delete' | 'adopt' | 'merge' | 'gdpr_delete' | 'restore'

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
    values (${change.locationId}, ${uuidv7(author.atMs)}, ${change.kind}, ${change.entityId}, ${change.op},
      ${change.delta === null ? null : json(change.delta)},
      ${bytes(change.beforeHash)}, ${bytes(change.afterHash)}, ${author.actor}, ${author.cause},
        ${new Date(author.atMs)})`.execute(tx)
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
  return insertChangeTexts(author, changes.map(textOfChange))
}

/** A change as `insertChangeTexts` takes it: where they are long, they are written down one at a time. */
export const textOfChange = ({ atMs, ...change }: TimedChange): string =>
  JSON.stringify({ ...change, id: uuidv7(atMs), at: new Date(atMs).toISOString() })

/** The same of changes that are texts already. */
export function insertChangeTexts(author: Author, changes: readonly string[]): RawBuilder<unknown> {
  return sql`
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select c->>'locationId', (c->>'id')::uuid, c->>'kind', c->>'entityId', c->>'op', nullif(c->'delta', 'null'),
      decode(c->>'beforeHash', 'hex'), decode(c->>'afterHash', 'hex'),
      ${author.actor}, ${author.cause}, (c->>'at')::timestamptz
    from jsonb_array_elements(${`[${changes.join(',')}]`}::jsonb) c where c->>'entityId' in (select id from written)`
}

/**
 * Tells of the rows of `written` (`id`, `doc`, `deleted_at`), which are no more: each at its own moment, with all that
 * it was.
 */
export function insertDeletions(
  author: Author,
  { locationId, kind }: Pick<Change, 'locationId' | 'kind'>,
): RawBuilder<unknown> {
  const milliseconds = sql`lpad(to_hex(floor(extract(epoch from deleted_at) * 1000)::bigint), 12, '0')`
  const rest = uuidv7Prefix(author.atMs).slice(12)
  return sql`
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select ${locationId}, (${milliseconds} || ${rest}::text || lpad(to_hex(row_number() over ()), 8, '0'))::uuid,
      ${kind}, id, 'delete',
      coalesce((select jsonb_object_agg(key, jsonb_build_array(value, null)) from jsonb_each(doc)), '{}'), null::bytea,
        null::bytea,
      ${author.actor}, ${author.cause}, deleted_at
    from written`
}
