import type { Platform } from './define.ts'
import { createRateLimiter, type RateLimiter } from './rate-limit.ts'
import { createVisitorLimiter, type VisitorLimiter } from './visitor-limit.ts'

/** What one process lets callers do, so that there is something left for others. */
export interface Limits {
  rate: RateLimiter
  visitors: VisitorLimiter
}

export function createLimits(platform: Pick<Platform, 'db' | 'config' | 'clock' | 'log'>): Limits {
  const { config, clock } = platform
  return {
    rate: createRateLimiter(platform),
    visitors: createVisitorLimiter({ visitorLimit: config.visitorLimit, nowMs: clock.nowMs }),
  }
}
