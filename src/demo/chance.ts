const SEED = 20_260_302

/** Chance that is the same each time: mulberry32. */
export interface Dice {
  /** From 0 to `below` - 1. */
  roll(below: number): number
  pick<T>(from: readonly T[]): T
  /** One time in `times`. */
  once(times: number): boolean
}

export function createDice(seed = SEED): Dice {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const roll = (below: number) => Math.floor(next() * below)
  return { roll, pick: (from) => from[roll(from.length)] as (typeof from)[number], once: (times) => roll(times) === 0 }
}
