import { sql } from 'kysely'
import { queryOne, type Tx } from '../../db/pool.ts'
import type { Connection } from '../connections/connection.ts'
import { storable } from '../incoming/items.ts'
import { type CsvReading, openCsv } from '../reading/csv.ts'
import { MOST_DRY_ROWS } from './dry.ts'
import { addRows, type NewRow, type Row, rowIds, writeRows } from './rows.ts'
import { addCounts, beginRun, type Run } from './runs.ts'

/**
 * The rows of a file come to stand in a run, as they are read: memory stays the same however many there are. `isRight` is
 * asked beforehand whether a file with these columns is read at all.
 */
export async function readFile(
  tx: Tx,
  { connection, run, reading }: { connection: Connection; run: Run; reading: CsvReading },
  { bytes, isRight }: { bytes: AsyncIterable<Uint8Array>; isRight: (columns: readonly string[]) => Promise<boolean> },
  atMs: number,
): Promise<void> {
  const { columns, rows, close } = await openCsv(bytes as AsyncIterable<Buffer>, reading)
  if (!(await isRight(columns))) return close()
  const most = run.isDry ? MOST_DRY_ROWS : Number.POSITIVE_INFINITY
  let total = 0
  for await (const set of rows) {
    const some = set.slice(0, most - total)
    const ids = rowIds(some.length, atMs)
    const own = some.map((row, n) => ({ ...NONE, id: ids[n] as string, runId: run.id, place: row.line, row }))
    const good = own.flatMap(({ row, ...draft }): NewRow[] =>
      'item' in row ? [{ ...draft, item: storable(row.item) }] : [],
    )
    const bad = own.flatMap(({ row, ...draft }) => ('fault' in row ? [faultRow(draft, row.fault, atMs)] : []))
    await addRows(tx, connection, good, { atMs, isDry: run.isDry })
    await writeRows(tx, connection, bad)
    if (bad.length > 0) await addCounts(tx, run, { ...NOTHING, failed: bad.length }, atMs)
    total += some.length
    if (total >= most) break
  }
  await beginRun(tx, run, total, atMs)
}

const NONE = { arrivalId: null, replayOf: null, item: null as unknown }
const NOTHING = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }

function faultRow(draft: Omit<NewRow, 'item'>, fault: string, atMs: number): Row {
  const none = { externalId: null, reason: null, kept: null, mapped: null, kind: null, recordId: null, delta: null }
  const problems = [{ at: '', message: fault }]
  return { ...none, ...draft, item: null, state: 'failed', problems, tries: 0, dueAt: null, at: new Date(atMs) }
}

/** What a dry run has looked at is written: a run of the same rows. Answers how many. */
export async function copyRows(tx: Tx, from: Run, to: Run, atMs: number): Promise<number> {
  const [prefix = ''] = rowIds(1, atMs)
  const at = new Date(atMs)
  const row = await queryOne(
    tx,
    sql<{ count: number }>`
      with added as (
        insert into connection_row (location_id, connection_id, run_id, id, place, item, state, due_at, at)
        select location_id, connection_id, ${to.id},
          (${prefix.slice(0, 28)} || lpad(to_hex(row_number() over (order by seq)), 8, '0'))::uuid, place, item,
          'waiting', ${at}, ${at}
        from connection_row where location_id = ${from.locationId} and run_id = ${from.id} and item is not null
        order by seq returning 1
      ) select count(*)::int as count from added`,
  )
  return row?.count ?? 0
}
