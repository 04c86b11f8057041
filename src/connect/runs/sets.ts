import { sql } from 'kysely'
import { queryOne, type Tx, texts } from '../../db/pool.ts'
import type { Connection } from '../connections/connection.ts'
import { type NewRow, rowIds } from './rows.ts'

type Place = Pick<Connection, 'locationId' | 'id'>

interface OfRun {
  locationId: string
  connectionId: string
  id: string
}

/** Rows of one transaction: each takes some locks, of which there is room for a few thousand. */
export const SET = 250

/** A row of a file: the line at which it begins, and what it says by the names of its columns. */
export type WaitingItem = readonly [place: number, item: unknown]

/** Where so many rows are to stand. Their order is that of the file, whoever writes them first. */
const seqsFor = (count: ReturnType<typeof sql>) =>
  sql`array(select nextval('connection_row_seq_seq') from generate_series(1, ${count}))`

/** Rows of a run wait for their turn in this order, behind all that waits. */
export async function addSets(
  tx: Tx,
  { locationId, connectionId, id }: OfRun,
  items: readonly WaitingItem[],
): Promise<void> {
  if (items.length === 0) return
  const sets: (readonly WaitingItem[])[] = []
  for (let at = 0; at < items.length; at += SET) sets.push(items.slice(at, at + SET))
  const counts = texts(sets.map(({ length }) => String(length)))
  await sql`
    insert into connection_set (location_id, connection_id, run_id, seqs, rows)
    select ${locationId}, ${connectionId}, ${id}, ${seqsFor(sql`s.count`)}, s.rows
    from unnest(${texts(sets.map((set) => JSON.stringify(set)))}, ${counts}::int[]) with ordinality
      s(rows, count, position)
    order by s.position`.execute(tx)
}

/** What a dry run has looked at waits to be written. Answers how many rows. */
export async function addSetsOf(tx: Tx, from: OfRun, to: OfRun): Promise<number> {
  const row = await queryOne(
    tx,
    sql<{ count: number }>`
      with wanted as (
        select place, item, seq, (row_number() over (order by seq) - 1) / ${SET} as n from connection_row
        where location_id = ${from.locationId} and run_id = ${from.id} and item is not null
      ), added as (
        insert into connection_set (location_id, connection_id, run_id, seqs, rows)
        select ${to.locationId}, ${to.connectionId}, ${to.id}, ${seqsFor(sql`s.count`)}, s.rows
        from (select n, count(*)::int as count, jsonb_agg(jsonb_build_array(place, item) order by seq)::text as rows
          from wanted group by n) s
        order by s.n
      ) select count(*)::int as count from wanted`,
  )
  return row?.count ?? 0
}

/** The next rows that wait, but for those that somebody else has taken. None: an empty list. */
export async function takeSet(
  tx: Tx,
  { locationId, id }: Place,
  atMs: number,
): Promise<(NewRow & { tries: number })[]> {
  const taken = await queryOne(
    tx,
    sql<{ runId: string; seqs: string[]; rows: string }>`
      select run_id as "runId", seqs, rows from connection_set where location_id = ${locationId}
        and connection_id = ${id} order by seq limit 1 for update skip locked`,
  )
  if (taken === null) return []
  const items = JSON.parse(taken.rows) as WaitingItem[]
  const ids = rowIds(items.length, atMs)
  return items.map(([place, item], n) => ({
    id: ids[n] as string,
    runId: taken.runId,
    seq: Number(taken.seqs[n]),
    arrivalId: null,
    place,
    item,
    replayOf: null,
    tries: 0,
  }))
}

/** These are written, and wait no more. */
export async function endSet(tx: Tx, { locationId, id }: Place, [first]: readonly NewRow[]): Promise<void> {
  await sql`delete from connection_set where location_id = ${locationId} and connection_id = ${id}
      and seq = ${first?.seq}`.execute(tx)
}

/** Sets that are discarded in one transaction: some thousand rows, so that nobody waits for it for long. */
const DISCARDED = 20

/** What still waits of a run is not looked at any more. As much as one transaction takes; answers whether that was any. */
export async function discardSets(tx: Tx, { locationId, id, connectionId }: OfRun, atMs: number): Promise<boolean> {
  const [prefix = ''] = rowIds(1, atMs)
  const row = await queryOne(
    tx,
    sql`
    with gone as (
      delete from connection_set where location_id = ${locationId} and connection_id = ${connectionId}
        and seq in (select seq from connection_set where location_id = ${locationId}
          and connection_id = ${connectionId} and run_id = ${id} order by seq limit ${DISCARDED} for update skip locked)
      returning seqs, rows
    ), kept as (
      insert into connection_row (location_id, connection_id, run_id, id, seq, place, item, state, at)
        overriding system value
      select ${locationId}, ${connectionId}, ${id},
        (${prefix.slice(0, 28)} || lpad(to_hex(row_number() over (order by g.seqs[1], e.n)), 8, '0'))::uuid,
        g.seqs[e.n], (e.value->>0)::int, e.value->1, 'discarded', ${new Date(atMs)}
      from gone g, jsonb_array_elements(g.rows::jsonb) with ordinality e(value, n)
    ) select 1 from gone limit 1`,
  )
  return row !== null
}
