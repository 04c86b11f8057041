import { sql } from 'kysely'
import { type Db, query, queryOne, type Tx, texts } from '../../db/pool.ts'
import { run } from '../../db/prepared.ts'
import { prepare } from '../../db/statements.ts'
import { AppError } from '../../errors.ts'
import { toUuid, uuidv7Prefix } from '../../ids.ts'
import type { Connection } from '../connections/connection.ts'
import { askForArrivals } from './turns.ts'

export const ARRIVAL_STATES = ['waiting', 'done', 'failed', 'sample'] as const

/** Something that came, byte by byte. */
export interface Arrival {
  id: string
  /** Their order. */
  seq: number
  connectionId: string
  headers: Record<string, string>
  body: Buffer
  state: (typeof ARRIVAL_STATES)[number]
  error: string | null
  runId: string | null
  receivedAt: Date
}

export interface Arrived {
  locationId: string
  connectionId: string
  agencyId: string
  /** What the other program calls the message. Null: it does not say. */
  message: string | null
  headers: Record<string, string>
  body: Buffer
  state: 'waiting' | 'sample'
}

type Place = Pick<Connection, 'locationId' | 'id'>

const ARRIVAL = sql`d.id, d.seq, d.connection_id as "connectionId", d.headers, encode(d.body, 'base64') as body, d.state,
    d.error, d.run_id as "runId", d.received_at as "receivedAt"`
type Stored = Omit<Arrival, 'body'> & { body: string }
const toArrival = (row: Stored): Arrival => ({ ...row, body: Buffer.from(row.body, 'base64') })

/** Samples of a connection that are kept: the newest. */
const MOST_SAMPLES = 10

/**
 * Keeps what arrived, all of it in one statement, and asks for somebody to look at it. What was kept before by the same
 * name is not kept again. Answers the ids, in order.
 */
export async function addArrivals(tx: Tx, arrived: readonly Arrived[], atMs: number): Promise<string[]> {
  const prefix = uuidv7Prefix(atMs)
  const ids = arrived.map((_, n) => toUuid(prefix + n.toString(16).padStart(8, '0')))
  const live = new Map(arrived.filter((one) => one.state === 'waiting').map((one) => [one.connectionId, one]))
  const asked = [...live.values()].map(({ locationId, connectionId, agencyId }) => ({
    locationId,
    id: connectionId,
    agencyId,
  }))
  const kept = await askForArrivals(tx, asked, () => insertArrivals(tx, arrived, ids, atMs))
  const samples = new Map(arrived.filter((one) => one.state === 'sample').map((one) => [one.connectionId, one]))
  for (const { locationId, connectionId } of samples.values()) await forgetSamples(tx, { locationId, id: connectionId })
  return kept.length === ids.length ? ids : knownIds(tx, arrived, ids)
}

function insertArrivals(tx: Tx, arrived: readonly Arrived[], ids: readonly string[], atMs: number) {
  const all = <T>(of: (one: Arrived) => T) => arrived.map(of)
  return run(tx, INSERT, [
    all((one) => one.locationId),
    all((one) => one.connectionId),
    ids,
    all((one) => one.message),
    all((one) => JSON.stringify(one.headers)),
    all((one) => one.body),
    all((one) => one.state),
    new Date(atMs),
  ])
}

const INSERT = prepare(`
  insert into connection_arrival (location_id, connection_id, id, message, headers, body, state, received_at)
  select a.location, a.connection, a.id, a.message, a.headers::jsonb, a.body, a.state, $8
  from unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::text[]) with ordinality
    a(location, connection, id, message, headers, body, state, position)
  order by a.position
  on conflict (location_id, connection_id, message) where message is not null do nothing returning 1`)

/** Of messages that were kept before, what they are known by since then. */
async function knownIds(tx: Tx, arrived: readonly Arrived[], ids: readonly string[]): Promise<string[]> {
  const rows = await query(
    tx,
    sql<{ connectionId: string; message: string; id: string }>`
      select connection_id as "connectionId", message, id from connection_arrival
      where (location_id, connection_id, message) in (select * from unnest(
        ${texts(arrived.map((one) => one.locationId))}, ${texts(arrived.map((one) => one.connectionId))},
        ${texts(arrived.map((one) => one.message))}))`,
  )
  const known = new Map(rows.map(({ connectionId, message, id }) => [`${connectionId} ${message}`, id]))
  return arrived.map(({ connectionId, message }, n) => known.get(`${connectionId} ${message}`) ?? (ids[n] as string))
}

/** In the order in which it came. `mostBytes`: at least one, however large. */
export async function takeArrivals(
  tx: Tx,
  { locationId, id }: Place,
  { most, mostBytes }: { most: number; mostBytes: number },
): Promise<Arrival[]> {
  const rows = await query(
    tx,
    sql<Stored>`
      select ${ARRIVAL} from (
        select *, sum(length(body)) over (order by seq) - length(body) as before from (
          select * from connection_arrival where location_id = ${locationId} and connection_id = ${id}
            and state = 'waiting' order by seq limit ${most}) f
      ) d where d.before < ${mostBytes} order by d.seq`,
  )
  return rows.map(toArrival)
}

/**
 * They are looked at; `error`: why nothing could be made of one. Sought among those that wait, from the first of them to
 * the last: where it has not counted yet the planner would read all that ever came to the location.
 */
export async function endArrivals(
  tx: Tx,
  { locationId, id }: Place,
  ended: readonly { arrival: Arrival; error: string | null }[],
  runId: string,
): Promise<void> {
  const [first, last] = [ended[0]?.arrival.seq, ended.at(-1)?.arrival.seq]
  if (first === undefined || last === undefined) return
  const ids = texts(ended.map(({ arrival }) => arrival.id))
  const error = sql`(${texts(ended.map((one) => one.error))})[array_position(${ids}::uuid[], d.id)]`
  await sql`update connection_arrival d set state = case when ${error} is null then 'done' else 'failed' end,
      error = ${error}, run_id = ${runId}
    where d.location_id = ${locationId} and d.connection_id = ${id} and d.state = 'waiting'
      and d.seq between ${first} and ${last} and d.id = any(${ids}::uuid[])`.execute(tx)
}

/** The newest first. */
export async function listArrivals(
  db: Db,
  { locationId, id }: Place,
  { states, limit }: { states: readonly string[]; limit: number },
): Promise<Arrival[]> {
  const rows = await query(
    db,
    sql<Stored>`select ${ARRIVAL} from connection_arrival d where d.location_id = ${locationId}
      and d.connection_id = ${id} and d.state = any(${texts(states)}) order by d.seq desc limit ${limit}`,
  )
  return rows.map(toArrival)
}

export async function getArrival(db: Db, { locationId, id: connectionId }: Place, id: string): Promise<Arrival> {
  const row = await queryOne(
    db,
    sql<Stored>`select ${ARRIVAL} from connection_arrival d where d.location_id = ${locationId}
      and d.connection_id = ${connectionId} and d.id = ${id}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'arrival', id })
  return toArrival(row)
}

/** More than this that waits is not waited for any longer: what comes is refused until it is less. */
export const MOST_WAITING = 200_000

/** How many wait, as far as it matters. */
export async function countWaiting(db: Db, { locationId, id }: Place): Promise<number> {
  const row = await queryOne(
    db,
    sql<{
      n: number
    }>`select count(*)::int as n from (select 1 from connection_arrival where location_id = ${locationId}
      and connection_id = ${id} and state = 'waiting' limit ${MOST_WAITING}) w`,
  )
  return row?.n ?? 0
}

/** A message that was a sample, and comes once more when what comes is written, does not come twice. */
export async function freeSamples(tx: Tx, { locationId, id }: Place): Promise<void> {
  await sql`update connection_arrival set message = null where location_id = ${locationId} and connection_id = ${id}
      and state = 'sample'`.execute(tx)
}

/** Samples beyond the newest go. */
async function forgetSamples(tx: Tx, { locationId, id }: Place): Promise<void> {
  await sql`delete from connection_arrival where location_id = ${locationId} and connection_id = ${id}
      and state = 'sample' and seq < (select seq from connection_arrival where location_id = ${locationId}
        and connection_id = ${id} and state = 'sample' order by seq desc offset ${MOST_SAMPLES - 1} limit 1)`.execute(
    tx,
  )
}

/**
 * What came, and what was made of it, goes when the days of its connection are over; what waits stays. So do dead letters
 * no longer than the rest.
 */
export async function forgetArrivals(db: Db, nowMs: number): Promise<void> {
  const over = sql`(${new Date(nowMs)}::timestamptz - make_interval(days => (c.settings->>'retentionDays')::int))`
  const isOver = (at: string) =>
    sql`t.location_id = c.location_id and t.connection_id = c.id and t.${sql.ref(at)} < ${over}`
  // By its id, which begins with the moment: there is an index of ids, and it needs no other.
  await sql`delete from connection_arrival t using connection c where t.location_id = c.location_id
      and t.connection_id = c.id and t.state <> 'waiting'
      and t.id < rpad(lpad(to_hex(floor(extract(epoch from ${over}) * 1000)::bigint), 12, '0'), 32, '0')::uuid`.execute(
    db,
  )
  await sql`delete from connection_row t using connection c where ${isOver('at')} and t.state <> 'waiting'`.execute(db)
  await sql`delete from connection_run t using connection c where ${isOver('started_at')}
      and t.state not in ('reading', 'running', 'open')`.execute(db)
}
