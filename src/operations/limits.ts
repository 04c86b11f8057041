import { Turns } from '../db/turns.ts'
import { createFlow, createPlaces, type Flow, type Places } from './places.ts'
import type { Platform } from './platform.ts'
import { createRateLimiter, type RateLimiter } from './rate-limit.ts'
import { createSecondly } from './secondly.ts'
import { createVisitorLimiter, type VisitorLimiter } from './visitor-limit.ts'

/** What one process lets callers do, so that there is something left for others. */
export interface Limits {
  rate: RateLimiter
  /** Of apps that speak for themselves. */
  secondly: ReturnType<typeof createSecondly>
  visitors: VisitorLimiter
  streams: Places
  uploads: Places
  /** Bytes of bodies that are held in memory. */
  bodies: Places
  /** Bytes of large bodies that come in a while: taking them in costs a processor, whatever they are. */
  bodyFlow: Flow
  /** What works on a fleet: one at a time for each tenant. */
  heavy: Turns
}

/** What is heavy takes a processor of the database for seconds. */
const MOST_HEAVY = 2
const HEAVY_PATIENCE_MS = 30_000
const MOST_HEAVY_WAITING = 50

/** Of all places, what one tenant may have. */
const SHARE = 0.2
/** Largest bodies at a time: of all tenants, and of one. */
const [MOST_BODIES, MOST_BODIES_EACH] = [32, 8]
/** Largest bodies of one tenant that come in ten seconds. */
const MOST_COMING = 10
const FLOW_MS = 10_000

export function createLimits(platform: Pick<Platform, 'db' | 'config' | 'clock' | 'log'>): Limits {
  const { config, clock } = platform
  const shared = (what: string, most: number) =>
    createPlaces({ what, most, mostEach: Math.max(1, Math.floor(most * SHARE)) })
  return {
    rate: createRateLimiter(platform),
    secondly: createSecondly(config, clock.nowMs),
    visitors: createVisitorLimiter({ visitorLimit: config.visitorLimit, nowMs: clock.nowMs }),
    streams: shared('event streams', config.streams),
    uploads: shared('uploads', config.uploads),
    bodies: createPlaces({
      what: 'bytes in large bodies',
      most: config.bodyBytes * MOST_BODIES,
      mostEach: config.bodyBytes * MOST_BODIES_EACH,
    }),
    bodyFlow: createFlow({
      what: 'bytes in large bodies',
      most: config.bodyBytes * MOST_COMING,
      perMs: FLOW_MS,
      nowMs: clock.nowMs,
    }),
    heavy: new Turns({
      size: MOST_HEAVY,
      share: 1,
      reserve: MOST_HEAVY,
      patienceMs: HEAVY_PATIENCE_MS,
      mostWaiting: MOST_HEAVY_WAITING,
    }),
  }
}
