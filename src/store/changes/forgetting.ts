import { sql } from 'kysely'
import { type Tx, texts } from '../../db/pool.ts'

/**
 * Takes the values of these things out of the log: what happened to them, when and by whom stays. Whoever serves may
 * not change the log; the owner's function does it (sql/migrations/000049-crm-objects.sql).
 */
export async function emptyChanges(
  tx: Tx,
  { locationId, kind, entityIds }: { locationId: string; kind: string; entityIds: readonly string[] },
): Promise<void> {
  await sql`select forget_changes(${locationId}, ${kind}, ${texts(entityIds)})`.execute(tx)
}
