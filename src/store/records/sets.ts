import { type RawBuilder, sql } from 'kysely'
import { json, query, type Tx, texts } from '../../db/pool.ts'
import { queryPlanned } from '../../db/prepared.ts'
import { uuidv7 } from '../../ids.ts'
import { type Author, insertChanges, type TimedChange } from '../changes/index.ts'
import { askForSum, countsOf } from './counts.ts'
import { deltaOf, isSame } from './delta.ts'
import type { RecordDocument, RecordResource } from './resource.ts'
import { termQuery, termsOf } from './terms.ts'

/*
 * Some fields of many records of many locations, written as `updateRecords` would: documents, terms, counts and the
 * change log in one transaction. Only these fields are read, a page at a time, so memory stays the same however many
 * records there are and however large.
 */

/** The fields of a kind that are read and may be written. None of them is one that full-text search reads. */
export interface Part extends Pick<RecordResource, 'kind' | 'exact' | 'counted'> {
  fields: readonly string[]
}

export interface PartRow {
  locationId: string
  id: string
  /** Without nulls. */
  fields: RecordDocument
  /** What found the record. */
  given: unknown
  updatedAt: Date
}

/**
 * Names records: `location_id`, `id` and `given`, in the order of the first two. What has changed since, `edit` sees.
 */
export type Find = RawBuilder<unknown>

const PAGE = 1000

/**
 * Writes what `edit` makes of the fields of each record found; null stands for a field that is not there. Three
 * statements a page.
 */
export async function editEverywhere(
  tx: Tx,
  author: Author,
  part: Part,
  find: Find,
  edit: (row: PartRow) => RecordDocument,
): Promise<void> {
  await sql`declare tintype_found no scroll cursor for ${find}`.execute(tx)
  for (;;) {
    const found = await query(tx, sql<Found>`fetch ${sql.lit(PAGE)} from tintype_found`)
    if (found.length > 0) await editPage(tx, author, part, found, edit)
    if (found.length < PAGE) break
  }
  await sql`close tintype_found`.execute(tx)
}

interface Found {
  location_id: string
  id: string
  given: unknown
}

async function editPage(
  tx: Tx,
  author: Author,
  part: Part,
  found: readonly Found[],
  edit: (row: PartRow) => RecordDocument,
): Promise<void> {
  const edits = (await lockPage(tx, part, found)).flatMap((row) => {
    const next = withoutNulls(edit(row))
    return isSame(row.fields, next)
      ? []
      : [{ row, next, at: new Date(Math.max(author.atMs, row.updatedAt.getTime() + 1)) }]
  })
  if (edits.length > 0) await writePage(tx, author, part, edits)
}

/**
 * In the order of locations and ids. Of the lists the planner must not know the length: it looks for each record by its
 * key.
 */
function lockPage(tx: Tx, { kind, fields }: Part, found: readonly Found[]): Promise<PartRow[]> {
  const values = fields.map((name) => sql`${sql.lit(name)}, r.doc->${sql.lit(name)}`)
  return queryPlanned(
    tx,
    sql<PartRow>`
      select r.location_id as "locationId", r.id, r.updated_at as "updatedAt",
        jsonb_strip_nulls(jsonb_build_object(${sql.join(values)})) as fields, w.given::jsonb as given
      from unnest((select ${texts(found.map((one) => one.location_id))}), (select ${texts(found.map(({ id }) => id))}),
        (select ${texts(found.map(({ given }) => JSON.stringify(given)))})) w(location_id, id, given)
      join record r on r.location_id = w.location_id and r.kind = ${sql.lit(kind)} and r.id = w.id
      where r.deleted_at is null order by r.location_id, r.id for update of r`,
  )
}

interface Edit {
  row: PartRow
  next: RecordDocument
  at: Date
}

async function writePage(tx: Tx, author: Author, part: Part, edits: readonly Edit[]): Promise<void> {
  const { kind } = part
  const parameters = edits.map(({ row: { locationId, id, fields }, next, at }) => {
    const [before, after] = [termsOfPart(part, locationId, fields), termsOfPart(part, locationId, next)]
    const gone = Object.keys(fields).filter((name) => !(name in next))
    return { locationId, id, at, next, gone, without: before.filter((term) => !after.includes(term)), terms: after }
  })
  const changes = edits.map(
    ({ row, next, at }): TimedChange => ({
      locationId: row.locationId,
      kind,
      entityId: row.id,
      op: 'update',
      beforeHash: null,
      afterHash: null,
      delta: deltaOf(row.fields, next),
      atMs: at.getTime(),
    }),
  )
  const counts = [...Map.groupBy(edits, ({ row }) => row.locationId)]
    .map(([locationId, own]) => ({
      locationId,
      id: uuidv7(author.atMs),
      counts: Object.fromEntries(
        countsOf(
          part,
          own.map(({ row, next }) => [row.fields, next]),
        ),
      ),
    }))
    .filter((one) => Object.keys(one.counts).length > 0)
  await queryPlanned(
    tx,
    sql`
      with written as (
        update record set updated_at = at, doc = (doc - ${LIST('gone')}) || (r->'next'),
          terms = ts_delete(terms, ${LIST('without')}) || array_to_tsvector(${LIST('terms')})
        from (select r, (r->>'at')::timestamptz as at
          from unnest(array(select jsonb_array_elements(${json(parameters)}))) r) given
        where location_id = r->>'locationId' and kind = ${sql.lit(kind)} and id = r->>'id' and deleted_at is null
        returning id
      ), counted as (
        insert into record_count_change (location_id, kind, id, counts)
        select c->>'locationId', ${kind}::text, (c->>'id')::uuid, c->'counts'
          from jsonb_array_elements(${json(counts)}) c
      ), told as (${insertChanges(author, changes)})
      select where false`,
  )
  for (const { locationId } of counts) await askForSum(tx, { locationId, kind })
}

const LIST = (name: string) => sql`array(select jsonb_array_elements_text(r->${sql.lit(name)}))`
const termsOfPart = ({ exact }: Part, locationId: string, fields: RecordDocument) =>
  termsOf({ search: [], exact }, locationId, fields)
const withoutNulls = (fields: RecordDocument) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))

/** Finds the records of locations whose field has one of these values: a look into the index for each. */
export function findByTerms(
  kind: string,
  wanted: readonly { locationId: string; field: string; value: string }[],
): Find {
  const terms = wanted.flatMap(({ locationId, field, value }) => {
    const term = termQuery(locationId, field, value)
    return term === null ? [] : [{ locationId, term }]
  })
  return sql`
    select distinct r.location_id, r.id, null::jsonb as given
    from unnest((select ${texts(terms.map(({ locationId }) => locationId))}),
      (select ${texts(terms.map(({ term }) => term))})) w(location_id, term)
    cross join lateral (
      select location_id, id from record
      where location_id || '' = w.location_id and kind = ${sql.lit(kind)} and deleted_at is null
        and terms @@ w.term::tsquery offset 0
    ) r order by 1, 2`
}
