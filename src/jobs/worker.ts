import { EventEmitter } from 'node:events'
import { Logger, run, type TaskList } from 'graphile-worker'
import { sql } from 'kysely'
import type pg from 'pg'
import type { Config } from '../config.ts'
import { type Db, query } from '../db/pool.ts'
import type { Log } from '../log.ts'

/** How often a worker says that it is alive and looks for dead ones. */
const BEAT_MS = 1_000
/** Advisory lock class under which each worker holds a lock on its own name, for as long as its connection lives. */
const WORKER_LOCK = 7_468_018
/** A job locked by a worker that never registered (killed in its first moments) is released after this long. */
const UNKNOWN_LOCK_SECONDS = 10

/** Once an hour, by one worker of all. */
const HOUSEKEEPING = '17 * * * * maintain'

export interface Worker {
  stop(): Promise<void>
}

export interface WorkerOptions {
  db: Db
  pool: pg.Pool
  config: Config
  log: Log
  tasks: TaskList
}

/**
 * Runs jobs until stopped. A worker that was killed cannot release its jobs, so every worker holds an advisory lock
 * that dies with its connection; whoever finds the lock free gives that worker's jobs back to the queue at once.
 */
export async function startWorker({ db, pool, config, log, tasks }: WorkerOptions): Promise<Worker> {
  const events = new EventEmitter()
  let workerId = ''
  events.once('pool:create', ({ workerPool }: { workerPool: { id: string } }) => {
    workerId = workerPool.id
  })
  await releaseDead(db, log, '')
  const runner = await run({
    pgPool: pool,
    taskList: tasks,
    concurrency: config.workerConcurrency,
    pollInterval: 1_000,
    noHandleSignals: true,
    events: events as never,
    crontab: HOUSEKEEPING,
    logger: new Logger((scope) => (level, message) => {
      if (level === 'error') log.error({ job: scope.taskIdentifier, jobId: scope.jobId }, message)
      else log.debug({ job: scope.taskIdentifier }, message)
    }),
  })
  let holder: pg.PoolClient | null = null
  // A lock lives as long as its connection; when that is lost (a failover, an idle cut), the next beat takes it again.
  const hold = async () => {
    const client = await pool.connect()
    const lost = () => {
      if (holder === client) client.release(true)
      holder = null
    }
    client.once('error', lost)
    client.once('end', lost)
    await client.query('select pg_advisory_lock($1, hashtext($2))', [WORKER_LOCK, workerId])
    holder = client
  }
  const beat = async () => {
    if (holder === null) await hold()
    await sql`insert into worker (id, seen_at) values (${workerId}, now()) on conflict (id) do update set seen_at = excluded.seen_at`.execute(db)
    await releaseDead(db, log, workerId)
  }
  await beat()
  const timer = setInterval(() => void beat().catch((error) => log.warn({ err: error }, 'the worker could not report')), BEAT_MS)

  return {
    async stop() {
      clearInterval(timer)
      await runner.stop()
      await sql`delete from worker where id = ${workerId}`.execute(db)
      const held = holder
      holder = null
      held?.release(true)
    },
  }
}

/** Gives the jobs of workers whose connection is gone back to the queue. */
async function releaseDead(db: Db, log: Log, self: string): Promise<void> {
  const dead = await query(
    db,
    sql<{ id: string }>`
      with held as (
        select objid from pg_locks
        where locktype = 'advisory' and objsubid = 2 and classid::bigint = ${WORKER_LOCK} and granted
          and database = (select oid from pg_database where datname = current_database())
      ), gone as (
        delete from worker where id <> ${self} and not exists (select 1 from held where objid::bigint = hashtext(worker.id)::bigint & 4294967295) returning id
      )
      select id from gone
      union
      select locked_by from graphile_worker.jobs
      where locked_by is not null and locked_by <> ${self} and locked_at < now() - make_interval(secs => ${UNKNOWN_LOCK_SECONDS}) and not exists (select 1 from worker where id = locked_by)`,
  )
  if (dead.length === 0) return
  const ids = dead.map((row) => row.id)
  log.warn({ workers: ids }, 'workers ended without a word; their jobs run again')
  await sql`select graphile_worker.force_unlock_workers(${ids}::text[])`.execute(db)
}
