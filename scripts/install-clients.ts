import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../test/clients')

/** What npm writes last: newer than the lock file when all of it is there. */
const STAMP = join(FOLDER, 'node_modules/.package-lock.json')

/** Clients that others wrote, with versions and hashes of their own lock file; none of their scripts run. */
export function installClients(): void {
  if (existsSync(STAMP) && statSync(STAMP).mtimeMs > statSync(join(FOLDER, 'package-lock.json')).mtimeMs) return
  process.stderr.write('Installing the clients that are tested (npm ci in test/clients) ...\n')
  const options = { cwd: FOLDER, stdio: 'inherit', shell: process.platform === 'win32' } as const
  const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], options)
  if (status !== 0) throw new Error(`npm ci in test/clients failed: ${error?.message ?? `code ${status}`}`)
}
