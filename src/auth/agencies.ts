import { sql } from 'kysely'
import { type Db, queryOne } from '../db/pool.ts'
import { AppError } from '../errors.ts'

export interface AgencyRow {
  id: string
  name: string
  relationshipNumber: string
  createdAt: Date
  /** How many locations it has. */
  locationCount: number
}

/** 404 when there is none with this id. */
export async function getAgency(db: Db, id: string): Promise<AgencyRow> {
  const row = await queryOne(
    db,
    sql<AgencyRow>`
      select id, name, relationship_number as "relationshipNumber", created_at as "createdAt",
        (select count(*) from location l where l.agency_id = agency.id and l.deleted_at is null) as "locationCount"
      from agency where id = ${id}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'company', id })
  return row
}
