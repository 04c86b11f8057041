import type { CompiledQuery, DatabaseConnection } from 'kysely'
import type pg from 'pg'
import type { Db, Tx } from './pool.ts'

type Result = Pick<pg.QueryResult, 'command' | 'rows'>

/** What a transaction sends its statements through. */
export interface Session {
  send(text: string, values: readonly unknown[]): Promise<Result>
  /** What `work` sends before it first waits travels as one packet: each packet wakes the database up. */
  together<T>(work: () => Promise<T>): Promise<T>
}

const sessions = new WeakMap<Db, Session>()

/** Undefined outside of a transaction. */
export const sessionOf = (db: Db): Session | undefined => sessions.get(db)

/** Statements that do not need each other's answers, sent at once and carried out in their order. Only single statements may be in it. */
export function together<T extends readonly Promise<unknown>[]>(tx: Tx, send: () => readonly [...T]): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const all = () => Promise.all(send()) as Promise<{ [K in keyof T]: Awaited<T[K]> }>
  return sessionOf(tx)?.together(all) ?? all()
}

/**
 * One transaction on one connection. In place of the query builder's own, which lets one statement wait for the other:
 * `begin` travels with the first statement, and statements that are sent together travel together.
 */
export async function transact<T>(db: Db, pool: pg.Pool, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  const session = createSession(client, begin)
  let broken = false
  try {
    const result = await work(toTx(db, session))
    if (session.hasBegun()) await commit(client)
    return result
  } catch (error) {
    if (session.hasBegun())
      await client.query('rollback').catch(() => {
        broken = true
      })
    throw error
  } finally {
    client.release(broken)
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('commit')
  // So PostgreSQL says that a statement failed and nobody told: everything is undone.
  if (command === 'ROLLBACK') throw new Error('The transaction was undone: one of its statements had failed.')
}

function createSession(client: pg.PoolClient, begin: string): Session & { hasBegun(): boolean } {
  const { stream } = (client as unknown as { connection: { stream: import('node:net').Socket } }).connection
  let begun = false
  const inOnePacket = <T>(work: () => T): T => {
    stream.cork()
    try {
      return work()
    } finally {
      stream.uncork()
    }
  }
  return {
    hasBegun: () => begun,
    send(text, values) {
      if (begun) return client.query(text, values as unknown[])
      begun = true
      return inOnePacket(() => {
        // Where it fails, so does the statement behind it.
        client.query(begin).catch(() => {})
        return client.query(text, values as unknown[])
      })
    },
    together: (work) => inOnePacket(work),
  }
}

/** What the query builder needs of a transaction to send its statements through the session. */
function toTx(db: Db, session: Session): Tx {
  const connection: DatabaseConnection = {
    executeQuery: async ({ sql, parameters }: CompiledQuery) => ({ rows: ((await session.send(sql, parameters)).rows ?? []) as never[] }),
    streamQuery() {
      throw new Error('Nothing is streamed within a transaction.')
    },
  } as DatabaseConnection
  const executor = db.getExecutor().withConnectionProvider({ provideConnection: (consumer) => consumer(connection) })
  const tx = { isTransaction: true, getExecutor: () => executor, executeQuery: (query: CompiledQuery) => executor.executeQuery(query) } as unknown as Tx
  sessions.set(tx, session)
  return tx
}
