import { type RawBuilder, sql } from 'kysely'
import { foldedTextOf, holdsText } from '../db/folded-text.ts'
import { type Db, query, texts } from '../db/pool.ts'
import { queryPlanned } from '../db/prepared.ts'
import type { Caller } from './caller.ts'
import { isLetInto } from './installs.ts'
import { COLUMNS, type LocationRow } from './location-row.ts'

export interface LocationSearch extends LocationFilter {
  order: 'asc' | 'desc'
  skip: number
  limit: number
}

export const isFound = ({
  agencyId,
  caller,
  locationId,
  email,
  query: text,
}: LocationFilter): RawBuilder<unknown> => sql`
  agency_id = ${agencyId} and deleted_at is null and ${isLetInto(caller)}
    and (${locationId}::text is null or id = ${locationId})
  and ${email === undefined ? sql`true` : sql`${foldedTextOf(sql`doc->>'email'`)} = ${foldedTextOf(sql`${email}::text`)}`}
  and ${text === undefined ? sql`true` : sql`(${holdsText(sql`name`, text)} or id = ${text})`}`

export async function listLocationIds(db: Db, agencyId: string): Promise<string[]> {
  const rows = await query(
    db,
    sql<{ id: string }>`select id from location where agency_id = ${agencyId} and deleted_at is null order by id`,
  )
  return rows.map(({ id }) => id)
}

/** What locations are called, deleted ones too. */
export async function namesOfLocations(db: Db, ids: Iterable<string>): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const rows = await queryPlanned(
    db,
    sql<{ id: string; name: string }>`select id, name from location where id = any(${texts(wanted)})`,
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Which locations are looked for. */
export interface LocationFilter {
  agencyId: string
  /** Who looks: an app or a client sees those that they were let into. */
  caller: Pick<Caller, 'oauth' | 'person'>
  /** Only this one: a location token sees itself. */
  locationId: string | null
  email?: string | undefined
  /** A part of the name, in any case; or the id. */
  query?: string | undefined
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
