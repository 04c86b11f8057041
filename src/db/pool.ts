import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type RawBuilder,
  sql,
  type Transaction,
  type TransactionSettings,
} from 'kysely'
import pg from 'pg'
import type { Log } from '../log.ts'
import { createNotices, LISTEN, type Notices } from './notices.ts'

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

export function openDatabase(options: { url: string; poolSize: number; log: Log }): Database {
  const pool = new pg.Pool({
    Client: PreparingClient,
    // Statements that do not wait for each other travel together.
    pipeline: true,
    connectionString: options.url,
    max: options.poolSize,
    types: { getTypeParser: typeParser } as unknown as pg.CustomTypesConfig,
    application_name: 'tintype',
    onConnect: async (client) => {
      client.on('notification', ({ payload }) => notices.hear(payload))
      await client.query(LISTEN)
    },
  })
  const notices = createNotices(pool, options.log)
  let closing = false
  // The message only: the error carries the client, and the client the password.
  const lost = (error: Error) => {
    if (!closing) options.log.warn({ reason: error.message }, 'a database connection was lost')
  }
  pool.on('connect', (client) => client.on('error', lost))
  pool.on('error', () => {})
  const db: Db = new Kysely({ dialect: new Dialect({ pool }) })
  pools.set(db, pool)
  return {
    db,
    pool,
    notices,
    async close() {
      closing = true
      await notices[Symbol.asyncDispose]()
      await db.destroy()
    },
  }
}

/** A statement that each connection parses and plans once. For the few that most requests consist of. */
export interface Prepared<Row> {
  text: string
  /** Never set: the type of its rows. */
  row?: Row
}

const preparedNames = new Map<string, string>()

/** `text` is written by code alone, never from what a caller sent: every text lives as long as the process. */
export function prepare<Row>(text: string): Prepared<Row> {
  if (!preparedNames.has(text)) preparedNames.set(text, `tintype_${preparedNames.size}`)
  return { text }
}

/** A prepared statement for each kind of record, made when it is first asked for; `write` gets the kind as a literal. */
export function preparePerKind<Row>(write: (kind: string) => string): (kind: string) => Prepared<Row> {
  const made = new Map<string, Prepared<Row>>()
  return (kind) => {
    const known = made.get(kind) ?? prepare<Row>(write(pg.escapeLiteral(kind)))
    made.set(kind, known)
    return known
  }
}

/** `begin` travels with the first statement of its transaction. Where it fails, so does that one. */
class Driver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    super.beginTransaction(connection, settings).catch(() => {})
  }
}

class Dialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig

  constructor(config: PostgresDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): PostgresDriver {
    return new Driver(this.#config)
  }
}

/** Sends texts that were prepared under their names; the driver does the rest. */
class PreparingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: the driver has a dozen overloads
  override query(config: any, ...rest: any[]): any {
    const name = typeof config === 'string' ? preparedNames.get(config) : undefined
    if (name === undefined) return super.query(config, ...(rest as []))
    return super.query({ name, text: config, values: rest[0] }, rest[1])
  }
}

/** The rows of a prepared statement. */
export async function run<Row>(db: Db, { text }: Prepared<Row>, values: readonly unknown[]): Promise<Row[]> {
  // Outside of a transaction nothing of the query builder is needed, and it would cost a fifth of the request.
  const pool = pools.get(db)
  const { rows } = await (pool === undefined ? db.executeQuery<Row>(CompiledQuery.raw(text, values as unknown[])) : pool.query(text, values as unknown[]))
  return rows as Row[]
}

const pools = new WeakMap<Db, pg.Pool>()

/** The rows of a statement that is the same text each time but for its parameters, and often asked for. */
export async function queryPrepared<Row>(db: Db, statement: RawBuilder<Row>): Promise<Row[]> {
  const compiled = statement.compile(db)
  prepare(compiled.sql)
  return (await db.executeQuery<Row>(compiled)).rows as Row[]
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
