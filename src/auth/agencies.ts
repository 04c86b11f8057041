import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, query, queryOne, type Tx } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'

export interface AgencyRow {
  id: string
  name: string
  relationshipNumber: string
  createdAt: Date
  /** How many locations it has. */
  locationCount: number
}

const COLUMNS = sql`id, name, relationship_number as "relationshipNumber", created_at as "createdAt",
  (select count(*) from location l where l.agency_id = agency.id and l.deleted_at is null) as "locationCount"`

/** `1-234-567`: what agencies tell each other to share snapshots. */
const drawRelationshipNumber = () => `${randomInt(1, 10)}-${randomInt(100, 1000)}-${randomInt(100, 1000)}`

export async function createAgency(tx: Tx, { name }: { name: string }, atMs: number): Promise<AgencyRow> {
  for (;;) {
    const row = await queryOne(
      tx,
      sql<AgencyRow>`
        insert into agency (id, name, relationship_number, created_at)
          values (${newId()}, ${name}, ${drawRelationshipNumber()}, ${new Date(atMs)})
        on conflict (relationship_number) do nothing returning ${COLUMNS}`,
    )
    if (row !== null) return row
  }
}

/** By creation. */
export function listAgencies(db: Db): Promise<AgencyRow[]> {
  return query(db, sql<AgencyRow>`select ${COLUMNS} from agency order by created_at, id`)
}

export async function renameAgency(tx: Tx, id: string, name: string): Promise<AgencyRow> {
  await sql`update agency set name = ${name} where id = ${id}`.execute(tx)
  return getAgency(tx, id)
}

/** 404 when there is none with this id. */
export async function getAgency(db: Db, id: string): Promise<AgencyRow> {
  const row = await queryOne(db, sql<AgencyRow>`select ${COLUMNS} from agency where id = ${id}`)
  if (row === null) throw new AppError('not_found', { what: 'company', id })
  return row
}
