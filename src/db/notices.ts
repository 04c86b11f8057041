import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Outage } from './outage.ts'

/** All processes of an installation hear each other here; a notice is its payload: a topic. */
export const CHANNEL = 'tintype'
const PING_MS = 5_000
/**
 * So many seconds in which a database that we are connected to says nothing, and it is not there: a network that
 * swallows everything tells nobody.
 */
const SILENT_SECONDS = 15
/** So long without a word from ourselves, and we may have missed others. */
const DEAF_MS = 12_000

/**
 * Notices between the processes of one installation (LISTEN and NOTIFY). Every connection of the pool listens:
 * PostgreSQL hands a notice to the connection that commits it before it says that the commit is done, so a process has
 * acted on its own notices when its callers get their answers. One more connection hears those of others.
 */
export interface Notices {
  /** Called at every notice on this topic, and whenever notices may have been missed. */
  on(topic: string, act: () => void): void
  /** False while notices may be missed: what depends on them must not be relied on. */
  isHearing(): boolean
  /** From now on it is noticed when the database is gone without a word. So it is from the first `on`, too. */
  watch(): void
}

/** For the pool's `onConnect`. */
export const LISTEN = `listen ${CHANNEL}`

export interface NoticeBoard extends Notices, AsyncDisposable {
  hear(topic: string | undefined): void
}

/**
 * Hears on a connection of its own, beside the pool, from the first `on` until the end. Lost connections are made
 * again. `drop` is to end all other connections: nothing comes through to where they lead.
 */
export function createNotices(pool: pg.Pool, outage: Outage, drop: () => void): NoticeBoard {
  const actions = new Map<string, (() => void)[]>()
  const ownPing = `ping ${process.pid} ${Math.random()}`
  const ended = new AbortController()
  let heardMs = Number.NEGATIVE_INFINITY
  let life: Promise<void> | undefined

  const actOn = (topic: string) => {
    for (const act of actions.get(topic) ?? []) act()
  }
  const missed = () => {
    heardMs = Number.NEGATIVE_INFINITY
    for (const topic of actions.keys()) actOn(topic)
  }
  const wait = (ms: number) => pause(ms, undefined, { signal: ended.signal, ref: false }).catch(() => {})

  /**
   * Rejects when it has not answered for so long. A second in which this process was kept from listening counts once.
   */
  async function heardFrom(client: pg.Client): Promise<void> {
    let isHeard = false
    const asked = client.query('select 1').finally(() => {
      isHeard = true
    })
    asked.catch(() => {})
    const silent = async () => {
      for (let second = 0; second < SILENT_SECONDS && !isHeard; second++) await wait(1_000)
      if (isHeard || ended.signal.aborted) return
      drop()
      throw new Error(`the database has said nothing for ${SILENT_SECONDS} s`)
    }
    await Promise.race([asked, silent()])
  }

  /** One connection, from its first word to its last. */
  async function listen(): Promise<void> {
    const client = new pg.Client(pool.options)
    const lost = new Promise<void>((resolve) => {
      client.once('error', () => resolve())
      client.once('end', () => resolve())
    })
    client.on('error', () => {})
    client.on('notification', ({ payload }) => {
      if (payload === ownPing) heardMs = performance.now()
      else actOn(payload ?? '')
    })
    try {
      await client.connect()
      await client.query(LISTEN)
      missed()
      outage.over()
      let isLost = false
      void lost.then(() => {
        isLost = true
      })
      while (!isLost && !ended.signal.aborted) {
        await heardFrom(client)
        // Through the pool: it comes back only if notices find their way.
        await pool.query('select pg_notify($1, $2)', [CHANNEL, ownPing])
        await Promise.race([lost, wait(PING_MS)])
      }
    } finally {
      missed()
      await client.end().catch(() => {})
    }
  }

  async function live(): Promise<void> {
    while (!ended.signal.aborted) {
      await listen().catch((error: Error) => {
        if (!ended.signal.aborted) outage.failed(error)
      })
      await wait(1_000)
    }
  }

  return {
    hear: (topic) => actOn(topic ?? ''),
    isHearing: () => performance.now() - heardMs < DEAF_MS,
    on(topic, act) {
      actions.set(topic, [...(actions.get(topic) ?? []), act])
      life ??= live()
    },
    watch() {
      life ??= live()
    },
    async [Symbol.asyncDispose]() {
      ended.abort()
      await life
    },
  }
}
