import { sql } from 'kysely'
import pg from 'pg'
import { type Database, query, queryOne, type Tx } from './pool.ts'
import { inTransaction } from './transaction.ts'

/** What `serve` and `work` may do with a table where that is less than reading and writing rows. */
const LESS: Record<string, string> = {
  migration: 'select',
  // What was said of the past stays as it was said.
  blob: 'select, insert',
  change: 'select, insert',
  security_event: 'select, insert',
  snapshot_entry: 'select, insert, delete',
}
/** Partitions are reached through their tables; these are read by their own names too (store/records/identities.ts). */
const READ_ALONE = ['record_contacts']
const QUEUE = 'graphile_worker'

/** Name and password that a database URL gives its role. */
export function roleOf(url: string): { name: string; password: string } {
  const { username, password } = new URL(url)
  return { name: decodeURIComponent(username), password: decodeURIComponent(password) }
}

/** Whether this connection may change the schema: it owns what is there, or may make what is not. */
export async function mayMigrate({ db }: Database): Promise<boolean> {
  const row = await queryOne(
    db,
    sql<{ may: boolean }>`
      select coalesce((select pg_has_role(relowner, 'usage') from pg_class where oid = to_regclass('migration')),
        has_schema_privilege(current_schema(), 'create')) as may`,
  )
  return row?.may ?? false
}

/** Any number, as long as every Tintype process takes the same advisory lock. */
const ROLES_LOCK = 7_468_021

/**
 * Lets the role of a URL do what `serve` and `work` do, and nothing else; makes it if it is not there. `own`: nobody
 * else uses it, so its password is set anew. Can be repeated, by several processes at once: PostgreSQL itself refuses
 * two that write the same rights.
 */
export async function admitRuntime(owner: Database, url: string, { own }: { own: boolean }): Promise<void> {
  await inTransaction(owner.db, async (tx) => {
    await sql`select pg_advisory_xact_lock(${ROLES_LOCK})`.execute(tx)
    await ensureRole(tx, url, { own })
    await grantRuntime(tx, roleOf(url).name)
  })
}

async function ensureRole(tx: Tx, url: string, { own }: { own: boolean }): Promise<void> {
  const { name, password } = roleOf(url)
  const isKnown = (await queryOne(tx, sql`select 1 from pg_roles where rolname = ${name}`)) !== null
  if (isKnown && !own) return
  const role = pg.escapeIdentifier(name)
  const deed = isKnown ? 'alter' : 'create'
  const rights = 'login nosuperuser nocreatedb nocreaterole noreplication nobypassrls'
  await sql
    .raw(`${deed} role ${role} with ${rights} password ${pg.escapeLiteral(password)}`)
    .execute(tx)
    .catch((cause: Error) => {
      // The statement holds the password, so the error stays behind.
      throw new Error(
        isKnown
          ? `The role ${name} cannot be given its rights and password (${cause.message}).`
          : `The role ${name} of DATABASE_URL is not there and cannot be made (${cause.message}). Make it: create ` +
              `role ${role} login password '...'`,
      )
    })
}

/** Rows of our tables, the job queue, months of the change log. */
async function grantRuntime(tx: Tx, name: string): Promise<void> {
  const role = sql.id(name)
  const owns = await queryOne(
    tx,
    sql<{
      yes: boolean
    }>`select pg_has_role(${name}, current_user, 'member') or r.rolsuper as yes from pg_roles r
        where r.rolname = ${name}`,
  )
  if (owns?.yes)
    throw new Error(
      `The role ${name} of DATABASE_URL owns the schema, or is a superuser. Give serve and work one that owns nothing.`,
    )
  await sql`grant usage on schema public, ${sql.id(QUEUE)} to ${role}`.execute(tx)
  const tables = await query(
    tx,
    sql<{
      name: string
    }>`select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace
        and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select 1 from pg_depend e where e.objid = c.oid and e.deptype = 'e')`,
  )
  const ordinary = tables.filter((table) => LESS[table.name] === undefined).map((table) => sql.id('public', table.name))
  await sql`grant select, insert, update, delete on ${sql.join(ordinary)} to ${role}`.execute(tx)
  for (const table of READ_ALONE) await sql`grant select on ${sql.id('public', table)} to ${role}`.execute(tx)
  for (const [table, rights] of Object.entries(LESS)) {
    await sql`revoke all on ${sql.id('public', table)} from ${role}`.execute(tx)
    await sql`grant ${sql.raw(rights)} on ${sql.id('public', table)} to ${role}`.execute(tx)
  }
  // Rows that wait are told beforehand where they are to stand.
  await sql`grant usage on sequence connection_row_seq_seq to ${role}`.execute(tx)
  await sql`grant execute on function make_change_partition(date), forget_changes(text, text, text[]),
    make_journal_partitions(date), drop_journal_partitions(date), forget_security_events(),
    repeat_security_event(text, uuid, int) to ${role}`.execute(tx)
  await closeDatabase(tx)
  await grantQueue(tx, name)
}

/**
 * What PostgreSQL lets everybody do in a database: tables of one's own, for a session or for good. Only whoever owns it
 * can say otherwise.
 */
async function closeDatabase(tx: Tx): Promise<void> {
  const database = await queryOne(
    tx,
    sql<{
      name: string
      ours: boolean
    }>`select datname as name, pg_has_role(datdba, 'usage') as ours from pg_database
        where datname = current_database()`,
  )
  if (!database?.ours) return
  await sql`revoke create, temporary on database ${sql.id(database.name)} from public`.execute(tx)
  await sql`revoke create on schema public from public`.execute(tx)
}

/** The queue's tables show no rows to anybody but their owner, unless a policy says so. */
async function grantQueue(tx: Tx, name: string): Promise<void> {
  const role = sql.id(name)
  await sql`grant select, insert, update, delete on all tables in schema ${sql.id(QUEUE)} to ${role}`.execute(tx)
  await sql`grant usage on all sequences in schema ${sql.id(QUEUE)} to ${role}`.execute(tx)
  await sql`revoke insert, update, delete on ${sql.id(QUEUE, 'migrations')} from ${role}`.execute(tx)
  const closed = await query(
    tx,
    sql<{
      name: string
    }>`select c.relname as name from pg_class c where c.relnamespace = ${QUEUE}::regnamespace and c.relrowsecurity
      and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'tintype')`,
  )
  for (const table of closed)
    await sql`create policy tintype on ${sql.id(QUEUE, table.name)} using (true) with check (true)`.execute(tx)
}

/** What a role could do that `serve` and `work` never need, in words. */
export async function findExcess({ db }: Database): Promise<string[]> {
  const row = await queryOne(
    db,
    sql<{ name: string; superuser: boolean; roles: boolean; bypass: boolean; owner: boolean }>`
      select rolname as name, rolsuper as superuser, rolcreaterole as roles, rolbypassrls as bypass,
        exists (select 1 from pg_class c where c.relnamespace = 'public'::regnamespace
          and pg_has_role(c.relowner, 'usage')) as owner
      from pg_roles where rolname = current_user`,
  )
  if (row === null) return []
  const { name, superuser, roles, bypass, owner } = row
  const excess = {
    'is a superuser': superuser,
    'may make roles': roles,
    'sees past row security': bypass,
    'owns the tables': owner,
  }
  return Object.entries(excess).flatMap(([what, is]) => (is ? [`${name} ${what}`] : []))
}
