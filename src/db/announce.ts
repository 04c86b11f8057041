import { sql } from 'kysely'
import { CHANNEL } from './notices.ts'
import type { Tx } from './pool.ts'

/** Tells every process when the transaction commits. */
export async function announce(tx: Tx, topic: string): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${topic})`.execute(tx)
}
