import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Logger, runMigrations } from 'graphile-worker'
import { sql } from 'kysely'
import { VERSION } from '../version.ts'
import { type Database, query } from './pool.ts'
import { mayMigrate } from './roles.ts'
import { inTransaction } from './transaction.ts'

const MIGRATIONS = join(import.meta.dirname, '../../sql/migrations')
/** Any number, as long as every Tintype process takes the same advisory lock. */
export const MIGRATION_LOCK = 7_468_017
export const MIGRATION_TABLE =
  'create table if not exists migration (name text primary key, hash text not null, applied_at timestamptz not null default now())'
const silentLogger = new Logger(() => () => {})

interface Migration {
  name: string
  text: string
  hash: string
}

export function readMigrations(): Migration[] {
  return readdirSync(MIGRATIONS)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(MIGRATIONS, file), 'utf8')
      return { name: file.replace('.sql', ''), text, hash: createHash('sha256').update(text).digest('hex') }
    })
}

/**
 * Brings the schema up to date. Forward only; a migration that was applied with another text is refused. A role that
 * owns nothing can only look whether its owner has done so.
 */
export async function migrate(database: Database): Promise<string[]> {
  const [version] = await query(
    database.db,
    sql<{ number: number }>`select current_setting('server_version_num')::int as number`,
  )
  if (version !== undefined && version.number < 150_000)
    throw new Error(`PostgreSQL 15 or newer is needed; this server is ${version.number / 10_000}`)
  if (!(await mayMigrate(database))) return refusePending(database)
  const applied: string[] = []
  await inTransaction(database.db, async (tx) => {
    // An index of a large table takes its time.
    await sql`select set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)`.execute(tx)
    await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(tx)
    await sql.raw(MIGRATION_TABLE).execute(tx)
    const known = new Map(
      (await query(tx, sql<{ name: string; hash: string }>`select name, hash from migration`)).map((row) => [
        row.name,
        row.hash,
      ]),
    )
    const ours = readMigrations()
    refuseNewer([...known.keys()], ours)
    for (const migration of ours) {
      const hash = known.get(migration.name)
      if (hash === migration.hash) continue
      if (hash !== undefined)
        throw new Error(
          `Migration ${migration.name} was changed after it had been applied. Restore its text and add a new ` +
            'migration.',
        )
      await sql.raw(migration.text).execute(tx)
      await sql`insert into migration (name, hash) values (${migration.name}, ${migration.hash})`.execute(tx)
      applied.push(migration.name)
    }
  })
  await runMigrations({ pgPool: database.pool, logger: silentLogger })
  return applied
}

async function refusePending({ db }: Database): Promise<string[]> {
  const [table] = await query(
    db,
    sql<{
      role: string
      present: boolean
    }>`select current_user as role, to_regclass('migration') is not null as present`,
  )
  const known = table?.present
    ? (await query(db, sql<{ name: string }>`select name from migration`)).map((row) => row.name)
    : []
  const ours = readMigrations()
  refuseNewer(known, ours)
  const pending = ours.filter(({ name }) => !known.includes(name))
  if (pending.length === 0) return []
  throw new Error(
    `The database lacks ${pending.length === ours.length ? 'all migrations' : `migrations (${pending.map(({ name }) => name).join(', ')})`}, and the role ${table?.role} of ` +
      'DATABASE_URL may not make them. Run tintype migrate with the URL of the role that owns the database in ' +
      'TINTYPE_OWNER_URL.',
  )
}

/** What a newer program has made of the database this one does not understand. */
function refuseNewer(applied: readonly string[], ours: readonly Migration[]): void {
  const [last, newer] = [ours.at(-1)?.name, newerThan(ours, applied)]
  if (newer.length === 0) return
  throw new Error(
    `The database has been migrated by a newer Tintype: it has ${newer.join(', ')}, and ${VERSION} knows ` +
      `migrations up to ${last}. Use the newer one.`,
  )
}

const newerThan = (ours: readonly Migration[], applied: readonly string[]) =>
  applied.filter((name) => name > (ours.at(-1)?.name ?? '')).sort()

/** Names of migrations that the database still lacks, and of those that only a newer program knows. */
export async function compareMigrations(database: Database): Promise<{ pending: string[]; newer: string[] }> {
  const rows = await query(database.db, sql<{ name: string }>`select name from migration`)
  const known = rows.map(({ name }) => name)
  const ours = readMigrations()
  const pending = ours.map(({ name }) => name).filter((name) => !known.includes(name))
  return { pending, newer: newerThan(ours, known) }
}
