import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { AppError } from '../errors.ts'

/** On whose behalf connections are asked for. */
interface Errand {
  tenant: string
  /** Nobody waits for the answer any more. */
  signal: AbortSignal | undefined
}

const errands = new AsyncLocalStorage<Errand>()

/** What `work` asks of a fair pool counts as this tenant's. With a signal, statements under way are cancelled when it is aborted. */
export function onBehalfOf<T>(tenant: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return errands.run({ tenant, signal }, work)
}

/** A request that gets no connection for so long is refused: 503. */
const PATIENCE_MS = 10_000
/** Requests of one tenant that may wait at a time. */
const MOST_WAITING = 300

interface Waiting {
  enter(): void
}

type Release = (error?: Error | boolean) => void

/**
 * A pool in which no tenant can take all connections: beyond its share it gets one only while a reserve is free for others, and those who wait
 * are served in turn, tenant by tenant. Whoever asks on nobody's behalf (the process itself) does not wait here.
 */
export class FairPool extends pg.Pool {
  readonly #size: number
  readonly #share: number
  readonly #reserve: number
  readonly #held = new Map<string, number>()
  readonly #waiting = new Map<string, Waiting[]>()
  #taken = 0

  constructor(config: pg.PoolConfig & { max: number }) {
    super(config)
    this.#size = config.max
    this.#share = Math.max(1, Math.floor(config.max * 0.3))
    this.#reserve = Math.floor(config.max * 0.4)
  }

  /** Requests that wait for their turn. */
  get requestsWaiting(): number {
    return [...this.#waiting.values()].reduce((sum, line) => sum + line.length, 0)
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: (error: Error | undefined, client: pg.PoolClient | undefined, done: Release) => void): void
  override connect(callback?: (error: Error | undefined, client: pg.PoolClient | undefined, done: Release) => void): unknown {
    const errand = errands.getStore()
    const client = errand === undefined ? super.connect() : this.#connectFor(errand)
    if (callback === undefined) return client
    return client.then(
      (one) => callback(undefined, one, one.release),
      (error) => callback(error, undefined, () => {}),
    )
  }

  async #connectFor({ tenant, signal }: Errand): Promise<pg.PoolClient> {
    await this.#enter(tenant)
    let client: pg.PoolClient
    try {
      client = await super.connect()
    } catch (error) {
      this.#leave(tenant)
      throw error
    }
    const release = client.release.bind(client)
    let cancelling: Promise<unknown> | undefined
    const cancel = () => {
      cancelling = super.query('select pg_cancel_backend($1)', [(client as unknown as { processID: number }).processID]).catch(() => {})
    }
    if (signal?.aborted) cancel()
    else signal?.addEventListener('abort', cancel, { once: true })
    client.release = (error?: Error | boolean) => {
      signal?.removeEventListener('abort', cancel)
      this.#leave(tenant)
      // What is being cancelled must not be somebody else's by then.
      if (cancelling === undefined) release(error)
      else void cancelling.then(() => release(error))
    }
    return client
  }

  #mayEnter(tenant: string): boolean {
    const free = this.#size - this.#taken
    return free > 0 && ((this.#held.get(tenant) ?? 0) < this.#share || free > this.#reserve)
  }

  #enter(tenant: string): Promise<void> {
    if (!this.#waiting.has(tenant) && this.#mayEnter(tenant)) {
      this.#take(tenant)
      return Promise.resolve()
    }
    const line = this.#waiting.get(tenant) ?? []
    if (line.length >= MOST_WAITING) return Promise.reject(new AppError('busy', { seconds: 1 }))
    this.#waiting.set(tenant, line)
    return new Promise((done, refuse) => {
      const one: Waiting = {
        enter: () => {
          clearTimeout(late)
          this.#take(tenant)
          done()
        },
      }
      const late = setTimeout(() => {
        this.#drop(tenant, one)
        refuse(new AppError('busy', { seconds: 1 }))
      }, PATIENCE_MS)
      line.push(one)
    })
  }

  #take(tenant: string): void {
    this.#taken++
    this.#held.set(tenant, (this.#held.get(tenant) ?? 0) + 1)
  }

  #leave(tenant: string): void {
    this.#taken--
    const left = (this.#held.get(tenant) ?? 1) - 1
    if (left === 0) this.#held.delete(tenant)
    else this.#held.set(tenant, left)
    for (const [name, line] of [...this.#waiting]) {
      const first = line[0]
      if (first === undefined || !this.#mayEnter(name)) continue
      this.#drop(name, first)
      // Behind the others: each tenant in turn.
      if (line.length > 0) {
        this.#waiting.delete(name)
        this.#waiting.set(name, line)
      }
      first.enter()
    }
  }

  #drop(tenant: string, one: Waiting): void {
    const line = this.#waiting.get(tenant) ?? []
    const place = line.indexOf(one)
    if (place >= 0) line.splice(place, 1)
    if (line.length === 0) this.#waiting.delete(tenant)
  }
}
