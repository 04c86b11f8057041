import { Kysely, PostgresDialect, type RawBuilder, sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { Log } from '../log.ts'

// Tables are named by the module that owns them, in `sql` templates; there is no second description of the schema.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Db = Kysely<any>
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Tx = Transaction<any>

export interface Database {
  db: Db
  pool: pg.Pool
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

export function openDatabase(options: { url: string; poolSize: number; log: Log }): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    types: { getTypeParser: typeParser } as unknown as pg.CustomTypesConfig,
    application_name: 'tintype',
  })
  let closing = false
  // The message only: the error carries the client, and the client the password.
  const lost = (error: Error) => {
    if (!closing) options.log.warn({ reason: error.message }, 'a database connection was lost')
  }
  pool.on('connect', (client) => client.on('error', lost))
  pool.on('error', () => {})
  const db = new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    pool,
    close() {
      closing = true
      return db.destroy()
    },
  }
}

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
