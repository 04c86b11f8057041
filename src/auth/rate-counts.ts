import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'

export const DAY_MS = 86_400_000

/**
 * Windows begin at multiples of their length since 1970: every process, before and after a restart, means the same
 * ones.
 */
export const startOf = (nowMs: number, lengthMs: number) => nowMs - (nowMs % lengthMs)

export const dayOf = (nowMs: number) => startOf(nowMs, DAY_MS)

/** Calls under one name, in windows that are the same for all processes. */
export interface Counts {
  name: string
  intervalStartedMs: number
  intervalCount: number
  dayStartedMs: number
  dayCount: number
}

const COLUMNS = sql`name, interval_started_ms as "intervalStartedMs", interval_count as "intervalCount",
    day_started_ms as "dayStartedMs", day_count as "dayCount"`

const numbers = (values: readonly number[]) => sql<number[]>`${values as number[]}::bigint[]`

/**
 * Adds what this process has counted and answers the sums of all processes; a window that has ended elsewhere takes
 * nothing any more. In the order of names, so that two processes never wait for each other in a circle. The commit does
 * not wait for the disk.
 */
export function addCounts(db: Db, counts: readonly Counts[]): Promise<Counts[]> {
  const column = (name: Exclude<keyof Counts, 'name'>) => numbers(counts.map((one) => one[name]))
  const sum = (started: string, count: string) => sql`
    ${sql.ref(count)} = case
      when c.${sql.ref(started)} = excluded.${sql.ref(started)} then c.${sql.ref(count)} + excluded.${sql.ref(count)}
      when c.${sql.ref(started)} < excluded.${sql.ref(started)} then excluded.${sql.ref(count)}
      else c.${sql.ref(count)} end,
    ${sql.ref(started)} = greatest(c.${sql.ref(started)}, excluded.${sql.ref(started)})`
  return query(
    db,
    sql<Counts>`
      with unhurried as materialized (select set_config('synchronous_commit', 'off', true))
      insert into rate_count as c (name, interval_started_ms, interval_count, day_started_ms, day_count)
      select n.* from unnest(${texts(counts.map(({ name }) => name))}, ${column('intervalStartedMs')},
        ${column('intervalCount')}, ${column('dayStartedMs')}, ${column('dayCount')})
        as n (name, interval_started_ms, interval_count, day_started_ms, day_count), unhurried
      order by n.name
      on conflict (name) do update
        set ${sum('interval_started_ms', 'interval_count')}, ${sum('day_started_ms', 'day_count')}
      returning ${COLUMNS}`,
  )
}

/** Sums of the day so far, the highest first. */
export function readCounts(db: Db, dayStartedMs: number, limit: number): Promise<Counts[]> {
  return query(
    db,
    sql<Counts>`select ${COLUMNS} from rate_count where day_started_ms = ${dayStartedMs} order by day_count desc
        limit ${limit}`,
  )
}

/** Names that nobody has called under since before this day. */
export async function forgetCounts(db: Db, dayStartedMs: number): Promise<void> {
  await sql`delete from rate_count where day_started_ms < ${dayStartedMs}`.execute(db)
}
