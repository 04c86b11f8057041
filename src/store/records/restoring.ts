import { type RawBuilder, sql } from 'kysely'
import { json, query } from '../../db/pool.ts'
import { type ChangeOp, insertChanges } from '../changes/index.ts'
import { askForSum, countsOf, insertCounts } from './counts.ts'
import { deltaOf } from './delta.ts'
import { IS_REMEMBERED } from './object-ids.ts'
import { columns, deletedRows, type RecordRow } from './reads.ts'
import type { RecordDocument, RecordResource } from './resource.ts'
import { nextRow } from './rows.ts'
import { alsoIf, type RecordScope } from './statements.ts'
import { termsOf } from './terms.ts'

/** A deleted record, held until the transaction ends; null: it is not deleted, or forgotten, or never was. */
export async function lockDeleted(
  scope: RecordScope,
  { kind }: RecordResource,
  objectId: number,
): Promise<RecordRow | null> {
  const [row] = await query(
    scope.tx,
    sql<RecordRow>`select ${columns} from record
      where ${deletedRows(kind, scope.locationId)} and object_id = ${objectId}::bigint and ${IS_REMEMBERED} for update`,
  )
  return row ?? null
}

/** A deleted record, which is locked, comes back as it was. What was deleted with it does not. */
export async function restoreRecord(scope: RecordScope, resource: RecordResource, row: RecordRow): Promise<RecordRow> {
  const updatedAt = new Date(Math.max(scope.author.atMs, row.updatedAt.getTime() + 1))
  const next = { ...row, updatedAt, deletedAt: null }
  await writeTold(scope, resource, { before: null, next, op: 'restore', delta: deltaOf({}, row.document) })
  return next
}

/**
 * A record, which is locked, takes in others: what it becomes, and their ids on the HubSpot wire, stand in the change.
 */
export async function mergeInto(
  scope: RecordScope,
  resource: RecordResource,
  { row, document, objectIds }: { row: RecordRow; document: RecordDocument; objectIds: readonly number[] },
): Promise<RecordRow> {
  const moment = new Date(Math.max(scope.author.atMs, row.updatedAt.getTime() + 1))
  const next = nextRow(scope, resource, row, document) ?? { ...row, updatedAt: moment }
  const delta = { ...deltaOf(row.document, next.document), mergedObjectIds: [null, objectIds] }
  await writeTold(scope, resource, { before: row.document, next, op: 'merge', delta })
  return next
}

interface Told {
  /** Null: it was not counted. */
  before: RecordDocument | null
  next: RecordRow
  op: ChangeOp
  delta: Record<string, unknown>
}

/** One row, and a change that is none of the three usual ones. */
async function writeTold(
  scope: RecordScope,
  resource: RecordResource,
  { before, next, op, delta }: Told,
): Promise<void> {
  const { tx, locationId, author } = scope
  const { kind } = resource
  const { id, document, updatedAt } = next
  const counts = countsOf(resource, [[before ?? undefined, document]])
  const change = { locationId, kind, entityId: id, op, beforeHash: null, afterHash: null, delta }
  const terms = sql`array_to_tsvector(${termsOf(resource, locationId, document)}::text[])`
  const written: RawBuilder<unknown> = sql`
    with written as (
      update record set doc = ${json(document)}, terms = ${terms}, updated_at = ${updatedAt}, deleted_at = null
      where location_id = ${locationId} and kind = ${sql.lit(kind)} and id = ${id} returning id
    )${alsoIf(counts.size > 0, sql`counted as (${insertCounts({ locationId, kind }, counts, author.atMs)})`)},
    told as (${insertChanges(author, [{ ...change, atMs: updatedAt.getTime() }])})
    select where false`
  await query(tx, written)
  if (counts.size > 0) await askForSum(tx, { locationId, kind })
}
