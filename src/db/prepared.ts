import type { RawBuilder } from 'kysely'
import { type Db, poolOf, readersOf, type Tx } from './pool.ts'
import { sessionOf } from './session.ts'
import { type Prepared, prepare } from './statements.ts'

/**
 * The rows of a prepared statement. Past the query builder, which would cost a fifth of a small request. Outside of a
 * transaction it shares its connection with those of other requests, and is sent again if that is lost: only for
 * reading a handful of rows by their key.
 */
export async function run<Row>(db: Db, { text }: Prepared<Row>, values: readonly unknown[]): Promise<Row[]> {
  const { rows } = await (sessionOf(db) ?? readersOf(db)).send(text, values)
  return rows as Row[]
}

/** For a write whose answer nobody needs: see `Session.later`. */
export function runLater<Row>(tx: Tx, { text }: Prepared<Row>, values: readonly unknown[]): void {
  const session = sessionOf(tx)
  if (session === undefined) throw new Error('Only a transaction can send a statement later.')
  session.later(text, values)
}

/** The rows of a statement that is the same text each time but for its parameters, and often asked for. */
export function queryPrepared<Row>(db: Db, statement: RawBuilder<Row>): Promise<Row[]> {
  const { sql, parameters } = statement.compile(db)
  return run(db, prepare<Row>(sql), parameters)
}

/** The same where many rows may have to be read: on a connection of its own. */
export async function runAlone<Row>(db: Db, { text }: Prepared<Row>, values: readonly unknown[]): Promise<Row[]> {
  const { rows } = await (sessionOf(db)?.send(text, values) ?? poolOf(db).query(text, values as unknown[]))
  return rows as Row[]
}

export function queryPlanned<Row>(db: Db, statement: RawBuilder<Row>): Promise<Row[]> {
  const { sql, parameters } = statement.compile(db)
  return runAlone(db, prepare<Row>(sql), parameters)
}
