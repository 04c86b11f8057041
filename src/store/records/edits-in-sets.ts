import { sql } from 'kysely'
import { takeTurns } from '../../clock.ts'
import { restAfter } from '../../db/fair-pool.ts'
import { queryPrepared } from '../../db/prepared.ts'
import { insertChangeTexts, textOfChange } from '../changes/index.ts'
import { appendCounts, askForSum, CountSum, type Counts, countsOf, insertCounts } from './counts.ts'
import { livingRows, type RecordRow } from './reads.ts'
import type { RecordResource } from './resource.ts'
import { nextRow } from './rows.ts'
import { alsoIf, BATCH, BATCH_CHARACTERS, changeOf, type Edit, type RecordScope, TERMS } from './statements.ts'
import { termsOf } from './terms.ts'

/** With a `sum`, that gains what it means for counts, and its owner appends it. */
export async function editRows(
  scope: RecordScope,
  resource: RecordResource,
  current: readonly RecordRow[],
  edit: Edit,
  sum?: CountSum,
): Promise<RecordRow[]> {
  const turns = takeTurns()
  const counts = sum ?? new CountSum()
  const rows: RecordRow[] = []
  let edits: Edited[] = []
  let size = 0
  let sinceMs = performance.now()
  const write = async (isLast: boolean) => {
    counts.add(
      countsOf(
        resource,
        edits.map(({ row, next }) => [row.document, next.document]),
      ),
    )
    const due = isLast && sum === undefined ? counts.take() : NONE
    if (edits.length > 0) await writeEdits(scope, resource, edits, due)
    else await appendCounts(scope.tx, { locationId: scope.locationId, kind: resource.kind }, due, scope.author.atMs)
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
    size += parts.text.length + parts.change.length
    if (edits.length >= BATCH || size >= BATCH_CHARACTERS) {
      await write(false)
      await restAfter(performance.now() - sinceMs)
      sinceMs = performance.now()
    }
  }
  await write(true)
  return rows
}

const NONE: Counts = new Map()

/** A record that becomes another, as its statement takes it. */
interface Edited {
  row: RecordRow
  next: RecordRow
  text: string
  /** What is told of it, likewise. */
  change: string
}

function toParts(scope: RecordScope, resource: RecordResource, { row, next }: Pick<Edited, 'row' | 'next'>): Edited {
  const { id, document, updatedAt } = next
  const text = JSON.stringify({ id, document, updatedAt, terms: termsOf(resource, scope.locationId, document) })
  const change = changeOf(scope, resource, 'update', row.id, row.document, document, updatedAt)
  return { row, next, text, change: textOfChange(change) }
}

async function writeEdits(
  scope: RecordScope,
  resource: RecordResource,
  edits: readonly Edited[],
  counts: Counts,
): Promise<void> {
  const { kind } = resource
  const { tx, locationId, author } = scope
  const parameters = `[${edits.map(({ text }) => text).join(',')}]`
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
      told as (${insertChangeTexts(
        author,
        edits.map(({ change }) => change),
      )})
      select where false`,
  )
  if (counts.size > 0) await askForSum(tx, { locationId, kind })
}
