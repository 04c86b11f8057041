import { sql } from 'kysely'
import { json } from '../../db/pool.ts'
import { queryPrepared, runLater } from '../../db/prepared.ts'
import { prepare } from '../../db/statements.ts'
import { insertChanges } from '../changes/index.ts'
import { askForSum, countsOf, insertCounts } from './counts.ts'
import type { RecordRow } from './reads.ts'
import type { RecordDocument, RecordResource } from './resource.ts'
import { type NewRecord, newRow, partsOfWrite } from './rows.ts'
import { alsoIf, BATCH, changeOf, isCounted, type RecordScope, TERMS } from './statements.ts'
import { termsOf } from './terms.ts'

export async function createRecord(
  scope: RecordScope,
  resource: RecordResource,
  document: RecordDocument,
  more: Omit<NewRecord, 'document'> = {},
): Promise<RecordRow> {
  const row = newRow(scope.author, resource, { ...more, document })
  insertRow(scope, resource, row)
  if (isCounted(resource)) await askForSum(scope.tx, { locationId: scope.locationId, kind: resource.kind })
  return row
}

/** One row with as little as possible around it. */
function insertRow(scope: RecordScope, resource: RecordResource, row: RecordRow): void {
  const { id, objectId, document, terms, createdAt, updatedAt, changeId, delta, actor, cause, countId, counts } =
    partsOfWrite(scope, resource, {
      before: null,
      after: row,
    })
  const record = [scope.locationId, resource.kind, id, objectId, JSON.stringify(document), terms, createdAt, updatedAt]
  const change = [changeId, JSON.stringify(delta), actor, cause]
  if (counts === null) runLater(scope.tx, INSERT, [...record, ...change])
  else runLater(scope.tx, INSERT_COUNTED, [...record, ...change, countId, JSON.stringify(counts)])
}

const insertText = (counted: string) => `
  with written as (
    insert into record (location_id, kind, id, object_id, doc, terms, created_at, updated_at)
    values ($1, $2, $3, $4, $5, array_to_tsvector($6::text[]), $7, $8)
  )${counted}
  insert into change (location_id, id, kind, entity_id, op, delta, actor, cause, at)
    values ($1, $9, $2, $3, 'create', $10, $11, $12, $8)`
const INSERT = prepare(insertText(''))
const INSERT_COUNTED = prepare(
  insertText(
    ', counted as (insert into record_count_change (location_id, kind, id, counts) values ($1, $2, $13, $14))',
  ),
)

/** Stores new records; the answer has their order. */
export async function createRecords(
  scope: RecordScope,
  resource: RecordResource,
  records: readonly NewRecord[],
): Promise<RecordRow[]> {
  const rows = records.map((one) => newRow(scope.author, resource, one))
  for (let from = 0; from < rows.length; from += BATCH)
    await insertRows(scope, resource, rows.slice(from, from + BATCH))
  return rows
}

/** An object id that is taken fails the transaction, which is tried again with others (db/transaction.ts). */
async function insertRows(scope: RecordScope, resource: RecordResource, rows: readonly RecordRow[]): Promise<void> {
  const changes = rows.map((row) => changeOf(scope, resource, 'create', row.id, {}, row.document, row.updatedAt))
  const parameters = rows.map((row) => ({ ...row, terms: termsOf(resource, scope.locationId, row.document) }))
  const place = { locationId: scope.locationId, kind: resource.kind }
  const counts = countsOf(
    resource,
    rows.map(({ document }) => [undefined, document]),
  )
  await queryPrepared(
    scope.tx,
    sql`
      with written as (
        insert into record (location_id, kind, id, object_id, doc, terms, created_at, updated_at)
        select ${scope.locationId}, ${resource.kind}, r->>'id', (r->>'objectId')::bigint, r->'document', ${TERMS},
          (r->>'createdAt')::timestamptz, (r->>'updatedAt')::timestamptz
        from jsonb_array_elements(${json(parameters)}) r
        returning id
      )${alsoIf(counts.size > 0, sql`counted as (${insertCounts(place, counts, scope.author.atMs)})`)},
      told as (${insertChanges(scope.author, changes)})
      select where false`,
  )
  if (counts.size > 0) await askForSum(scope.tx, place)
}
