import pg from 'pg'

/**
 * Ends statements whose answers nobody waits for, over a connection that is there only meanwhile: those of the pool may
 * all be waiting for just this.
 */
export class Canceller {
  readonly #options: pg.ClientConfig
  readonly #wanted = new Map<number, PromiseWithResolvers<void>>()
  #isAtWork = false

  constructor(options: pg.ClientConfig) {
    this.#options = options
  }

  /** Resolves when the backend has been told, or cannot be. */
  cancel(processId: number): Promise<void> {
    const wanted = this.#wanted.get(processId) ?? Promise.withResolvers<void>()
    this.#wanted.set(processId, wanted)
    if (!this.#isAtWork) void this.#work()
    return wanted.promise
  }

  /** The statement has ended by itself. False: the backend is being told all the same. */
  withdraw(processId: number): boolean {
    this.#wanted.get(processId)?.resolve()
    return this.#wanted.delete(processId)
  }

  async #work(): Promise<void> {
    this.#isAtWork = true
    const client = new pg.Client(this.#options)
    client.on('error', () => {})
    let told: PromiseWithResolvers<void>[] = []
    try {
      await client.connect()
      while (this.#wanted.size > 0) {
        const ids = [...this.#wanted.keys()]
        told = [...this.#wanted.values()]
        this.#wanted.clear()
        await client.query('select pg_cancel_backend(id) from unnest($1::int[]) as id', [ids])
        for (const { resolve } of told) resolve()
      }
    } catch {
      // They end by their time limit.
      for (const { resolve } of [...told, ...this.#wanted.values()]) resolve()
      this.#wanted.clear()
    } finally {
      this.#isAtWork = false
      await client.end().catch(() => {})
    }
  }
}
