import { sql } from 'kysely'
import { type Database, query } from './pool.ts'

/** Tables that are neither a location's nor small: the column that spreads them. */
const SPREAD_BY: Record<string, string> = { blob: 'hash' }
/** Tables that only the coordinator needs. */
const COORDINATOR_ONLY = ['migration', 'worker', 'rate_count', 'sign_in_try']

interface Table {
  name: string
  /** First column of its primary key. */
  lead: string | null
  partitioned: boolean
}

/**
 * Declares on a Citus cluster where each table lives: a table whose primary key begins with `location_id` with its
 * location, blobs by their hash, the small rest as a copy on every node. Answers what was not yet declared, or null
 * where the extension is missing. Can be repeated after every migration.
 */
export async function distribute({ db }: Database): Promise<string[] | null> {
  const extension = await query(db, sql`select 1 from pg_extension where extname = 'citus'`)
  if (extension.length === 0) return null
  const tables = await query(
    db,
    sql<Table>`
      select c.relname as name, c.relkind = 'p' as partitioned,
        (select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
          where i.indrelid = c.oid and i.indisprimary) as lead
      from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and not exists (select 1 from pg_dist_partition d where d.logicalrelid = c.oid)
        and not exists (select 1 from pg_depend e where e.objid = c.oid and e.deptype = 'e')
      order by c.relname`,
  )
  const declared: string[] = []
  for (const { name, lead } of tables) {
    if (COORDINATOR_ONLY.includes(name)) continue
    const column = SPREAD_BY[name] ?? (lead === 'location_id' ? lead : null)
    if (column === null) await sql`select create_reference_table(${name})`.execute(db)
    else
      await sql`select create_distributed_table(${name}, ${column},
          colocate_with => ${SPREAD_BY[name] === undefined ? 'default' : 'none'})`.execute(db)
    declared.push(column === null ? `${name} (every node)` : `${name} (by ${column})`)
  }
  for (const signature of [
    'derive_id(text,text,text)',
    'derive_hex(text,text,text,integer)',
    'write_conflict()',
    'natural_key(text)',
    'folded_letters(text)',
    'folded_text(text)',
  ])
    await sql`select create_distributed_function(${signature})`.execute(db)
  return declared
}
