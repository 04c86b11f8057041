import { sql } from 'kysely'

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

export const COLUMNS = sql`id, agency_id as "agencyId", portal_id as "portalId", name, timezone, doc,
    created_at as "createdAt"`
