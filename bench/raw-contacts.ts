import { sql } from 'kysely'
import type { Db } from '../src/db/pool.ts'
import { timed } from './report.ts'

/** What is kept of each row of a file: the contact, its change, the row itself, and which contact it has become. */
const TABLES = ['record', 'change', 'connection_row', 'connection_link'] as const

/**
 * The rows that a file has left in one location, written to another one as PostgreSQL does it with nobody around: a
 * statement for each table, indexes included. Answers the milliseconds it took.
 */
export async function rawContacts(db: Db, { from, to }: { from: string; to: string }): Promise<number> {
  let sumMs = 0
  for (const table of TABLES) {
    const { rows } = await sql<{ name: string }>`
      select quote_ident(column_name) as name from information_schema.columns where table_schema = current_schema()
        and table_name = ${table} and column_name <> 'location_id' and is_identity = 'NO' and is_generated = 'NEVER'
      order by ordinal_position`.execute(db)
    const columns = sql.raw(rows.map(({ name }) => name).join(', '))
    const [spentMs] = await timed(() =>
      sql`insert into ${sql.table(table)} (location_id, ${columns})
        select ${to}, ${columns} from ${sql.table(table)} where location_id = ${from}`.execute(db),
    )
    sumMs += spentMs
  }
  return sumMs
}
