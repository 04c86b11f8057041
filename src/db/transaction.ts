import { sql } from 'kysely'
import { type Db, poolOf, type Tx } from './pool.ts'
import { transact, transactAtOnce } from './session.ts'
import type { Prepared } from './statements.ts'

/**
 * Runs `work` in one transaction. Deadlocks, serialisation failures and object ids that are taken are tried again,
 * three times.
 */
export async function inTransaction<T>(
  db: Db,
  work: (tx: Tx) => Promise<T>,
  options: { snapshot?: boolean; readOnly?: boolean } = {},
): Promise<T> {
  const begin = `begin${options.snapshot ? ' isolation level repeatable read' : ''}${options.readOnly ? ' read only' : ''}`
  for (let attempt = 1; ; attempt++) {
    try {
      return await transact(db, poolOf(db), { begin, attempt }, work)
    } catch (error) {
      if (attempt === 3 || !isTransient(error)) throw error
    }
  }
}

/**
 * Prepared statements that are a transaction, in one packet (session.ts). The rows of the last one. Nothing is tried
 * again.
 */
export async function runAtOnce(
  db: Db,
  statements: readonly (readonly [Prepared<unknown>, readonly unknown[]])[],
): Promise<unknown[]> {
  const { rows } = await transactAtOnce(
    poolOf(db),
    statements.map(([{ text }, values]) => [text, values]),
  )
  return rows
}

/** What a transaction fails with to be tried again: what it has read is no longer so. */
export const readAgain = () => Object.assign(new Error('What was read has been written meanwhile.'), { code: '40001' })

function isTransient(error: unknown): boolean {
  const { code, constraint = '' } = error as { code?: string; constraint?: string }
  // The last: two records drew the same object id, once in 50,000 million rows.
  return code === '40001' || code === '40P01' || (code === '23505' && constraint.endsWith('_object_id_key'))
}

/**
 * True for errors that concern the connection or the server rather than the data: a job must be tried again as a whole.
 */
export function isInfrastructure(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? ''
  return (
    isTransient(error) ||
    /^(08|53|57|58|XX|55P03|25P03)/.test(code) ||
    /^E[A-Z]+$/.test(code) ||
    /Connection terminated|connection error|not queryable|timeout expired|timeout exceeded when trying to connect/i.test(
      String((error as Error).message),
    )
  )
}

/** Runs `work` so that its failure undoes only its own statements. */
export async function inSavepoint<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await sql`savepoint piece`.execute(tx)
  try {
    const result = await work()
    await sql`release savepoint piece`.execute(tx)
    return result
  } catch (error) {
    await sql`rollback to savepoint piece`.execute(tx)
    await sql`release savepoint piece`.execute(tx)
    throw error
  }
}
