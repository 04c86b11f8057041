import type { Caller } from '../auth/tokens.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Operation } from './define.ts'

const INTERVAL_MS = 10_000
const DAY_MS = 86_400_000
/** Windows that have ended are dropped when this many are held. */
const SWEEP_AT = 50_000

export interface RateState {
  exceeded: boolean
  retryMs: number
  /** The five headers of the HighLevel wire. */
  headers: Record<string, string>
}

export interface RateLimiter {
  /** Counts one call; null when it is not limited. */
  take(caller: Caller, operation: Operation): RateState | null
}

interface Window {
  startedMs: number
  count: number
}

/**
 * Fixed windows per app and resource, kept in this process. A resource is a location or an agency (wire/highlevel.md, "Errors");
 * a private token counts as an app of its own. However many tokens an app holds for a location, they share one window.
 */
export function createRateLimiter(config: Config, clock: Clock): RateLimiter {
  const windows = new Map<string, Window>()

  const count = (key: string, lengthMs: number, nowMs: number): Window => {
    let window = windows.get(key)
    if (window === undefined || nowMs - window.startedMs >= lengthMs) {
      window = { startedMs: nowMs, count: 0 }
      windows.set(key, window)
    }
    window.count++
    return window
  }

  const sweep = (nowMs: number) => {
    for (const [key, window] of windows) if (nowMs - window.startedMs >= (key.startsWith('d/') ? DAY_MS : INTERVAL_MS)) windows.delete(key)
  }

  return {
    take(caller, operation) {
      if (config.rateLimit === 0 || caller.unlimited || operation.token === 'none') return null
      const nowMs = clock.nowMs()
      if (windows.size > SWEEP_AT) sweep(nowMs)
      const name = `${caller.oauth?.appId ?? caller.tokenId}/${caller.locationId ?? caller.agencyId}`
      const interval = count(`i/${name}`, INTERVAL_MS, nowMs)
      const day = count(`d/${name}`, DAY_MS, nowMs)
      const overInterval = interval.count > config.rateLimit
      const overDay = day.count > config.rateLimitDaily
      const window = overDay ? { start: day.startedMs, length: DAY_MS } : { start: interval.startedMs, length: INTERVAL_MS }
      const exceeded = overInterval || overDay
      const retryMs = window.start + window.length - nowMs
      return {
        exceeded,
        retryMs,
        headers: {
          'x-ratelimit-limit-daily': String(config.rateLimitDaily),
          'x-ratelimit-daily-remaining': String(Math.max(0, config.rateLimitDaily - day.count)),
          'x-ratelimit-interval-milliseconds': String(INTERVAL_MS),
          'x-ratelimit-max': String(config.rateLimit),
          'x-ratelimit-remaining': String(Math.max(0, config.rateLimit - interval.count)),
          ...(exceeded ? { 'retry-after': String(Math.ceil(retryMs / 1000)) } : {}),
        },
      }
    },
  }
}
