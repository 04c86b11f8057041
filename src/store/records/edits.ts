import { runLater } from '../../db/prepared.ts'
import { isRepeated } from '../../db/session.ts'
import { preparePerKind } from '../../db/statements.ts'
import { AppError } from '../../errors.ts'
import { refuseChanged } from '../precondition.ts'
import type { Condition } from './conditions.ts'
import { askForSum, type CountSum } from './counts.ts'
import { editRows } from './edits-in-sets.ts'
import { lockRow, lockRows } from './locks.ts'
import type { RecordRow } from './reads.ts'
import type { RecordResource } from './resource.ts'
import { nextRow, partsOfWrite } from './rows.ts'
import type { Edit, RecordScope } from './statements.ts'

/** Replaces a record's document by what `edit` makes of it. 404 when it is not there. */
export async function updateRecord(
  scope: RecordScope,
  resource: RecordResource,
  id: string,
  edit: Edit,
): Promise<RecordRow> {
  const [row] = await lockRow(scope, resource, id)
  if (row === undefined) throw new AppError('not_found', { what: resource.noun, id })
  return editRow(scope, resource, row, edit)
}

/**
 * Edits all records that the condition names. Answers all of them, by id; those that the edit left as they were are not
 * written. With a `sum`, that gains what it means for counts, and its owner appends it.
 */
export async function updateRecords(
  scope: RecordScope,
  resource: RecordResource,
  where: Condition,
  edit: Edit,
  sum?: CountSum,
): Promise<RecordRow[]> {
  return editRows(scope, resource, await lockRows(scope, resource, where), edit, sum)
}

/**
 * The same for a record that this transaction has read, without locking it first. Where somebody has written it since,
 * the transaction is tried again (db/transaction.ts), and then does lock it.
 */
export function updateSeen(
  scope: RecordScope,
  resource: RecordResource,
  row: RecordRow,
  edit: Edit,
): Promise<RecordRow> {
  return isRepeated(scope.tx) ? updateRecord(scope, resource, row.id, edit) : editRow(scope, resource, row, edit)
}

/** One row with as little as possible around it. */
async function editRow(scope: RecordScope, resource: RecordResource, row: RecordRow, edit: Edit): Promise<RecordRow> {
  refuseChanged(scope.precondition, resource, { id: row.id, revision: () => row.updatedAt.toISOString() })
  const next = nextRow(scope, resource, row, edit(row))
  if (next === null) return row
  const { tx, locationId } = scope
  const { kind } = resource
  const { id, document, terms, updatedAt, seenAt, changeId, delta, actor, cause, countId, counts } = partsOfWrite(
    scope,
    resource,
    { before: row, after: next },
  )
  const values = [
    locationId,
    id,
    seenAt,
    JSON.stringify(document),
    terms,
    updatedAt,
    changeId,
    JSON.stringify(delta),
    actor,
    cause,
    // As far as milliseconds tell, it stands as it was read.
    new Date(row.updatedAt.getTime() + 1),
  ]
  if (counts === null) runLater(tx, UPDATE(kind), values)
  else {
    runLater(tx, UPDATE_COUNTED(kind), [...values, countId, JSON.stringify(counts)])
    await askForSum(tx, { locationId, kind })
  }
  return next
}

/** `write_conflict()` fails the transaction (sql/migrations/000013-write-conflicts.sql). */
const updateText = (kind: string, counted: string) => `
  with written as (
    update record set doc = $4, terms = array_to_tsvector($5::text[]), updated_at = $6
    where location_id = $1 and kind = ${kind} and id = $2 and deleted_at is null
      and updated_at >= $3 and updated_at < $11
    returning id
  )${counted}, told as (
    insert into change (location_id, id, kind, entity_id, op, delta, actor, cause, at)
    select $1, $7, ${kind}, coalesce((select id from written), write_conflict()), 'update', $8::jsonb, $9, $10, $6
  )
  select where false`
const UPDATE = preparePerKind((kind) => updateText(kind, ''))
const UPDATE_COUNTED = preparePerKind((kind) =>
  updateText(
    kind,
    `, counted as (insert into record_count_change (location_id, kind, id, counts) values ($1, ${kind}, $12, $13))`,
  ),
)
