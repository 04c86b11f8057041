import { type RawBuilder, sql } from 'kysely'
import { type Db, queryOne } from '../../db/pool.ts'
import { AppError } from '../../errors.ts'
import { allOf, type Condition, EVERYTHING } from './conditions.ts'
import { byCreation, type Cursor, cursorOf, isAfter, type OrderKey, orderBy } from './order.ts'
import { allMatching, columns, deletedRows, livingRows, type RecordList, type RecordRow, totalOf } from './reads.ts'
import type { RecordDocument, RecordKind } from './resource.ts'

export interface RecordPage extends RecordList {
  limit: number
  /** Go on behind this record. 400 when it is no cursor of this order. */
  after?: Cursor | undefined
  /** Those that were deleted, in place of those that were not. No index serves them by what they say. */
  deleted?: boolean | undefined
}

/** A row and the cursor that goes on behind it. */
export interface PagedRow<Document extends object = RecordDocument> extends RecordRow<Document> {
  cursor: unknown[]
}

interface Walk {
  where: Condition
  order: OrderKey
  beyond: Condition
  skip: number
  limit: number
}

/**
 * A page in an order that an index has. What many records have is found soon by walking in that order; what few have,
 * by its terms, or by reading all. The planner cannot tell which it is, and knows of no location how many records it
 * has (sql/migrations/
 * 000007-steady-plans.sql): so the statement walks past a number of records, and goes on only if that was not enough.
 */
function walk(kind: string, locationId: string, { where, order, beyond, skip, limit }: Walk): RawBuilder<unknown> {
  const most = skip + limit
  const { key, descending, walk: column = 'createdAt' } = order
  const inOrder = orderBy([order])
  const page = sql`${columns}, ${cursorOf([order])} as cursor`
  const all = allOf([livingRows(kind, locationId), beyond])
  const far = where === EVERYTHING ? most : 4_000 + 20 * most
  // From the index alone: how far the walk goes.
  const end = sql`coalesce((select ${key} from record where ${all} order by ${inOrder} limit 1 offset ${far}),
      ${descending ? '-infinity' : 'infinity'}::timestamptz)`
  const near = sql<boolean>`${key} ${sql.raw(descending ? '>=' : '<=')} ${end}`
  if (where === EVERYTHING)
    return sql`select ${page} from record where ${allOf([all, near])} order by ${inOrder} limit ${limit} offset ${skip}`
  return sql`
    with near as materialized (
      -- The offset keeps the condition out of the walk: it would bring in another index.
      select ${page} from (select * from record where ${allOf([all, near])} offset 0) record where ${where}
        order by ${inOrder} limit ${most}
    ), wide as (
      select ${page} from record where ${allOf([allMatching(kind, locationId, where), beyond])}
        and (select count(*) from near) < ${most}
      order by ${inOrder} limit ${most}
    )
    select * from near where (select count(*) from near) = ${most} union all select * from wide
    order by ${sql.id(column)} ${sql.raw(descending ? 'desc' : 'asc')}, id ${sql.raw(descending ? 'desc' : 'asc')}
      limit ${limit} offset ${skip}`
}

/** One page and how many records match in all, in one statement. */
export async function pageRecords<Document extends object = RecordDocument>(
  db: Db,
  resource: RecordKind,
  locationId: string,
  page: RecordPage,
): Promise<{ records: PagedRow<Document>[]; total: number }> {
  const { where, order = [byCreation()], skip = 0, limit, after, deleted = false } = page
  const { kind } = resource
  const matching = allOf([
    deleted ? deletedRows(kind, locationId) : livingRows(kind, locationId),
    ...(where ? [where] : []),
  ])
  const total: RawBuilder<number> = deleted
    ? sql`(select count(*) from record where ${matching})`
    : totalOf(resource, locationId, where)
  const beyond = after === undefined ? null : isAfter(order, after)
  if (after !== undefined && beyond === null)
    throw new AppError('bad_request', { reason: 'searchAfter is not one of this sort order' })
  // Two conditions in place of one `with`: each part takes the index that suits it.
  const [first] = order
  const rows: RawBuilder<unknown> =
    order.length === 1 && first?.walk !== undefined && !deleted
      ? walk(kind, locationId, { where: where ?? EVERYTHING, order: first, beyond: beyond ?? EVERYTHING, skip, limit })
      : sql`
        select ${columns}, ${cursorOf(order)} as cursor from record where ${allOf([matching, beyond ?? EVERYTHING])}
        order by ${orderBy(order)} limit ${limit} offset ${skip}`
  const result = await queryOne(
    db,
    sql<{ total: number; records: PagedRow<Document>[] }>`
      select ${total} as total, coalesce((select jsonb_agg(to_jsonb(page)) from (${rows}) page), '[]') as records`,
  )
  const { records = [] } = result ?? {}
  const dates = ({ createdAt, updatedAt, deletedAt }: PagedRow<Document>) => ({
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    deletedAt: deletedAt === null ? null : new Date(deletedAt),
  })
  return { total: result?.total ?? 0, records: records.map((row) => ({ ...row, ...dates(row) })) }
}
