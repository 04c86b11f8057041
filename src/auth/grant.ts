import { sql } from 'kysely'

/** However often they are renewed: all tokens of one consent end after this. */
const GRANT_LIFE_MS = 3 * 365 * 86_400_000

/** One allowance. Every token that follows from it ends with it. */
export interface Grant {
  id: string
  appId: string
  agencyId: string
  /** Null: speaks for the agency. */
  locationId: string | null
  userId: string
  scopes: string[]
}

export const COLUMNS = sql`g.id, g.app_id as "appId", g.agency_id as "agencyId", g.location_id as "locationId",
    g.user_id as "userId", g.scopes`

/** Grants `g` that hold: neither they nor what they follow from is revoked or too old, and their location is there. */
export const holds = (atMs: number) => sql`g.revoked_at is null and g.created_at > ${new Date(atMs - GRANT_LIFE_MS)}
  and (g.parent_id is null or exists (select 1 from oauth_grant p where p.id = g.parent_id and p.revoked_at is null
    and p.created_at > ${new Date(atMs - GRANT_LIFE_MS)}))
  and (g.location_id is null or exists (select 1 from location l where l.id = g.location_id and l.deleted_at is null))`
