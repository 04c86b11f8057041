/** Where time comes from. Injected, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number
}

export const systemClock: Clock = { nowMs: () => Date.now() }

/** How long a computation goes on before it lets others have their turn. */
const TURN_MS = 5

/**
 * For computations that may take long, one for each: `if (turns.isOver()) await turns.next()` between their steps, so
 * that nobody waits for all of them.
 */
export function takeTurns(): { isOver(): boolean; next(): Promise<void> } {
  let sinceMs = performance.now()
  return {
    isOver: () => performance.now() - sinceMs > TURN_MS,
    async next() {
      await new Promise((resolve) => setImmediate(resolve))
      sinceMs = performance.now()
    },
  }
}

/** Years 1 to 9999: what every calendar here knows, the database's included. */
export const isStorableMoment = (date: Date) =>
  !Number.isNaN(date.getTime()) && date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999
