import { sql } from 'kysely'
import { takeTurns } from '../../clock.ts'
import { queryPrepared } from '../../db/prepared.ts'
import { insertChanges, type TimedChange } from '../changes/index.ts'
import { askForSum, countsOf, insertCounts } from './counts.ts'
import { livingRows, type RecordRow } from './reads.ts'
import type { RecordResource } from './resource.ts'
import { nextRow } from './rows.ts'
import { alsoIf, BATCH, BATCH_CHARACTERS, changeOf, type Edit, type RecordScope, TERMS } from './statements.ts'
import { termsOf } from './terms.ts'

export async function editRows(
  scope: RecordScope,
  resource: RecordResource,
  current: readonly RecordRow[],
  edit: Edit,
): Promise<RecordRow[]> {
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
  // The rows are locked: all of them are written. Of an array the planner does not know the length: it looks for each
  // by its key. Moments are read of texts beside the update: a cluster lets only what never changes be called in one.
  await queryPrepared(
    tx,
    sql`
      with written as (
        update record set doc = r->'document', terms = ${TERMS}, updated_at = at
        from (select r, (r->>'updatedAt')::timestamptz as at
          from unnest(array(select jsonb_array_elements(${parameters}::jsonb))) r) given
        where ${livingRows(kind, locationId)} and id = r->>'id'
        returning id
      )${alsoIf(counts.size > 0, sql`counted as (${insertCounts({ locationId, kind }, counts, author.atMs)})`)},
      told as (${insertChanges(author, changes)})
      select where false`,
  )
  if (counts.size > 0) await askForSum(tx, { locationId, kind })
}
