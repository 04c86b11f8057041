import { sql } from 'kysely'
import { query, type Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { type Connection, getConnection } from '../connections/connection.ts'
import { orNull } from '../incoming/tokens.ts'
import { loosenLinks } from './bases.ts'
import type { Feeding } from './feed.ts'
import { dropLinks } from './links.ts'
import { type Row, rowIds, writeRows } from './rows.ts'
import { addCounts, endRun, getRun, type Run } from './runs.ts'
import { discardSets } from './sets.ts'
import type { Delta, Revert, Reverted, Writer } from './writer.ts'

/** Records of one transaction. */
const SET = 100

type Place = Pick<Connection, 'locationId' | 'id'>

/**
 * Takes back what a run has written, a set of records at a time, each of which is done or not. Where it went on is what its
 * own rows say.
 */
export async function undoRun(feeding: Feeding, place: Place, runId: string): Promise<void> {
  while (await undoSet(feeding, place, runId));
}

function undoSet(feeding: Feeding, place: Place, runId: string): Promise<boolean> {
  return inTransaction(feeding.db, async (tx) => {
    const connection = await getConnection(tx, place, { hold: 'alone' }).catch(orNull)
    if (connection === null) return false
    const { agencyId } = connection
    const run = await getRun(tx, place, runId, { hold: true })
    if (run.state !== 'running') return false
    const atMs = feeding.clock.nowMs()
    const undone = await getRun(tx, place, run.source.undoes ?? '', { hold: true })
    if (await discardSets(tx, undone, atMs)) return true
    const reverts = await takeReverts(tx, undone, run)
    const [first] = reverts
    if (first === undefined) {
      await endRun(tx, run, { state: 'done', atMs })
      // Where all of it stays, nothing is undone, and it can be tried again once what keeps it is gone.
      const stays = run.updated === 0 && run.skipped > 0
      const outcome = run.updated > 0 ? sql`state = 'undone', undone_by = ${run.id}` : sql`undone_by = null`
      if (run.updated > 0 || stays)
        await sql`update connection_run set ${outcome}
            where location_id = ${run.locationId} and id = ${undone.id}`.execute(tx)
      return false
    }
    const author = { actor: run.actor, cause: run.id, atMs }
    const writer = Object.values(feeding.writers).find(({ kind }) => kind === first.kind) as Writer
    const reverted = await writer.revert({ tx, agencyId, locationId: place.locationId, author }, reverts)
    await keep(tx, { place, run, written: reverts, reverted, atMs })
    return true
  })
}

/** What a run did to a record; where its first row of it stood, and what that was called. */
type WrittenRecord = Revert & { kind: string } & Pick<Row, 'place' | 'externalId' | 'mapped'>

/** What the run did to the next records, in the order of their ids. */
async function takeReverts(tx: Tx, undone: Run, { id }: Run): Promise<WrittenRecord[]> {
  const rows = await query(
    tx,
    sql<Omit<WrittenRecord, 'delta'> & { deltas: Delta[] }>`
      select record_id as "recordId", min(kind) as kind, bool_or(state = 'created') as "isCreated",
        jsonb_agg(delta order by seq) as deltas, (array_agg(place order by seq))[1] as place,
        (array_agg(external_id order by seq))[1] as "externalId", (array_agg(mapped order by seq))[1] as mapped
      from connection_row where location_id = ${undone.locationId} and run_id = ${undone.id}
        and record_id is not null and state in ('created', 'updated') and record_id > coalesce((
          select max(record_id) from connection_row where location_id = ${undone.locationId} and run_id = ${id}
            and record_id is not null), '')
      group by record_id order by record_id limit ${SET}`,
  )
  return rows.map(({ deltas, ...row }) => ({ ...row, delta: together(deltas) }))
}

/** From before the first to after the last. */
function together(deltas: readonly Delta[]): Delta {
  const whole: Delta = {}
  for (const delta of deltas)
    for (const [name, [before, after]] of Object.entries(delta)) whole[name] = [(whole[name] ?? [before])[0], after]
  return whole
}

interface Undone {
  place: Place
  run: Run
  written: readonly WrittenRecord[]
  reverted: readonly Reverted[]
  atMs: number
}

async function keep(tx: Tx, { place, run, written, reverted, atMs }: Undone): Promise<void> {
  const of = new Map(written.map((one) => [one.recordId, one]))
  const ids = rowIds(reverted.length, atMs)
  const none = { arrivalId: null, item: null, reason: null, problems: null, replayOf: null, tries: 0, dueAt: null }
  await writeRows(
    tx,
    place,
    reverted.map(({ recordId, state, delta, left }, n) => {
      const { kind, place: at, externalId, mapped } = of.get(recordId) as WrittenRecord
      const kept = left.length > 0 ? left : null
      const became = { state, kind, recordId, delta, kept, externalId, mapped, place: at, at: new Date(atMs) }
      return { ...none, ...became, id: ids[n] as string, runId: run.id }
    }),
  )
  const back = reverted.filter(({ state }) => state === 'reverted')
  const [gone, changed] = [back.filter(({ isGone }) => isGone), back.filter(({ isGone }) => !isGone)]
  await loosenLinks({ tx, locationId: place.locationId, connectionId: place.id }, changed, atMs)
  await dropLinks(
    tx,
    place,
    gone.map(({ recordId }) => recordId),
  )
  const counts = { created: 0, updated: back.length, unchanged: 0, skipped: reverted.length - back.length, failed: 0 }
  await addCounts(tx, run, counts, atMs)
}
