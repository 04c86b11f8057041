import { type Link, nameOf } from './identity.ts'
import type { AliasRow } from './load-names.ts'
import type { Names } from './names.ts'

type Incoming = Pick<AliasRow, 'locationId' | 'kind' | 'lineage'>

/** Lineages that mean something else from this push on, unless what they are to mean cannot be written. */
export class Turns {
  readonly #names: Names
  /** By `location/kind/lineage`, as are the others. */
  readonly #answered: ReadonlyMap<string, Link>
  /** Aliases that give way. */
  readonly #leaving: Map<string, AliasRow>
  /** What the answered, and what gives way, reached before, and that was deleted. */
  readonly #past: ReadonlyMap<string, AliasRow>

  constructor(found: {
    names: Names
    links: ReadonlyMap<string, Link>
    left: readonly AliasRow[]
    past: readonly AliasRow[]
  }) {
    this.#names = found.names
    this.#answered = new Map([...found.links].filter(([_, link]) => link.isNew && link.isAnswer))
    // An alias before what was deleted under the same lineage.
    this.#leaving = new Map(found.left.toReversed().map((alias) => [nameOf(alias), alias]))
    this.#past = new Map(found.past.map((alias) => [nameOf(alias), alias]))
  }

  /** Whether the alias of a lineage (`kind:lineage`) gives way in this push. */
  leaves(locationId: string, ref: string): boolean {
    return this.#leaving.has(`${locationId}/${ref.replace(':', '/')}`)
  }

  /** `location/lineage` of the aliases of a kind that give way in this push. */
  leavingOf(kind: string): string[] {
    return [...this.#leaving.values()]
      .filter((alias) => alias.kind === kind)
      .map(({ locationId, lineage }) => `${locationId}/${lineage}`)
  }

  /** Targets in which this push gives lineages of a kind another meaning. */
  placesOf(kind: string): Set<string> {
    const all = [...this.#leaving.values(), ...this.#answered.values()]
    return new Set(all.filter((one) => one.kind === kind).map(({ locationId }) => locationId))
  }

  /**
   * What a lineage was to mean cannot be written: it goes on meaning what it meant. False: it does already, or means
   * nothing else; what comes in names what was answered then, which is better than nothing.
   */
  undo(incoming: Incoming): boolean {
    const [name, { locationId, kind, lineage }] = [nameOf(incoming), incoming]
    const answered = this.#answered.get(name)
    const isTurned = answered !== undefined && this.#names.ownOf(locationId, kind, lineage) === answered.own
    if (!isTurned && !this.#leaving.has(name)) return false
    const before = this.#leaving.get(name) ?? this.#past.get(name)
    if (before === undefined && !answered?.isNative) return false
    this.#leaving.delete(name)
    this.#names.forget(locationId, incoming)
    if (before !== undefined) this.#names.addAlias(locationId, before)
    return true
  }
}
