import { sql } from 'kysely'
import { type Db, query } from '../db/pool.ts'
import type { Log } from '../log.ts'

/** Advisory lock class under which each worker holds a lock on its own name, for as long as its connection lives. */
export const WORKER_LOCK = 7_468_018
/** A job locked by a worker that never registered (killed in its first moments) is released after this long. */
const UNKNOWN_LOCK_SECONDS = 10

/** Gives the jobs of workers whose connection is gone back to the queue. */
export async function releaseDead(db: Db, log: Log, self: string): Promise<void> {
  const dead = await query(
    db,
    sql<{ id: string }>`
      with held as (
        select objid from pg_locks
        where locktype = 'advisory' and objsubid = 2 and classid::bigint = ${WORKER_LOCK} and granted
          and database = (select oid from pg_database where datname = current_database())
      ), gone as (
        delete from worker where id <> ${self} and not
          exists (select 1 from held where objid::bigint = hashtext(worker.id)::bigint & 4294967295) returning id
      )
      select id from gone
      union
      select locked_by from graphile_worker.jobs
      where locked_by is not null and locked_by <> ${self}
        and locked_at < now() - make_interval(secs => ${UNKNOWN_LOCK_SECONDS}) and not
        exists (select 1 from worker where id = locked_by)`,
  )
  if (dead.length === 0) return
  const ids = dead.map((row) => row.id)
  log.warn({ workers: ids }, 'workers ended without a word; their jobs run again')
  await releaseJobsOf(db, ids)
}

export async function releaseJobsOf(db: Db, ids: readonly string[]): Promise<void> {
  await sql`select graphile_worker.force_unlock_workers(${ids}::text[])`.execute(db)
}
