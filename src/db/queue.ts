import { sql } from 'kysely'
import { type Db, queryOne, type Tx } from './pool.ts'
import { run } from './prepared.ts'
import { prepare } from './statements.ts'

/** Names of the jobs; src/jobs has one file for each. */
export type JobName =
  | 'push-batch'
  | 'maintain'
  | 'release-message'
  | 'recurring-task'
  | 'sum-counts'
  | 'mail-link'
  | 'mail-news'
  | 'feed-connection'
  | 'poll-connection'
  | 'dry-run'
  | 'undo-run'
  | 'connection-alert'

/** With the queue's growing pauses: about forty hours. Being killed counts as a try, too. */
const MOST_ATTEMPTS = 16

interface Enqueue {
  /** Not before then. */
  at?: Date | null
  /** A job of this key that still waits is all that is needed. */
  key?: string | null
  /** Whose work it is, where much of it may wait: see `enqueue`. */
  tenant?: string | null
  /** One after the other with all of this name, by whichever workers. */
  queue?: string | null
}

/** Priorities are 16 bits. Beyond, which is after so many jobs without the queue ever being empty, jobs go by age. */
const LAST_PLACE = 32_000

/** Jobs of a tenant that wait or run. */
export async function countPending(tx: Tx, tenant: string): Promise<number> {
  const row = await queryOne(
    tx,
    sql<{
      count: number
    }>`select count(*) as count from graphile_worker.jobs where flags ? ${flagOf(tenant)} and attempts < max_attempts`,
  )
  return row?.count ?? 0
}

/** Whether jobs of this name run, or could. */
export async function isBusyWith(db: Db, job: JobName): Promise<boolean> {
  const row = await queryOne(
    db,
    sql<{
      yes: boolean
    }>`select exists(select 1 from graphile_worker.jobs where task_identifier = ${job} and attempts < max_attempts
      and run_at <= now()) as yes`,
  )
  return row?.yes ?? false
}

/** Whether a job of this key runs, or could: whoever relies on it keeps it from ending (`withoutKey`). */
export async function isAsked(tx: Tx, key: string): Promise<boolean> {
  const [row] = await run(tx, ASKED, [key])
  return row !== undefined
}

const ASKED = prepare(`select 1 from graphile_worker.jobs where key = $1 and attempts < max_attempts
  and (locked_at is not null or run_at <= now())`)

/**
 * The job of this key that runs is known by it no longer: whoever asks from now on makes another. It is not tried again
 * either, so call it when the job has nothing left to do, and while nobody else asks.
 */
export async function withoutKey(tx: Tx, key: string): Promise<void> {
  await sql`select graphile_worker.remove_job(${key}) where exists (select 1 from graphile_worker.jobs
    where key = ${key} and locked_at is not null)`.execute(tx)
}

const flagOf = (tenant: string) => `tenant:${tenant}`

/**
 * Enqueues a job in the caller's transaction: it exists exactly when the transaction commits.
 *
 * Jobs that say whose they are stand in a line of their tenant's, and workers take from all lines in turn: a job's
 * priority is its place, counted from where the queue is now (start-time fair queueing). Whoever has a thousand waiting
 * delays another's first by one.
 */
export async function enqueue(
  tx: Tx,
  job: JobName,
  payloads: readonly object[],
  { at = null, key = null, tenant = null, queue = null }: Enqueue = {},
): Promise<void> {
  const flags = tenant === null ? null : [flagOf(tenant)]
  const first =
    tenant === null
      ? sql`0`
      : sql`(select greatest(
          (select min(priority) from graphile_worker.jobs where flags is not null and locked_at is null
            and run_at <= now() and attempts < max_attempts),
          (select max(priority) + 1 from graphile_worker.jobs where flags ? ${flagOf(tenant)}
            and attempts < max_attempts), 1))`
  await sql`
    select graphile_worker.add_job(${job}, p.payload::json, run_at => ${at}::timestamptz,
      max_attempts => ${MOST_ATTEMPTS}, job_key => ${key}::text, queue_name => ${queue}::text,
      priority => least(${LAST_PLACE}, f.place + case when ${tenant === null} then 0 else p.position - 1 end)::int,
        flags => ${flags}::text[])
    from unnest(${payloads.map((payload) => JSON.stringify(payload))}::text[])
      with ordinality p(payload, position), (select ${first}::int as place) f
    order by p.position`.execute(tx)
}
