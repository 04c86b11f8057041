import { Kysely, PostgresDialect, type RawBuilder, sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { Log } from '../log.ts'
import { FairPool } from './fair-pool.ts'
import { createNotices, LISTEN, type Notices } from './notices.ts'
import { Outage } from './outage.ts'
import { createReaders, type Readers } from './readers.ts'
import { PreparingClient } from './statements.ts'
import { streamOf } from './stream.ts'

// Tables are named by the module that owns them, in `sql` templates; there is no second description of the schema.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Db = Kysely<any>
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Tx = Transaction<any>

export interface Database {
  db: Db
  pool: pg.Pool
  notices: Notices
  close(): Promise<void>
}

const BYTEA = 17
const INT8 = 20

/** Hashes arrive as hex strings, bigints as numbers (portal ids and counts stay below 2^53). */
function typeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === BYTEA) return (text: string) => text.slice(2)
  if (oid === INT8) return Number
  return pg.types.getTypeParser(oid, format as 'text')
}

/** Ends of statements, of waiting for locks, and of transactions that nobody goes on with, in milliseconds. */
export interface Timeouts {
  statementMs: number
  lockMs: number
  idleMs: number
}

const CONNECT_MS = 10_000

export function openDatabase(options: {
  url: string
  poolSize: number
  log: Log
  timeouts?: Timeouts
  name?: string
}): Database {
  const { timeouts } = options
  const pool = new FairPool({
    ...(timeouts === undefined
      ? {}
      : {
          statement_timeout: timeouts.statementMs,
          lock_timeout: timeouts.lockMs,
          idle_in_transaction_session_timeout: timeouts.idleMs,
        }),
    Client: PreparingClient,
    // Statements that do not wait for each other travel together.
    pipeline: true,
    connectionString: options.url,
    // For a new connection, or for one that is free.
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    max: options.poolSize,
    types: { getTypeParser: typeParser } as unknown as pg.CustomTypesConfig,
    application_name: 'tintype',
    onConnect: async (client) => {
      client.on('notification', ({ payload }) => notices.hear(payload))
      await client.query(LISTEN)
    },
  })
  const drop = () => {
    for (const client of (pool as unknown as { _clients: unknown[] })._clients) streamOf(client).destroy()
    readers.drop()
  }
  const notices = createNotices(pool, new Outage(options.log, options.name ?? 'the database'), drop)
  let closing = false
  // The message only: the error carries the client, and the client the password.
  const lost = (error: Error) => {
    if (!closing) options.log.warn({ reason: error.message }, 'a database connection was lost')
  }
  pool.on('connect', (client) => client.on('error', lost))
  pool.on('error', () => {})
  const db: Db = new Kysely({ dialect: new PostgresDialect({ pool }) })
  const readers = createReaders(pool, lost)
  pools.set(db, { pool, readers })
  return {
    db,
    pool,
    notices,
    async close() {
      closing = true
      await notices[Symbol.asyncDispose]()
      await readers[Symbol.asyncDispose]()
      await db.destroy()
    },
  }
}

const pools = new WeakMap<Db, { pool: FairPool; readers: Readers }>()

/** What is behind a database, for what goes past the query builder. */
function behind(db: Db): { pool: FairPool; readers: Readers } {
  const known = pools.get(db)
  if (known === undefined) throw new Error('This is no database of `openDatabase`.')
  return known
}

export const poolOf = (db: Db): FairPool => behind(db).pool
export const readersOf = (db: Db): Readers => behind(db).readers

/** The rows of a statement. */
export async function query<Row>(db: Db, statement: RawBuilder<Row>): Promise<Row[]> {
  return (await statement.execute(db)).rows
}

/** The only row of a statement, or null. */
export async function queryOne<Row>(db: Db, statement: RawBuilder<Row>): Promise<Row | null> {
  return (await statement.execute(db)).rows[0] ?? null
}

/** A hash on its way into a bytea column. */
export function bytes(hex: string | null): RawBuilder<Buffer | null> {
  return sql<Buffer | null>`decode(${hex}::text, 'hex')`
}

/** An SQL array parameter of text. */
export function texts(values: readonly (string | null)[]): RawBuilder<string[]> {
  return sql<string[]>`${values as string[]}::text[]`
}

/** A JSON parameter: pg would turn a JavaScript array into an SQL array. */
export function json(value: unknown): RawBuilder<unknown> {
  return sql`${JSON.stringify(value)}::jsonb`
}
