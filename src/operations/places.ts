import { AppError } from '../errors.ts'

/** Places for what goes on for long: so many in all, and so many for each tenant. */
export interface Places {
  readonly taken: number
  /** Takes one, and answers what gives it back. 429 when the tenant has all that it can have, 503 when there is none left. */
  take(tenant: string): () => void
}

const RETRY_SECONDS = 5

export function createPlaces({ what, most, mostEach }: { what: string; most: number; mostEach: number }): Places {
  const held = new Map<string, number>()
  let taken = 0
  return {
    get taken() {
      return taken
    },
    take(tenant) {
      const own = held.get(tenant) ?? 0
      if (own >= mostEach) throw new AppError('too_many', { what, most: mostEach, seconds: RETRY_SECONDS })
      if (taken >= most) throw new AppError('crowded', { what, seconds: RETRY_SECONDS })
      taken++
      held.set(tenant, own + 1)
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        taken--
        const left = (held.get(tenant) ?? 1) - 1
        if (left === 0) held.delete(tenant)
        else held.set(tenant, left)
      }
    },
  }
}
