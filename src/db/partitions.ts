import { type RawBuilder, sql } from 'kysely'
import { type Db, queryOne } from './pool.ts'
import { inTransaction } from './transaction.ts'

const PATIENCE = '2s'
const LOCKED = '55P03'
/** Another process was faster: what is in the way while a lock is waited for is not seen by what looked before. */
const THERE_ALREADY = '42P07'

/** Makes a partition, unless there is one of this name. False: not now. */
export async function ensurePartition(db: Db, name: string, make: RawBuilder<unknown>): Promise<boolean> {
  const made = await queryOne(db, sql`select 1 from pg_class where oid = to_regclass(${name})`)
  return made !== null || changeTables(db, make)
}

/**
 * Runs a statement that needs whole tables for itself. Whoever waits for one makes all others wait behind it: a long read
 * (a backup) is let through, and the next hour tries again: false.
 */
export async function changeTables(db: Db, statement: RawBuilder<unknown>): Promise<boolean> {
  try {
    await inTransaction(db, async (tx) => {
      await sql`select set_config('lock_timeout', ${PATIENCE}, true)`.execute(tx)
      await statement.execute(tx)
    })
    return true
  } catch (error) {
    const { code = '' } = error as { code?: string }
    if (code !== LOCKED && code !== THERE_ALREADY) throw error
    return code === THERE_ALREADY
  }
}
