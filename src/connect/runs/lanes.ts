/** How a set of rows ended: what waited for it goes on, or looks again at what waits. */
type End = 'done' | 'broken'

/**
 * Sets of rows of one connection that are written at the same time. They are taken in turns, and one that shares a record
 * with another waits for it: so what came of one record is written in the order in which it came.
 */
export class Lanes {
  readonly #underWay = new Set<RowSet>()
  #turn: Promise<unknown> = Promise.resolve()

  /** One set is taken at a time. */
  inTurn<T>(take: () => Promise<T>): Promise<T> {
    const taken = this.#turn.then(take)
    this.#turn = taken.catch(() => {})
    return taken
  }

  newSet(): RowSet {
    return new RowSet(this.#underWay)
  }
}

export class RowSet {
  readonly #underWay: Set<RowSet>
  #keys: ReadonlySet<string> = new Set()
  #ended = Promise.withResolvers<End>()

  constructor(underWay: Set<RowSet>) {
    this.#underWay = underWay
  }

  /**
   * What no other set may write until this one has ended; in turn. Waits for those that were taken before and share it.
   * False: one of these was not written, so what it had comes first.
   */
  async hold(keys: ReadonlySet<string>): Promise<boolean> {
    for (const other of this.#underWay)
      if (!other.#keys.isDisjointFrom(keys) && (await other.#ended.promise) === 'broken') return false
    this.#keys = keys
    this.#ended = Promise.withResolvers()
    this.#underWay.add(this)
    return true
  }

  /** Once its transaction has ended, or is tried again. */
  end(how: End): void {
    this.#underWay.delete(this)
    this.#ended.resolve(how)
  }
}
