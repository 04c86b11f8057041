import { sql } from 'kysely'
import { queryOne, type Tx } from '../../db/pool.ts'
import type { Connection } from '../connections/connection.ts'
import { storable } from '../incoming/items.ts'
import { type CsvFault, type CsvReading, type CsvRow, openCsv } from '../reading/csv.ts'
import { MOST_DRY_ROWS } from './dry.ts'
import { addRows, type NewRow, type Row, rowIds, writeRows } from './rows.ts'
import { addCounts, beginRun, type Run } from './runs.ts'
import { addSets, type WaitingItem } from './sets.ts'

/**
 * The rows of a file come to wait in a run, as they are read: memory stays the same however many there are. `isRight` is
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
    await addItems(tx, { connection, run, atMs }, some)
    await addFaults(tx, { connection, run, atMs }, some)
    total += some.length
    if (total >= most) break
  }
  await beginRun(tx, run, total, atMs)
}

interface Reading {
  connection: Connection
  run: Run
  atMs: number
}

/** What is only looked at stands in rows from the beginning, since it is asked for as a whole. */
async function addItems(tx: Tx, { connection, run, atMs }: Reading, read: readonly (CsvRow | CsvFault)[]) {
  const items = read.flatMap((row): WaitingItem[] => ('item' in row ? [[row.line, storable(row.item)]] : []))
  if (!run.isDry) return addSets(tx, run, items)
  const ids = rowIds(items.length, atMs)
  const drafts = items.map(([place, item], n): NewRow => {
    return { id: ids[n] as string, runId: run.id, place, item, arrivalId: null, replayOf: null }
  })
  return addRows(tx, connection, drafts, { atMs, isDry: true })
}

async function addFaults(tx: Tx, { connection, run, atMs }: Reading, read: readonly (CsvRow | CsvFault)[]) {
  const faults = read.flatMap((row) => ('fault' in row ? [row] : []))
  if (faults.length === 0) return
  const ids = rowIds(faults.length, atMs)
  const rows = faults.map(({ line, fault }, n): Row => {
    const problems = [{ at: '', message: fault }]
    return { ...NONE, id: ids[n] as string, runId: run.id, place: line, problems, at: new Date(atMs) }
  })
  await writeRows(tx, connection, rows)
  await addCounts(tx, run, { ...NOTHING, failed: rows.length }, atMs)
}

/** What a dry run could not read is no more readable to the run that writes. Answers how many rows. */
export async function addFaultsOf(tx: Tx, from: Run, to: Run, atMs: number): Promise<number> {
  const [prefix = ''] = rowIds(1, atMs)
  const row = await queryOne(
    tx,
    sql<{ count: number }>`
      with added as (
        insert into connection_row (location_id, connection_id, run_id, id, place, state, problems, at)
        select ${to.locationId}, ${to.connectionId}, ${to.id},
          (${prefix.slice(0, 28)} || lpad(to_hex(row_number() over (order by seq)), 8, '0'))::uuid, place, 'failed', problems,
          ${new Date(atMs)}
        from connection_row where location_id = ${from.locationId} and run_id = ${from.id} and item is null
        order by seq
        returning 1
      ) select count(*)::int as count from added`,
  )
  const failed = row?.count ?? 0
  await addCounts(tx, to, { ...NOTHING, failed }, atMs)
  return failed
}

const NONE = {
  arrivalId: null,
  item: null,
  externalId: null,
  state: 'failed',
  reason: null,
  kept: null,
  mapped: null,
  kind: null,
  recordId: null,
  delta: null,
  replayOf: null,
  tries: 0,
  dueAt: null,
} as const
const NOTHING = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }
