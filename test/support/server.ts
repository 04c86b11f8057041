import { setTimeout as pause } from 'node:timers/promises'
import { type App, createApp } from '../../src/app.ts'
import type { Clock } from '../../src/clock.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { type Client, createClient } from './client.ts'
import { createTestDatabase } from './database.ts'

export interface TestServer extends AsyncDisposable {
  url: string
  databaseUrl: string
  app: App
  /** A caller with this token, or with none. */
  client(token?: string): Client
}

export interface TestServerOptions extends Partial<Omit<Config, 'databaseUrl'>> {
  /** Run jobs too. Default true. */
  work?: boolean
  clock?: Clock
  /** An existing database, for servers that share one; it is not dropped at the end. */
  databaseUrl?: string
}

/** A whole server in this process: a database of its own, a free port, real HTTP. `await using server = await startTestServer()`. */
export async function startTestServer({ work = true, clock, databaseUrl, ...settings }: TestServerOptions = {}): Promise<TestServer> {
  const database = databaseUrl === undefined ? await createTestDatabase() : { url: databaseUrl, drop: async () => {} }
  const logLevel = (process.env.TINTYPE_TEST_LOG as Config['logLevel'] | undefined) ?? 'silent'
  const config: Config = { ...readConfig({}), port: 0, poolSize: 6, demo: false, visitorLimit: 0, logLevel, ...settings, databaseUrl: database.url }
  const app = await createApp(config, clock === undefined ? {} : { clock })
  const url = await app.serve()
  await hears(app)
  if (work) await app.work()
  return {
    url,
    databaseUrl: database.url,
    app,
    client: (token) => createClient(url, token),
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}

/** From here on the server remembers its callers, as it does in earnest. */
async function hears({ database }: App): Promise<void> {
  for (let tries = 0; tries < 400 && !database.notices.isHearing(); tries++) await pause(5)
}
