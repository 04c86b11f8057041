import type { CompiledQuery, DatabaseConnection } from 'kysely'
import type pg from 'pg'
import type { Db, Tx } from './pool.ts'
import { streamOf } from './stream.ts'

type Result = Pick<pg.QueryResult, 'command' | 'rows'>

/** What a transaction sends its statements through. */
export interface Session {
  send(text: string, values: readonly unknown[]): Promise<Result>
  /**
   * For a write whose answer nobody needs: it travels with what comes next, at the latest with `commit`. Its failure is
   * the transaction's.
   */
  later(text: string, values: readonly unknown[]): void
  /** What `work` sends before it first waits travels as one packet: each packet wakes the database up. */
  together<T>(work: () => Promise<T>): Promise<T>
  /** From 1. */
  attempt: number
}

const sessions = new WeakMap<Db, Session>()

const roots = new WeakMap<Db, Db>()

/** The database that a transaction belongs to; of a database, itself. */
export const rootOf = (db: Db): Db => roots.get(db) ?? db

/** Undefined outside of a transaction. */
export const sessionOf = (db: Db): Session | undefined => sessions.get(db)

/** An earlier attempt at this transaction failed for the sake of others. */
export const isRepeated = (tx: Tx): boolean => (sessions.get(tx)?.attempt ?? 1) > 1

/**
 * Statements that do not need each other's answers, sent at once and carried out in their order. Only single statements
 * may be in it.
 */
export function together<T extends readonly Promise<unknown>[]>(
  tx: Tx,
  send: () => readonly [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const all = () => Promise.all(send()) as Promise<{ [K in keyof T]: Awaited<T[K]> }>
  return sessionOf(tx)?.together(all) ?? all()
}

/**
 * One transaction on one connection. In place of the query builder's own, which lets one statement wait for the other:
 * `begin` travels with the first statement, and statements that are sent together travel together.
 */
export async function transact<T>(
  db: Db,
  pool: pg.Pool,
  { begin, attempt }: { begin: string; attempt: number },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  const session = createSession(client, begin, attempt)
  let broken = false
  try {
    const result = await work(toTx(db, session))
    await session.commit()
    return result
  } catch (error) {
    broken = !(await session.rollBack())
    throw session.failure() ?? error
  } finally {
    client.release(broken)
  }
}

/** Whether a transaction was committed nobody knows: its connection was lost on the way. */
export class OutcomeUnknown extends Error {}

/**
 * A whole transaction as one packet: nothing is asked on the way. Answers what the last statement answers. Whatever it
 * fails with has undone it, but for `OutcomeUnknown`.
 */
export async function transactAtOnce(
  pool: pg.Pool,
  statements: readonly (readonly [text: string, values: readonly unknown[]])[],
): Promise<Result> {
  const client = await pool.connect()
  const stream = streamOf(client)
  let broken = true
  try {
    stream.cork()
    const all = [['begin', []] as const, ...statements, ['commit', []] as const]
    const sent = all.map(([text, values]) => client.query(text, values as unknown[]))
    stream.uncork()
    const results = await Promise.allSettled(sent)
    broken = results.at(-1)?.status === 'rejected'
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined)
      throw broken
        ? new OutcomeUnknown('The connection was lost during a commit.', { cause: failed.reason })
        : failed.reason
    return (results.at(-2) as PromiseFulfilledResult<Result>).value
  } finally {
    client.release(broken)
  }
}

interface Ending {
  commit(): Promise<void>
  /** False: the connection is not what it was. */
  rollBack(): Promise<boolean>
  /** Of a write that was sent for later: what came after it failed for its sake. */
  failure(): unknown
}

function createSession(client: pg.PoolClient, begin: string, attempt: number): Session & Ending {
  const stream = streamOf(client)
  let begun = false
  let held = false
  let failure: unknown
  const writes: Promise<unknown>[] = []
  const release = () => {
    if (held) stream.uncork()
    held = false
  }
  const inOnePacket = <T>(work: () => T): T => {
    stream.cork()
    try {
      return work()
    } finally {
      stream.uncork()
    }
  }
  const send = (text: string, values: readonly unknown[]): Promise<Result> =>
    inOnePacket(() => {
      // Where it fails, so does the statement behind it.
      if (!begun) client.query(begin).catch(() => {})
      begun = true
      const sent = client.query(text, values as unknown[])
      release()
      return sent
    })
  return {
    attempt,
    send,
    together: (work) => inOnePacket(work),
    later(text, values) {
      const wasHeld = held
      if (!wasHeld) stream.cork()
      held = false // what is sent here waits itself
      writes.push(
        send(text, values).catch((error) => {
          failure ??= error
        }),
      )
      held = true
      if (!wasHeld) setImmediate(release)
    },
    failure: () => failure,
    async commit() {
      if (!begun) return
      const { command } = await send('commit', [])
      await Promise.all(writes)
      if (failure !== undefined) throw failure
      // So PostgreSQL says that a statement failed and nobody told: everything is undone.
      if (command === 'ROLLBACK') throw new Error('The transaction was undone: one of its statements had failed.')
    },
    async rollBack() {
      if (!begun) return true
      const undone = await send('rollback', []).then(
        () => true,
        () => false,
      )
      await Promise.all(writes)
      return undone
    },
  }
}

/** What the query builder needs of a transaction to send its statements through the session. */
function toTx(db: Db, session: Session): Tx {
  const connection: DatabaseConnection = {
    executeQuery: async ({ sql, parameters }: CompiledQuery) => ({
      rows: ((await session.send(sql, parameters)).rows ?? []) as never[],
    }),
    streamQuery() {
      throw new Error('Nothing is streamed within a transaction.')
    },
  } as DatabaseConnection
  const executor = db.getExecutor().withConnectionProvider({ provideConnection: (consumer) => consumer(connection) })
  const tx = {
    isTransaction: true,
    getExecutor: () => executor,
    executeQuery: (query: CompiledQuery) => executor.executeQuery(query),
  } as unknown as Tx
  sessions.set(tx, session)
  roots.set(tx, rootOf(db))
  return tx
}
