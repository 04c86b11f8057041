import { type RawBuilder, sql } from 'kysely'
import { type Db, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import type { Caller } from './caller.ts'
import { revokeGrantsOf } from './grants.ts'

/** An app in one location, or (null) in an agency with its locations. */
export interface Place {
  appId: string
  agencyId: string
  locationId: string | null
}

export interface Install extends Place {
  userId: string
  scopes: string[]
  /** Locations made later are included. */
  futureLocations: boolean
}

const COLUMNS = sql`app_id as "appId", agency_id as "agencyId", nullif(location_id, '') as "locationId",
    user_id as "userId", scopes, future_locations as "futureLocations"`

const isOut = (app: RawBuilder<unknown>) =>
  sql`exists (select 1 from app_absence o where o.app_id = ${app} and o.location_id = l.id)`

/** Installs `i` that hold for the location `l`: one in the agency, until the app is taken out of the location. */
export const HOLDS = sql`(i.location_id = l.id
    or (i.location_id = '' and (i.future_locations or l.created_at <= i.installed_at) and not ${isOut(sql`i.app_id`)}))`

/**
 * Apps `a` that speak for the agency that owns them with nobody's consent: until somebody there says where they may
 * act, or takes them out.
 */
export const SPEAKS_FOR_OWNER = sql`a.withdrawn_at is null and not
    exists (select 1 from app_install i where i.app_id = a.id and i.agency_id = a.agency_id and i.location_id = '')`

/** Those that speak for its location `l`, too: all but what they were taken out of. */
export const SPEAKS_IN = sql`${SPEAKS_FOR_OWNER} and a.agency_id = l.agency_id and not ${isOut(sql`a.id`)}`

/**
 * Locations `l` of the caller's agency that the caller was let into: an app's token sees those that it is installed in,
 * whatever was made since, its owner's where nobody said otherwise; a client those that were chosen for them; a private
 * token of an agency, and everybody else of its people, see all.
 */
export function isLetInto({ oauth, person }: Pick<Caller, 'oauth' | 'person'>): RawBuilder<boolean> {
  const chosen = person?.locationIds ?? null
  if (chosen !== null) return sql<boolean>`l.id = any(${texts(chosen)})`
  if (oauth === undefined) return sql<boolean>`true`
  return sql<boolean>`(exists (select 1 from app_install i where i.app_id = ${oauth.appId} and i.agency_id = l.agency_id
      and ${HOLDS})
    or exists (select 1 from app a where a.id = ${oauth.appId} and ${SPEAKS_IN}))`
}

/** Repeated: the newest consent counts. */
export async function installApp(tx: Tx, install: Install, atMs: number): Promise<void> {
  if (install.locationId === null) await endAbsences(tx, install)
  await sql`
    insert into app_install (app_id, agency_id, location_id, user_id, scopes, future_locations, installed_at)
    values (${install.appId}, ${install.agencyId}, ${install.locationId ?? ''}, ${install.userId},
      ${texts(install.scopes)}, ${install.futureLocations}, ${new Date(atMs)})
    on conflict (app_id, agency_id, location_id) do update
      set user_id = excluded.user_id, scopes = excluded.scopes, future_locations = excluded.future_locations,
        installed_at = excluded.installed_at`.execute(tx)
  if (install.locationId !== null) await endAbsences(tx, install)
}

/** Lets an app in again where it was taken out, everywhere in the agency or in one location, and has that told. */
async function endAbsences(tx: Tx, { appId, agencyId, locationId }: Place): Promise<void> {
  await sql`delete from app_absence where app_id = ${appId} and agency_id = ${agencyId}
      and location_id = coalesce(${locationId}, location_id)`.execute(tx)
}

/**
 * Takes an app out of a location, or out of an agency with all of its locations, also those that let it in themselves;
 * its codes and tokens there end at once.
 */
export async function uninstallApp(tx: Tx, place: Place, atMs: number): Promise<void> {
  // Before the install goes: what is told of one end is told once.
  const ended = await (place.locationId === null ? withdrawOwn(tx, place, atMs) : beginAbsence(tx, place, atMs))
  const row = await queryOne(
    tx,
    sql`delete from app_install where app_id = ${place.appId} and agency_id = ${place.agencyId}
        and location_id = coalesce(${place.locationId}, location_id) returning 1`,
  )
  if (row === null && !ended) throw new AppError('not_found', { what: 'installation of app', id: place.appId })
  await revokeGrantsOf(tx, place, atMs)
}

/** From now on an app that is in a location with all of its agency is not there. False: it is not, or no more. */
async function beginAbsence(tx: Tx, { appId, agencyId, locationId }: Place, atMs: number): Promise<boolean> {
  const row = await queryOne(
    tx,
    sql`insert into app_absence (app_id, agency_id, location_id, since)
      select a.id, l.agency_id, l.id, ${new Date(atMs)}
      from app a join location l on l.id = ${locationId} and l.agency_id = ${agencyId} and l.deleted_at is null
      where a.id = ${appId} and ((${SPEAKS_IN}) or exists (select 1 from app_install i where i.app_id = a.id
        and i.agency_id = l.agency_id and i.location_id = '' and ${HOLDS}))
      on conflict (app_id, location_id) do nothing returning 1`,
  )
  return row !== null
}

/**
 * An agency takes its own app out of itself: from then on it needs consent like any other. False: it is another's, or
 * was taken out before.
 */
async function withdrawOwn(tx: Tx, { appId, agencyId }: Place, atMs: number): Promise<boolean> {
  const row = await queryOne(
    tx,
    sql`update app set withdrawn_at = ${new Date(atMs)} where id = ${appId} and agency_id = ${agencyId}
        and withdrawn_at is null returning 1`,
  )
  return row !== null
}

/** An app where it is. */
export interface Installed extends Install {
  appName: string
  installedAt: Date
  /** Of an agency: its locations that the app was taken out of. */
  outOf: string[]
}

/**
 * What is installed where in an agency, whoever owns it, its own apps that speak for it without consent included: the
 * agency first, then its locations.
 */
export function listInstalls(db: Db, agencyId: string): Promise<Installed[]> {
  return query(
    db,
    sql<Installed>`
      select i.*, a.name as "appName", case when i."locationId" is null then array(select o.location_id
          from app_absence o where o.app_id = a.id and o.agency_id = ${agencyId} and not exists (select 1
            from app_install n where n.app_id = a.id and n.location_id = o.location_id) order by 1)
        else '{}' end as "outOf"
        from (select ${COLUMNS}, installed_at as "installedAt" from app_install where agency_id = ${agencyId}
          union all select a.id, a.agency_id, null, '', a.scopes, true, a.created_at from app a
            where a.agency_id = ${agencyId} and ${SPEAKS_FOR_OWNER}) i
      join app a on a.id = i."appId" order by i."locationId" nulls first, a.name, a.id`,
  )
}

/**
 * The places where an app is installed, the newest first; at most two, enough to see whether there is one. They stay
 * until the transaction ends.
 */
export function findInstalls(
  tx: Tx,
  wanted: { appId: string; level: 'agency' | 'location'; agencyId?: string | undefined },
): Promise<Install[]> {
  return query(
    tx,
    sql<Install>`
      select ${COLUMNS} from app_install i
      where i.app_id = ${wanted.appId} and (i.location_id = '') = ${wanted.level === 'agency'}
        and i.agency_id = coalesce(${wanted.agencyId ?? null}, i.agency_id)
      order by i.installed_at desc limit 2 for key share`,
  )
}

/** The install that lets an app into a location: its own, or the agency's. It stays until the transaction ends. */
export function findInstallFor(tx: Tx, appId: string, locationId: string): Promise<Install | null> {
  return queryOne(
    tx,
    sql<Install>`
      select i.app_id as "appId", i.agency_id as "agencyId", l.id as "locationId", i.user_id as "userId", i.scopes,
        i.future_locations as "futureLocations"
      from location l join app_install i on i.app_id = ${appId} and i.agency_id = l.agency_id and ${HOLDS}
      where l.id = ${locationId} and l.deleted_at is null order by i.location_id desc limit 1 for key share of i`,
  )
}

/** What a token of an agency says about its locations; null where the app is not installed in the agency as a whole. */
export function findAgencyInstall(
  db: Db,
  place: { appId: string; agencyId: string },
): Promise<{ futureLocations: boolean } | null> {
  return queryOne(
    db,
    sql<{ futureLocations: boolean }>`
      select future_locations as "futureLocations" from app_install where app_id = ${place.appId}
        and agency_id = ${place.agencyId} and location_id = ''`,
  )
}
