import { EventEmitter } from 'node:events'
import { type Runner as GraphileRunner, Logger, run, type TaskList } from 'graphile-worker'
import type pg from 'pg'
import type { Config } from '../config.ts'
import { isInfrastructure } from '../db/transaction.ts'
import type { Log } from '../log.ts'
import { WORKER_LOCK } from './dead-workers.ts'

/** Once an hour, by one worker of all. */
const HOUSEKEEPING = '17 * * * * maintain'
/**
 * What became of jobs is written down in groups, at once. Not for speed: only so does a failure to write it stop the
 * runner in order. One by one, graphile-worker 0.18 leaves the failure to nobody, which ends the process.
 */
const IN_GROUPS = { completeJobBatchDelay: 0, failJobBatchDelay: 0 }
/**
 * A connection whose other end is gone without a word is given up by the database after a minute, and the lock with it.
 */
const NOTICE_THE_DEAD = 'set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3'

export interface RunnerOptions {
  pool: pg.Pool
  config: Config
  log: Log
  tasks: TaskList
}

/** One run of the job queue under one name, and the lock that says that it lives. */
export class Runner {
  readonly id: string
  /** Settles when it takes no more jobs, of itself or because it was ended. */
  readonly stopped: Promise<void>
  hasStopped = false
  readonly #runner: GraphileRunner
  readonly #pool: pg.Pool
  /** Lets the lock go, and its connection. Null while it is not held. */
  #letGo: (() => void) | null = null
  #isEnded = false

  private constructor(id: string, runner: GraphileRunner, pool: pg.Pool) {
    this.id = id
    this.#runner = runner
    this.#pool = pool
    const stopped = () => {
      this.hasStopped = true
    }
    this.stopped = runner.promise.then(stopped, stopped)
  }

  static async begin({ pool, config, log, tasks }: RunnerOptions): Promise<Runner> {
    const events = new EventEmitter()
    let id = ''
    events.once('pool:create', ({ workerPool }: { workerPool: { id: string } }) => {
      id = workerPool.id
    })
    const runner = await run({
      preset: { worker: IN_GROUPS },
      pgPool: pool,
      taskList: tasks,
      concurrency: config.workerConcurrency,
      pollInterval: 1_000,
      noHandleSignals: true,
      events: events as never,
      crontab: HOUSEKEEPING,
      logger: new Logger((scope) => (level, message, meta) => {
        // A database that is away is told by whoever asks it each second; a job that failed for it runs again.
        const severity =
          level !== 'error'
            ? 'debug'
            : !isInfrastructure(meta?.error ?? {})
              ? 'error'
              : meta?.failure
                ? 'warn'
                : 'debug'
        log[severity]({ job: scope.taskIdentifier, jobId: scope.jobId }, message)
      }),
    })
    return new Runner(id, runner, pool)
  }

  /**
   * A lock lives as long as its connection; when that is lost (a failover, an idle cut), the next beat takes it again.
   */
  async hold(): Promise<void> {
    if (this.#letGo !== null || this.#isEnded) return
    const client = await this.#pool.connect()
    let isGone = false
    const letGo = () => {
      if (isGone) return
      isGone = true
      if (this.#letGo === letGo) this.#letGo = null
      client.release(true)
    }
    client.once('error', letGo)
    client.once('end', letGo)
    try {
      await client.query(NOTICE_THE_DEAD)
      await client.query('select pg_advisory_lock($1, hashtext($2))', [WORKER_LOCK, this.id])
    } catch (error) {
      letGo()
      throw error
    }
    if (this.#isEnded) letGo()
    else if (!isGone) this.#letGo = letGo
  }

  /** Waits for the jobs under way. */
  async end(): Promise<void> {
    // The one that stopped of itself says that it has stopped already.
    await this.#runner.stop().catch(() => this.stopped)
    this.#isEnded = true
    this.#letGo?.()
  }
}
