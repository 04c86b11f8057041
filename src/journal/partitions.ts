import { sql } from 'kysely'
import { changeTables, ensurePartition } from '../db/partitions.ts'
import { type Db, query, texts } from '../db/pool.ts'
import { firstIdAt } from '../store/changes/index.ts'
import type { BodyStore, Place } from './bodies.ts'

const DAY_MS = 86_400_000
const FILES_AT_ONCE = 1_000
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** Days of the journal for today and the next two; what waits in the default partition moves along. */
export async function ensureJournalPartitions(db: Db, nowMs: number): Promise<void> {
  for (let ahead = 0; ahead <= 2; ahead++) {
    const day = dayOf(nowMs + ahead * DAY_MS)
    const name = `journal_segment_${day.replaceAll('-', '_')}`
    if (!(await ensurePartition(db, name, sql`select make_journal_partitions(${day}::date)`))) return
  }
}

/** The first moment that is kept. Whole days go. */
export function keptFromMs(nowMs: number, retentionDays: number): number {
  return Math.floor(nowMs / DAY_MS) * DAY_MS - retentionDays * DAY_MS
}

/** Files of days that are over go from their store first: without its row nobody would know of one. */
export async function forgetSegments(
  { db, bodies }: { db: Db; bodies: BodyStore },
  nowMs: number,
  retentionDays: number,
): Promise<void> {
  const first = firstIdAt(new Date(keptFromMs(nowMs, retentionDays)))
  for (;;) {
    const elsewhere = await query(
      db,
      sql<Place>`
        select app_id as "appId", "offset" from journal_segment where "offset" < ${first}::uuid and body is null
        limit ${FILES_AT_ONCE}`,
    )
    if (elsewhere.length === 0) break
    await bodies.remove(elsewhere)
    await sql`
      delete from journal_segment where (app_id, "offset") in (select * from unnest(
        ${texts(elsewhere.map(({ appId }) => appId))}, ${elsewhere.map(({ offset }) => offset)}::uuid[]))`.execute(db)
  }
  await changeTables(db, sql`select drop_journal_partitions(${dayOf(keptFromMs(nowMs, retentionDays))}::date)`)
}
