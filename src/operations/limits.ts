import type { Platform } from './define.ts'
import { createPlaces, type Places } from './places.ts'
import { createRateLimiter, type RateLimiter } from './rate-limit.ts'
import { createVisitorLimiter, type VisitorLimiter } from './visitor-limit.ts'

/** What one process lets callers do, so that there is something left for others. */
export interface Limits {
  rate: RateLimiter
  visitors: VisitorLimiter
  streams: Places
  uploads: Places
  /** Bytes of bodies that are held in memory. */
  bodies: Places
}

/** Of all places, what one tenant may have. */
const SHARE = 0.2
/** Largest bodies at a time: of all tenants, and of one. */
const [MOST_BODIES, MOST_BODIES_EACH] = [32, 8]

export function createLimits(platform: Pick<Platform, 'db' | 'config' | 'clock' | 'log'>): Limits {
  const { config, clock } = platform
  const shared = (what: string, most: number) => createPlaces({ what, most, mostEach: Math.max(1, Math.floor(most * SHARE)) })
  return {
    rate: createRateLimiter(platform),
    visitors: createVisitorLimiter({ visitorLimit: config.visitorLimit, nowMs: clock.nowMs }),
    streams: shared('event streams', config.streams),
    uploads: shared('uploads', config.uploads),
    bodies: createPlaces({ what: 'bytes in large bodies', most: config.bodyBytes * MOST_BODIES, mostEach: config.bodyBytes * MOST_BODIES_EACH }),
  }
}
