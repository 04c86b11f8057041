import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Clock } from '../../clock.ts'
import { type Db, queryOne, type Tx, texts } from '../../db/pool.ts'

/*
 * A record is changed at the moment at which its write began, and is seen when that has ended. Whoever reads by the last
 * change, and goes on from the newest they have seen, would miss what began earlier and ended later. So such a reader
 * is told of a change once nothing that began before it is under way. Nothing is hidden for it: the answer waits.
 */

/**
 * On the other wire, from the moment that a write is told to have happened to its first word with the database: what
 * takes longer is told to have happened later (context.ts, gathered-writes.ts). On this one there is no such time: see
 * `markWriting`.
 */
const BEGINNING_MS = 200
/** Nobody waits longer for others: what writes for so long (a push) writes no objects. */
const MOST_MS = 5_000
const LOOK_MS = 5

/** Waits until whatever could still be written at or before this moment is. True: something may have come meanwhile. */
export async function settle(db: Db, clock: Clock, newestMs: number): Promise<boolean> {
  const startMs = performance.now()
  const young = newestMs + BEGINNING_MS - clock.nowMs()
  if (young > 0) await pause(Math.min(young, BEGINNING_MS))
  const first = await writersBefore(db, newestMs + BEGINNING_MS)
  let left = first
  while (left.length > 0 && performance.now() - startMs < MOST_MS) {
    await pause(LOOK_MS)
    left = await stillOpen(db, left)
  }
  return young > 0 || first.length > 0
}

/**
 * Transactions that began before and write, or may: those that wait for a lock, and those that rest between two
 * statements and hold no snapshot, as readers of long answers do.
 */
async function writersBefore(db: Db, beforeMs: number): Promise<string[]> {
  const row = await queryOne(
    db,
    sql<{ writers: string[] }>`
      select coalesce(array_agg(pid || '/' || xact_start::text), '{}') as writers from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and xact_start <= ${new Date(beforeMs)}
        and (backend_xid is not null or wait_event_type = 'Lock'
          or (state = 'idle in transaction' and backend_xmin is null))`,
  )
  return row?.writers ?? []
}

/** Those of these transactions that have not ended. */
async function stillOpen(db: Db, writers: readonly string[]): Promise<string[]> {
  const row = await queryOne(
    db,
    sql<{ writers: string[] }>`
      select coalesce(array_agg(pid || '/' || xact_start::text), '{}') as writers from pg_stat_activity
      where datname = current_database() and pid || '/' || xact_start::text = any(${texts(writers)})`,
  )
  return row?.writers ?? []
}

/** From here on everybody can see that this transaction is going to write. */
export async function markWriting(tx: Tx): Promise<void> {
  await sql`select pg_current_xact_id()`.execute(tx)
}
