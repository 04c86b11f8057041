import type { Clock } from '../../clock.ts'
import { announce } from '../../db/announce.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { CONNECTIONS, type Connection, getConnection } from '../connections/connection.ts'
import { getVersion, type Version } from '../connections/versions.ts'
import { type Arrival, endArrivals, takeArrivals } from '../incoming/arrivals.ts'
import { itemsOf } from '../incoming/items.ts'
import { orNull } from '../incoming/tokens.ts'
import { askToFeed } from '../incoming/turns.ts'
import type { Outcome } from '../mapping/document.ts'
import { compiledOf } from './compiled.ts'
import { noteOutcomes } from './health.ts'
import type { Lanes, RowSet } from './lanes.ts'
import { writeLinks } from './links.ts'
import { keysOfAll, type Made, makeRows, mapRows } from './make.ts'
import { addRows, type NewRow, nextDue, type Row, rowIds, takeWaiting, writeRows } from './rows.ts'
import { addCounts, COUNTS, type Counts, getRun, openRun, type Run } from './runs.ts'
import { discardSets, endSet, SET, takeSet } from './sets.ts'
import { FieldsLost, stopForLost, watchRows, watchTargets } from './watch.ts'
import type { Writers } from './writer.ts'

export interface Feeding {
  db: Db
  clock: Clock
  writers: Writers
  /** Whether owners are told by mail too. */
  byMail: boolean
  /** From 0 to 1. */
  chance?: (() => number) | undefined
}

/** What comes by itself is taken while more of it comes: the less at a time, the sooner that is answered. */
const SET_OF_WHAT_CAME = 100
const MOST_BYTES = 8_000_000

export type Place = Pick<Connection, 'locationId' | 'id'>

/** What came of looking for a set: `full`: there may be as many again; `none`: nothing waits. */
type Fed = 'full' | 'some' | 'none'

interface InLane {
  lanes: Lanes
  /** It alone takes what came by itself. */
  isFirst: boolean
}

/** A set that has lost what the mapping reads is not written: it waits, as it came, until a person has looked at it. */
export async function feedSetOrStop(feeding: Feeding, place: Place, lane: InLane): Promise<Fed> {
  const set = lane.lanes.newSet()
  try {
    const fed = await inTransaction(feeding.db, (tx) => feedSet(feeding, tx, { place, set, ...lane }))
    set.end('done')
    return fed
  } catch (error) {
    set.end('broken')
    if (!(error instanceof FieldsLost)) throw error
    await inTransaction(feeding.db, async (tx) => {
      const connection = await getConnection(tx, place, { hold: 'alone' }).catch(orNull)
      if (connection?.state !== 'live') return
      const atMs = feeding.clock.nowMs()
      await stopForLost(tx, connection, error.message, { atMs, byMail: feeding.byMail })
      await announce(tx, CONNECTIONS)
    })
    return 'none'
  }
}

type Feed = InLane & { place: Place; set: RowSet }

async function feedSet(feeding: Feeding, tx: Tx, { place, set, lanes, isFirst }: Feed): Promise<Fed> {
  // Of a try before this one.
  set.end('broken')
  const atMs = feeding.clock.nowMs()
  const taken = await lanes.inTurn(async () => {
    const connection = await getConnection(tx, place, { hold: 'beside' }).catch(orNull)
    if (connection === null || connection.state !== 'live' || connection.liveVersion === null) return 'none'
    const waiting = await takeWaiting(tx, place, { most: SET, atMs })
    const areThere = waiting.length > 0
    const found = areThere ? waiting : await takeSet(tx, place, atMs)
    const [first] = found
    if (first === undefined) return isFirst ? takeWhatCame(feeding, tx, { place, atMs }) : 'none'
    const run = await getRun(tx, place, first.runId)
    if (!areThere && run.undoneBy !== null) {
      await discardSets(tx, run, atMs)
      return 'some'
    }
    const rows = found.filter(({ runId }) => runId === run.id)
    const mapped = await mapSet(feeding, tx, { connection, run, rows, areThere, atMs })
    if (!(await set.hold(keysOfAll(mapped.outcomes, mapped.making.writer)))) return 'some'
    return { mapped, fed: rows.length === SET ? ('full' as const) : ('some' as const) }
  })
  if (typeof taken === 'string') return taken
  if (!taken.mapped.areThere) await endSet(tx, place, taken.mapped.rows)
  await writeMapped(feeding, tx, taken.mapped)
  return taken.fed
}

/** What came by itself, with nobody beside. */
async function takeWhatCame(
  feeding: Feeding,
  tx: Tx,
  { place, atMs }: { place: Place; atMs: number },
): Promise<'some' | 'none'> {
  const connection = await getConnection(tx, place, { hold: 'alone' }).catch(orNull)
  if (connection === null || connection.state !== 'live' || connection.liveVersion === null) return 'none'
  const version = await getVersion(tx, place, connection.liveVersion)
  if (await takeIn(feeding, tx, { connection, version, atMs })) return 'some'
  const due = await nextDue(tx, place)
  if (due !== null) await askToFeed(tx, connection, due)
  return 'none'
}

/** What comes by itself: files say what they are by their columns, and what is tried again was looked at. */
const WATCHED: readonly Run['kind'][] = ['hook', 'mail', 'poll']

interface SetOf {
  connection: Connection
  run: Run
  rows: readonly (NewRow & { tries: number })[]
  /** They waited in rows. */
  areThere: boolean
  atMs: number
}

interface MappedSet extends SetOf {
  making: Awaited<ReturnType<typeof makingOf>>
  outcomes: Outcome[]
}

async function mapSet(feeding: Feeding, tx: Tx, set: SetOf): Promise<MappedSet> {
  const { connection, run, rows, atMs } = set
  const place = { locationId: connection.locationId, id: connection.id }
  const { doc } = await getVersion(tx, place, run.version)
  const making = await makingOf(feeding, tx, { connection, run, doc, atMs })
  const { writer, writing } = making
  await watchTargets(tx, place, doc.mapping, async (names) => (await writer.typesOf?.(writing, names)) ?? new Map())
  const outcomes = await mapRows(making, rows)
  if (WATCHED.includes(run.kind)) {
    const fresh = rows.flatMap(({ item, tries }, at) => (tries > 0 ? [] : { item, outcome: outcomes[at] as Outcome }))
    await watchRows(tx, place, making.compiled.mapping, fresh)
  }
  return { ...set, making, outcomes }
}

async function writeMapped(feeding: Feeding, tx: Tx, { making, outcomes: mapped, ...set }: MappedSet): Promise<void> {
  const { connection, run, rows, areThere, atMs } = set
  const made = await makeRows(making, rows, mapped)
  await keep(tx, { connection, run, made, areThere, atMs })
  // As it is by now: whoever was beside has said how it does, too.
  const now = await getConnection(tx, connection, { hold: 'row' })
  const hasWritten = now.way === 'file' && writtenOf(await getRun(tx, now, run.id)) > 0
  const outcomes = { ...outcomesOf(made), hasWritten }
  const why = await noteOutcomes(tx, now, outcomes, { atMs, byMail: feeding.byMail })
  if (why !== null) await announce(tx, CONNECTIONS)
}

/** How many rows of a run became something. */
const writtenOf = ({ created, updated, unchanged, skipped }: Counts) => created + updated + unchanged + skipped

export async function makingOf(
  { db, writers, chance = Math.random }: Feeding,
  tx: Tx,
  { connection, run, doc, atMs }: Pick<SetOf, 'connection' | 'atMs'> & { run: Pick<Run, 'id'>; doc: Version['doc'] },
) {
  const { locationId, id: connectionId, agencyId } = connection
  const writer = writers[doc.mapping.object]
  const author = { actor: `connection:${connectionId}`, cause: run.id, atMs }
  const writing = { db, tx, agencyId, locationId, connectionId, author, mapping: doc.mapping, dry: null }
  const habits = await writer.habits({ db: tx, agencyId, locationId })
  return { writing, writer, compiled: compiledOf(doc.mapping), habits, atMs, chance }
}

/** Rows, what is known of theirs, and the counts of the run: with what was written, or not at all. */
async function keep(
  tx: Tx,
  { connection, run, made, areThere, atMs }: Pick<SetOf, 'connection' | 'run' | 'areThere' | 'atMs'> & { made: Made },
): Promise<void> {
  await writeRows(tx, connection, made.rows, { areThere })
  await writeLinks(tx, connection, made.links, atMs)
  await addCounts(tx, run, countsOf(made.rows), atMs)
}

export function countsOf(rows: readonly Row[]): Counts {
  const counts = Object.fromEntries(COUNTS.map((name) => [name, 0])) as Counts
  for (const { state } of rows) if (state in counts) counts[state as keyof Counts]++
  return counts
}

function outcomesOf({ rows }: Made) {
  const failed = rows.filter(({ state }) => state === 'failed')
  const done = rows.filter(({ state }) => state !== 'failed' && state !== 'waiting').length
  const [problem] = failed.at(-1)?.problems ?? []
  const error = problem === undefined ? null : `${problem.at === '' ? '' : `${problem.at}: `}${problem.message}`
  return { done, failed: failed.length, error }
}

/** What came is understood: its items become rows, and these what they come to. False: nothing waits. */
async function takeIn(
  feeding: Feeding,
  tx: Tx,
  { connection, version, atMs }: { connection: Connection; version: Version; atMs: number },
): Promise<boolean> {
  const taken = await takeArrivals(tx, connection, { most: SET_OF_WHAT_CAME, mostBytes: MOST_BYTES })
  if (taken.length === 0) return false
  const { way } = connection
  const run = await openRun(tx, connection, way, { version: version.version, atMs })
  const drafts: (NewRow & { tries: number })[] = []
  const ended: { arrival: Arrival; error: string | null }[] = []
  const unread: Row[] = []
  for (const arrival of taken) {
    // What is left over is taken with the next set; one that is more than a set alone waits in rows.
    if (drafts.length >= SET_OF_WHAT_CAME) break
    const read = await itemsOf(arrival, way, version.doc.source)
    const error = 'fault' in read ? read.fault : null
    ended.push({ arrival, error })
    if ('items' in read) drafts.push(...toDrafts(arrival, run, read.items, atMs))
    else unread.push(unreadRow(arrival, run, read, atMs))
  }
  await endArrivals(tx, connection, ended, run.id)
  if (drafts.length > SET) {
    await addRows(tx, connection, drafts, { atMs })
    drafts.length = 0
  }
  if (unread.length > 0) await keep(tx, { connection, run, made: { rows: unread, links: [] }, areThere: false, atMs })
  if (unread.length > 0)
    await noteOutcomes(tx, connection, outcomesOf({ rows: unread, links: [] }), { atMs, byMail: feeding.byMail })
  if (drafts.length > 0)
    await writeMapped(feeding, tx, await mapSet(feeding, tx, { connection, run, rows: drafts, areThere: false, atMs }))
  return true
}

function toDrafts({ id: arrivalId }: Arrival, run: Run, items: readonly unknown[], atMs: number) {
  const ids = rowIds(items.length, atMs)
  return items.map((item, place) => ({
    id: ids[place] as string,
    runId: run.id,
    arrivalId,
    place,
    item,
    replayOf: null,
    tries: 0,
  }))
}

/** What could not be read at all is a dead letter too: its bytes stand in what came. What is not meant is skipped. */
function unreadRow(
  { id: arrivalId }: Arrival,
  run: Run,
  why: { fault: string } | { skipped: string },
  atMs: number,
): Row {
  const [id] = rowIds(1, atMs) as [string]
  const none = { externalId: null, kept: null, mapped: null, kind: null, recordId: null, delta: null, item: null }
  const row = { id, runId: run.id, arrivalId, place: 0, replayOf: null, tries: 0, dueAt: null, at: new Date(atMs) }
  if ('skipped' in why) return { ...none, ...row, state: 'skipped', reason: why.skipped, problems: null }
  return { ...none, ...row, state: 'failed', reason: null, problems: [{ at: '', message: why.fault }] }
}
