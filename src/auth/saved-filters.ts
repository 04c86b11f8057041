import { sql } from 'kysely'
import { type Db, json, query, queryOne, type Tx } from '../db/pool.ts'
import { newId } from '../ids.ts'

/** Of one person. */
export const MOST_FILTERS = 200

/** A table of the console, in one location or (empty) wherever it is. */
export interface FilteredTable {
  table: string
  locationId: string
}

export interface SavedFilter extends FilteredTable {
  id: string
  name: string
  filter: Record<string, string>
  createdAt: Date
}

const COLUMNS = sql`id, table_name as table, location_id as "locationId", name, filter, created_at as "createdAt"`

/** What somebody has kept of a table, in this location and for all; by name. */
export function listSavedFilters(
  db: Db,
  personId: string,
  { table, locationId }: FilteredTable,
): Promise<SavedFilter[]> {
  return query(
    db,
    sql<SavedFilter>`
      select ${COLUMNS} from saved_filter
      where person_id = ${personId} and table_name = ${table} and location_id in ('', ${locationId})
      order by lower(name), id`,
  )
}

/** The same name in the same table again: what was there becomes this. Null: there are too many already. */
export async function saveFilter(
  tx: Tx,
  personId: string,
  { table, locationId, name, filter }: Omit<SavedFilter, 'id' | 'createdAt'>,
  atMs: number,
): Promise<SavedFilter | null> {
  return queryOne(
    tx,
    sql<SavedFilter>`
      insert into saved_filter (person_id, id, table_name, location_id, name, filter, created_at)
      select ${personId}, ${newId()}, ${table}, ${locationId}, ${name}, ${json(filter)}, ${new Date(atMs)}
      where (select count(*) from saved_filter where person_id = ${personId}) < ${MOST_FILTERS}
        or exists (select 1 from saved_filter where person_id = ${personId} and table_name = ${table}
          and location_id = ${locationId} and name = ${name})
      on conflict (person_id, table_name, location_id, name) do update set filter = excluded.filter
      returning ${COLUMNS}`,
  )
}

/** False: the person has none with this id. */
export async function deleteSavedFilter(tx: Tx, personId: string, id: string): Promise<boolean> {
  const row = await queryOne(tx, sql`delete from saved_filter where person_id = ${personId} and id = ${id} returning 1`)
  return row !== null
}
