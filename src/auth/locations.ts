import { randomInt } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { type Db, json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { queryPlanned } from '../db/prepared.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { callersChanged } from './caller.ts'
import { isLetInto } from './installs.ts'
import type { Caller } from './tokens.ts'

/** Address, contact details and settings, named as on the HighLevel wire. */
export type LocationDetails = Record<string, unknown>

export interface LocationRow {
  id: string
  agencyId: string
  portalId: number
  name: string
  timezone: string
  doc: LocationDetails
  createdAt: Date
}

const COLUMNS = sql`id, agency_id as "agencyId", portal_id as "portalId", name, timezone, doc, created_at as "createdAt"`

export interface NewLocation {
  agencyId: string
  name: string
  timezone: string
  doc: LocationDetails
}

/** Portal ids of locations made here; the demo's small ones stay apart. */
const [LEAST_PORTAL, MOST_PORTAL] = [10_000_000, 2 ** 40]

export async function createLocation(tx: Tx, location: NewLocation, atMs: number): Promise<LocationRow> {
  for (;;) {
    const row = await queryOne(
      tx,
      sql<LocationRow>`
        insert into location (id, agency_id, portal_id, name, timezone, doc, created_at, updated_at)
        values (${newId()}, ${location.agencyId}, ${randomInt(LEAST_PORTAL, MOST_PORTAL)}, ${location.name}, ${location.timezone}, ${json(location.doc)}, ${new Date(atMs)}, ${new Date(atMs)})
        on conflict (portal_id) do nothing returning ${COLUMNS}`,
    )
    if (row !== null) return row
  }
}

export async function getLocation(db: Db, agencyId: string, id: string): Promise<LocationRow> {
  const row = await queryOne(db, sql<LocationRow>`select ${COLUMNS} from location where id = ${id} and agency_id = ${agencyId} and deleted_at is null`)
  if (row === null) throw new AppError('not_found', { what: 'location', id })
  return row
}

export async function updateLocation(
  tx: Tx,
  location: LocationRow,
  changes: { name: string; timezone: string; doc: LocationDetails },
  atMs: number,
): Promise<LocationRow> {
  const row = await queryOne(
    tx,
    sql<LocationRow>`
      update location set name = ${changes.name}, timezone = ${changes.timezone}, doc = ${json(changes.doc)}, updated_at = ${new Date(atMs)}
      where id = ${location.id} and deleted_at is null returning ${COLUMNS}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'location', id: location.id })
  return row
}

/** Whether there is such a location, whosever it is. */
export async function isLocation(db: Db, id: string): Promise<boolean> {
  return (await queryOne(db, sql`select 1 from location where id = ${id} and deleted_at is null`)) !== null
}

export async function listLocationIds(db: Db, agencyId: string): Promise<string[]> {
  const rows = await query(db, sql<{ id: string }>`select id from location where agency_id = ${agencyId} and deleted_at is null order by id`)
  return rows.map(({ id }) => id)
}

/** What locations are called, deleted ones too. */
export async function namesOfLocations(db: Db, ids: Iterable<string>): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const rows = await queryPlanned(db, sql<{ id: string; name: string }>`select id, name from location where id = any(${texts(wanted)})`)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** The agency's location that another program knows by this name, or that has it for an id; whether the caller was let into it is asked separately. */
export function findLocationByExternalId(db: Db, agencyId: string, externalId: string): Promise<LocationRow | null> {
  return queryOne(
    db,
    sql<LocationRow>`
      select ${COLUMNS} from location where agency_id = ${agencyId} and deleted_at is null and (doc->>'externalId' = ${externalId} or id = ${externalId})
      order by (doc->>'externalId' = ${externalId}) is true desc, created_at limit 1`,
  )
}

/** The location disappears for everybody and its tokens stop working at once. */
export async function deleteLocation(tx: Tx, location: LocationRow, atMs: number): Promise<void> {
  await callersChanged(tx)
  await sql`update location set deleted_at = ${new Date(atMs)} where id = ${location.id}`.execute(tx)
  await sql`update token set revoked_at = coalesce(revoked_at, ${new Date(atMs)}) where location_id = ${location.id}`.execute(tx)
}

/** Which locations are looked for. */
export interface LocationFilter {
  agencyId: string
  /** Who looks: an app sees those that it was let into. */
  caller: Pick<Caller, 'oauth'>
  /** Only this one: a location token sees itself. */
  locationId: string | null
  email?: string | undefined
  /** A part of the name, in any case; or the id. */
  query?: string | undefined
}

export interface LocationSearch extends LocationFilter {
  order: 'asc' | 'desc'
  skip: number
  limit: number
}

export function searchLocations(db: Db, search: LocationSearch): Promise<LocationRow[]> {
  const direction: RawBuilder<unknown> = search.order === 'desc' ? sql`desc` : sql`asc`
  return query(
    db,
    sql<LocationRow>`
      select ${COLUMNS} from location l
      where ${isFound(search)}
      order by created_at ${direction}, id ${direction} limit ${search.limit} offset ${search.skip}`,
  )
}

export async function countLocations(db: Db, filter: LocationFilter): Promise<number> {
  return (await queryOne(db, sql<{ count: number }>`select count(*) as count from location l where ${isFound(filter)}`))?.count ?? 0
}

const isFound = ({ agencyId, caller, locationId, email, query: text }: LocationFilter): RawBuilder<unknown> => sql`
  agency_id = ${agencyId} and deleted_at is null and ${isLetInto(caller)} and (${locationId}::text is null or id = ${locationId})
  and (${email ?? null}::text is null or lower(doc->>'email') = lower(${email ?? null}))
  and (${text ?? null}::text is null or position(lower(${text ?? ''}) in lower(name)) > 0 or id = ${text ?? null})`
