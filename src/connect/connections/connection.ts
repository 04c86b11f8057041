import { sql } from 'kysely'
import { type Caller, speaksForAll } from '../../auth/caller.ts'
import { isLetInto } from '../../auth/installs.ts'
import { announce } from '../../db/announce.ts'
import { type Db, json, query, queryOne, type Tx, texts } from '../../db/pool.ts'
import { AppError } from '../../errors.ts'
import { newId } from '../../ids.ts'

/** How it comes: called by the other program, as a file, by e-mail, or fetched by us. */
export const WAYS = ['hook', 'file', 'mail', 'poll'] as const
export type Way = (typeof WAYS)[number]

/**
 * `draft`: being made. `test`: what comes is kept as a sample and written nowhere. `live`: what comes is written. `paused`
 * and `needs_authorisation`: what comes waits.
 */
export const STATES = ['draft', 'test', 'live', 'paused', 'needs_authorisation'] as const
export type State = (typeof STATES)[number]

export interface Settings {
  /** Days that what came, and what was made of it, is kept. */
  retentionDays: number
  /** Paused when more than this share of the last rows failed, and at least so many did. */
  pauseShare: number
  pauseLeast: number
  /** Called when it begins to fail, goes on failing and works again. Null: nobody is. */
  alertUrl: string | null
}

export const USUAL_SETTINGS: Settings = { retentionDays: 30, pauseShare: 0.5, pauseLeast: 20, alertUrl: null }

/** Whom the other program has let in. `as`: as whom, where it says so; `by`: who has asked for it here. */
export interface Authorised {
  as: string | null
  at: string
  by: string
}

export interface Connection {
  locationId: string
  id: string
  agencyId: string
  name: string
  way: Way
  state: State
  stateReason: string | null
  version: number
  liveVersion: number | null
  scopes: string[]
  settings: Settings
  failingSince: Date | null
  toldAt: Date | null
  lastError: string | null
  lastAt: Date | null
  cursor: Record<string, unknown> | null
  pollAt: Date | null
  authorised: Authorised | null
  createdAt: Date
  updatedAt: Date
}

/** Of a location. */
export const MOST_CONNECTIONS = 200
/** The topic of notices that a connection is another one, or gone. */
export const CONNECTIONS = 'connections'

export const CONNECTION = sql`c.location_id as "locationId", c.id, c.agency_id as "agencyId", c.name, c.way, c.state,
    c.state_reason as "stateReason", c.version, c.live_version as "liveVersion", c.scopes, c.settings,
    c.failing_since as "failingSince", c.told_at as "toldAt", c.last_error as "lastError", c.last_at as "lastAt", c.cursor,
    c.poll_at as "pollAt", c.authorised, c.created_at as "createdAt", c.updated_at as "updatedAt"`

/**
 * Where its rows stand: in a location, or, of a connection that makes locations, under the id of the agency itself, as its
 * people do (docs/decisions/0025).
 */
export const isOfAgency = ({ locationId, agencyId }: Pick<Connection, 'locationId' | 'agencyId'>) =>
  locationId === agencyId

/** Of those that are `c`: the location they are in is there. */
const LIVES = sql`(c.location_id = c.agency_id or exists (
    select 1 from location l where l.id = c.location_id and l.deleted_at is null))`

export async function createConnection(
  tx: Tx,
  wish: Pick<Connection, 'locationId' | 'agencyId' | 'name' | 'way' | 'scopes' | 'settings'>,
  atMs: number,
): Promise<Connection> {
  const at = new Date(atMs)
  const row = await queryOne(
    tx,
    sql<Connection>`
      insert into connection as c (location_id, id, agency_id, name, way, state, version, scopes, settings, created_at,
        updated_at)
      values (${wish.locationId}, ${newId()}, ${wish.agencyId}, ${wish.name}, ${wish.way}, 'draft', 0,
        ${texts(wish.scopes)}, ${json(wish.settings)}, ${at}, ${at})
      returning ${CONNECTION}`,
  )
  return row as Connection
}

/** Where its polling stands; that is nobody's definition, so nobody is told. */
export async function setCursor(
  tx: Tx,
  { locationId, id }: Connection,
  { cursor, pollAt }: { cursor?: object; pollAt?: Date },
): Promise<void> {
  await sql`update connection set cursor = case when ${cursor === undefined} then cursor else ${json(cursor ?? null)} end,
      poll_at = coalesce(${pollAt ?? null}::timestamptz, poll_at)
    where location_id = ${locationId} and id = ${id}`.execute(tx)
}

/** What its e-mail address is found by. */
export async function setMailName(tx: Tx, { locationId, id }: Connection, hash: string): Promise<void> {
  await sql`update connection set mail_hash = ${hash} where location_id = ${locationId} and id = ${id}`.execute(tx)
}

/** Whose e-mail address it is. Null: nobody's. */
export function findByMailName(db: Db, hash: string): Promise<Connection | null> {
  return queryOne(db, sql<Connection>`select ${CONNECTION} from connection c where c.mail_hash = ${hash} and ${LIVES}`)
}

export function listConnections(db: Db, locationId: string): Promise<Connection[]> {
  return query(
    db,
    sql<Connection>`select ${CONNECTION} from connection c where c.location_id = ${locationId}
      order by c.created_at, c.id`,
  )
}

export async function countConnections(db: Db, locationId: string): Promise<number> {
  const row = await queryOne(
    db,
    sql<{ n: number }>`select count(*)::int as n from connection where location_id = ${locationId}`,
  )
  return row?.n ?? 0
}

/** Where in the caller's agency this connection is: for agency tokens that name an id only. */
export async function locateConnection(db: Db, caller: Caller, id: string): Promise<string> {
  const row = await queryOne(
    db,
    sql<{ locationId: string }>`
      select c.location_id as "locationId" from connection c where c.id = ${id} and c.agency_id = ${caller.agencyId}
        and ((${speaksForAll(caller)} and c.location_id = c.agency_id) or exists (select 1 from location l
          where l.id = c.location_id and l.agency_id = ${caller.agencyId} and l.deleted_at is null
            and ${isLetInto(caller)}))`,
  )
  if (row === null) throw new AppError('not_found', { what: 'connection', id })
  return row.locationId
}

/** By its id alone: what an address names. Null: there is none, or its location is gone. */
export function findConnection(db: Db, id: string): Promise<Connection | null> {
  return queryOne(
    db,
    sql<Connection>`select ${CONNECTION} from connection c
      where c.id = ${id} and ${LIVES}`,
  )
}

/**
 * `alone`: it stays as it is until the transaction ends, and nobody else works on what came; `beside`: those who ask for
 * the same do; `row`: how it does is about to be written by one of these.
 */
export type Hold = 'alone' | 'beside' | 'row'

/** Not by the row: those who share it, and never stop coming, would let nobody have it alone. */
const LOCKS: Partial<Record<Hold, string>> = {
  alone: 'pg_advisory_xact_lock',
  beside: 'pg_advisory_xact_lock_shared',
}

export async function getConnection(
  db: Db,
  { locationId, id }: { locationId: string; id: string },
  { hold }: { hold?: Hold } = {},
): Promise<Connection> {
  const lock = hold === undefined ? undefined : LOCKS[hold]
  if (lock !== undefined) await queryOne(db, sql`select ${sql.raw(lock)}(hashtextextended(${`connection/${id}`}, 0))`)
  const row = await queryOne(
    db,
    sql<Connection>`select ${CONNECTION} from connection c where c.location_id = ${locationId} and c.id = ${id}
      ${hold === 'alone' || hold === 'row' ? sql`for no key update` : sql``}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'connection', id })
  return row
}

export type ConnectionChanges = Partial<
  Pick<
    Connection,
    | 'name'
    | 'state'
    | 'stateReason'
    | 'version'
    | 'liveVersion'
    | 'scopes'
    | 'settings'
    | 'failingSince'
    | 'toldAt'
    | 'cursor'
    | 'pollAt'
  >
>

/** The connection is held. Every process takes it for what it is now. */
export async function updateConnection(
  tx: Tx,
  { locationId, id, ...known }: Connection,
  changes: ConnectionChanges,
  atMs: number,
): Promise<Connection> {
  const next = { ...known, ...changes }
  const row = await queryOne(
    tx,
    sql<Connection>`
      update connection c set name = ${next.name}, state = ${next.state}, state_reason = ${next.stateReason},
        version = ${next.version}, live_version = ${next.liveVersion}, scopes = ${texts(next.scopes)},
        settings = ${json(next.settings)}, failing_since = ${next.failingSince}, told_at = ${next.toldAt},
        cursor = ${json(next.cursor)}, poll_at = ${next.pollAt}, updated_at = ${new Date(atMs)}
      where c.location_id = ${locationId} and c.id = ${id} returning ${CONNECTION}`,
  )
  await announce(tx, CONNECTIONS)
  return row as Connection
}

/** What is known of a connection beside itself. */
const TABLES = ['version', 'secret', 'authorisation', 'arrival', 'run', 'set', 'row', 'link', 'seen']

/** With all that came, and what was made of it. What was written stays. */
export async function deleteConnection(tx: Tx, { locationId, id }: Connection): Promise<void> {
  for (const table of TABLES)
    await sql`delete from ${sql.table(`connection_${table}`)} where location_id = ${locationId}
        and connection_id = ${id}`.execute(tx)
  await sql`delete from connection where location_id = ${locationId} and id = ${id}`.execute(tx)
  await announce(tx, CONNECTIONS)
}

/** A location that goes takes its connections along at once; what came to them, and was made of it, may be much, and goes now. */
export async function forgetConnectionsGone(db: Db): Promise<void> {
  for (const table of TABLES)
    await sql`delete from ${sql.table(`connection_${table}`)} t using location l where t.location_id = l.id
        and l.deleted_at is not null`.execute(db)
}
