import { finished } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { Logger, runMigrations } from 'graphile-worker'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { VERSION } from '../../version.ts'
import { MIGRATION_LOCK, MIGRATION_TABLE, readMigrations } from '../migrate.ts'
import { type Ask, asker, columnsOf, listTables, nameOf, SPELLING } from './catalogue.ts'
import { type Header, type Rows, readBackup, type Summary, type Table } from './format.ts'

/** What is in the way: said to whoever asked, who knows what to do. */
export class NotEmpty extends Error {}

/** Rows that a server writes before anybody has used it. They make way. */
const HOUSEKEEPING = [
  'migration',
  'worker',
  'signing_key',
  'webhook_key',
  'rate_count',
  'sign_in_try',
  'ended_session',
  'idempotency',
]

/** Reads a backup once, wholly, and refuses what this program could not have written. Nothing is touched before. */
export async function checkBackup(path: string): Promise<Header> {
  const { header } = await readBackup(path)
  const ours = new Map(readMigrations().map(({ name, hash }) => [name, hash]))
  const foreign = header.migrations.filter(({ name, hash }) => ours.get(name) !== hash).map(({ name }) => name)
  if (foreign.length > 0)
    throw new Error(
      `The backup was written by Tintype ${header.tintype}, whose migrations ${foreign.join(', ')} are not those ` +
        `of this one (${VERSION}). Restore it with the version that wrote it, or a newer one.`,
    )
  return header
}

/**
 * Puts a backup that was checked into an empty database, in one transaction: all of it or nothing. The schema becomes
 * that of the backup; what has been added to it since is left to `migrate`.
 */
export async function restoreBackup({
  url,
  path,
}: {
  url: string
  path: string
}): Promise<{ header: Header; summary: Summary }> {
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'tintype restore' })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    await runMigrations({ pgPool: pool, logger: new Logger(() => () => {}) })
  } finally {
    await pool.end()
  }
  const client = new pg.Client({ connectionString: url, application_name: 'tintype restore' })
  client.on('error', () => {})
  await client.connect()
  try {
    const ask = asker(client)
    await refuseBusy(ask)
    await ask('begin')
    await ask(
      `${SPELLING}; set local statement_timeout = 0; set local lock_timeout = 0; set local ` +
        'idle_in_transaction_session_timeout = 0',
    )
    await ask('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    let begun = false
    const restored = await readBackup(path, async (table, header) => {
      if (!begun) await prepare(ask, header)
      begun = true
      return load(client, table)
    })
    await setCounters(ask, restored.summary.counters)
    for (const table of await triggered(ask)) await ask(`alter table ${table} enable trigger user`)
    await ask('commit')
    await ask('analyze')
    return restored
  } finally {
    // Where it was not committed, it never was.
    await client.end().catch(() => {})
  }
}

/** A process that has just ended takes a moment to be gone. */
const GONE_MS = 1_000

async function refuseBusy(ask: Ask): Promise<void> {
  for (const deadline = performance.now() + GONE_MS; ; await pause(50)) {
    const [others] = await ask<{ count: string }>(
      `select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
          and application_name = 'tintype'`,
    )
    if (Number(others?.count) === 0) return
    if (performance.now() > deadline) throw new Error('A server or a worker uses this database. Stop it first.')
  }
}

/** An empty database with the tables of the backup. */
async function prepare(ask: Ask, header: Header): Promise<void> {
  const [queue] = await ask<{ last: number }>('select max(id) as last from graphile_worker.migrations')
  if (header.queue > (queue?.last ?? 0))
    throw new Error(`The backup's job queue (${header.queue}) is newer than this one's (${queue?.last}).`)
  await ask(MIGRATION_TABLE)
  const applied = new Set((await ask<{ name: string }>('select name from migration')).map(({ name }) => name))
  const wanted = new Set(header.migrations.map(({ name }) => name))
  const tables = await filled(ask)
  if (tables.length > 0) throw new NotEmpty(`The database is not empty: there are rows in ${tables.join(', ')}.`)
  const beyond = [...applied].filter((name) => !wanted.has(name))
  if (beyond.length > 0)
    throw new NotEmpty(
      `The database has migrations that the backup does not know (${beyond.join(', ')}). Restore into a database ` +
        'that nothing has been done with.',
    )
  for (const { name, text } of readMigrations()) if (wanted.has(name) && !applied.has(name)) await ask(text)
  await ask(`truncate ${header.tables.map(nameOf).join(', ')}`)
  // What has happened is not told once more.
  for (const table of await triggered(ask)) await ask(`alter table ${table} disable trigger user`)
  for (const { name, parent, bound } of header.partitions) {
    // The rest of the statement comes from a file.
    if (!/^FOR VALUES (FROM \('[\w-]+'\) TO \('[\w-]+'\)|IN \('[\w-]+'(, '[\w-]+')*\))$|^DEFAULT$/.test(bound))
      throw new Error(`Partition ${name} has a strange bound: ${bound}`)
    await ask(
      `create table if not exists ${pg.escapeIdentifier(name)} partition of ${pg.escapeIdentifier(parent)} ${bound}`,
    )
  }
}

/** Tables that do something of their own when somebody writes to them. */
async function triggered(ask: Ask): Promise<string[]> {
  const tables = await ask<{ name: string }>(
    `select distinct t.tgrelid::regclass::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where not t.tgisinternal and not c.relispartition and c.relnamespace = 'public'::regnamespace order by 1`,
  )
  return tables.map(({ name }) => name)
}

/** Tables in which somebody has written. */
async function filled(ask: Ask): Promise<string[]> {
  const tables = (await listTables(ask)).filter(
    ({ schema, name }) => schema === 'public' && !HOUSEKEEPING.includes(name),
  )
  const found: string[] = []
  for (const table of tables) {
    const rows = await ask(`select 1 from ${nameOf(table)} limit 1`)
    if (rows.length > 0) found.push(table.name)
  }
  return found
}

function load(client: pg.Client, table: Table): Rows {
  const copy = client.query(copyFrom(`copy ${nameOf(table)} (${columnsOf(table)}) from stdin`))
  const done = finished(copy)
  done.catch(() => {})
  return {
    async write(piece) {
      if (copy.write(piece)) return
      await Promise.race([done, new Promise((resolve) => copy.once('drain', resolve))])
    },
    async end() {
      copy.end()
      await done
    },
  }
}

async function setCounters(ask: Ask, counters: Record<string, number>): Promise<void> {
  for (const [place, value] of Object.entries(counters)) {
    const [schema = '', name = '', column = ''] = place.split('.')
    await ask('select setval(pg_get_serial_sequence($1, $2)::regclass, $3)', [nameOf({ schema, name }), column, value])
  }
}
