import { type ChildProcess, spawn } from 'node:child_process'
import { flushCompileCache } from 'node:module'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { memoryFor } from '../../bin/bootstrap.js'
import { TEST_KEY } from './server.ts'

const MAIN = resolve(import.meta.dirname, '../../src/main.ts')
const READY = { serve: /serves at (http:\S+)/, work: /waits for jobs/, up: /runs at (http:\S+)[\s\S]*Ctrl-C/ }
const BOOT_MS = 60_000
const OUTPUT_KEPT = 8_000

const { PATH, LD_LIBRARY_PATH } = process.env
/** What our programs need of the environment to begin at all (bin/bootstrap.js), and none of its settings. */
export const BARE_ENV: NodeJS.ProcessEnv = LD_LIBRARY_PATH === undefined ? { PATH } : { PATH, LD_LIBRARY_PATH }

export interface ServiceOptions {
  command: keyof typeof READY
  /** Without one: the embedded database, in the folder that the environment names. */
  databaseUrl?: string
  env?: NodeJS.ProcessEnv
}

/**
 * `tintype serve`, `work` or `up` as a process of its own, which can be killed and started again any number of times.
 */
export class Service {
  readonly command: keyof typeof READY
  /** Errors it logged: jobs that failed, requests that broke. */
  readonly errors: string[] = []
  /** All that it wrote. */
  output = ''
  readonly #env: NodeJS.ProcessEnv
  #child: ChildProcess | null = null
  #exited: Promise<void> = Promise.resolve()
  #ready: Promise<string> = Promise.resolve('')

  constructor({ command, databaseUrl, env = {} }: ServiceOptions) {
    this.command = command
    flushCompileCache()
    this.#env = {
      ...BARE_ENV,
      // A start takes a third of the time with compiled code at hand. A process that is killed does not leave any; ours
      // does, for all of them.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      TINTYPE_SECRET_KEY: TEST_KEY,
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      TINTYPE_PORT: '0',
      TINTYPE_DEMO: 'false',
      TINTYPE_LOG_LEVEL: 'warn',
      TINTYPE_POOL_SIZE: '6',
      TINTYPE_WORKER_CONCURRENCY: '2',
      ...env,
    }
  }

  start(): void {
    // The channel tells it when the test itself is gone without a word, so that nothing outlives a run.
    const child = spawn(process.execPath, [...memoryFor([this.command]), MAIN, this.command], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const { promise, resolve: isReady, reject } = Promise.withResolvers<string>()
    promise.catch(() => {})
    this.#child = child
    this.#ready = promise
    this.#exited = new Promise((done) => child.once('exit', () => done()))
    let output = ''
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_KEPT)
      this.output += chunk.toString()
      for (const line of chunk.toString().split('\n')) if (/"level":"(error|fatal)"/.test(line)) this.errors.push(line)
      const found = READY[this.command].exec(output)
      if (found !== null) isReady(found[1] ?? '')
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    const late = setTimeout(
      () => reject(new Error(`tintype ${this.command} is not ready after ${BOOT_MS} ms:\n${output}`)),
      BOOT_MS,
    )
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearTimeout(late)
      reject(new Error(`tintype ${this.command} ended (${signal ?? code}):\n${output}`))
      if (signal !== 'SIGKILL')
        this.errors.push(`tintype ${this.command} ended by itself (${signal ?? code}): ${output}`)
    })
  }

  /**
   * Settles when the process that runs now is ready: with its URL, if it serves. Rejects when that process ends before.
   */
  get ready(): Promise<string> {
    return this.#ready
  }

  get pid(): number {
    return this.#child?.pid as number
  }

  /** How it ended: its exit code, or the signal. */
  async ended(): Promise<number | string> {
    await this.#exited
    return this.#child?.exitCode ?? this.#child?.signalCode ?? ''
  }

  /** As Ctrl-C does it. */
  stop(): Promise<number | string> {
    this.#child?.kill('SIGINT')
    return this.ended()
  }

  /**
   * SIGKILL: no handler runs, no socket is closed by us. Once it is certain that the process is gone, the next one
   * starts.
   */
  async crash(): Promise<void> {
    await this.end()
    this.start()
  }

  async end(): Promise<void> {
    const child = this.#child
    if (child === null) return
    child.kill('SIGKILL')
    await this.#exited
  }
}

/** Numbers in [0, 1) that the same seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface Storm {
  services: readonly [Service, Service]
  random: () => number
  /** Asked after each kill: does it count? */
  isPushing(): Promise<boolean>
}

export interface Killed {
  serve: number
  work: number
  up: number
}

/**
 * Kills the worker or the server, again and again, until `kills` of them fell into a push that was under way or
 * `signal` says that it is over. Most processes die some time after they are ready, some while they start.
 */
export async function rage(storm: Storm, kills: number, signal: AbortSignal): Promise<Killed> {
  const { services, random } = storm
  const [worker, server] = services
  const killed: Killed = { serve: 0, work: 0, up: 0 }
  let starting: Service | null = null
  while (killed.serve + killed.work < kills && !signal.aborted) {
    const victim: Service = starting ?? (random() < 0.75 ? worker : server)
    const ageMs = 20 + random() * (starting !== null || random() < 0.8 ? 580 : 1_500)
    if (starting === null) await victim.ready
    await pause(ageMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) break
    await victim.crash()
    starting = random() < 0.25 ? victim : null
    if (await storm.isPushing()) killed[victim.command]++
  }
  return killed
}
