import { type RawBuilder, sql } from 'kysely'
import { findGranted } from '../auth/app-portals.ts'
import { announce } from '../db/announce.ts'
import { type Db, query, queryOne, type Tx } from '../db/pool.ts'
import { inTransaction, isInfrastructure } from '../db/transaction.ts'
import { uuidv7 } from '../ids.ts'
import { collectWritten } from '../store/changes/index.ts'
import { answerRequests, type Outcome, type Snapshot } from './asked.ts'
import { type BodyStore, BodyStoreAway } from './bodies.ts'
import { happeningsOf } from './changes.ts'
import type { Happening } from './happenings.ts'
import { type Committed, isOfApp, takeCommitted } from './inbox.ts'
import { tell } from './match.ts'
import { msOfOffset } from './offsets.ts'
import {
  beginRequests,
  type Claimed,
  type Failure,
  hasWork,
  readBegun,
  type Settled,
  settleRequests,
  type Work,
} from './requests.ts'
import { cut, type Segment, seal, type Told } from './segments.ts'
import { type Admitted, type Listener, listenersOf } from './subscriptions.ts'
import { RECORD_KINDS } from './told-kinds.ts'

/** Any number, as long as every Tintype process takes the same advisory lock: one writes the journal at a time. */
export const ROUND_LOCK = 7_468_025
/** Snapshots of one round: bounds its memory. */
const MOST_SNAPSHOTS = 10_000

/** The topic of notices that journals have grown. */
export const JOURNAL_GREW = 'journal grew'

/** Somebody else who is told of what has committed, each row exactly once: what they write is written with the files. */
export interface AlsoTold {
  /** Kinds that they want to hear of. */
  kinds: readonly string[]
  /** Whether there is anybody to tell, in SQL. */
  listened: RawBuilder<unknown>
  /** `isMore`: of these records more may have committed than what is in these rows. */
  tell(tx: Tx, rows: readonly Committed[], isMore: boolean): Promise<void>
}

export interface Writing {
  db: Db
  bodies: BodyStore
  nowMs: () => number
  /** After this a request that nobody began is discarded. */
  windowMs: number
  /** What each statement that reads the records of one round may take. */
  timeoutMs: number
  also?: AlsoTold
  /** What failed here and is not the caller's fault. */
  onFault?: (error: Error) => void
}

export type RoundResult = 'idle' | 'elsewhere' | 'done' | 'more'

/**
 * One step of the journal: what has committed and what was asked for becomes sealed files. All of it, or nothing: a
 * process that dies leaves what it was about for the next one.
 */
export async function writeRound(writing: Writing): Promise<RoundResult> {
  await collectWritten(writing.db)
  const work = await hasWork(writing.db, writing.also?.listened ?? sql`false`)
  if (!work?.inbox && !work?.requests) return work?.listened ? 'done' : 'idle'
  if (work.requests && !(await begin(writing))) return 'elsewhere'
  try {
    return await inTransaction(writing.db, (tx) => write(tx, writing, work))
  } catch (error) {
    if (!work.requests || isAway(error)) throw error
    return writeApart(writing, work)
  }
}

/** One at a time. */
async function takeRound(tx: Tx): Promise<boolean> {
  const row = await queryOne(tx, sql<{ held: boolean }>`select pg_try_advisory_xact_lock(${ROUND_LOCK}) as held`)
  return row?.held ?? false
}

/** Reading takes no longer than it may. What is told of it, and that it took too long, is written without that limit. */
async function answer(tx: Tx, { timeoutMs, nowMs }: Writing, requests: readonly Claimed[]): Promise<Outcome> {
  if (requests.length > 0) await sql`select set_config('statement_timeout', ${String(timeoutMs)}, true)`.execute(tx)
  const outcome = await answerRequests(tx, requests, nowMs())
  if (requests.length > 0) await sql`set local statement_timeout to default`.execute(tx)
  return outcome
}

/** What is going to be worked on is seen as begun. */
function begin({ db, nowMs, windowMs }: Writing): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (!(await takeRound(tx))) return false
    await beginRequests(tx, { nowMs: nowMs(), windowMs, most: MOST_SNAPSHOTS })
    return true
  })
}

async function write(tx: Tx, writing: Writing, { inbox, requests: asked }: Work): Promise<RoundResult> {
  if (!(await takeRound(tx))) return 'elsewhere'
  const { also } = writing
  const kinds = [...RECORD_KINDS, ...(also?.kinds ?? [])]
  const { rows: taken, isMore } = inbox ? await takeCommitted(tx, kinds) : { rows: [], isMore: false }
  const rows = taken.filter(({ event, kind }) => (event === null ? RECORD_KINDS.includes(kind) : isOfApp(event)))
  const told = await tellAll(tx, writing, { rows, isMore })
  if (taken.length > 0) await also?.tell(tx, taken, isMore)
  const requests = asked ? await readBegun(tx, { most: MOST_SNAPSHOTS }) : []
  await sealAll(tx, writing, told, requests, await answer(tx, writing, requests))
  return isMore || requests.length > 0 ? 'more' : 'done'
}

/** Statement timeout, and a lock that did not come. */
const TOO_LONG = ['57014', '55P03']
const codeOf = (error: unknown) => (error as { code?: string }).code ?? ''
/** Nothing can be done, nor be said about it. */
const isAway = (error: unknown) =>
  error instanceof BodyStoreAway || (isInfrastructure(error) && !TOO_LONG.includes(codeOf(error)))

/** Requests one by one, so that only those fail that cannot be answered; what has committed is told without them. */
async function writeApart(writing: Writing, work: Work): Promise<RoundResult> {
  const { db, timeoutMs } = writing
  const telling = await inTransaction(db, (tx) => write(tx, writing, { ...work, requests: false })).catch(
    (error: unknown) => ({ error }),
  )
  if (telling === 'elsewhere') return telling
  for (const { id } of await inTransaction(db, (tx) => readBegun(tx, { most: MOST_SNAPSHOTS })))
    try {
      await inTransaction(db, (tx) => writeOne(tx, writing, id, null))
    } catch (error) {
      if (isAway(error)) throw error
      const isLate = TOO_LONG.includes(codeOf(error))
      if (!isLate) writing.onFault?.(error as Error)
      const failure: Failure = isLate
        ? ['TIMEOUT', `The records could not be read within ${timeoutMs} ms`]
        : ['INTERNAL_ERROR', 'The records could not be read']
      await inTransaction(db, (tx) => writeOne(tx, writing, id, failure))
    }
  if (typeof telling === 'object') throw telling.error
  return 'more'
}

async function writeOne(tx: Tx, writing: Writing, id: string, failure: Failure | null): Promise<void> {
  if (!(await takeRound(tx))) return
  const requests = await readBegun(tx, { most: MOST_SNAPSHOTS, only: id })
  const outcome =
    failure === null
      ? await answer(tx, writing, requests)
      : { snapshots: new Map(), failures: new Map(requests.map(({ id, items }) => [id, all(items.length, failure)])) }
  await sealAll(tx, writing, new Map(), requests, outcome)
}

const all = (count: number, failure: Failure): Record<number, Failure> =>
  Object.fromEntries(Array.from({ length: count }, (_, number) => [number, failure]))

/** Events for everybody who listens, by app. */
async function tellAll(
  tx: Tx,
  { onFault = () => {} }: Writing,
  { rows, isMore }: { rows: readonly Committed[]; isMore: boolean },
): Promise<Map<string, Told[]>> {
  const told = new Map<string, Told[]>()
  if (rows.length === 0) return told
  const listeners = await admitted(tx, await listenersOf(tx, [...new Set(rows.map(({ locationId }) => locationId))]))
  if (listeners.length === 0) return told
  const own = await ownersOf(tx, rows, listeners)
  const byLocation = Map.groupBy(listeners, ({ locationId }) => locationId)
  for (const happening of await happeningsOf(tx, { rows, isMore }, listeners, onFault))
    for (const listener of byLocation.get(happening.locationId) ?? []) {
      const event = tell(listener, happening, () => own(happening) === listener.appId)
      if (event === null) continue
      const events = told.get(listener.appId) ?? []
      told.set(listener.appId, events)
      events.push(event)
    }
  return told
}

/** Where an app is not installed any more it is told of nothing but of its own life. */
async function admitted(tx: Tx, listeners: readonly Listener[]): Promise<Admitted[]> {
  const granted = await findGranted(
    tx,
    listeners.filter(({ locationId }) => locationId !== ''),
  )
  const scopesIn = new Map(granted.map(({ appId, locationId, scopes }) => [`${appId} ${locationId}`, scopes]))
  return listeners.flatMap((listener) => {
    const { appId, locationId } = listener
    const scopes = locationId === '' ? [] : scopesIn.get(`${appId} ${locationId}`)
    return scopes === undefined ? [] : [{ ...listener, granted: scopes }]
  })
}

/** Which app did something, where somebody wants to hear of others only. */
async function ownersOf(
  tx: Tx,
  rows: readonly Committed[],
  listeners: readonly Listener[],
): Promise<(happening: Happening) => string | undefined> {
  if (!listeners.some(({ excludesOwn }) => excludesOwn)) return () => undefined
  const ids = [...new Set(rows.flatMap(({ actor }) => /^token:([0-9a-f-]{36})$/.exec(actor ?? '')?.[1] ?? []))]
  const apps = await query(
    tx,
    sql<{ id: string; appId: string }>`select id, app_id as "appId" from oauth_grant where id = any(${ids}::uuid[])`,
  )
  const known = new Map(apps.map(({ id, appId }) => [`token:${id}`, appId]))
  return ({ actor }) => known.get(actor ?? '')
}

/** Seals what is to be told to each app, and ends the requests that were answered. */
async function sealAll(
  tx: Tx,
  { bodies, nowMs }: Writing,
  told: ReadonlyMap<string, readonly Told[]>,
  requests: readonly Claimed[],
  { snapshots, failures }: Outcome,
): Promise<void> {
  const segments: Segment[] = []
  const offsets = new Map<string, [number, string][]>()
  const apps = [...new Set([...told.keys(), ...snapshots.keys()])]
  const lastMs = await lastMoments(tx, apps)
  for (const appId of apps) {
    let ms = Math.max(nowMs(), (lastMs.get(appId) ?? 0) + 1)
    for (const events of cut([...(told.get(appId) ?? []), ...(snapshots.get(appId) ?? [])])) {
      const offset = uuidv7(ms)
      segments.push({ appId, offset, events, publishedAt: new Date(nowMs()) })
      for (const event of events) note(offsets, event, offset)
      ms++
    }
  }
  await seal(tx, bodies, segments)
  const settled = requests.map(
    ({ id }): Settled => ({ id, failures: failures.get(id) ?? {}, offsets: offsets.get(id) ?? [] }),
  )
  await settleRequests(tx, settled, nowMs())
  if (segments.length > 0) await announce(tx, JOURNAL_GREW)
}

function note(offsets: Map<string, [number, string][]>, event: Told | Snapshot, offset: string): void {
  if (!('requestId' in event)) return
  const places = offsets.get(event.requestId) ?? []
  offsets.set(event.requestId, places)
  if (places.at(-1)?.[1] !== offset) places.push([event.number, offset])
}

/** The moment of the last segment of each app: offsets only grow, whatever the clock does. */
async function lastMoments(tx: Tx, apps: readonly string[]): Promise<Map<string, number>> {
  const rows = await query(
    tx,
    sql<{ appId: string; offset: string }>`
      select a.id as "appId", s."offset" from unnest(${apps as string[]}::text[]) a(id)
        cross join lateral (select "offset" from journal_segment where app_id = a.id order by "offset" desc limit 1) s`,
  )
  return new Map(rows.map(({ appId, offset }) => [appId, msOfOffset(offset) ?? 0]))
}
