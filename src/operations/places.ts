import { AppError } from '../errors.ts'

/** Places for what goes on for long, or bytes for what is large: so many in all, and so many for each tenant. */
export interface Places {
  readonly taken: number
  /**
   * Takes one, or as many as are said, and answers what gives them back. 429 when the tenant has all that it can have,
   * 503 when there is none left.
   */
  take(tenant: string, count?: number): () => void
}

const RETRY_SECONDS = 5

export function createPlaces({ what, most, mostEach }: { what: string; most: number; mostEach: number }): Places {
  const held = new Map<string, number>()
  let taken = 0
  return {
    get taken() {
      return taken
    },
    take(tenant, count = 1) {
      const own = held.get(tenant) ?? 0
      if (own + count > mostEach) throw new AppError('too_many', { what, most: mostEach, seconds: RETRY_SECONDS })
      if (taken + count > most) throw new AppError('crowded', { what, seconds: RETRY_SECONDS })
      taken += count
      held.set(tenant, own + count)
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        taken -= count
        const left = (held.get(tenant) ?? count) - count
        if (left === 0) held.delete(tenant)
        else held.set(tenant, left)
      }
    },
  }
}

/**
 * How much of something comes in a while: 429 for a tenant that has brought all that it may, until the while is over.
 */
export interface Flow {
  count(tenant: string, count: number): void
}

export function createFlow({
  what,
  most,
  perMs,
  nowMs,
}: {
  what: string
  most: number
  perMs: number
  nowMs: () => number
}): Flow {
  let startedMs = 0
  let counts = new Map<string, number>()
  return {
    count(tenant, count) {
      if (nowMs() - startedMs >= perMs) {
        startedMs = nowMs()
        counts = new Map()
      }
      const sum = (counts.get(tenant) ?? 0) + count
      if (sum > most)
        throw new AppError('too_much', {
          what,
          most,
          per: perMs / 1000,
          seconds: Math.ceil((startedMs + perMs - nowMs()) / 1000),
        })
      counts.set(tenant, sum)
    },
  }
}
