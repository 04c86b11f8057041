import { sql } from 'kysely'
import { type Db, texts } from '../db/pool.ts'
import { queryPlanned } from '../db/prepared.ts'

/** A location by the number that it has on the HubSpot wire. */
export interface PortalRow {
  locationId: string
  portalId: number
  agencyId: string
  /** As two letters, where it says so. */
  country: string | null
}

/** Those of these locations that there are. */
export function portalsOf(db: Db, locationIds: readonly string[]): Promise<PortalRow[]> {
  return queryPlanned(
    db,
    sql<PortalRow>`
      select id as "locationId", portal_id as "portalId", agency_id as "agencyId", doc->>'country' as country
      from location where id = any(${texts(locationIds)}) and deleted_at is null`,
  )
}
