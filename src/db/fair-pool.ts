import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { Canceller } from './canceller.ts'
import { Turns } from './turns.ts'

/** On whose behalf connections are asked for. */
interface Errand {
  tenant: string
  /** Nobody waits for the answer any more. */
  signal: AbortSignal | undefined
}

const errands = new AsyncLocalStorage<Errand>()

/**
 * What `work` asks of a fair pool counts as this tenant's. With a signal, statements under way are cancelled when it is
 * aborted.
 */
export function onBehalfOf<T>(tenant: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return errands.run({ tenant, signal }, work)
}

/** Who has asked for a connection last, and which other tenant last before. */
let latest = { tenant: '', atMs: Number.NEGATIVE_INFINITY }
let before = latest
const note = (tenant: string) => {
  if (tenant !== latest.tenant) before = latest
  latest = { tenant, atMs: performance.now() }
}

/** Whoever asked no longer ago than this may ask again in a moment. */
const ACTIVE_MS = 1_000
const LONGEST_REST_MS = 250

/**
 * Between the steps of what is long: where other tenants are served too, as long a rest as the work was. What it
 * takes of the processor, of the database and of the garbage collector is half of either then, at most.
 */
export async function restAfter(workedMs: number): Promise<void> {
  const errand = errands.getStore()
  if (errand === undefined) return
  const other = latest.tenant === errand.tenant ? before : latest
  if (performance.now() - other.atMs < ACTIVE_MS) await pause(Math.min(workedMs, LONGEST_REST_MS))
}

/** A request that gets no connection for so long is refused: 503. */
const PATIENCE_MS = 10_000
/** Requests of one tenant that may wait at a time. */
const MOST_WAITING = 300

/** As if PostgreSQL had ended the statement: it was not even sent. */
const hungUp = () => Object.assign(new Error('cancelled: nobody waits for the answer'), { code: '57014' })

type Release = (error?: Error | boolean) => void

/**
 * A pool in which no tenant can take all connections: beyond its share it gets one only while a reserve is free for
 * others, and those who wait are served in turn, tenant by tenant. Whoever asks on nobody's behalf (the process itself)
 * does not wait here.
 */
export class FairPool extends pg.Pool {
  readonly #turns: Turns
  readonly #canceller: Canceller

  constructor(config: pg.PoolConfig & { max: number }) {
    super(config)
    this.#canceller = new Canceller(this.options)
    this.#turns = new Turns({
      size: config.max,
      share: Math.max(1, Math.floor(config.max * 0.3)),
      reserve: Math.floor(config.max * 0.4),
      patienceMs: PATIENCE_MS,
      mostWaiting: MOST_WAITING,
    })
  }

  /** Requests that wait for their turn. */
  get requestsWaiting(): number {
    return this.#turns.waiting
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: (error: Error | undefined, client: pg.PoolClient | undefined, done: Release) => void): void
  override connect(
    callback?: (error: Error | undefined, client: pg.PoolClient | undefined, done: Release) => void,
  ): unknown {
    const errand = errands.getStore()
    const client = errand === undefined ? super.connect() : this.#connectFor(errand)
    if (callback === undefined) return client
    return client.then(
      (one) => callback(undefined, one, one.release),
      (error) => callback(error, undefined, () => {}),
    )
  }

  async #connectFor({ tenant, signal }: Errand): Promise<pg.PoolClient> {
    note(tenant)
    const leave = await this.#turns.enter(tenant)
    let client: pg.PoolClient
    try {
      if (signal?.aborted) throw hungUp()
      client = await super.connect()
    } catch (error) {
      leave()
      throw error
    }
    const release = client.release.bind(client)
    const { processID } = client as unknown as { processID: number }
    let cancelling: Promise<void> | undefined
    const cancel = () => {
      cancelling = this.#canceller.cancel(processID)
    }
    if (signal?.aborted) {
      leave()
      release()
      throw hungUp()
    }
    signal?.addEventListener('abort', cancel, { once: true })
    client.release = (error?: Error | boolean) => {
      signal?.removeEventListener('abort', cancel)
      leave()
      // What is being cancelled must not be somebody else's by then.
      if (cancelling === undefined || this.#canceller.withdraw(processID)) release(error)
      else void cancelling.then(() => release(error))
    }
    return client
  }
}
