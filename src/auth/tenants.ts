import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { queryPlanned } from '../db/prepared.ts'
import { AppError } from '../errors.ts'
import type { Caller } from './caller.ts'
import { isLetInto } from './installs.ts'

/** What a request names that belongs to somebody. */
export interface Named {
  companyIds: readonly string[]
  locationIds: readonly string[]
}

/**
 * The one place where tenancy is checked. Whatever company or location a request names must be the caller's own:
 * an agency token's agency and its locations (an app's: those it was let into), a location token's location. Existence
 * is not told apart from access.
 */
export async function checkTenancy(db: Db, caller: Caller, named: Named): Promise<void> {
  if (named.companyIds.some((id) => id !== caller.agencyId)) throw new AppError('company_forbidden')
  const wanted = [...new Set(named.locationIds)]
  if (wanted.length === 0) return
  // PostgreSQL takes no U+0000 even in a question.
  if (wanted.some((id) => id.includes('\u0000'))) throw new AppError('location_forbidden')
  if (caller.locationId !== null) {
    return refuse(wanted.filter((id) => id !== caller.locationId))
  }
  const rows = await queryPlanned(
    db,
    sql<{
      id: string
    }>`select l.id from location l where l.agency_id = ${caller.agencyId} and l.deleted_at is null
        and l.id = any(${texts(wanted)}) and ${isLetInto(caller)}`,
  )
  const own = new Set(rows.map(({ id }) => id))
  refuse(wanted.filter((id) => !own.has(id)))

  function refuse(foreign: readonly string[]): void {
    if (foreign.length > 0 && wanted.length === 1) throw new AppError('location_forbidden')
    const more = foreign.length > MOST_NAMED ? `, and ${foreign.length - MOST_NAMED} more` : ''
    if (foreign.length > 0)
      throw new AppError('locations_forbidden', { ids: `${foreign.slice(0, MOST_NAMED).join(', ')}${more}` })
  }
}

/** Of many locations those that are refused are named, so many at most. */
const MOST_NAMED = 20

/**
 * The location of the caller that holds this asset or record, of any of the kinds; null when none does. For agency
 * tokens that name an id only.
 */
export async function locateAsset(
  db: Db,
  caller: Caller,
  kinds: readonly string[],
  id: string,
): Promise<string | null> {
  if (caller.locationId !== null) return caller.locationId
  const rows = await query(
    db,
    sql<{ locationId: string }>`
      select l.id as "locationId" from location l
      where l.agency_id = ${caller.agencyId} and l.deleted_at is null and ${isLetInto(caller)}
        and (exists (select 1 from asset a where a.location_id = l.id and a.kind = any(${texts(kinds)})
          and a.id = ${id})
          or exists (select 1 from record r where r.location_id = l.id and r.kind = any(${texts(kinds)})
            and r.id = ${id} and r.deleted_at is null))
      limit 1`,
  )
  return rows[0]?.locationId ?? null
}
