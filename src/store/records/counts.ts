import { randomInt } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { type Db, json, query, type Tx, texts } from '../../db/pool.ts'
import { enqueue } from '../../db/queue.ts'
import { inTransaction } from '../../db/transaction.ts'
import { uuidv7 } from '../../ids.ts'
import type { RecordDocument, RecordResource } from './resource.ts'
import { countedTerms } from './terms.ts'

/*
 * Exact totals without reading what is counted: to count 400,000 contacts with a tag takes PostgreSQL most of a second.
 * Each write to a kind with `counted` fields appends by how much it changes the counts; a count is what was summed up
 * so far plus what has been appended since, read in one statement. Nobody waits for anybody, and a transaction that
 * fails leaves nothing.
 */

/** How many more records have each term; '' stands for all. */
export type Counts = ReadonlyMap<string, number>

/**
 * What it means for the counts that documents of a kind become others. Undefined: it did not exist, or does no longer.
 */
export function countsOf(
  resource: Pick<RecordResource, 'counted'>,
  pairs: readonly (readonly [RecordDocument | undefined, RecordDocument | undefined])[],
): Counts {
  const counts = new Map<string, number>()
  if (resource.counted.length === 0) return counts
  const add = (document: RecordDocument | undefined, n: number) => {
    if (document === undefined) return
    for (const term of ['', ...countedTerms(resource, document)]) counts.set(term, (counts.get(term) ?? 0) + n)
  }
  for (const [before, after] of pairs) {
    add(before, -1)
    add(after, 1)
  }
  return new Map([...counts].filter(([, n]) => n !== 0))
}

/** What several statements of one transaction come to: appended once. */
export class CountSum {
  readonly #counts = new Map<string, number>()

  add(counts: Counts): void {
    for (const [term, n] of counts) {
      const sum = (this.#counts.get(term) ?? 0) + n
      if (sum === 0) this.#counts.delete(term)
      else this.#counts.set(term, sum)
    }
  }

  take(): Counts {
    const counts = new Map(this.#counts)
    this.#counts.clear()
    return counts
  }
}

interface Place {
  locationId: string
  kind: string
}

/** Appends counts as one part of a larger statement. */
export function insertCounts({ locationId, kind }: Place, counts: Counts, atMs: number): RawBuilder<unknown> {
  return sql`
    insert into record_count_change (location_id, kind, id, counts)
    values (${locationId}, ${kind}, ${uuidv7(atMs)}::uuid, ${json(Object.fromEntries(counts))})`
}

/** Appends counts, if there are any, and has them summed up now and then. */
export async function appendCounts(tx: Tx, place: Place, counts: Counts, atMs: number): Promise<void> {
  if (counts.size === 0) return
  await insertCounts(place, counts, atMs).execute(tx)
  await askForSum(tx, place)
}

/** The same for rows that are deleted: `written` names them, with their `terms`. */
export function insertDeletedCounts(
  { locationId, kind }: Place,
  counted: readonly string[],
  atMs: number,
): RawBuilder<unknown> {
  return sql`
    insert into record_count_change (location_id, kind, id, counts)
    select ${locationId}, ${kind}, ${uuidv7(atMs)}::uuid, jsonb_object_agg(term, -n) from (
      select '' as term, count(*) as n from written having count(*) > 0
      union all
      select substr(t, 10), count(*) from written, unnest(tsvector_to_array(terms)) t
      where substr(t, 9, 1) = '=' and split_part(substr(t, 10), '=', 1) = any(${texts(counted)}) group by 1) gone
    having count(*) > 0`
}

/** How many living records have this term; '' for all of them. */
export function countOf({ locationId, kind }: Place, term: string): RawBuilder<number> {
  return sql<number>`(
    coalesce((select n from record_count where location_id = ${locationId} and kind = ${kind} and term = ${term}), 0)
    + coalesce((select sum((counts->>${term})::bigint) from record_count_change where location_id = ${locationId}
      and kind = ${kind}), 0))::bigint`
}

/** One write in so many asks for a summing up: a count reads about as many rows. */
const SUM_EVERY = 300

/** Now and then has the changes summed up, in the background. */
export async function askForSum(tx: Tx, { locationId, kind }: Place, writes = 1): Promise<void> {
  if (isSumDue(writes))
    await enqueue(tx, 'sum-counts', [{ locationId, kind }], { key: `sum-counts/${locationId}/${kind}` })
}

/** The same for writes that have no transaction around them. */
export async function askForSumAfter(db: Db, place: Place, writes: number): Promise<void> {
  if (isSumDue(writes)) await inTransaction(db, (tx) => askForSum(tx, place, SUM_EVERY))
}

const isSumDue = (writes: number) => randomInt(SUM_EVERY) < writes

const SUM_MOST = 20_000

/**
 * Adds appended changes to the counts. Several at once are no harm: each change is taken by one. Answers how many were
 * taken.
 */
export async function sumCounts(db: Db, { locationId, kind }: Place): Promise<number> {
  const [row] = await query(
    db,
    sql<{ taken: number }>`
      with due as (
        select id from record_count_change where location_id = ${locationId} and kind = ${kind} order by id
          limit ${SUM_MOST} for update skip locked
      ), taken as (
        delete from record_count_change c using due where c.location_id = ${locationId} and c.kind = ${kind}
          and c.id = due.id returning c.counts
      ), sums as (
        select key as term, sum(value::bigint) as n from taken, jsonb_each_text(counts) group by key
      ), added as (
        insert into record_count as c (location_id, kind, term, n) select ${locationId}, ${kind}, term, n from sums
          where n <> 0 order by term
        on conflict (location_id, kind, term) do update set n = c.n + excluded.n
      )
      select count(*) as taken from taken`,
  )
  return row?.taken ?? 0
}
