import { sql } from 'kysely'
import { type Db, query, texts } from '../../db/pool.ts'
import { queryPlanned } from '../../db/prepared.ts'
import { allOf, type Condition } from './conditions.ts'
import { byCreation, orderBy } from './order.ts'
import { columns, deletedRows, type RecordRow } from './reads.ts'
import type { RecordKind } from './resource.ts'

/** Both ids of all records of a kind, deleted ones too, in these locations (or, of users, agencies). */
export function listObjectIds(
  db: Db,
  { kind }: RecordKind,
  locationIds: readonly string[],
): Promise<{ locationId: string; id: string; objectId: number }[]> {
  return queryPlanned(
    db,
    sql<{ locationId: string; id: string; objectId: number }>`
      select location_id as "locationId", id, object_id as "objectId" from record
      where location_id = any(${texts(locationIds)}) and kind = ${kind}`,
  )
}

/** What these records are called on the HubSpot wire, deleted ones too; those that never were are left out. */
export async function objectIdsOf(
  db: Db,
  { kind }: Pick<RecordKind, 'kind'>,
  locationId: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await queryPlanned(
    db,
    sql<{ id: string; objectId: number }>`
      select id, object_id as "objectId" from record
      where location_id = ${locationId} and kind = ${kind} and id = any(${texts(ids)})`,
  )
  return new Map(rows.map(({ id, objectId }) => [id, objectId]))
}

/** Texts that can be the id of a record on the HubSpot wire. */
const isObjectId = (text: string) => /^\d{1,16}$/.test(text) && Number(text) <= Number.MAX_SAFE_INTEGER

/** A record by its id on the HubSpot wire, deleted or not; null: there never was one. */
export async function findByObjectId(
  db: Db,
  { kind }: RecordKind,
  locationId: string,
  objectId: string,
): Promise<RecordRow | null> {
  if (!isObjectId(objectId)) return null
  const [row] = await query(
    db,
    sql<RecordRow>`select ${columns} from record
      where location_id = ${locationId} and kind = ${sql.lit(kind)} and object_id = ${objectId}::bigint`,
  )
  return row ?? null
}

/** This record and those that come after it, by creation. */
export const isFrom = ({ createdAt, id }: Pick<RecordRow, 'createdAt' | 'id'>): Condition =>
  sql<boolean>`(created_at >= ${createdAt} and (created_at > ${createdAt} or id >= ${id}))`

/** Deleted records, by creation, whose values are still there: not those that were forgotten. */
export function listDeleted(
  db: Db,
  { kind }: RecordKind,
  locationId: string,
  { where, since, limit }: { where: Condition; since: Date; limit: number },
): Promise<RecordRow[]> {
  const wanted = allOf([deletedRows(kind, locationId), where, sql<boolean>`deleted_at >= ${since}`, IS_REMEMBERED])
  return query(
    db,
    sql<RecordRow>`select ${columns} from record where ${wanted} order by ${orderBy([byCreation()])} limit ${limit}`,
  )
}

/** Its values were not taken away. */
export const IS_REMEMBERED: Condition = sql<boolean>`doc <> '{}'`
