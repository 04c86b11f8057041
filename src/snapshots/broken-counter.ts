import { setTimeout as pause } from 'node:timers/promises'
import { Outage } from '../db/outage.ts'
import type { Db } from '../db/pool.ts'
import { isBusyWith } from '../db/queue.ts'
import type { Log } from '../log.ts'
import { collectWritten } from '../store/changes/index.ts'
import { countDue } from './broken-counts.ts'

const IDLE_MS = 1_000
/** Rests, by the time that was worked: nobody waits for this, and a push of hundreds of sub-accounts lasts half as long. */
const BESIDE_PUSHES = 30
const OTHERWISE = 1

export interface BrokenCounter {
  stop(): Promise<void>
}

/**
 * Counts broken references until stopped. Every worker tries, one does it. What is due is looked for: a job for each
 * write would be one more statement for all who write, and after a push as many jobs as it has targets.
 */
export function startBrokenCounter(db: Db, log: Log): BrokenCounter {
  const ended = new AbortController()
  const outage = new Outage(log, 'the database, asked for broken references,')
  const wait = (ms: number) => pause(ms, undefined, { signal: ended.signal }).catch(() => {})

  async function live(): Promise<void> {
    while (!ended.signal.aborted) {
      const beganMs = performance.now()
      let ms = IDLE_MS
      try {
        await collectWritten(db)
        const isAnyDue = (await countDue(db)) > 0
        const workedMs = performance.now() - beganMs
        if (isAnyDue) ms = workedMs * ((await isBusyWith(db, 'push-batch')) ? BESIDE_PUSHES : OTHERWISE)
        outage.over()
      } catch (error) {
        outage.failed(error)
      }
      await wait(ms)
    }
  }

  const living = live()
  return {
    async stop() {
      ended.abort()
      await living
    },
  }
}
