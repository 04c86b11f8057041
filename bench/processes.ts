import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryFor } from '../bin/bootstrap.js'
import { newKeyText } from '../src/auth/outside-keys.ts'
import { startEmbedded } from '../src/db/embedded.ts'
import { freePort } from '../src/db/free-port.ts'
import { migrate } from '../src/db/migrate.ts'
import { type Database, openDatabase } from '../src/db/pool.ts'
import { createLog } from '../src/log.ts'
import { until } from './report.ts'

export interface Processes extends AsyncDisposable {
  database: Database
  /** Of `tintype serve`. */
  url: string
  pidOf(command: 'serve' | 'work'): number | undefined
}

/** The embedded database as users get it (durable), with server and worker as processes of their own. */
export async function startProcesses(settings: Record<string, string> = {}): Promise<Processes> {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-bench-'))
  const log = createLog('warn')
  const server = await startEmbedded({ dataDir: folder, log })
  const database = openDatabase({ url: server.url, poolSize: 4, log })
  const children = new Map<string, ChildProcess>()
  const processes: Processes = {
    database,
    url: '',
    pidOf: (command) => children.get(command)?.pid,
    async [Symbol.asyncDispose]() {
      const all = [...children.values()]
      for (const child of all) child.kill('SIGTERM')
      await Promise.all(
        all.map((child) => new Promise((end) => (child.exitCode === null ? child.once('exit', end) : end(null)))),
      )
      await database.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    await migrate(database)
    const port = await freePort()
    const env = {
      ...process.env,
      DATABASE_URL: server.url,
      TINTYPE_SECRET_KEY: newKeyText(),
      TINTYPE_PORT: String(port),
      TINTYPE_DEMO: 'false',
      TINTYPE_LOG_LEVEL: 'warn',
      ...settings,
    }
    for (const command of ['serve', 'work'])
      children.set(
        command,
        spawn(
          process.execPath,
          [...process.execArgv, ...memoryFor([command]), join(import.meta.dirname, '../src/main.ts'), command],
          { env, stdio: ['ignore', 'ignore', 'inherit'] },
        ),
      )
    const url = `http://127.0.0.1:${port}`
    await until(async () => (await fetch(`${url}/ready`).catch(() => null))?.status === 200)
    return { ...processes, url, pidOf: processes.pidOf }
  } catch (error) {
    await processes[Symbol.asyncDispose]()
    throw error
  }
}
