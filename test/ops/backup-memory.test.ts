import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { BARE_ENV } from '../support/crash.ts'
import { createEmptyDatabase, createTestDatabase } from '../support/database.ts'

const MAIN = resolve(import.meta.dirname, '../../src/main.ts')
const MEGABYTES = 400
const MOST_MB = 220
const skip =
  (process.env.TINTYPE_OPS !== 'long' && 'half a gigabyte of rows: npm run test:ops') ||
  (process.platform !== 'linux' && 'memory is read from /proc')

/** Runs a command; answers the most memory that it had. */
async function run(databaseUrl: string, ...args: string[]): Promise<number> {
  const child = spawn(process.execPath, ['--max-semi-space-size=4', MAIN, ...args], {
    env: { ...BARE_ENV, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  let most = 0
  const look = setInterval(() => {
    try {
      most = Math.max(
        most,
        Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
      )
    } catch {
      // It has just ended.
    }
  }, 50)
  const code = await new Promise((done) => child.once('close', done))
  clearInterval(look)
  assert.equal(code, 0, output)
  return most
}

test(`a backup of ${MEGABYTES} MB, and its restore, need no more than ${MOST_MB} MB of memory`, { skip }, async (t) => {
  const [full, empty] = [await createTestDatabase(), await createEmptyDatabase()]
  const folder = mkdtempSync(join(tmpdir(), 'tintype-backup-'))
  const path = join(folder, 'all')
  try {
    const client = new pg.Client({ connectionString: full.ownerUrl })
    await client.connect()
    await client.query(
      `insert into file_chunk (location_id, file_id, position, data)
      select 'x', 'y', n, decode(c.hex, 'hex')
        from (select string_agg(md5(g::text), '') as hex from generate_series(1, 32768) g) c, generate_series(1, $1) n`,
      [MEGABYTES * 2],
    )
    await client.end()
    const [writing, reading] = [await run(full.ownerUrl, 'backup', path), await run(empty.url, 'restore', path)]
    t.diagnostic(`backup ${Math.round(writing)} MB, restore ${Math.round(reading)} MB`)
    assert.ok(writing < MOST_MB && reading < MOST_MB, `backup ${writing} MB, restore ${reading} MB`)
    const restored = new pg.Client({ connectionString: empty.url })
    await restored.connect()
    assert.equal(
      (await restored.query('select sum(length(data))::int as n from file_chunk')).rows[0].n,
      MEGABYTES * 2 ** 20,
    )
    await restored.end()
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await Promise.all([full.drop(), empty.drop()])
  }
})
