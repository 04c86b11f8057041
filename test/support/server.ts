import { setTimeout as pause } from 'node:timers/promises'
import { type App, createApp } from '../../src/app.ts'
import { setPasswordCost } from '../../src/auth/passwords.ts'
import type { Clock } from '../../src/clock.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { type Database, type Db, openDatabase } from '../../src/db/pool.ts'
import { type Client, createClient } from './client.ts'
import { createTestDatabase, ownerUrlOf } from './database.ts'

export interface TestServer extends AsyncDisposable {
  url: string
  databaseUrl: string
  /** The database as its owner, for what the server itself may not do: triggers that stand for faults, statistics. */
  owner(): Db
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
  /** Looks at all that is in the database, or changes what is not a tenant's: nobody else may be there. */
  alone?: boolean
}

/** Seals the secrets of all test databases, so that servers and processes that share one understand each other. */
export const TEST_KEY = Buffer.from('a key that only tests may have!!').toString('base64url')

/** The token of whoever runs the test servers. */
export const TEST_OPERATOR = 'operator-of-the-tests'

/**
 * A whole server in this process: a database of its own, a free port, real HTTP. `await using server = await
 * startTestServer()`.
 */
export async function startTestServer({ alone = false, ...options }: TestServerOptions = {}): Promise<TestServer> {
  const { shared } = globalThis as { shared?: SharedServers }
  if (shared === undefined || alone || 'clock' in options || 'databaseUrl' in options) return start(options)
  const name = JSON.stringify(options)
  const server = shared.get(name) ?? start(options)
  shared.set(name, server)
  // The next one tries again.
  server.catch(() => shared.delete(name))
  return { ...(await server), [Symbol.asyncDispose]: async () => {} }
}

/**
 * Servers that the files of one process share, one after the other, by their options: each file makes an agency of its
 * own, and agencies do not see each other. Whoever runs the files (scripts/test-groups.ts) makes the map, and closes
 * what is in it.
 */
export type SharedServers = Map<string, Promise<TestServer>>

async function start({
  work = true,
  clock,
  databaseUrl,
  ...settings
}: Omit<TestServerOptions, 'alone'>): Promise<TestServer> {
  const database =
    databaseUrl === undefined
      ? await createTestDatabase()
      : { url: databaseUrl, ownerUrl: ownerUrlOf(databaseUrl), drop: async () => {} }
  const logLevel = (process.env.TINTYPE_TEST_LOG as Config['logLevel'] | undefined) ?? 'silent'
  const config: Config = {
    ...readConfig({}),
    port: 0,
    poolSize: 6,
    demo: false,
    console: false,
    diskFreeMb: 0,
    visitorLimit: 0,
    journalRate: 0,
    subscriptionRate: 0,
    snapshotRate: 0,
    logLevel,
    secretKey: TEST_KEY,
    operatorToken: TEST_OPERATOR,
    ...settings,
    databaseUrl: database.url,
  }
  const app = await createApp(config, clock === undefined ? {} : { clock })
  let owner: Database | null = null
  const url = await app.serve().catch(async (error) => {
    await app[Symbol.asyncDispose]()
    throw error
  })
  await hears(app)
  if (work) await app.work()
  return {
    url,
    databaseUrl: database.url,
    owner() {
      owner ??= openDatabase({ url: database.ownerUrl, poolSize: 2, log: app.log })
      return owner.db
    },
    app,
    client: (token) => createClient(url, token),
    async [Symbol.asyncDispose]() {
      await owner?.close()
      await app[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}

// A hundredth of the full cost; tests sign in some hundred times.
setPasswordCost({ memoryCost: 64, timeCost: 1 })

/** From here on the server remembers its callers, as it does in earnest. */
async function hears({ database }: App): Promise<void> {
  for (let tries = 0; tries < 400 && !database.notices.isHearing(); tries++) await pause(5)
}
