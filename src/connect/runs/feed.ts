import type { Clock } from '../../clock.ts'
import { announce } from '../../db/announce.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { AppError } from '../../errors.ts'
import { CONNECTIONS, type Connection, getConnection } from '../connections/connection.ts'
import { getVersion, type Version } from '../connections/versions.ts'
import { type Arrival, askToFeed, endArrivals, takeArrivals } from '../incoming/arrivals.ts'
import { itemsOf } from '../incoming/items.ts'
import type { Outcome } from '../mapping/document.ts'
import { compiledOf } from './compiled.ts'
import { noteOutcomes } from './health.ts'
import { writeLinks } from './links.ts'
import { type Made, makeRows, mapRows } from './make.ts'
import { addRows, type NewRow, nextDue, type Row, rowIds, takeWaiting, writeRows } from './rows.ts'
import { addCounts, COUNTS, type Counts, getRun, openRun, type Run } from './runs.ts'
import { FieldsLost, stopForLost, watchRows } from './watch.ts'
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

/** Rows of one transaction: each takes some locks, of which there is room for a few thousand. */
const SET = 250
const MOST_BYTES = 8_000_000
/** One connection works for so long, then others have their turn. */
const TURN_MS = 10_000

type Place = Pick<Connection, 'locationId' | 'id'>

/**
 * Makes of what waits for a connection what it comes to, in sets: each is one transaction that ends what it has taken, so
 * whoever is killed has done a set or nothing of it. One at a time works on a connection, which is held for a set.
 */
export async function feedConnection(feeding: Feeding, place: Place): Promise<void> {
  const untilMs = performance.now() + TURN_MS
  while (await feedSetOrStop(feeding, place)) {
    if (performance.now() < untilMs) continue
    await inTransaction(feeding.db, async (tx) => askToFeed(tx, await getConnection(tx, place)))
    return
  }
}

/** A set that has lost what the mapping reads is not written: it waits, as it came, until a person has looked at it. */
async function feedSetOrStop(feeding: Feeding, place: Place): Promise<boolean> {
  try {
    return await feedSet(feeding, place)
  } catch (error) {
    if (!(error instanceof FieldsLost)) throw error
    await inTransaction(feeding.db, async (tx) => {
      const connection = await getConnection(tx, place, { hold: true }).catch(orNull)
      if (connection?.state !== 'live') return
      const atMs = feeding.clock.nowMs()
      await stopForLost(tx, connection, error.message, { atMs, byMail: feeding.byMail })
      await announce(tx, CONNECTIONS)
    })
    return false
  }
}

/** Answers whether there may be more. */
function feedSet(feeding: Feeding, place: Place): Promise<boolean> {
  return inTransaction(feeding.db, async (tx) => {
    const connection = await getConnection(tx, place, { hold: true }).catch(orNull)
    if (connection === null || connection.state !== 'live' || connection.liveVersion === null) return false
    const atMs = feeding.clock.nowMs()
    const waiting = await takeWaiting(tx, place, { most: SET, atMs })
    const [first] = waiting
    if (first !== undefined) {
      const run = await getRun(tx, place, first.runId)
      const rows = waiting.filter(({ runId }) => runId === run.id)
      await makeSet(feeding, tx, { connection, run, rows, atMs })
      return true
    }
    const version = await getVersion(tx, place, connection.liveVersion)
    if (await takeIn(feeding, tx, { connection, version, atMs })) return true
    const due = await nextDue(tx, place)
    if (due !== null) await askToFeed(tx, connection, due)
    return false
  })
}

const orNull = (error: unknown) => {
  if (error instanceof AppError && error.status === 404) return null
  throw error
}

/** What comes by itself: files say what they are by their columns, and what is tried again was looked at. */
const WATCHED: readonly Run['kind'][] = ['hook', 'mail', 'poll']

interface SetOf {
  connection: Connection
  run: Run
  rows: readonly (NewRow & { tries: number })[]
  atMs: number
}

async function makeSet(feeding: Feeding, tx: Tx, { connection, run, rows, atMs }: SetOf): Promise<void> {
  const place = { locationId: connection.locationId, id: connection.id }
  const { doc } = await getVersion(tx, place, run.version)
  const making = await makingOf(feeding, tx, { connection, run, doc, atMs })
  const outcomes = await mapRows(making, rows)
  if (WATCHED.includes(run.kind)) {
    const fresh = rows.flatMap(({ item, tries }, at) => (tries > 0 ? [] : { item, outcome: outcomes[at] as Outcome }))
    await watchRows(tx, place, making.compiled.mapping, fresh)
  }
  const made = await makeRows(making, rows, outcomes)
  await keep(tx, { connection, run, made, atMs })
  const why = await noteOutcomes(tx, connection, outcomesOf(made), { atMs, byMail: feeding.byMail })
  if (why !== null) await announce(tx, CONNECTIONS)
}

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
  { connection, run, made, atMs }: { connection: Connection; run: Run; made: Made; atMs: number },
): Promise<void> {
  await writeRows(tx, connection, made.rows)
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
  const taken = await takeArrivals(tx, connection, { most: SET, mostBytes: MOST_BYTES })
  if (taken.length === 0) return false
  const { way } = connection
  const run = await openRun(tx, connection, way, { version: version.version, atMs })
  const drafts: (NewRow & { tries: number })[] = []
  const ended: Parameters<typeof endArrivals>[2][number][] = []
  const unread: Row[] = []
  for (const arrival of taken) {
    // What is left over is taken with the next set; one that is more than a set alone waits in rows.
    if (drafts.length >= SET) break
    const read = await itemsOf(arrival, way, version.doc.source)
    const error = 'fault' in read ? read.fault : null
    ended.push({ id: arrival.id, runId: run.id, error })
    if ('items' in read) drafts.push(...toDrafts(arrival, run, read.items, atMs))
    else unread.push(unreadRow(arrival, run, read, atMs))
  }
  await endArrivals(tx, connection, ended)
  if (drafts.length > SET * 2) {
    await addRows(tx, connection, drafts, { atMs })
    drafts.length = 0
  }
  if (unread.length > 0) await keep(tx, { connection, run, made: { rows: unread, links: [] }, atMs })
  if (unread.length > 0)
    await noteOutcomes(tx, connection, outcomesOf({ rows: unread, links: [] }), { atMs, byMail: feeding.byMail })
  if (drafts.length > 0) await makeSet(feeding, tx, { connection, run, rows: drafts, atMs })
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
