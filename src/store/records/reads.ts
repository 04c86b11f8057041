import { type RawBuilder, sql } from 'kysely'
import { type Db, query, queryOne, texts } from '../../db/pool.ts'
import { queryPlanned, run } from '../../db/prepared.ts'
import { preparePerKind } from '../../db/statements.ts'
import { AppError } from '../../errors.ts'
import { allOf, type Condition, fieldText, isByTerms, termAskedFor } from './conditions.ts'
import { countOf } from './counts.ts'
import { byCreation, type OrderKey, orderBy } from './order.ts'
import type { RecordDocument, RecordKind } from './resource.ts'

export interface RecordRow<Document extends object = RecordDocument> {
  id: string
  /** The id on the HubSpot wire. */
  objectId: number
  document: Document
  createdAt: Date
  /** Grows with every write. */
  updatedAt: Date
  deletedAt: Date | null
}

/** Of a row of `record`, as `RecordRow` names them. */
export const COLUMNS =
  'id, object_id as "objectId", doc as document, created_at as "createdAt", updated_at as "updatedAt", deleted_at ' +
  'as "deletedAt"'
export const columns = sql.raw(COLUMNS)

/**
 * The rows of one kind in one location that are not deleted. The kind is written out: the planner sees the partition.
 */
export function livingRows(kind: string, locationId: string): Condition {
  return sql<boolean>`location_id = ${locationId} and kind = ${sql.lit(kind)} and deleted_at is null`
}

/**
 * The same, where another index must find them: no index of the location serves this form. Of how many rows a location
 * has the planner knows nothing, and would rather read all of them than trust an index whose statistics it does not
 * have.
 */
export function livingRowsAnywhere(kind: string, locationId: string): Condition {
  return sql<boolean>`location_id || '' = ${locationId} and kind = ${sql.lit(kind)} and deleted_at is null`
}

/** All living rows that meet the condition. What terms answer is not looked for in the indexes of the location. */
export function allMatching(kind: string, locationId: string, where: Condition | null | undefined): Condition {
  if (!where) return livingRows(kind, locationId)
  if (!isByTerms(where)) return allOf([livingRows(kind, locationId), where])
  return sql<boolean>`${livingRowsAnywhere(kind, locationId)} and ${where}`
}

export const deletedRows = (kind: string, locationId: string): Condition =>
  sql<boolean>`location_id = ${locationId} and kind = ${sql.lit(kind)} and deleted_at is not null`

/** One statement a kind, so that each is planned for its partition. */
const byId = preparePerKind<RecordRow<never>>(
  (kind) =>
    `select ${COLUMNS} from record where location_id = $1 and kind = ${kind} and deleted_at is null and id = $2`,
)

export async function findRecord<Document extends object = RecordDocument>(
  db: Db,
  { kind }: RecordKind,
  locationId: string,
  id: string,
): Promise<RecordRow<Document> | null> {
  const [row] = await run<RecordRow<Document>>(db, byId(kind), [locationId, id])
  return row ?? null
}

/** 404 when it is not there or deleted. */
export async function getRecord<Document extends object = RecordDocument>(
  db: Db,
  resource: RecordKind,
  locationId: string,
  id: string,
): Promise<RecordRow<Document>> {
  const row = await findRecord<Document>(db, resource, locationId, id)
  if (row === null) throw new AppError('not_found', { what: resource.noun, id })
  return row
}

/** As it was when it was deleted; null when it never was there or still is. */
export function findDeletedRecord(
  db: Db,
  { kind }: RecordKind,
  locationId: string,
  id: string,
): Promise<RecordRow | null> {
  return queryOne(
    db,
    sql<RecordRow>`select ${columns} from record where location_id = ${locationId} and kind = ${kind} and id = ${id}
        and deleted_at is not null`,
  )
}

export interface RecordList {
  where?: Condition | null | undefined
  /** Default: by creation, oldest first. */
  order?: readonly OrderKey[]
  skip?: number | undefined
  limit?: number | undefined
}

export function listRecords<Document extends object = RecordDocument>(
  db: Db,
  { kind }: RecordKind,
  locationId: string,
  list: RecordList = {},
): Promise<RecordRow<Document>[]> {
  const { where, order = [byCreation()], skip = 0, limit = null } = list
  const matching =
    limit === null
      ? allMatching(kind, locationId, where)
      : allOf([livingRows(kind, locationId), ...(where ? [where] : [])])
  return query(
    db,
    sql<RecordRow<Document>>`
      select ${columns} from record where ${matching}
      order by ${orderBy(order)} limit ${limit} offset ${skip}`,
  )
}

/**
 * Those that another program calls so: `externalId` of their documents, by an index of its own, one look for each: for
 * a list of them the planner would rather read the location. The index of terms keeps a list of what was added lately,
 * which whoever adds by the thousand would read from end to end each time. Planned each time: see `findByIdentity`.
 */
export async function recordsOfExternalIds(
  db: Db,
  { kind }: RecordKind,
  locationId: string,
  externalIds: readonly string[],
): Promise<RecordRow[]> {
  if (externalIds.length === 0) return []
  return query(
    db,
    sql<RecordRow>`
      select r.* from unnest(${texts([...new Set(externalIds)])}) w(external_id) cross join lateral (
        select ${columns} from record where location_id || '' = ${locationId} and kind = ${sql.lit(kind)}
          and deleted_at is null and doc->>'externalId' = w.external_id offset 0) r`,
  )
}

/**
 * Some top-level fields as texts, in no order: what thousands of records cost least (half of their documents, a fifth
 * of whole rows). Lists are JSON; empty ones are null. Names come from code, never from a caller.
 */
export function listFields<Name extends string, List extends string>(
  db: Db,
  { kind }: RecordKind,
  locationId: string,
  list: { fields: readonly Name[]; lists: readonly List[]; where: Condition },
): Promise<Record<Name | List, string | null>[]> {
  const fields = list.fields.map((name) => sql`${fieldText(name)} as ${sql.id(name)}`)
  const lists = list.lists.map((name) => sql`nullif(${fieldText(name)}, '[]') as ${sql.id(name)}`)
  return queryPlanned(
    db,
    sql<
      Record<Name | List, string | null>
    >`select ${sql.join([...fields, ...lists])} from record where ${allMatching(kind, locationId, list.where)}`,
  )
}

export async function countRecords(
  db: Db,
  resource: RecordKind,
  locationId: string,
  where?: Condition | null,
): Promise<number> {
  const row = await queryOne(db, sql<{ count: number }>`select ${totalOf(resource, locationId, where)} as count`)
  return row?.count ?? 0
}

/** How many living records meet the condition: known beforehand where the kind counts them, counted otherwise. */
export function totalOf(
  { kind, counted = [] }: RecordKind,
  locationId: string,
  where: Condition | null | undefined,
): RawBuilder<number> {
  const term = where ? termAskedFor(where) : ''
  const isKnown =
    term !== undefined && counted.length > 0 && (term === '' || counted.includes(term.slice(0, term.indexOf('='))))
  return isKnown
    ? countOf({ locationId, kind }, term)
    : sql<number>`(select count(*) from record where ${allMatching(kind, locationId, where)})`
}
