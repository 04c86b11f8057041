import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
const SOURCE = join(ROOT, 'console')
const BUILT = join(SOURCE, 'dist')
/** In the built folder: the hash of what it was built from. */
const STAMP = 'built-from'

/** The hash of everything that the built console depends on; null where its source is not installed. */
function hashOfSource(): string | null {
  if (!existsSync(join(SOURCE, 'vite.config.ts'))) return null
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')))
  const paths = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(SOURCE, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('dist'))
  for (const path of paths.sort()) hash.update(`\n${path}\n`).update(readFileSync(join(SOURCE, path)))
  return hash.digest('hex')
}

const isCurrent = (hash: string) => {
  const stamp = join(BUILT, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash
}

/**
 * Builds the console where it is missing or older than its source, and tells when it begins and ends. Several at once
 * do no harm: each builds apart and puts its folder in place as a whole. Throws with the builder's words.
 */
export async function ensureConsole(tell: (line: string) => void): Promise<void> {
  const hash = hashOfSource()
  if (hash === null || isCurrent(hash)) return
  tell('Building the console (once per version; the server starts meanwhile) ...')
  const startedMs = performance.now()
  const [made, old] = [`${BUILT}-${process.pid}`, `${BUILT}-old-${process.pid}`]
  try {
    await build(made)
    writeFileSync(join(made, STAMP), hash)
    if (existsSync(BUILT)) renameSync(BUILT, old)
    renameSync(made, BUILT)
    tell(`The console was built in ${Math.ceil((performance.now() - startedMs) / 1000)} s.`)
  } finally {
    for (const folder of [made, old]) rmSync(folder, { recursive: true, force: true })
  }
}

/** In a process of its own: what it needs of memory goes with it. */
function build(folder: string): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  const child = spawn(
    process.execPath,
    [vite, 'build', '--config', join(SOURCE, 'vite.config.ts'), '--logLevel', 'warn'],
    {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'production', TINTYPE_CONSOLE_OUT: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`vite ended with code ${code}:\n${said.trim()}`))))
  })
}
