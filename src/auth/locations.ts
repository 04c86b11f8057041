import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, json, queryOne, type Tx } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { callersChanged } from './caller.ts'
import { isFound, type LocationFilter } from './location-lists.ts'
import { COLUMNS, type LocationDetails, type LocationRow } from './location-row.ts'

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
        values (${newId()}, ${location.agencyId}, ${randomInt(LEAST_PORTAL, MOST_PORTAL)}, ${location.name},
          ${location.timezone}, ${json(location.doc)}, ${new Date(atMs)}, ${new Date(atMs)})
        on conflict (portal_id) do nothing returning ${COLUMNS}`,
    )
    if (row !== null) return row
  }
}

export async function getLocation(db: Db, agencyId: string, id: string): Promise<LocationRow> {
  const row = await queryOne(
    db,
    sql<LocationRow>`select ${COLUMNS} from location where id = ${id} and agency_id = ${agencyId}
        and deleted_at is null`,
  )
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
      update location set name = ${changes.name}, timezone = ${changes.timezone}, doc = ${json(changes.doc)},
        updated_at = ${new Date(atMs)}
      where id = ${location.id} and deleted_at is null returning ${COLUMNS}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'location', id: location.id })
  return row
}

/** Whose location it is. Null: there is none. */
export async function findOwner(db: Db, id: string): Promise<string | null> {
  const row = await queryOne(
    db,
    sql<{ agencyId: string }>`select agency_id as "agencyId" from location where id = ${id} and deleted_at is null`,
  )
  return row?.agencyId ?? null
}

/** Whether there is such a location, whosever it is. */
export const isLocation = async (db: Db, id: string): Promise<boolean> => (await findOwner(db, id)) !== null

/**
 * The agency's location that another program knows by this name, or that has it for an id; whether the caller was let
 * into it is asked separately.
 */
export function findLocationByExternalId(db: Db, agencyId: string, externalId: string): Promise<LocationRow | null> {
  return queryOne(
    db,
    sql<LocationRow>`
      select ${COLUMNS} from location where agency_id = ${agencyId} and deleted_at is null
        and (doc->>'externalId' = ${externalId} or id = ${externalId})
      order by (doc->>'externalId' = ${externalId}) is true desc, created_at limit 1`,
  )
}

/** The location disappears for everybody and its tokens stop working at once. */
export async function deleteLocation(tx: Tx, location: LocationRow, atMs: number): Promise<void> {
  await callersChanged(tx)
  await sql`update location set deleted_at = ${new Date(atMs)} where id = ${location.id}`.execute(tx)
  await sql`update token set revoked_at = coalesce(revoked_at, ${new Date(atMs)})
      where location_id = ${location.id}`.execute(tx)
}

export async function countLocations(db: Db, filter: LocationFilter): Promise<number> {
  return (
    (await queryOne(db, sql<{ count: number }>`select count(*) as count from location l where ${isFound(filter)}`))
      ?.count ?? 0
  )
}
