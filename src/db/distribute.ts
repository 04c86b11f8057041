import { sql } from 'kysely'
import { PLACEMENTS, type Placement } from './placement.ts'
import { type Database, type Db, query, type Tx } from './pool.ts'
import { inTransaction } from './transaction.ts'

/**
 * Tables of locations are spread alike: whatever one location has is on one node. This one comes first: triggers of
 * others write to it.
 */
const ANCHOR = 'written_apart'
/** What statements call beside tables of locations. */
const CALLED = [
  'derive_id(text,text,text)',
  'derive_hex(text,text,text,integer)',
  'write_conflict()',
  'natural_key(text)',
  'folded_letters(text)',
  'folded_text(text)',
  'first_uuid_of(date)',
]
/**
 * Of tables whose writes the coordinator must hear of: what tells it elsewhere, and what leaves word for it on the node
 * that wrote (sql/migrations/000088-on-a-cluster.sql).
 */
const TRIGGERS: readonly [table: string, trigger: string, on: string, rows: string, leaves: string][] = [
  ['change', 'change_to_journal', 'insert', 'new table as added', 'leave_changes'],
  ['asset', 'asset_added_to_broken_count', 'insert', 'new table as touched', 'leave_touched'],
  ['asset', 'asset_changed_to_broken_count', 'update', 'new table as touched', 'leave_touched'],
  ['asset', 'asset_gone_to_broken_count', 'delete', 'old table as touched', 'leave_touched'],
  ['asset_alias', 'alias_added_to_broken_count', 'insert', 'new table as touched', 'leave_touched'],
  ['asset_alias', 'alias_changed_to_broken_count', 'update', 'new table as touched', 'leave_touched'],
  ['asset_alias', 'alias_gone_to_broken_count', 'delete', 'old table as touched', 'leave_touched'],
]

/**
 * Declares on a Citus cluster where each table lives (placement.ts). What is in a table goes along. Answers what was not
 * yet declared, or null where the extension is missing. Can be repeated after every migration; as a superuser, and while
 * nothing else runs.
 */
export async function distribute({ db }: Database): Promise<string[] | null> {
  const extension = await query(db, sql`select 1 from pg_extension where extname = 'citus'`)
  if (extension.length === 0) return null
  const known = new Set(
    (await query(db, sql<{ name: string }>`select logicalrelid::regclass::text as name from pg_dist_partition`)).map(
      ({ name }) => name,
    ),
  )
  // Each by itself: a table that is spread takes a connection to every node, and locks until its transaction ends.
  for (const signature of CALLED) await sql`select create_distributed_function(${signature})`.execute(db)
  const declared: string[] = []
  for (const [name, place] of [...PLACEMENTS].sort(([a], [b]) => Number(b === ANCHOR) - Number(a === ANCHOR))) {
    if (place === 'coordinator' || known.has(name)) continue
    await inTransaction(db, (tx) => declare(tx, name, place))
    declared.push(place === 'everywhere' ? `${name} (every node)` : `${name} (by location_id)`)
  }
  await setUp(db)
  return declared
}

async function declare(tx: Tx, name: string, place: Placement): Promise<void> {
  await sql`select set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)`.execute(tx)
  if (place === 'everywhere') {
    await sql`select create_reference_table(${name})`.execute(tx)
    return
  }
  // Triggers on a node see that node alone, which Citus wants to be told is meant.
  await sql`select set_config('citus.enable_unsafe_triggers', 'on', true)`.execute(tx)
  for (const [, trigger] of TRIGGERS.filter(([table]) => table === name))
    await sql`drop trigger if exists ${sql.id(trigger)} on ${sql.id(name)}`.execute(tx)
  await sql`select create_distributed_table(${name}, 'location_id',
    colocate_with => ${name === ANCHOR ? 'none' : ANCHOR})`.execute(tx)
  // Rows that were here before lie hidden below the table that is spread now.
  await sql`select truncate_local_data_after_distributing_table(${name})`.execute(tx)
  // Not before: what is copied to the nodes was told when it was written.
  await leaveWord(tx, name)
}

/** From now on what is written to this table is left to be collected, in place of being told at once. */
export async function leaveWord(tx: Tx, name: string): Promise<void> {
  for (const [table, trigger, on, rows, leaves] of TRIGGERS)
    if (table === name)
      await sql
        .raw(`create or replace trigger ${trigger} after ${on} on ${table} referencing ${rows}
          for each statement execute function ${leaves}()`)
        .execute(tx)
}

/** What sessions of this database need: a table of the coordinator is joined there, with what the nodes send. */
async function setUp(db: Db): Promise<void> {
  const [row] = await query(db, sql<{ name: string }>`select current_database() as name`)
  const name = sql.id(row?.name ?? '')
  await sql`alter database ${name} set citus.local_table_join_policy = 'prefer-distributed'`.execute(db)
  await sql`alter database ${name} set citus.enable_unsafe_triggers = 'on'`.execute(db)
}
