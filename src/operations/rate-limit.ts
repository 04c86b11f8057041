import type { Caller } from '../auth/caller.ts'
import { addCounts, type Counts, DAY_MS, dayOf, readCounts, startOf } from '../auth/rate-counts.ts'
import { Outage } from '../db/outage.ts'
import type { Operation } from './define.ts'
import type { Platform } from './platform.ts'
import {
  createExchanges,
  type Entry,
  EXCHANGE_MS,
  INTERVAL_MS,
  SOON_MS,
  settle,
  type Window,
  windowAt,
} from './rate-exchanges.ts'

/** Names held in memory. Those above are dropped after an exchange: the database knows their sums. */
const MOST_NAMES = 50_000

export interface RateState {
  exceeded: boolean
  retryMs: number
  /** The five headers of the HighLevel wire. */
  headers: Record<string, string>
}

export interface RateLimiter extends AsyncDisposable {
  /** Learns what was counted before this process began. */
  learn(): Promise<void>
  /** Counts one call; null when it is not limited. */
  take(caller: Caller, operation: Pick<Operation, 'token'>): RateState | null
}

/** The app that private tokens are of. */
const PRIVATE = 'private'

/** People count each for themselves, wherever they act. */
const nameOf = ({ oauth, person, locationId, agencyId }: Caller) =>
  person === undefined ? `${oauth?.appId ?? PRIVATE}/${locationId ?? agencyId}` : `person/${person.id}`

const countOf = (window: Window) => window.known + window.unsent

/**
 * Fixed windows per app and resource. A resource is a location or an agency (wire/highlevel.md, "Errors"); all
 * private tokens of it count as one app. However many tokens an app holds for a location, they share one window.
 *
 * Each process counts for itself and adds its counts to those of the others through a table, away from the requests:
 * within
 * 250 ms, or 25 ms where it has not asked for so long or a tenth of the limit is new. So whoever has calls to judge
 * knows of a call elsewhere after half a second and the time of two statements at most. Beyond a limit goes what
 * reaches the other processes in that time, and never more than the limit again for each of them.
 */
export function createRateLimiter({
  db,
  config,
  clock,
  log,
}: Pick<Platform, 'db' | 'config' | 'clock' | 'log'>): RateLimiter {
  const entries = new Map<string, Entry>()
  const dirty = new Set<Entry>()
  const exchanges = createExchanges(exchange)
  const outage = new Outage(log, 'the database, asked for the counts of rate limits,')

  function entryOf(name: string, nowMs: number): Entry {
    let entry = entries.get(name)
    if (entry === undefined) {
      entry = {
        name,
        interval: windowAt(nowMs, INTERVAL_MS),
        day: windowAt(nowMs, DAY_MS),
        learntMs: Number.NEGATIVE_INFINITY,
      }
      entries.set(name, entry)
    }
    if (entry.interval.startedMs !== startOf(nowMs, INTERVAL_MS)) entry.interval = windowAt(nowMs, INTERVAL_MS)
    if (entry.day.startedMs !== dayOf(nowMs)) entry.day = windowAt(nowMs, DAY_MS)
    return entry
  }

  async function exchange(): Promise<void> {
    const sent = [...dirty].map((entry) => ({
      entry,
      interval: entry.interval,
      day: entry.day,
      intervalCount: entry.interval.unsent,
      dayCount: entry.day.unsent,
    }))
    if (sent.length === 0) return
    dirty.clear()
    const counts = sent.map(({ entry, interval, day, intervalCount, dayCount }) => ({
      name: entry.name,
      intervalStartedMs: interval.startedMs,
      intervalCount,
      dayStartedMs: day.startedMs,
      dayCount,
    }))
    const sums = new Map<string, Counts>()
    try {
      for (const row of await addCounts(db, counts)) sums.set(row.name, row)
    } catch (error) {
      for (const { entry } of sent) dirty.add(entry)
      // Each process goes on with its own.
      outage.failed(error)
      return
    }
    outage.over()
    const nowMs = clock.nowMs()
    for (const { entry, interval, day, intervalCount, dayCount } of sent) {
      const sum = sums.get(entry.name) as Counts
      settle(interval, intervalCount, sum.intervalStartedMs, sum.intervalCount)
      settle(day, dayCount, sum.dayStartedMs, sum.dayCount)
      entry.learntMs = nowMs
    }
    for (const [name, entry] of entries) {
      if (entries.size <= MOST_NAMES) break
      if (!dirty.has(entry)) entries.delete(name)
    }
  }

  return {
    async learn() {
      if (config.rateLimit === 0) return
      const nowMs = clock.nowMs()
      for (const sum of await readCounts(db, dayOf(nowMs), MOST_NAMES)) {
        const entry = entryOf(sum.name, nowMs)
        settle(entry.interval, 0, sum.intervalStartedMs, sum.intervalCount)
        settle(entry.day, 0, sum.dayStartedMs, sum.dayCount)
      }
    },
    take(caller, operation) {
      if (config.rateLimit === 0 || caller.unlimited || operation.token === 'none') return null
      const nowMs = clock.nowMs()
      const entry = entryOf(nameOf(caller), nowMs)
      const { interval, day } = entry
      interval.unsent++
      day.unsent++
      dirty.add(entry)
      const overDay = countOf(day) > config.rateLimitDaily
      const exceeded = overDay || countOf(interval) > config.rateLimit
      const urgent =
        !exceeded &&
        (day.unsent * 10 >= Math.min(config.rateLimit, config.rateLimitDaily) || nowMs - entry.learntMs > EXCHANGE_MS)
      exchanges.within(urgent ? SOON_MS : EXCHANGE_MS)
      const retryMs = (overDay ? day.startedMs + DAY_MS : interval.startedMs + INTERVAL_MS) - nowMs
      return {
        exceeded,
        retryMs,
        headers: {
          'x-ratelimit-limit-daily': String(config.rateLimitDaily),
          'x-ratelimit-daily-remaining': String(Math.max(0, config.rateLimitDaily - countOf(day))),
          'x-ratelimit-interval-milliseconds': String(INTERVAL_MS),
          'x-ratelimit-max': String(config.rateLimit),
          'x-ratelimit-remaining': String(Math.max(0, config.rateLimit - countOf(interval))),
          ...(exceeded ? { 'retry-after': String(Math.ceil(retryMs / 1000)) } : {}),
        },
      }
    },
    [Symbol.asyncDispose]: () => exchanges.end(),
  }
}
