import { sql } from 'kysely'
import { bytes, type Db, json, query, type Tx } from '../db/pool.ts'
import { uuidv7 } from '../ids.ts'

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

export interface ChangeRow extends Change {
  id: string
  actor: string
  cause: string | null
  at: Date
}

/** History of one asset, newest first. */
export function listChanges(db: Db, options: { locationId: string; kind: string; entityId: string; limit: number; before?: string | undefined }): Promise<ChangeRow[]> {
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
