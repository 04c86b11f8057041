import { createHash } from 'node:crypto'
import { constants, createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, constants as zlib } from 'node:zlib'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { VERSION } from '../../version.ts'
import { type Ask, asker, columnsOf, listPartitions, listTables, nameOf, readCounters, SPELLING } from './catalogue.ts'
import { END_OF_ROWS, FORMAT, type Header, readBackup, type Summary } from './format.ts'

export interface Written {
  header: Header
  summary: Summary
  bytes: number
}

export interface WriteOptions {
  url: string
  path: string
  /**
   * Called with the name of the database snapshot that everything is read at, while it is held: for whoever wants to
   * read the same.
   */
  onSnapshot?: (name: string) => Promise<void>
}

/**
 * Writes all rows to a file, as they are at one moment: everything is read at one snapshot of the database, which keeps
 * nobody from writing. The file has its name only when it is whole, is on the disk, and has been read back.
 */
export async function writeBackup({ url, path, onSnapshot }: WriteOptions): Promise<Written> {
  if (existsSync(path)) throw new Error(`${path} exists. A backup is never written over: choose another name.`)
  const draft = `${path}.partial`
  const client = new pg.Client({ connectionString: url, application_name: 'tintype backup' })
  // What breaks is told by the statement under way.
  client.on('error', () => {})
  try {
    await client.connect()
    const ask = asker(client)
    await ask('begin isolation level repeatable read, read only')
    await ask(
      `${SPELLING}; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local ` +
        `search_path = ''`,
    )
    const header = await describe(ask)
    if (onSnapshot !== undefined)
      await onSnapshot((await ask<{ name: string }>('select pg_export_snapshot() as name'))[0]?.name as string)
    await pipeline(
      Readable.from(contents(client, header), { objectMode: false }),
      createZstdCompress({ params: { [zlib.ZSTD_c_compressionLevel]: 3, [zlib.ZSTD_c_checksumFlag]: 1 } }),
      // Nobody else may read it: it holds what the database holds.
      createWriteStream(draft, { mode: constants.S_IRUSR | constants.S_IWUSR, flush: true }),
    )
    await ask('commit')
    const { summary } = await readBackup(draft)
    renameSync(draft, path)
    return { header, summary, bytes: statSync(path).size }
  } catch (error) {
    rmSync(draft, { force: true })
    throw explained(error as NodeJS.ErrnoException, path)
  } finally {
    await client.end().catch(() => {})
  }
}

async function describe(ask: Ask): Promise<Header> {
  const [known] = await ask<{ present: boolean }>(
    `select to_regclass('public.migration') is not null
        and to_regclass('graphile_worker.migrations') is not null as present`,
  )
  if (!known?.present) throw new Error('There is nothing of Tintype in this database.')
  const [server] = await ask<{ takenAt: Date; postgresql: string; queue: number }>(`
    select now() as "takenAt", current_setting('server_version') as postgresql,
      (select max(id) from graphile_worker.migrations) as queue`)
  if (server === undefined) throw new Error('The database did not say what it is.')
  return {
    tintype: VERSION,
    format: FORMAT,
    takenAt: server.takenAt.toISOString(),
    postgresql: server.postgresql,
    migrations: await ask('select name, hash from public.migration order by name'),
    queue: server.queue,
    tables: await listTables(ask),
    partitions: await listPartitions(ask),
  }
}

async function* contents(client: pg.Client, header: Header): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  const hashed = (piece: Buffer) => {
    hash.update(piece)
    return piece
  }
  const line = (value: object) => hashed(Buffer.from(`${JSON.stringify(value)}\n`))
  yield line(header)
  const rows: number[] = []
  for (const table of header.tables) {
    const copy = client.query(copyTo(`copy (select ${columnsOf(table)} from ${nameOf(table)}) to stdout`))
    for await (const piece of copy) yield hashed(piece as Buffer)
    rows.push(copy.rowCount)
    yield hashed(END_OF_ROWS)
  }
  yield line({ rows, counters: await readCounters(asker(client)) } satisfies Summary)
  yield Buffer.from(`${JSON.stringify({ sha256: hash.digest('hex') })}\n`)
}

function explained(error: NodeJS.ErrnoException, path: string): Error {
  if (error.code === 'ENOSPC')
    return new Error(`There is no room for ${path}. Nothing is left of it; make room or choose another disk.`, {
      cause: error,
    })
  if (error.code === 'EACCES' || error.code === 'ENOENT' || error.code === 'EROFS')
    return new Error(`${path} cannot be written: ${error.message}`, { cause: error })
  return error
}
