import type pg from 'pg'
import { PreparingClient } from './statements.ts'
import { streamOf } from './stream.ts'

type Result = Pick<pg.QueryResult, 'command' | 'rows'>

const CONNECTIONS = 2
/** With so many answers outstanding on each, reads take a connection of their own again. */
const MOST_WAITING = 64
/** As with the pool: what lies idle for long may have been forgotten by what stands between us and the database. */
const IDLE_MS = 10_000

/**
 * Connections that the short reads of many requests share: what they ask within one turn of the event loop travels as
 * one packet, and PostgreSQL wakes up once for all of it. For prepared statements that read a handful of rows by their
 * key: each waits for those before it. A read whose connection is lost is sent again, through the pool.
 */
export interface Readers extends AsyncDisposable {
  send(text: string, values: readonly unknown[]): Promise<Result>
  /** Cuts all connections. */
  drop(): void
}

interface Reader {
  client: pg.Client
  waiting: number
  isOpen: boolean
  isHeld: boolean
  usedMs: number
}

export function createReaders(pool: pg.Pool, lost: (error: Error) => void): Readers {
  const readers: Reader[] = []
  let ended = false
  const drop = (reader: Reader) => {
    reader.isOpen = false
    const place = readers.indexOf(reader)
    if (place >= 0) readers.splice(place, 1)
  }
  const timer = setInterval(() => {
    for (const reader of [...readers]) {
      if (!reader.isOpen || reader.waiting > 0 || performance.now() - reader.usedMs < IDLE_MS) continue
      drop(reader)
      reader.client.end().catch(() => {})
    }
  }, IDLE_MS).unref()

  /** Until it is open, reads go elsewhere. One that is gone is replaced by the next that is asked for. */
  function open(): void {
    const reader: Reader = {
      client: new PreparingClient(pool.options),
      waiting: 0,
      isOpen: false,
      isHeld: false,
      usedMs: performance.now(),
    }
    readers.push(reader)
    reader.client.on('error', (error) => {
      lost(error)
      drop(reader)
    })
    reader.client.on('end', () => drop(reader))
    reader.client.connect().then(
      () => {
        reader.isOpen = true
      },
      () => drop(reader),
    )
  }

  function hold(reader: Reader): void {
    if (reader.isHeld) return
    const stream = streamOf(reader.client)
    stream.cork()
    reader.isHeld = true
    setImmediate(() => {
      reader.isHeld = false
      stream.uncork()
    })
  }

  return {
    async send(text, values) {
      if (readers.length < CONNECTIONS && !ended) open()
      const reader = readers.reduce<Reader | undefined>(
        (best, one) => (one.isOpen && one.waiting < (best?.waiting ?? MOST_WAITING) ? one : best),
        undefined,
      )
      if (reader === undefined) return pool.query(text, values as unknown[])
      hold(reader)
      reader.waiting++
      reader.usedMs = performance.now()
      try {
        return await reader.client.query(text, values as unknown[])
      } catch (error) {
        // Anything but an answer to the question is the end of the connection.
        if (ended || (error as { severity?: string }).severity === 'ERROR') throw error
        drop(reader)
        return pool.query(text, values as unknown[])
      } finally {
        reader.waiting--
      }
    },
    drop() {
      for (const { client } of [...readers]) streamOf(client).destroy()
    },
    async [Symbol.asyncDispose]() {
      ended = true
      clearInterval(timer)
      await Promise.allSettled(readers.map(({ client }) => client.end()))
    },
  }
}
