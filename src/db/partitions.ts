import { type RawBuilder, sql } from 'kysely'
import { type Db, queryOne } from './pool.ts'
import { inTransaction } from './transaction.ts'

const PATIENCE = '2s'

/** Makes a partition, unless there is one of this name. */
export async function ensurePartition(db: Db, name: string, make: RawBuilder<unknown>): Promise<void> {
  const made = await queryOne(db, sql`select 1 from pg_class where oid = to_regclass(${name})`)
  if (made === null) await changeTables(db, make)
}

/**
 * Runs a statement that needs whole tables for itself. Whoever waits for one makes all others wait behind it: a long read
 * (a backup) is let through, and the next hour tries again.
 */
export function changeTables(db: Db, statement: RawBuilder<unknown>): Promise<void> {
  return inTransaction(db, async (tx) => {
    await sql`select set_config('lock_timeout', ${PATIENCE}, true)`.execute(tx)
    await statement.execute(tx)
  })
}
