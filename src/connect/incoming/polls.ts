import { sql } from 'kysely'
import type { Clock } from '../../clock.ts'
import { type Db, query, type Tx, texts } from '../../db/pool.ts'
import { enqueue } from '../../db/queue.ts'
import { inTransaction } from '../../db/transaction.ts'
import { canonicalJson, hashText } from '../../store/hash.ts'
import { type Connection, getConnection, setCursor } from '../connections/connection.ts'
import { getVersion } from '../connections/versions.ts'
import type { GuardedFetch } from '../guarded-fetch.ts'
import { contentHash, pollPage } from '../reading/poll.ts'
import type { PollCredentials, PollCursor, PollReading, PollResult } from '../reading/poll-rules.ts'
import { noteOutcomes, stopConnection } from '../runs/health.ts'
import { addArrivals } from './arrivals.ts'
import { storable } from './items.ts'
import { orNull, readCredentials, renewToken } from './tokens.ts'

export interface Polling {
  db: Db
  clock: Clock
  fetch: Pick<GuardedFetch, 'get' | 'post'>
  byMail: boolean
  /** From 0 to 1. */
  chance: () => number
}

/** Where a poll is: kept with what it has found, so that whoever was killed goes on there. */
interface Standing {
  next?: PollCursor | null
  /** When the poll that is under way began; what is asked for next is what has changed since. */
  startedMs?: number
  sinceMs?: number
  failures?: number
  /** What is asked. A place in it says nothing of another list, and may lead to whoever had that one. */
  of?: string
}

type Place = Pick<Connection, 'locationId' | 'id'>

const USUAL_MINUTES = 5
const MINUTE_MS = 60_000
/** Clocks differ: so much is asked for twice. What comes twice is the same, and dropped. */
const OVERLAP_MS = 2 * MINUTE_MS
/** Pages of one job; the rest is the next one's. */
const MOST_PAGES = 50
const [FIRST_RETRY_MS, MOST_RETRY_MS] = [5_000, 15 * MINUTE_MS]

const WHAT_TO_DO =
  'Open the connection and choose Authorise: the other program asks you for permission, and then it goes on where it was.'

/** Asks the other program for what is new: all pages, or as many as one turn has. Then when it is asked again is known. */
export async function pollConnection(polling: Polling, place: Place): Promise<void> {
  for (let page = 0; page < MOST_PAGES; page++) if (!(await pollOnce(polling, place))) return
  await inTransaction(polling.db, async (tx) => askToPoll(tx, await getConnection(tx, place), polling.clock.nowMs()))
}

/** One at a time polls a connection, however often it is asked for. */
export async function askToPoll(tx: Tx, connection: Connection, atMs: number): Promise<void> {
  const { locationId, id, agencyId } = connection
  const name = `poll-connection/${id}`
  const at = new Date(atMs)
  await setCursor(tx, connection, { pollAt: at })
  await enqueue(tx, 'poll-connection', [{ locationId, id }], { key: name, queue: name, tenant: agencyId, at })
}

/** Answers whether another page follows at once. */
async function pollOnce(polling: Polling, place: Place): Promise<boolean> {
  const { db, clock, fetch } = polling
  const asked = await questionOf(db, place)
  if (asked === null) return false
  const { reading, credentials, standing, version, cursor } = asked
  const startedMs = standing.startedMs ?? clock.nowMs()
  const page = { reading, credentials, cursor: standing.next ?? null, sinceMs: standing.sinceMs ?? null }
  const nowMs = clock.nowMs()
  const { authorisation } = reading
  // Kept at once, in a transaction of its own: what is made of the page may fail.
  const renew = (ended: PollCredentials) =>
    inTransaction(db, (tx) => renewToken(tx, place, { authorisation, ended }, { fetch, nowMs }))
  const result = await pollPage(page, { fetch, nowMs, renew })
  return inTransaction(db, async (tx) => {
    const connection = await getConnection(tx, place, { hold: 'alone' }).catch(orNull)
    if (connection === null || connection.state !== 'live') return false
    // Somebody has said meanwhile where it is to begin, or what is to be asked: that is, and once more for this page.
    const isMoved = canonicalJson(connection.cursor) !== canonicalJson(cursor) || connection.liveVersion !== version
    if (isMoved) return true
    const asksSince = reading.since !== undefined
    const { everyMinutes } = asked
    const isByPerson = authorisation.kind === 'oauth' && authorisation.grant === 'authorization_code'
    return settle(polling, tx, {
      connection,
      everyMinutes,
      asksSince,
      isByPerson,
      standing: { ...standing, startedMs },
      result,
    })
  })
}

async function questionOf(db: Db, place: Place) {
  const connection = await getConnection(db, place).catch(orNull)
  if (connection === null || connection.state !== 'live' || connection.liveVersion === null) return null
  const { doc } = await getVersion(db, place, connection.liveVersion)
  const { poll: reading, everyMinutes = USUAL_MINUTES } = doc.source
  if (connection.way !== 'poll' || reading === undefined) return null
  const credentials = await readCredentials(db, connection)
  const { cursor, liveVersion: version } = connection
  const of = listOf(reading)
  const known = (cursor ?? {}) as Standing
  const standing: Standing = known.of === undefined || known.of === of ? { ...known, of } : { of }
  return { reading, everyMinutes, credentials, standing, version, cursor }
}

/** What is asked, whoever asks. */
const listOf = ({ url, items, paging, since }: PollReading) =>
  hashText(canonicalJson({ url, items: items ?? null, paging, since: since ?? null }))

interface Settling {
  connection: Connection
  everyMinutes: number
  asksSince: boolean
  isByPerson: boolean
  standing: Standing
  result: PollResult
}

async function settle(
  { clock, byMail, chance }: Polling,
  tx: Tx,
  { connection, everyMinutes, asksSince, isByPerson, standing, result }: Settling,
): Promise<boolean> {
  const atMs = clock.nowMs()
  const usual = atMs + everyMinutes * MINUTE_MS * (0.9 + 0.2 * chance())
  if (result.outcome === 'page') {
    // Who is asked for what has changed names that and nothing else: also what is again as it was before.
    const items = asksSince
      ? result.items.map((item) => storable(item))
      : await newOf(tx, connection, result.items, atMs)
    await keepPage(tx, connection, items, atMs)
    const { startedMs = atMs } = standing
    const isOver = result.next === null
    if (isOver && !asksSince) await forgetUnseen(tx, connection, new Date(startedMs))
    const { of } = standing
    const cursor = isOver ? { sinceMs: startedMs - OVERLAP_MS, of } : { ...standing, next: result.next, failures: 0 }
    await setCursor(tx, connection, { cursor })
    await noteOutcomes(tx, connection, { done: 1, failed: 0, error: null }, { atMs, byMail })
    const { pauseMs } = result
    // Who has nothing left is not asked only to be refused.
    const free = pauseMs > 0 ? atMs + pauseMs + MINUTE_MS * 0.1 * chance() : atMs
    if (isOver || pauseMs > 0) await askToPoll(tx, connection, isOver ? Math.max(usual, free) : free)
    return !isOver && pauseMs === 0
  }
  if (result.outcome === 'unauthorised') {
    const why = isByPerson ? `${result.because}. ${WHAT_TO_DO}` : result.because
    const stop = { state: 'needs_authorisation', why } as const
    await stopConnection(tx, connection, stop, { atMs, byMail })
    return false
  }
  if (result.outcome === 'limited') {
    await setCursor(tx, connection, { cursor: standing })
    await askToPoll(tx, connection, atMs + result.retryAfterMs + MINUTE_MS * 0.1 * chance())
    return false
  }
  const { failures = 0, sinceMs, of } = standing
  const wait = Math.min(FIRST_RETRY_MS * 2 ** failures, MOST_RETRY_MS)
  // What cannot succeed by being asked again may have been mended by the next time, and is then asked from its beginning.
  const cursor = result.again ? { ...standing, failures: failures + 1 } : { sinceMs, of }
  await setCursor(tx, connection, { cursor: cursor as Record<string, unknown> })
  const why = await noteOutcomes(tx, connection, { done: 0, failed: 1, error: result.because }, { atMs, byMail })
  if (why === null) await askToPoll(tx, connection, result.again ? atMs + Math.ceil(wait * chance()) : usual)
  return false
}

/**
 * It is asked for all that has changed since a moment, however long ago, page by page, and then goes on as before. Each
 * page is kept with where it ends, so whoever is killed on the way goes on there.
 */
export async function pollSince(tx: Tx, connection: Connection, sinceMs: number, atMs: number): Promise<void> {
  await setCursor(tx, connection, { cursor: { sinceMs } })
  await askToPoll(tx, connection, atMs)
}

/** What of a page is not as it was the last time. */
async function newOf(tx: Tx, connection: Connection, items: readonly unknown[], atMs: number): Promise<unknown[]> {
  const { locationId, id: connectionId } = connection
  const byHash = new Map(items.map((item) => [contentHash(item), storable(item)] as const))
  const rows = await query(
    tx,
    sql<{ hash: string; isNew: boolean }>`
      insert into connection_seen as s (location_id, connection_id, hash, at)
      select ${locationId}, ${connectionId}, h.hash, ${new Date(atMs)} from unnest(${texts([...byHash.keys()])}) h(hash)
      on conflict (location_id, connection_id, hash) do update set at = excluded.at
      returning s.hash, s.xmax = 0 as "isNew"`,
  )
  const isNew = new Set(rows.filter((row) => row.isNew).map(({ hash }) => hash))
  return [...byHash].filter(([hash]) => isNew.has(hash)).map(([, item]) => item)
}

/** Like whatever else comes. */
async function keepPage(tx: Tx, connection: Connection, fresh: readonly unknown[], atMs: number): Promise<void> {
  const { locationId, id: connectionId, agencyId } = connection
  if (fresh.length === 0) return
  const body = Buffer.from(JSON.stringify(fresh))
  const headers = { 'content-type': 'application/json' }
  await addArrivals(tx, [{ locationId, connectionId, agencyId, message: null, headers, body, state: 'waiting' }], atMs)
}

/** What was not among all that there is has become something else, or is gone: if it comes again, it is new. */
async function forgetUnseen(tx: Tx, connection: Connection, startedAt: Date): Promise<void> {
  const { locationId, id } = connection
  await sql`delete from connection_seen where location_id = ${locationId} and connection_id = ${id}
      and at < ${startedAt}`.execute(tx)
}

/** What a poll would find first, for whoever makes a connection. Nothing of it is kept but new credentials. */
export async function tryPoll(
  tx: Tx,
  connection: Connection,
  reading: PollReading,
  { fetch, nowMs }: { fetch: Polling['fetch']; nowMs: number },
): Promise<PollResult> {
  const credentials = await readCredentials(tx, connection)
  const { authorisation } = reading
  const renew = (ended: PollCredentials) => renewToken(tx, connection, { authorisation, ended }, { fetch, nowMs })
  return pollPage({ reading, credentials, cursor: null, sinceMs: null }, { fetch, nowMs, renew })
}
