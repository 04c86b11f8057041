import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { EmbeddedError } from './embedded-error.ts'
import { filesOf, findRunning, lastPort, passwordOf, type Running } from './embedded-folder.ts'
import { answers, hasEnded, signal, stop } from './embedded-process.ts'
import { type Account, adviceFor, type Binaries, launch, SERVER_USER } from './embedded-programs.ts'
import { freePort, isFree } from './free-port.ts'

const RECOVERY_MS = 30 * 60_000
/** One that stops for longer hangs: it is told to drop everything, and recovers at its next start. */
const STOP_MS = 10_000
/** Tries at a first start that ends by itself, for reasons that we do not know. */
const MOST_TRIES = 3
/** How often it is said what is waited for. */
const WORD_MS = 5_000
const MOST_PAUSE_MS = 5_000

export interface EmbeddedOptions {
  dataDir: string
  log: Log
  /** Gives up durability: for tests only. */
  fast?: boolean
  /**
   * A server that ends is started again, as often as it takes; one that cannot be brought back in this time is given
   * up.
   */
  patienceMs?: number
  onGivenUp?: (error: Error) => void
}

export interface Server {
  pid: number
  port: number
  /** Null where another process started it. */
  child: ChildProcess | null
  /** The last that it wrote. */
  words(): string
}

/** Brings a server onto the files: joins the one that is there, or starts one. */
export class Starter {
  readonly #options: EmbeddedOptions & { account: Account | null; programs: Binaries }
  readonly #password: string
  #isStopped = false
  /** The one that was started last: it may take longer than the wait for it. */
  #child: ChildProcess | null = null
  #toldMs = Number.NEGATIVE_INFINITY
  #stoppingSinceMs: number | null = null

  constructor(options: EmbeddedOptions & { account: Account | null; programs: Binaries }) {
    this.#options = options
    this.#password = readFileSync(passwordOf(options.dataDir), 'utf8').trim()
  }

  urlFor(port: number): string {
    return `postgres://${SERVER_USER}:${this.#password}@127.0.0.1:${port}/postgres`
  }

  stop(): void {
    this.#isStopped = true
  }

  /** On this port, if one is named: connections lead there. */
  async bring(patienceMs: number, port?: number): Promise<Server> {
    const { dataDir } = this.#options
    const began = performance.now()
    let words = ''
    for (let tries = 0; ; tries++) {
      const running = findRunning(dataDir)
      const server = running === null ? await this.#start(port, patienceMs) : await this.#join(running, port)
      if (typeof server === 'object') return server
      words = server === '' ? words : server
      if (this.#isStopped) throw new EmbeddedError('The end was asked for.')
      const hopeless = adviceFor(words, filesOf(dataDir))
      const limitMs = findRunning(dataDir)?.state === 'starting' ? Math.max(RECOVERY_MS, patienceMs) : patienceMs
      const isRefused =
        port === undefined &&
        (hopeless === null ? tries >= MOST_TRIES && findRunning(dataDir) === null : hopeless.atOnce)
      if (isRefused || performance.now() - began > limitMs)
        throw new EmbeddedError(
          `The embedded PostgreSQL in ${filesOf(dataDir)} does not start. ${hopeless?.advice ?? ''}\nIts last ` +
            `words: ${words.trim() || 'none'}`,
        )
      await pause(running === null ? Math.min(MOST_PAUSE_MS, 100 * 2 ** tries) : 100)
    }
  }

  /** A server that is there, if it answers; else a word about why not. */
  async #join({ pid, port, state }: Running, wanted?: number): Promise<Server | string> {
    const { log } = this.#options
    if (await answers(this.urlFor(port))) {
      if (wanted !== undefined && port !== wanted)
        return `It runs on port ${port} (process ${pid}), and this process looks for it on port ${wanted}.`
      return { pid, port, child: this.#child?.pid === pid ? this.#child : null, words: () => '' }
    }
    const now = performance.now()
    if (now - this.#toldMs > WORD_MS)
      log.warn({ pid, state }, `PostgreSQL (process ${pid}) is ${state}; waiting for it`)
    if (now - this.#toldMs > WORD_MS) this.#toldMs = now
    this.#stoppingSinceMs = state === 'stopping' ? (this.#stoppingSinceMs ?? now) : null
    if (this.#stoppingSinceMs !== null && now - this.#stoppingSinceMs > STOP_MS) {
      log.warn({ pid }, `PostgreSQL (process ${pid}) does not get on with stopping; it is told to drop everything`)
      signal(pid, 'SIGQUIT')
      this.#stoppingSinceMs = now
    }
    return `PostgreSQL (process ${pid}) is ${state} and does not answer.`
  }

  async #start(wanted: number | undefined, patienceMs: number): Promise<Server | string> {
    const { dataDir, log, fast = false, account, programs } = this.#options
    const files = filesOf(dataDir)
    const last = lastPort(dataDir)
    const port = wanted ?? (last !== null && (await isFree(last)) ? last : await freePort())
    const child = launch(programs.postgres, serverArguments(files, port, fast), { account, files })
    this.#child = child
    let words = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-4000)
      log.debug({ postgres: chunk.toString().trim() })
    })
    child.once('error', (error) => {
      words = error.message
    })
    const deadline = performance.now() + patienceMs
    while (!hasEnded(child)) {
      if (child.pid !== undefined && (await answers(this.urlFor(port))))
        return { pid: child.pid, port, child, words: () => words }
      if (this.#isStopped || child.pid === undefined) break
      // What recovers is left in peace: `bring` goes on waiting for it.
      if (performance.now() > deadline) break
      await pause(25)
    }
    if (this.#isStopped) await stop(child)
    return words === '' && !hasEnded(child) ? 'It does not answer yet.' : words
  }
}

function serverArguments(files: string, port: number, fast: boolean): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // Tests run many servers beside each other.
    max_connections: fast ? '400' : '200',
    shared_buffers: fast ? '128MB' : `${cacheMegabytes()}MB`,
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: fast ? '512MB' : '4GB',
    jit: 'off',
    ...(fast ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' } : {}),
  }
  return [
    '-D',
    files,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

/** An eighth of the memory there is, up to 2 GB. It is taken only as it fills: a small installation stays small. */
function cacheMegabytes(): number {
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  return Math.max(128, Math.min(2048, Math.floor(bytes / 8 / 2 ** 20)))
}
