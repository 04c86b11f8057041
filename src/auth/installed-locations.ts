import { sql } from 'kysely'
import { holdsText } from '../db/folded-text.ts'
import { type Db, query, queryOne } from '../db/pool.ts'
import type { Caller } from './caller.ts'
import { HOLDS, isLetInto } from './installs.ts'

export interface InstallSearch {
  appId: string
  agencyId: string
  /** Part of the location's name. */
  name?: string | undefined
  isInstalled?: boolean | undefined
  locationId?: string | undefined
  /** Who asks, and sees no others than those it was let into. */
  caller: Pick<Caller, 'oauth' | 'person'>
  skip: number
  limit: number
}

export interface InstalledLocation {
  id: string
  name: string
  address: string
  /** Null: not installed there. */
  installedAt: Date | null
}

/** The locations of an agency that the caller sees, with the state of an app in each, by creation, and how many. */
export async function searchInstalled(
  db: Db,
  search: InstallSearch,
): Promise<{ locations: InstalledLocation[]; count: number }> {
  const isInstalled = search.isInstalled ?? null
  const matching = sql`
    from location l
    left join lateral (
      select i.installed_at from app_install i
      where i.app_id = ${search.appId} and i.agency_id = l.agency_id and ${HOLDS} order by i.installed_at limit 1
    ) i on true
    where l.agency_id = ${search.agencyId} and l.deleted_at is null and ${isLetInto(search.caller)}
      and ${search.name === undefined ? sql`true` : holdsText(sql`l.name`, search.name)}
      and (${isInstalled}::boolean is null or (i.installed_at is not null) = ${isInstalled})
      and l.id = coalesce(${search.locationId ?? null}, l.id)`
  const locations = await query(
    db,
    sql<InstalledLocation>`
      select l.id, l.name, coalesce(l.doc->>'address', '') as address, i.installed_at as "installedAt" ${matching}
      order by l.created_at, l.id limit ${search.limit} offset ${search.skip}`,
  )
  const total = await queryOne(db, sql<{ count: number }>`select count(*) as count ${matching}`)
  return { locations, count: total?.count ?? 0 }
}
