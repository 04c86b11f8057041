import { existsSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Where the embedded server's files are, below the data folder. */
export const filesOf = (dataDir: string) => join(dataDir, 'postgres')
export const passwordOf = (dataDir: string) => join(dataDir, 'postgres.password')
/** Of the role that serves and works. */
export const runtimePasswordOf = (dataDir: string) => join(dataDir, 'postgres.runtime.password')

export interface Running {
  pid: number
  port: number
  /** As it says itself: starting, ready, stopping. */
  state: string
}

/**
 * The live server on these files, from its postmaster.pid (pid, folder, start, port, sockets, address, memory, state).
 */
export function findRunning(dataDir: string): Running | null {
  const files = filesOf(dataDir)
  const path = join(files, 'postmaster.pid')
  if (!existsSync(path)) return null
  const lines = readFileSync(path, 'utf8').split('\n')
  const pid = Number(lines[0])
  if (!isAlive(pid)) return null
  if (isServerOf(files, pid)) return { pid, port: Number(lines[3]), state: (lines[7] ?? '').trim() || 'starting' }
  // Left behind by a server that was killed, and its pid was given to somebody else. PostgreSQL cannot tell, and would
  // refuse to start.
  rmSync(path, { force: true })
  return null
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * A pid may be another program's by now, or that of a server on other files. Linux can tell: a server works in its
 * folder.
 */
function isServerOf(files: string, pid: number): boolean {
  if (!existsSync('/proc/self')) return true
  try {
    if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')) return false
  } catch {
    return false
  }
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(files)
  } catch {
    // Somebody else's process: its command line says where it works.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(files)
  }
}

/** The port that the server on these files had when it last started: links that lead there go on working. */
export function lastPort(dataDir: string): number | null {
  try {
    const [, port] = /"-p" "(\d+)"/.exec(readFileSync(join(filesOf(dataDir), 'postmaster.opts'), 'utf8')) ?? []
    return port === undefined ? null : Number(port)
  } catch {
    return null
  }
}

/** Gives way for other files, and keeps these. Null where there are none. */
export function putAside(dataDir: string): { path: string; back(): void } | null {
  const [files, password] = [filesOf(dataDir), passwordOf(dataDir)]
  if (!existsSync(files)) return null
  const path = `${files}.before-${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`
  renameSync(files, path)
  renameSync(password, `${path}.password`)
  return {
    path,
    back() {
      rmSync(files, { recursive: true, force: true })
      renameSync(path, files)
      renameSync(`${path}.password`, password)
    },
  }
}
