import { sql } from 'kysely'
import { type Db, queryOne } from './pool.ts'

const known = new WeakMap<Db, Promise<boolean>>()

/** Whether tables are spread over the nodes of a cluster. Asked once: whoever spreads them begins everything anew. */
export function isSpread(db: Db): Promise<boolean> {
  const answer = known.get(db) ?? ask(db)
  known.set(db, answer)
  // The next one tries again.
  answer.catch(() => known.delete(db))
  return answer
}

async function ask(db: Db): Promise<boolean> {
  const [extension, table] = [sql`to_regclass('pg_catalog.pg_dist_partition')`, sql`'public.change'::regclass`]
  const row = await queryOne(db, sql<{ isThere: boolean }>`select ${extension} is not null as "isThere"`)
  if (!row?.isThere) return false
  return (await queryOne(db, sql`select 1 from pg_catalog.pg_dist_partition where logicalrelid = ${table}`)) !== null
}
