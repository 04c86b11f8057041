import { type RawBuilder, sql } from 'kysely'
import { takeTurns } from '../clock.ts'
import { json, query, type Tx } from '../db/pool.ts'
import { queryPrepared, run, runLater } from '../db/prepared.ts'
import { isRepeated } from '../db/session.ts'
import { prepare, preparePerKind } from '../db/statements.ts'
import { AppError } from '../errors.ts'
import { insertChanges, insertDeletions, type TimedChange } from './changes.ts'
import { type Condition, hasId } from './record-conditions.ts'
import { askForSum, countsOf, insertCounts, insertDeletedCounts } from './record-counts.ts'
import { deltaOf } from './record-delta.ts'
import { allMatching, COLUMNS, livingRows, type RecordRow } from './record-reads.ts'
import type { RecordDocument, RecordKind, RecordResource } from './record-resource.ts'
import { type NewRecord, newRow, nextRow, type Place, partsOfWrite } from './record-rows.ts'
import { termsOf } from './record-terms.ts'

/*
 * Records: CRM data, in one table for all kinds.
 *
 * To add a kind, write `src/resources/records/KIND.ts` with `record({...})` and list it in `src/resources/records/index.ts`.
 * `search` names the fields that full-text search reads, `exact` the fields that are filtered by value: both are served
 * by one index for every kind and location, so most kinds need no SQL of their own. `contactId` has an index in every kind.
 * What needs another index gets it in a migration, on its partition.
 *
 * Reading (record-reads.ts; `db` is `ctx.db`): `getRecord` (404), `findRecord` (null), `listRecords`, `countRecords`,
 * `pageRecords` (rows with cursors, and the exact total), `findDeletedRecord`. They take a resource, or just
 * `{ kind, noun }` of one that lives elsewhere, and the location. Conditions and orders come from record-conditions.ts
 * (`equals`, `isOneOf`, `hasId`, `allOf`, `anyOf`, `not`; `byCreation`, `byUpdate`, `byText`) and record-terms.ts
 * (`matchesWords`, `hasTerm`).
 *
 *   const { records, total } = await pageRecords(ctx.db, tasks, ctx.locationId, { where: equals('contactId', id), limit: 20 })
 *
 * Writing (below; `scope` is `ctx.scope`): `createRecord`, `updateRecord`, `deleteRecord` and their set-based forms, which
 * cost one or two statements for any number of rows. What others refer to is deleted by record-removal.ts. Never call a singular one in a loop. Each write and its `change` row are
 * one statement; the change tells old and new values of exactly the top-level fields that differ: `{field: [old, new]}`,
 * with null for a field that is not there. An update that changes nothing writes nothing. Documents hold no nulls: setting a
 * field to null or undefined removes it. Documents are checked against the schema (422).
 *
 * Two writers of one record wait for each other. Rules over several records ("no second contact with this e-mail") need a
 * lock of their own: see src/operations/contacts-duplicates.ts.
 */

/** Where and as whom records are written. */
export interface RecordScope extends Place {
  tx: Tx
}

/** Rows of one statement: bounds its memory. */
const BATCH = 2000
/** Of documents that one statement writes: long ones, with what they were, are several times that in memory. */
const BATCH_CHARACTERS = 1_000_000

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
  const { id, objectId, document, terms, createdAt, updatedAt, changeId, delta, actor, cause, countId, counts } = partsOfWrite(scope, resource, {
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
  insert into change (location_id, id, kind, entity_id, op, delta, actor, cause, at) values ($1, $9, $2, $3, 'create', $10, $11, $12, $8)`
const INSERT = prepare(insertText(''))
const INSERT_COUNTED = prepare(insertText(', counted as (insert into record_count_change (location_id, kind, id, counts) values ($1, $2, $13, $14))'))

/** Stores new records; the answer has their order. */
export async function createRecords(scope: RecordScope, resource: RecordResource, records: readonly NewRecord[]): Promise<RecordRow[]> {
  const rows = records.map((one) => newRow(scope.author, resource, one))
  for (let from = 0; from < rows.length; from += BATCH) await insertRows(scope, resource, rows.slice(from, from + BATCH))
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
        select ${scope.locationId}, ${resource.kind}, r->>'id', (r->>'objectId')::bigint, r->'document', ${TERMS}, (r->>'createdAt')::timestamptz, (r->>'updatedAt')::timestamptz
        from jsonb_array_elements(${json(parameters)}) r
        returning id
      )${alsoIf(counts.size > 0, sql`counted as (${insertCounts(place, counts, scope.author.atMs)})`)}
      ${insertChanges(scope.author, changes)}`,
  )
  if (counts.size > 0) await askForSum(scope.tx, place)
}

const isCounted = (resource: RecordResource) => resource.counted.length > 0
/** One more part of a `with`, or none. */
const alsoIf = (wanted: boolean, part: RawBuilder<unknown>) => (wanted ? sql`, ${part}` : sql``)

const TERMS = sql`array_to_tsvector(array(select jsonb_array_elements_text(r->'terms')))`

/** What an edit makes of a record: its next document. */
export type Edit = (current: RecordRow) => RecordDocument

/** Replaces a record's document by what `edit` makes of it. 404 when it is not there. */
export async function updateRecord(scope: RecordScope, resource: RecordResource, id: string, edit: Edit): Promise<RecordRow> {
  const [row] = await lockRow(scope, resource, id)
  if (row === undefined) throw new AppError('not_found', { what: resource.noun, id })
  return editRow(scope, resource, row, edit)
}

/** Edits all records that the condition names. Answers all of them, by id; those that the edit left as they were are not written. */
export async function updateRecords(scope: RecordScope, resource: RecordResource, where: Condition, edit: Edit): Promise<RecordRow[]> {
  return editRows(scope, resource, await lockRows(scope, resource, where), edit)
}

/**
 * The same for a record that this transaction has read, without locking it first. Where somebody has written it since, the transaction
 * is tried again (db/transaction.ts), and then does lock it.
 */
export function updateSeen(scope: RecordScope, resource: RecordResource, row: RecordRow, edit: Edit): Promise<RecordRow> {
  return isRepeated(scope.tx) ? updateRecord(scope, resource, row.id, edit) : editRow(scope, resource, row, edit)
}

/** One row with as little as possible around it. */
async function editRow(scope: RecordScope, resource: RecordResource, row: RecordRow, edit: Edit): Promise<RecordRow> {
  const next = nextRow(scope, resource, row, edit(row))
  if (next === null) return row
  const { tx, locationId } = scope
  const { kind } = resource
  const { id, document, terms, updatedAt, seenAt, changeId, delta, actor, cause, countId, counts } = partsOfWrite(scope, resource, { before: row, after: next })
  const values = [locationId, id, seenAt, JSON.stringify(document), terms, updatedAt, changeId, JSON.stringify(delta), actor, cause]
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
    where location_id = $1 and kind = ${kind} and id = $2 and deleted_at is null and date_trunc('milliseconds', updated_at) = $3
    returning id
  )${counted}
  insert into change (location_id, id, kind, entity_id, op, delta, actor, cause, at)
  select $1, $7, ${kind}, coalesce((select id from written), write_conflict()), 'update', $8::jsonb, $9, $10, $6`
const UPDATE = preparePerKind((kind) => updateText(kind, ''))
const UPDATE_COUNTED = preparePerKind((kind) =>
  updateText(kind, `, counted as (insert into record_count_change (location_id, kind, id, counts) values ($1, ${kind}, $11, $12))`),
)

async function editRows(scope: RecordScope, resource: RecordResource, current: readonly RecordRow[], edit: Edit): Promise<RecordRow[]> {
  const turns = takeTurns()
  const rows: RecordRow[] = []
  let edits: Edited[] = []
  let size = 0
  const write = async () => {
    if (edits.length > 0) await writeEdits(scope, resource, edits)
    edits = []
    size = 0
  }
  for (const row of current) {
    if (turns.isOver()) await turns.next()
    const next = nextRow(scope, resource, row, edit(row))
    rows.push(next ?? row)
    if (next === null) continue
    const parts = toParts(scope, resource, { row, next })
    edits.push(parts)
    size += parts.text.length
    if (edits.length >= BATCH || size >= BATCH_CHARACTERS) await write()
  }
  await write()
  return rows
}

/** A record that becomes another, as its statement takes it. */
interface Edited {
  row: RecordRow
  next: RecordRow
  text: string
  change: TimedChange
}

function toParts(scope: RecordScope, resource: RecordResource, { row, next }: Pick<Edited, 'row' | 'next'>): Edited {
  const { id, document, updatedAt } = next
  const text = JSON.stringify({ id, document, updatedAt, terms: termsOf(resource, scope.locationId, document) })
  return { row, next, text, change: changeOf(scope, resource, 'update', row.id, row.document, document, updatedAt) }
}

async function writeEdits(scope: RecordScope, resource: RecordResource, edits: readonly Edited[]): Promise<void> {
  const { kind } = resource
  const { tx, locationId, author } = scope
  const changes = edits.map(({ change }) => change)
  const parameters = `[${edits.map(({ text }) => text).join(',')}]`
  const counts = countsOf(
    resource,
    edits.map(({ row, next }) => [row.document, next.document]),
  )
  // The rows are locked: all of them are written. Of an array the planner does not know the length: it looks for each by its key.
  await queryPrepared(
    tx,
    sql`
      with written as (
        update record set doc = r->'document', terms = ${TERMS}, updated_at = (r->>'updatedAt')::timestamptz
        from unnest(array(select jsonb_array_elements(${parameters}::jsonb))) r
        where ${livingRows(kind, locationId)} and id = r->>'id'
        returning id
      )${alsoIf(counts.size > 0, sql`counted as (${insertCounts({ locationId, kind }, counts, author.atMs)})`)}
      ${insertChanges(author, changes)}`,
  )
  if (counts.size > 0) await askForSum(tx, { locationId, kind })
}

/** The record disappears; what it was can be read from its history. 404 when it is not there. What refers to it is left alone: see record-removal.ts. */
export async function deleteRecord(scope: RecordScope, resource: RecordResource, id: string): Promise<RecordRow> {
  const [row] = await query(scope.tx, sql<RecordRow>`${deleting(scope, resource, hasId([id]))} select ${sql.raw(COLUMNS)} from written`)
  if (row === undefined) throw new AppError('not_found', { what: resource.noun, id })
  return row
}

/** Deletes the records that the condition names, at most so many, without reading them, and answers their ids. */
export async function deleteRecords(scope: RecordScope, resource: RecordResource, where: Condition, most?: number): Promise<string[]> {
  return (await query(scope.tx, sql<{ id: string }>`${deleting(scope, resource, where, most)} select id from written`)).map(({ id }) => id)
}

/** Locks in the order of ids, like `lockRows`; the moments are those of `nextRow`. */
function deleting(scope: RecordScope, resource: RecordResource, where: Condition, most: number | null = null): RawBuilder<unknown> {
  const at = sql`greatest(${new Date(scope.author.atMs)}::timestamptz, updated_at + interval '1 millisecond')`
  const { kind, counted } = resource
  const living = livingRows(kind, scope.locationId)
  const place = { locationId: scope.locationId, kind }
  return sql`
    with locked as materialized (select id as locked_id from record where ${allMatching(kind, scope.locationId, where)} order by id limit ${most} for update),
      written as (
        update record set deleted_at = ${at}, updated_at = ${at} from locked where ${living} and id = locked_id
        returning id, object_id, doc, terms, created_at, updated_at, deleted_at
      ),
      told as (${insertDeletions(scope.author, place)})${alsoIf(isCounted(resource), sql`gone as (${insertDeletedCounts(place, counted, scope.author.atMs)})`)}`
}

const lockRow = ({ tx, locationId }: RecordScope, { kind }: RecordResource, id: string) => run(tx, rowForUpdate(kind), [locationId, id])

const rowForUpdate = preparePerKind<RecordRow>(
  (kind) => `select ${COLUMNS} from record where location_id = $1 and kind = ${kind} and deleted_at is null and id = $2 for update`,
)

/**
 * A record that something new is about to name: it cannot be deleted until the transaction ends, so that nothing comes to hang on a record
 * that is on its way out. Null when it is not there.
 */
export async function holdRecord({ tx, locationId }: RecordScope, { kind }: RecordKind, id: string): Promise<RecordRow | null> {
  const [row] = await run(tx, rowForShare(kind), [locationId, id])
  return row ?? null
}

const rowForShare = preparePerKind<RecordRow>(
  (kind) => `select ${COLUMNS} from record where location_id = $1 and kind = ${kind} and deleted_at is null and id = $2 for key share`,
)

/** In the order of ids, so that two writers of several records never wait for each other in a circle. */
function lockRows(scope: RecordScope, { kind }: RecordResource, where: Condition): Promise<RecordRow[]> {
  return query(scope.tx, sql<RecordRow>`select ${sql.raw(COLUMNS)} from record where ${livingRows(kind, scope.locationId)} and ${where} order by id for update`)
}

function changeOf(
  scope: RecordScope,
  { kind }: RecordResource,
  op: TimedChange['op'],
  id: string,
  before: RecordDocument,
  after: RecordDocument,
  at: Date,
): TimedChange {
  return { locationId: scope.locationId, kind, entityId: id, op, beforeHash: null, afterHash: null, delta: deltaOf(before, after), atMs: at.getTime() }
}
