import { sql } from 'kysely'
import { type Db, queryOne, texts } from '../../db/pool.ts'
import { allOf, type Condition, fieldText } from './conditions.ts'
import { livingRows } from './reads.ts'
import type { RecordKind } from './resource.ts'

/**
 * The field names another record of the location for which the condition holds: by its id, or by the same value in a
 * field of its own.
 */
export function refersTo(
  name: string,
  { kind }: RecordKind,
  locationId: string,
  where: Condition,
  field?: string,
): Condition {
  const other = field === undefined ? sql`id` : fieldText(field)
  return sql<boolean>`${fieldText(name)} in (select ${other} from record
      where ${allOf([livingRows(kind, locationId), where])})`
}

/**
 * Records of another kind name this one in the field: one for which the condition holds, and all of which together meet
 * `having`.
 */
export const isNamedBy = (
  { kind }: RecordKind,
  locationId: string,
  { name, where = sql`true`, having = sql`true` }: { name: string; where?: Condition; having?: Condition },
): Condition =>
  sql<boolean>`id in (select ${fieldText(name)} from record
      where ${allOf([livingRows(kind, locationId), where])} group by 1 having ${having})`

/**
 * The field is a list with this value in it. Asks the document itself: it belongs beside a condition that has an index.
 */
export const holds = (name: string, value: string): Condition =>
  sql<boolean>`coalesce(doc->${sql.lit(name)} ? ${value}, false)`

/** Created in this period, both ends included. */
export const isCreatedBetween = (from: Date | null, to: Date | null): Condition =>
  sql<boolean>`(${from}::timestamptz is null or created_at >= ${from})
      and (${to}::timestamptz is null or created_at <= ${to})`

/** Whether any of these kinds has a record with this id. */
export async function hasRecord(db: Db, kinds: readonly string[], locationId: string, id: string): Promise<boolean> {
  const row = await queryOne(
    db,
    sql`select 1 from record where location_id = ${locationId} and kind = any(${texts(kinds)}) and id = ${id}
        and deleted_at is null limit 1`,
  )
  return row !== null
}

/** Which of these ids no record of the kind has. */
export async function missingRecords(
  db: Db,
  { kind }: RecordKind,
  locationId: string,
  ids: readonly string[],
): Promise<string[]> {
  const row = await queryOne(
    db,
    sql<{
      found: string[]
    }>`select coalesce(array_agg(id), '{}') as found from record where ${livingRows(kind, locationId)}
        and id = any(${texts(ids)})`,
  )
  const found = new Set(row?.found)
  return ids.filter((id) => !found.has(id))
}
