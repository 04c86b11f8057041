import { type RawBuilder, sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { HOLDS, SPEAKS_FOR_OWNER, SPEAKS_IN } from './installs.ts'

/** A location as an app sees it on the HubSpot wire, where it is installed. */
export interface AppPortal {
  portalId: number
  locationId: string
  agencyId: string
  /** What the app was granted there. */
  scopes: string[]
}

const GRANTED = sql`coalesce((select array_agg(distinct s) from app_install i, unnest(i.scopes) s where i.app_id = a.id
      and i.agency_id = l.agency_id and ${HOLDS}), a.scopes)`
export const IS_INSTALLED = sql`(exists (select 1 from app_install i where i.app_id = a.id and i.agency_id = l.agency_id
      and ${HOLDS})
    or (${SPEAKS_IN}))`

const installed = (appId: string, which: RawBuilder<unknown>) => sql<AppPortal>`
  select l.portal_id as "portalId", l.id as "locationId", l.agency_id as "agencyId",
    ${GRANTED} as scopes
  from app a join location l on l.deleted_at is null and ${which}
  where a.id = ${appId} and ${IS_INSTALLED}`

/** Those of these portals that the app is installed in. */
export function findPortals(db: Db, appId: string, portalIds: readonly number[]): Promise<AppPortal[]> {
  return query(db, installed(appId, sql`l.portal_id = any(${[...new Set(portalIds)]}::bigint[])`))
}

/** Where the app is installed, `limit` at most. */
export function listPortals(db: Db, appId: string, limit: number): Promise<AppPortal[]> {
  return query(db, sql<AppPortal>`${installed(appId, sql`true`)} limit ${limit}`)
}

/** What apps were granted in locations, for those pairs where the app is installed. */
export function findGranted(
  db: Db,
  pairs: readonly { appId: string; locationId: string }[],
): Promise<{ appId: string; locationId: string; scopes: string[] }[]> {
  const appIds = pairs.map(({ appId }) => appId)
  const locationIds = pairs.map(({ locationId }) => locationId)
  return query(
    db,
    sql<{ appId: string; locationId: string; scopes: string[] }>`
      select a.id as "appId", l.id as "locationId", ${GRANTED} as scopes
      from (select distinct * from unnest(${texts(appIds)}, ${texts(locationIds)}) p(app_id, location_id)) p
      join app a on a.id = p.app_id join location l on l.id = p.location_id and l.deleted_at is null
      where ${IS_INSTALLED}`,
  )
}

/** What apps were granted in whole agencies, for those pairs where the app is installed there or its owner's own. */
export function findGrantedAgencies(
  db: Db,
  appIds: readonly string[],
  agencyIds: readonly string[],
): Promise<{ appId: string; agencyId: string; scopes: string[] }[]> {
  return query(
    db,
    sql<{ appId: string; agencyId: string; scopes: string[] }>`
      select a.id as "appId", g.id as "agencyId", coalesce(i.scopes, a.scopes) as scopes
      from app a cross join unnest(${texts(agencyIds)}) g(id)
        left join app_install i on i.app_id = a.id and i.agency_id = g.id and i.location_id = ''
      where a.id = any(${texts(appIds)})
        and (i.app_id is not null or (a.agency_id = g.id and ${SPEAKS_FOR_OWNER}))`,
  )
}
