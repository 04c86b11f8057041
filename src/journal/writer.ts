import { setTimeout as pause } from 'node:timers/promises'
import type { Notices } from '../db/notices.ts'
import { Outage } from '../db/outage.ts'
import type { Log } from '../log.ts'
import { JOURNAL_WORK } from './requests.ts'
import { type Writing, writeRound } from './round.ts'

/** Between two looks: where somebody listens, where nobody does, and where another process writes. */
const [LISTENED_MS, IDLE_MS, ELSEWHERE_MS] = [20, 1_000, 500]

export interface JournalWriter {
  stop(): Promise<void>
}

/**
 * Writes the journals until stopped. Every worker tries; a lock lets one of them do it at a time. What has to be done is
 * looked for: a notice at each change would make all who write wait for each other.
 */
export function startJournalWriter(writing: Writing, { notices, log }: { notices: Notices; log: Log }): JournalWriter {
  const ended = new AbortController()
  const outage = new Outage(log, 'what the journal needs (the database, the object store)')
  let woken = Promise.withResolvers<void>()
  notices.on(JOURNAL_WORK, () => {
    woken.resolve()
    woken = Promise.withResolvers()
  })
  const wait = (ms: number) => pause(ms, undefined, { signal: ended.signal }).catch(() => {})

  async function live(): Promise<void> {
    while (!ended.signal.aborted) {
      const called = woken.promise
      let ms = 1_000
      try {
        const result = await writeRound({
          ...writing,
          onFault: (error) => log.error({ err: error }, 'a record snapshot failed'),
        })
        outage.over()
        if (result === 'more') continue
        ms = { idle: IDLE_MS, elsewhere: ELSEWHERE_MS, done: LISTENED_MS }[result]
      } catch (error) {
        outage.failed(error as Error)
      }
      await Promise.race([wait(ms), called])
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
