import { seeded } from '../support/crash.ts'

/** Chance that can be repeated: everything random in a world comes from one of these. */
export class Chance {
  readonly #next: () => number

  constructor(seed: number) {
    this.#next = seeded(seed)
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    return Math.floor(this.#next() * below)
  }

  /** True this often: 0.3 is three times in ten. */
  is(share: number): boolean {
    return this.#next() < share
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T
  }

  find<T>(values: readonly T[]): T | undefined {
    return values.length === 0 ? undefined : this.of(values)
  }

  /** Each value this often, in their order. */
  some<T>(values: readonly T[], share: number): T[] {
    return values.filter(() => this.is(share))
  }

  /** One name of a table of weights. */
  weighted<T extends string>(weights: Partial<Record<T, number>>): T {
    const entries = Object.entries(weights) as [T, number][]
    let left = this.#next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [name, weight] of entries) {
      left -= weight
      if (left < 0) return name
    }
    return (entries.at(-1) as [T, number])[0]
  }
}
