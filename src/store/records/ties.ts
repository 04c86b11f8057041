import { type RawBuilder, sql } from 'kysely'
import { type Db, json, query } from '../../db/pool.ts'
import type { Condition } from './conditions.ts'
import { columns, livingRows, type RecordRow } from './reads.ts'

/*
 * What ties records together: rows of `object_associations`, and fields of the records themselves. Asked for in sets:
 * one statement for any number of records. Each record is looked up by itself (`lateral ... offset 0`): of how many rows a
 * location has the planner knows nothing, and joined freely it reads all of them, once for each record asked for. An
 * order by what is looked for, between itself and itself, is one that no other index has.
 */

const KIND = 'object_associations'

/** The records of one type at one end. */
export interface TieEnd {
  /** As the rows name it. */
  typeId: string
  kind: string
  /** Of the records of the kind only those whose field has one of these values. */
  where: { field: string; values: readonly string[] } | null
}

export interface TieQuestion {
  from: TieEnd
  to: TieEnd
  /** A field of one end names the other: what types that means, as seen from `from`. */
  field: { name: string; on: 'from' | 'to'; typeIds: readonly number[] } | null
  /** By their numbers; what comes behind `after`. */
  wanted: readonly { objectId: string; after?: string | undefined }[]
  /** Of each one wanted; one more is told, if there is one. */
  limit: number
}

export interface Tie {
  from: number
  to: number
  types: { category: string; typeId: number }[]
}

/** Names come from code. */
const meets = ({ where }: Pick<TieEnd, 'where'>): RawBuilder<boolean> =>
  where === null ? sql<boolean>`true` : sql<boolean>`doc->>${sql.lit(where.field)} = any(${[...where.values]}::text[])`

/** The records that are there, and what each is tied to, by number. */
export async function listTies(
  db: Db,
  locationId: string,
  { from, to, field, wanted, limit }: TieQuestion,
): Promise<{ found: Set<number>; ties: Tie[] }> {
  const asked = wanted.flatMap(({ objectId, after = '0' }) =>
    isNumber(objectId) && isNumber(after) ? [{ id: objectId, after }] : [],
  )
  if (asked.length === 0) return { found: new Set(), ties: [] }
  const row = (own: 'from' | 'to', other: 'from' | 'to', typeId: string) => sql`
    select f.object_id, a.other, f.after, a.type_id, a.category
    from f cross join lateral (
      select (doc->>${sql.lit(`${other}ObjectId`)})::bigint as other, (doc->>${sql.lit(typeId)})::int as type_id,
        doc->>'category' as category
      from record where ${livingRows(KIND, locationId)} and doc->>${sql.lit(`${own}Id`)} = f.id
        and doc->>${sql.lit(`${own}Type`)} = ${from.typeId} and doc->>${sql.lit(`${other}Type`)} = ${to.typeId}
      offset 0) a`
  const named =
    field &&
    (field.on === 'from'
      ? sql`id between f.doc->>${sql.lit(field.name)} and f.doc->>${sql.lit(field.name)}`
      : sql`doc->>${sql.lit(field.name)} is not null and doc->>${sql.lit(field.name)} = f.id`)
  const byField =
    field &&
    sql`
    union all
    select f.object_id, t.object_id, f.after, type_id, 'HUBSPOT_DEFINED'
    from f cross join lateral (
      select object_id from record where ${livingRows(to.kind, locationId)} and ${named} and ${meets(to)}
      ${field.on === 'from' ? sql`order by id limit 1` : sql`offset 0`}) t
    cross join unnest(${[...field.typeIds]}::int[]) type_id`
  const rows = await query(
    db,
    sql<{ from: number; to: number | null; types: Tie['types'] }>`
      with f as materialized (
        select r.*, w.after
        from (select distinct on (id) id, after from jsonb_to_recordset(${json(asked)}) w(id bigint, after bigint)) w
        cross join lateral (
          select id, object_id, doc from record
          where ${livingRows(from.kind, locationId)} and object_id between w.id and w.id
            and ${meets(from)} order by object_id limit 1) r
      ), tie as (
        ${row('from', 'to', 'typeId')} union all ${row('to', 'from', 'inverseTypeId')} ${byField ?? sql``}
      ), page as (
        select object_id, other, jsonb_agg(distinct jsonb_build_object('category', category, 'typeId', type_id)) as types,
          row_number() over (partition by object_id order by other) as place
        from tie where other > after group by object_id, other
      )
      select f.object_id as "from", page.other as "to", page.types
      from f left join page on page.object_id = f.object_id and page.place <= ${limit + 1}
      order by 1, 2`,
  )
  return {
    found: new Set(rows.map((one) => one.from)),
    ties: rows.flatMap(({ from: id, to: other, types }) => (other === null ? [] : [{ from: id, to: other, types }])),
  }
}

const isNumber = (text: string) => /^\d{1,16}$/.test(text)

/** Records with these numbers, as they are, until the transaction ends: nobody else changes or deletes them. */
export function lockByObjectId(
  db: Db,
  locationId: string,
  end: Pick<TieEnd, 'kind' | 'where'>,
  objectIds: readonly string[],
): Promise<Pick<RecordRow, 'id' | 'objectId' | 'document'>[]> {
  const numbers = [...new Set(objectIds.filter(isNumber))]
  return query(
    db,
    sql<Pick<RecordRow, 'id' | 'objectId' | 'document'>>`
      with named as materialized (
        select r.id from unnest(${numbers}::bigint[]) w(id) cross join lateral (
          select id from record where ${livingRows(end.kind, locationId)} and object_id between w.id and w.id
          order by object_id limit 1) r
      )
      select r.* from (select id from named order by id) w cross join lateral (
        select id, object_id as "objectId", doc as document from record
        where ${livingRows(end.kind, locationId)} and id between w.id and w.id and ${meets(end)}
        order by id limit 1 for no key update) r`,
  )
}

export interface TieRowsQuestion {
  /** Pairs of our ids. */
  pairs: readonly (readonly [from: string, to: string])[]
  /** And all of this type about these records at that end. */
  also: { end: 'from' | 'to'; ids: readonly string[]; category: string; typeId: number } | null
}

/** The rows about these pairs. */
export function listTieRows<Document extends object>(
  db: Db,
  locationId: string,
  { pairs, also }: TieRowsQuestion,
): Promise<RecordRow<Document>[]> {
  const more =
    also &&
    sql`
    union
    select a.* from unnest(${[...also.ids]}::text[]) w(id) cross join lateral (
      select ${columns} from record where ${livingRows(KIND, locationId)} and doc->>${sql.lit(`${also.end}Id`)} = w.id
        and doc->>'category' = ${also.category} and (doc->>'typeId')::int = ${also.typeId} offset 0) a`
  return query(
    db,
    sql<RecordRow<Document>>`
      select a.* from unnest(${pairs.map(([from]) => from)}::text[], ${pairs.map(([, to]) => to)}::text[]) w("from", "to")
      cross join lateral (
        select ${columns} from record where ${livingRows(KIND, locationId)} and doc->>'fromId' = w."from"
          and doc->>'toId' = w."to" offset 0) a
      ${more ?? sql``}`,
  )
}

/** Records of the one end that are tied to the record with this number at the other. */
export function isTiedTo(
  locationId: string,
  { from, to, field }: Pick<TieQuestion, 'from' | 'to' | 'field'>,
  objectId: string,
): Condition {
  if (!isNumber(objectId)) return sql<boolean>`false`
  const other = sql`(select id from record where location_id = ${locationId} and kind = ${sql.lit(to.kind)}
    and object_id = ${objectId}::bigint and deleted_at is null)`
  const row = (own: 'from' | 'to', end: 'from' | 'to') => sql`
    select doc->>${sql.lit(`${own}Id`)} from record where ${livingRows(KIND, locationId)}
      and doc->>${sql.lit(`${end}Id`)} = ${other} and doc->>${sql.lit(`${own}Type`)} = ${from.typeId}
      and doc->>${sql.lit(`${end}Type`)} = ${to.typeId}`
  const byField =
    field &&
    (field.on === 'from'
      ? sql` union all select id from record where ${livingRows(from.kind, locationId)}
          and doc->>${sql.lit(field.name)} = ${other}`
      : sql` union all select doc->>${sql.lit(field.name)} from record where ${livingRows(to.kind, locationId)}
          and object_id = ${objectId}::bigint`)
  return sql<boolean>`id in (select wanted
    from unnest(array(${row('from', 'to')} union all ${row('to', 'from')}${byField ?? sql``})) wanted)`
}

/** A record somewhere. */
export interface PlacedRecord {
  locationId: string
  kind: string
  id: string
}

/** Numbers of records of any locations, also of those that are deleted: `location kind id` -> number. One statement. */
export async function loadNumbers(db: Db, records: readonly PlacedRecord[]): Promise<Map<string, number>> {
  if (records.length === 0) return new Map()
  const rows = await query(
    db,
    sql<PlacedRecord & { objectId: number }>`
      select w."locationId", w.kind, w.id, r.object_id as "objectId"
      from (select distinct "locationId", kind, id
        from jsonb_to_recordset(${json(records)}) w("locationId" text, kind text, id text)) w
      cross join lateral (
        select object_id from record where location_id = w."locationId" and kind = w.kind
          and id between w.id and w.id order by id limit 1) r`,
  )
  return new Map(rows.map(({ locationId, kind, id, objectId }) => [`${locationId} ${kind} ${id}`, objectId]))
}

/** The same within one location: `kind id` -> number. */
export async function loadObjectIds(
  db: Db,
  locationId: string,
  records: readonly { kind: string; id: string }[],
): Promise<Map<string, number>> {
  const numbers = await loadNumbers(
    db,
    records.map(({ kind, id }) => ({ locationId, kind, id })),
  )
  return new Map([...numbers].map(([key, number]) => [key.slice(locationId.length + 1), number]))
}
