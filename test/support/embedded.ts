import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { MEMORY } from '../../bin/bootstrap.js'
import { BARE_ENV, Service } from './crash.ts'
import { TEST_KEY } from './server.ts'

const MAIN = resolve(import.meta.dirname, '../../src/main.ts')

export interface Ended {
  code: number | null
  out: string
  err: string
}

/** A data folder with an embedded database, and what is done with it from a shell. */
export class Place implements AsyncDisposable {
  readonly data: string
  readonly service: Service
  readonly #env: NodeJS.ProcessEnv

  /** In memory, where that can be had: the database asks for each write to reach the disk. */
  constructor(
    env: NodeJS.ProcessEnv = {},
    data = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `tintype-test-${process.pid}-`)),
  ) {
    this.data = data
    // How much memory is free here is not what a test is about.
    this.#env = { TINTYPE_DATA: this.data, TINTYPE_DISK_FREE_MB: '0', ...env }
    this.service = new Service({ command: 'up', env: this.#env })
  }

  /** Another process on the same folder. */
  other(command: 'up' | 'serve' | 'work', env: NodeJS.ProcessEnv = {}): Service {
    return new Service({ command, env: { ...this.#env, ...env } })
  }

  get postmaster(): number {
    return Number(readFileSync(join(this.data, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
  }

  run(...args: string[]): Promise<Ended> {
    const child = spawn(process.execPath, [...MEMORY, MAIN, ...args], {
      env: {
        ...BARE_ENV,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        TINTYPE_PORT: '0',
        TINTYPE_DEMO: 'false',
        TINTYPE_SECRET_KEY: TEST_KEY,
        ...this.#env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    return new Promise((done) => child.once('close', (code) => done({ code, out, err })))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service.end()
    await until(() => !existsSync(join(this.data, 'postgres/postmaster.pid'))).catch(() => {})
    rmSync(this.data, { recursive: true, force: true })
  }
}

export async function until(isSo: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const deadline = performance.now() + ms
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`${isSo} is not so after ${ms} ms`)
    await pause(50)
  }
}
