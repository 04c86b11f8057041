import type { Platform } from './define.ts'
import { createPlaces, type Places } from './places.ts'
import { createRateLimiter, type RateLimiter } from './rate-limit.ts'
import { createVisitorLimiter, type VisitorLimiter } from './visitor-limit.ts'

/** What one process lets callers do, so that there is something left for others. */
export interface Limits {
  rate: RateLimiter
  visitors: VisitorLimiter
  streams: Places
}

export function createLimits(platform: Pick<Platform, 'db' | 'config' | 'clock' | 'log'>): Limits {
  const { config, clock } = platform
  const most = config.streams
  return {
    rate: createRateLimiter(platform),
    visitors: createVisitorLimiter({ visitorLimit: config.visitorLimit, nowMs: clock.nowMs }),
    streams: createPlaces({ what: 'event streams', most, mostEach: Math.max(1, Math.floor(most / 5)) }),
  }
}
