import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { readOutsideKeys, sourceOf } from '../../auth/outside-keys.ts'
import { findSealingKeyId } from '../../auth/signing-keys.ts'
import { explainWrongKey } from '../../auth/vault.ts'
import type { Config } from '../../config.ts'
import { findRunning } from '../../db/embedded-folder.ts'
import { compareMigrations } from '../../db/migrate.ts'
import { type Database, query } from '../../db/pool.ts'
import { findExcess } from '../../db/roles.ts'
import type { Holder } from './holder.ts'
import { openStorage } from './storage.ts'

export const WORKER_SILENT_SECONDS = 15

export interface Finding {
  ok: boolean
  what: string
  /** What to do about it. */
  advice?: string
}

export async function checkDatabase(config: Config, holder: Holder | null): Promise<Finding[]> {
  if (config.databaseUrl === undefined && holder !== null && findRunning(config.data) === null) {
    const what = `The embedded database does not run, though process ${holder.pid} serves this folder`
    return [{ ok: false, what, advice: 'It is being started again, or the log of that process says why not.' }]
  }
  if (config.databaseUrl === undefined && !existsSync(join(config.data, 'postgres', 'PG_VERSION'))) {
    return [{ ok: true, what: 'Embedded database: none yet, the first "tintype up" creates it' }]
  }
  const name = config.databaseUrl === undefined ? 'Embedded database' : 'Database'
  try {
    const isEmbedded = config.databaseUrl === undefined
    await using storage = await openStorage(config, { untouched: true, asOwner: isEmbedded })
    const { database } = storage
    const found = [await checkVersion(database, name), await checkMigrations(database), await checkWorker(database)]
    return [...found, ...(isEmbedded ? [] : [await checkRole(database)]), await checkSecrets(database, config)]
  } catch (error) {
    const advice =
      config.databaseUrl === undefined
        ? 'Look at the message; the files are in the data folder.'
        : 'Check DATABASE_URL, and that the server runs and lets this machine in.'
    return [{ ok: false, what: `${name} does not answer: ${(error as Error).message}`, advice }]
  }
}

async function checkVersion({ db }: Database, name: string): Promise<Finding> {
  const [row] = await query(
    db,
    sql<{
      version: string
      number: number
    }>`select current_setting('server_version') as version, current_setting('server_version_num')::int as number`,
  )
  return {
    ok: (row?.number ?? 0) >= 150_000,
    what: `${name} answers: PostgreSQL ${row?.version}`,
    advice: 'PostgreSQL 15 or newer is needed.',
  }
}

async function checkMigrations(database: Database): Promise<Finding> {
  const [table] = await query(
    database.db,
    sql<{ present: boolean }>`select to_regclass('migration') is not null as present`,
  )
  const { pending, newer } = table?.present
    ? await compareMigrations(database)
    : { pending: ['all'], newer: [] as string[] }
  if (newer.length > 0)
    return {
      ok: false,
      what: `A newer Tintype has migrated the schema: it has ${newer.join(', ')}, which this one does not know`,
      advice: 'Use the newer Tintype: this one neither serves nor works on such a schema.',
    }
  return {
    ok: pending.length === 0,
    what: pending.length === 0 ? 'The schema is up to date' : `The schema lacks migrations: ${pending.join(', ')}`,
    advice: 'Run: tintype migrate',
  }
}

/** `up` makes a role that owns nothing for the embedded database by itself. */
async function checkRole(database: Database): Promise<Finding> {
  const [row] = await query(database.db, sql<{ name: string }>`select current_user as name`)
  const excess = await findExcess(database)
  return {
    ok: excess.length === 0,
    what: excess.length === 0 ? `${row?.name} may do what is needed, and no more` : excess.join(', '),
    advice:
      'Give serve and work another role in DATABASE_URL, and tintype migrate this one in TINTYPE_OWNER_URL ' +
      '(docs/security.md, "Roles of the database").',
  }
}

async function checkSecrets({ db }: Database, config: Config): Promise<Finding> {
  const advice = 'docs/security.md, "Keys", says where the key may be.'
  try {
    const [table] = await query(
      db,
      sql<{
        present: boolean
      }>`select exists (select 1 from pg_attribute where attrelid = to_regclass('signing_key')
          and attname = 'sealed') as present`,
    )
    const wanted = table?.present ? await findSealingKeyId(db) : null
    if (wanted === null) return { ok: true, what: 'Secrets in the database: none yet' }
    const keys = readOutsideKeys(config)
    const { path } = sourceOf(config)
    // A file that somebody names is mounted as its keeper wants it; ours is for its owner alone.
    if (
      path !== null &&
      config.secretKeyFile === undefined &&
      process.platform !== 'win32' &&
      keys.length > 0 &&
      (statSync(path).mode & 0o077) !== 0
    )
      return {
        ok: false,
        what: `${path} can be read by others, and it opens the secrets in the database`,
        advice: `Run: chmod 600 ${path}`,
      }
    const ok = keys.some(({ id }) => id === wanted)
    return { ok, what: ok ? 'The secrets in the database open' : explainWrongKey(config, wanted, keys), advice }
  } catch (error) {
    return { ok: false, what: (error as Error).message, advice }
  }
}

async function checkWorker({ db }: Database): Promise<Finding> {
  const [table] = await query(db, sql<{ present: boolean }>`select to_regclass('worker') is not null as present`)
  const seen = table?.present
    ? await query(
        db,
        sql`select 1 from worker where seen_at > now() - make_interval(secs => ${WORKER_SILENT_SECONDS}) limit 1`,
      )
    : []
  return {
    ok: seen.length > 0,
    what: seen.length > 0 ? 'A worker is running' : 'No worker is running, so pushes wait',
    advice: 'Run: tintype up, or tintype work beside tintype serve',
  }
}
