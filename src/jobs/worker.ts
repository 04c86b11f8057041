import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type pg from 'pg'
import { Outage } from '../db/outage.ts'
import type { Db } from '../db/pool.ts'
import { releaseDead, releaseJobsOf } from './dead-workers.ts'
import { Runner, type RunnerOptions } from './runner.ts'

/** How often a worker says that it is alive and looks for dead ones. */
const BEAT_MS = 1_000
/** Pauses before a runner that stopped is started again. */
const [FIRST_PAUSE_MS, MOST_PAUSE_MS] = [200, 5_000]

export interface Worker {
  stop(): Promise<void>
}

export interface WorkerOptions extends RunnerOptions {
  db: Db
  pool: pg.Pool
}

/**
 * Runs jobs until stopped. A worker that was killed cannot release its jobs, so every worker holds an advisory lock
 * that dies with its connection; whoever finds the lock free gives that worker's jobs back to the queue at once.
 * A queue that cannot write down what became of a job stops; then its jobs are given back and another one is begun
 * under another name, as often as it takes.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { db, log } = options
  const ended = new AbortController()
  const outage = new Outage(log, 'the database, asked by the worker,')
  const wait = (ms: number) => pause(ms, undefined, { signal: ended.signal }).catch(() => {})
  await releaseDead(db, log, '')
  let runner = await Runner.begin(options)
  await beat(options, runner)

  /** One runner, from its first beat to its last. */
  async function live(): Promise<void> {
    while (!ended.signal.aborted && !runner.hasStopped) {
      await Promise.race([wait(BEAT_MS), runner.stopped])
      if (ended.signal.aborted || runner.hasStopped) return
      await beat(options, runner).then(
        () => outage.over(),
        (error) => outage.failed(error),
      )
    }
  }

  async function again(): Promise<void> {
    for (let tries = 0; !ended.signal.aborted; tries++) {
      await wait(Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries))
      try {
        // It is over, so nobody works on them: whatever its connections look like from over there.
        await releaseJobsOf(db, [runner.id])
        const next = await Runner.begin(options)
        await runner.end()
        runner = next
        await beat(options, runner)
        outage.over()
        return
      } catch (error) {
        outage.failed(error)
      }
    }
  }

  const living = (async () => {
    while (!ended.signal.aborted) {
      await live()
      if (!ended.signal.aborted) await again()
    }
  })()
  return {
    async stop() {
      ended.abort()
      await runner.end()
      await living
      // Those that were begun meanwhile.
      await runner.end()
      await sql`delete from worker where id = ${runner.id}`.execute(db).catch((error) => outage.failed(error))
    },
  }
}

/** Says that this worker lives, and gives back the jobs of those that do not. */
async function beat({ db, log }: WorkerOptions, runner: Runner): Promise<void> {
  await runner.hold()
  await sql`insert into worker (id, seen_at) values (${runner.id}, now()) on conflict (id) do update
      set seen_at = excluded.seen_at`.execute(db)
  await releaseDead(db, log, runner.id)
}
