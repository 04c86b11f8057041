import { setTimeout as pause } from 'node:timers/promises'
import type { Notices } from '../db/notices.ts'
import type { Db } from '../db/pool.ts'
import type { ReadingPlaces } from './places.ts'
import { JOURNAL_GREW } from './round.ts'
import { type Journal, offsetsAfter } from './segments.ts'

/** Looked for all the same, if a notice is lost. */
const LOOK_MS = 2_000

/** Those who wait for journals to grow. */
export interface JournalFeeds {
  /** What `read` finds, as soon as it finds something; what it found last when the time is over or nobody waits. */
  until<T>(read: () => Promise<T[]>, ms: number, signal?: AbortSignal): Promise<T[]>
}

export function createJournalFeeds(notices: Notices): JournalFeeds {
  let grown = Promise.withResolvers<void>()
  let isHeard = false
  const listen = () => {
    if (isHeard) return
    isHeard = true
    notices.on(JOURNAL_GREW, () => {
      grown.resolve()
      grown = Promise.withResolvers()
    })
  }
  return {
    async until(read, ms, signal) {
      listen()
      const endMs = performance.now() + ms
      for (;;) {
        const next = grown.promise
        const found = await read()
        const leftMs = endMs - performance.now()
        if (found.length > 0 || leftMs <= 0 || signal?.aborted) return found
        const over = new AbortController()
        const stop = () => over.abort()
        signal?.addEventListener('abort', stop, { once: true })
        await Promise.race([next, pause(Math.min(leftMs, LOOK_MS), undefined, { signal: over.signal }).catch(() => {})])
        signal?.removeEventListener('abort', stop)
        over.abort()
      }
    },
  }
}

const HEARTBEAT_MS = 15_000
/** Files read ahead of whoever follows. */
const FILES = 20

export interface Following {
  db: Db
  feeds: JournalFeeds
  places: ReadingPlaces
  journal: Journal
  /** Begins behind it. */
  after: string
  read(offset: string): Promise<string | null>
  isLetIn(): Promise<boolean>
  signal?: AbortSignal | undefined
}

/** A journal as server-sent events: each file is one, its offset the id. Ends with the token, or with the reader. */
export async function* followJournal({
  db,
  feeds,
  places,
  journal,
  after,
  read,
  isLetIn,
  signal,
}: Following): AsyncGenerator<string> {
  let at = after
  yield ': the journal follows\n\n'
  while (!signal?.aborted) {
    places.note(journal, at)
    const next = await feeds.until(() => offsetsAfter(db, journal, at, FILES), HEARTBEAT_MS, signal)
    if (!(await isLetIn())) return
    if (next.length === 0) yield ': still here\n\n'
    for (const offset of next) {
      const text = await read(offset)
      if (text !== null) yield `event: journal\nid: ${offset}\ndata: ${text}\n\n`
      at = offset
    }
  }
}
