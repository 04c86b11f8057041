// Writes every generated file; with --check it only compares, and fails where one is not current.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startEmbedded } from '../src/db/embedded.ts'
import { migrate } from '../src/db/migrate.ts'
import { openDatabase } from '../src/db/pool.ts'
import { createLog } from '../src/log.ts'
import { generatedFiles } from './generated-files.ts'
import { dumpSchema } from './schema-dump.ts'

const ROOT = join(import.meta.dirname, '..')
process.chdir(ROOT)

/** The dump of a database that lives for this one question. */
async function schemaOfMigrations(): Promise<string> {
  const log = createLog('warn')
  const dataDir = mkdtempSync(join(tmpdir(), 'tintype-generate-'))
  chmodSync(dataDir, 0o755)
  try {
    const server = await startEmbedded({ dataDir, log, fast: true })
    const database = openDatabase({ url: server.url, poolSize: 2, log })
    try {
      await migrate(database)
      return await dumpSchema(database.db)
    } finally {
      await database.close()
      await server.stop()
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const files: Record<string, string> = { ...generatedFiles(), 'sql/schema.sql': await schemaOfMigrations() }
const stale = Object.keys(files).filter((path) => !existsSync(path) || readFileSync(path, 'utf8') !== files[path])
if (process.argv.includes('--check')) {
  for (const path of stale) process.stderr.write(`${path} is not current\n`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const path of stale) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, files[path] as string)
    process.stdout.write(`${path}\n`)
  }
}
