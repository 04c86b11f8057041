import type { Leased, Room } from './leases.ts'

/** Requests to one endpoint under way: at first, and at most. */
export const [FIRST_WIDTH, MOST_WIDTH] = [4, 64]

interface Width {
  width: number
  underWay: number
}

/**
 * How many requests each endpoint may have under way. One that answers quickly gets more of them, one that is slow or fails
 * half as many: whatever it does, it keeps few of our connections.
 */
export class Widths {
  readonly #known = new Map<string, Width>()

  began({ locationId, endpointId }: Leased): void {
    const key = `${locationId} ${endpointId}`
    const known = this.#known.get(key) ?? { width: FIRST_WIDTH, underWay: 0 }
    known.underWay++
    this.#known.set(key, known)
  }

  ended({ locationId, endpointId }: Leased, { isQuick }: { isQuick: boolean }): void {
    const key = `${locationId} ${endpointId}`
    const known = this.#known.get(key)
    if (known === undefined) return
    known.underWay--
    known.width = isQuick ? Math.min(known.width + 1, MOST_WIDTH) : Math.max(Math.floor(known.width / 2), 1)
    // One that begins anew begins like others.
    if (known.underWay === 0 && known.width === FIRST_WIDTH) this.#known.delete(key)
  }

  rooms(): { rooms: Room[]; first: number } {
    const rooms = [...this.#known].map(([key, { width, underWay }]) => {
      const [locationId = '', id = ''] = key.split(' ')
      return { locationId, id, free: Math.max(width - underWay, 0) }
    })
    return { rooms, first: FIRST_WIDTH }
  }
}
