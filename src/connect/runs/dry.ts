import { sql } from 'kysely'
import { inTransaction } from '../../db/transaction.ts'
import { type Connection, getConnection } from '../connections/connection.ts'
import { type Definition, getVersion } from '../connections/versions.ts'
import { orNull } from '../incoming/tokens.ts'
import { countsOf, type Feeding, makingOf } from './feed.ts'
import { makeRows } from './make.ts'
import { type Row, rowIds, takeWaiting, writeRows } from './rows.ts'
import { addCounts, getRun } from './runs.ts'
import { DryWorld } from './writer.ts'

/** What a dry run looks at: what it would have written stays in memory until its end. */
export const MOST_DRY_ROWS = 100_000
const SET = 200

type Place = Pick<Connection, 'locationId' | 'id'>

/**
 * Works out what would become of all rows of a run, by the code that writes, and writes none of it: later rows see what
 * earlier ones would have written. Whoever was killed begins anew.
 */
export async function dryRun(feeding: Feeding, place: Place, runId: string): Promise<void> {
  const dry = new DryWorld()
  await inTransaction(feeding.db, async (tx) => {
    const run = await getRun(tx, place, runId, { hold: true }).catch(orNull)
    if (run?.state !== 'running') return
    const isOf = sql`location_id = ${place.locationId} and run_id = ${runId}`
    // What could not be read of its file stays as it was told.
    await sql`update connection_row set state = 'waiting', due_at = null where ${isOf} and state <> 'waiting'
        and item is not null`.execute(tx)
    await sql`update connection_run set created = 0, updated = 0, unchanged = 0, skipped = 0,
        failed = (select count(*) from connection_row where ${isOf} and state = 'failed')
      where location_id = ${place.locationId} and id = ${runId}`.execute(tx)
  })
  while (await drySet(feeding, place, { runId, dry }));
}

function drySet(feeding: Feeding, place: Place, { runId, dry }: { runId: string; dry: DryWorld }): Promise<boolean> {
  return inTransaction(feeding.db, async (tx) => {
    const connection = await getConnection(tx, place).catch(orNull)
    const run = connection && (await getRun(tx, place, runId, { hold: true }).catch(orNull))
    if (run?.state !== 'running' || connection === null) return false
    const atMs = feeding.clock.nowMs()
    const waiting = await takeWaiting(tx, place, { runId, most: SET, atMs })
    if (waiting.length === 0) return false
    const { doc } = await getVersion(tx, place, run.version)
    const making = await makingOf(feeding, tx, { connection, run, doc, atMs })
    const made = await makeRows({ ...making, writing: { ...making.writing, dry } }, waiting)
    const rows = made.rows.map(settled)
    await writeRows(tx, place, rows, { areThere: true })
    await addCounts(tx, run, countsOf(rows), atMs)
    return true
  })
}

/** What would have to wait for what is not there yet. */
const settled = (row: Row): Row => (row.state === 'waiting' ? { ...row, state: 'failed', dueAt: null } : row)

/** The same of a few items at once, by a definition that need not be stored, for whoever waits for the answer. */
export function preview(
  feeding: Feeding,
  connection: Connection,
  { doc, items }: { doc: Definition; items: readonly unknown[] },
): Promise<Row[]> {
  return inTransaction(
    feeding.db,
    async (tx) => {
      const atMs = feeding.clock.nowMs()
      const making = await makingOf(feeding, tx, { connection, run: PREVIEW, doc, atMs })
      const ids = rowIds(items.length, atMs)
      const drafts = items.map((item, place) => ({ ...NONE, id: ids[place] as string, place, item }))
      const made = await makeRows({ ...making, writing: { ...making.writing, dry: new DryWorld() } }, drafts)
      return made.rows.map(settled)
    },
    { readOnly: true },
  )
}

const PREVIEW = { id: 'preview' }
const NONE = { runId: PREVIEW.id, arrivalId: null, replayOf: null, tries: 0 }
