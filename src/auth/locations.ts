import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { foldedTextOf } from '../db/folded-text.ts'
import { type Db, json, query, queryOne, type Tx, texts } from '../db/pool.ts'
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
  location: Pick<LocationRow, 'id'>,
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

/** A location with when it last became another one. */
export interface DatedLocation extends LocationRow {
  updatedAt: Date
}

/**
 * The agency's locations that have these ids, that another program knows by these names (or that have them for ids), or
 * that are called so, in any spelling; the oldest first. `hold`: nobody changes them until the transaction ends.
 */
export async function findLocations(
  db: Db,
  agencyId: string,
  { ids, externalIds, names }: Record<'ids' | 'externalIds' | 'names', readonly string[]>,
  { hold }: { hold: boolean },
): Promise<DatedLocation[]> {
  const rows = await query(
    db,
    sql<DatedLocation>`
      select ${COLUMNS}, updated_at as "updatedAt" from location where agency_id = ${agencyId} and deleted_at is null
        and (id = any(${texts([...ids, ...externalIds])}) or doc->>'externalId' = any(${texts(externalIds)})
          or ${foldedTextOf(sql`name`)} in (select ${foldedTextOf(sql`n.name`)} from unnest(${texts(names)}) n(name)))
      order by id ${hold ? sql`for no key update` : sql``}`,
  )
  return rows.toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime())
}

/** Which of these locations somebody was let into: by a token, as an app, or as a client. */
export async function findLetInto(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await query(
    db,
    sql<{ id: string }>`
      select l.id from unnest(${texts(ids)}) l(id)
      where exists (select 1 from token t where t.location_id = l.id and t.revoked_at is null)
        or exists (select 1 from app_install i where i.location_id = l.id)
        or exists (select 1 from person p where l.id = any(p.location_ids))`,
  )
  return new Set(rows.map(({ id }) => id))
}

/** The location disappears for everybody and its tokens stop working at once. */
export async function deleteLocation(tx: Tx, location: Pick<LocationRow, 'id'>, atMs: number): Promise<void> {
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
