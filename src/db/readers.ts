import type { Socket } from 'node:net'
import type pg from 'pg'
import { PreparingClient } from './statements.ts'

type Result = Pick<pg.QueryResult, 'command' | 'rows'>

const CONNECTIONS = 2
/** With so many answers outstanding on each, reads take a connection of their own again. */
const MOST_WAITING = 64

/**
 * Connections that the short reads of many requests share: what they ask within one turn of the event loop travels as one packet, and
 * PostgreSQL wakes up once for all of it. For prepared statements that read a handful of rows by an index: each waits for those before it.
 */
export interface Readers extends AsyncDisposable {
  send(text: string, values: readonly unknown[]): Promise<Result>
}

interface Reader {
  client: pg.Client
  waiting: number
  isOpen: boolean
  isHeld: boolean
}

export function createReaders(pool: pg.Pool): Readers {
  const readers: Reader[] = []
  let ended = false

  /** Until it is open, reads go elsewhere. One that is lost is replaced by the next that is asked for. */
  function open(): void {
    const reader: Reader = { client: new PreparingClient(pool.options), waiting: 0, isOpen: false, isHeld: false }
    readers.push(reader)
    const drop = () => {
      const place = readers.indexOf(reader)
      if (place >= 0) readers.splice(place, 1)
    }
    reader.client.on('error', drop)
    reader.client.on('end', drop)
    reader.client.connect().then(() => {
      reader.isOpen = true
    }, drop)
  }

  function hold(reader: Reader): void {
    if (reader.isHeld) return
    const { stream } = (reader.client as unknown as { connection: { stream: Socket } }).connection
    stream.cork()
    reader.isHeld = true
    setImmediate(() => {
      reader.isHeld = false
      stream.uncork()
    })
  }

  return {
    send(text, values) {
      if (readers.length < CONNECTIONS && !ended) open()
      const reader = readers.reduce<Reader | undefined>((best, one) => (one.isOpen && one.waiting < (best?.waiting ?? MOST_WAITING) ? one : best), undefined)
      if (reader === undefined) return pool.query(text, values as unknown[])
      hold(reader)
      reader.waiting++
      return reader.client.query(text, values as unknown[]).finally(() => {
        reader.waiting--
      })
    },
    async [Symbol.asyncDispose]() {
      ended = true
      await Promise.allSettled(readers.map(({ client }) => client.end()))
    },
  }
}
