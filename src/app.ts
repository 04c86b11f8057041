import type { FastifyInstance } from 'fastify'
import { createCallers } from './auth/callers.ts'
import { createSecurityEvents } from './auth/security-events.ts'
import { sessionLifeOf } from './auth/sessions.ts'
import { unlock } from './auth/unlock.ts'
import { useVault, vaultOf } from './auth/vault.ts'
import { webhookKeys } from './auth/webhook-keys.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config } from './config.ts'
import {
  createAttemptCounts,
  createCatcher,
  type MailIn,
  startMailIn,
  startWebhookSender,
  type WebhookSender,
  webhooksTold,
} from './connect/index.ts'
import { migrate, readMigrations } from './db/migrate.ts'
import { reasonOf } from './db/outage.ts'
import { type Database, openDatabase, type Timeouts } from './db/pool.ts'
import { findStorage, prepareStorage } from './db/prepare.ts'
import { createTasks } from './jobs/index.ts'
import { maintain } from './jobs/maintain.ts'
import { startWorker, type Worker } from './jobs/worker.ts'
import {
  type BodyStore,
  createJournalFeeds,
  createObjectStore,
  createReadingPlaces,
  IN_DATABASE,
  type JournalWriter,
  startJournalWriter,
} from './journal/index.ts'
import { createLog, type Log } from './log.ts'
import { createMailer } from './mail.ts'
import { createWriters, registry } from './operations/index.ts'
import { createLimits, type Limits } from './operations/limits.ts'
import type { Platform } from './operations/platform.ts'
import { createPushFeeds } from './operations/snapshots/index.ts'
import { RESOURCES } from './resources/index.ts'
import { RECORDS } from './resources/records/index.ts'
import { type BrokenCounter, startBrokenCounter } from './snapshots/broken-counter.ts'
import { addHooks } from './surfaces/hooks.ts'
import { closeHttp, createHttp } from './surfaces/http.ts'
import { addPages } from './surfaces/pages.ts'
import { createProbes, type Probes } from './surfaces/probes.ts'
import { sweepSpool } from './surfaces/spool.ts'

export interface App extends AsyncDisposable {
  platform: Platform
  database: Database
  log: Log
  /** Set once `serve` has been called. */
  url: string
  serve(): Promise<string>
  work(): Promise<void>
  /**
   * Settles when the embedded database is gone for good: nothing can be done any more. Never with a database from
   * outside.
   */
  lost: Promise<Error>
}

/** For taking jobs, for hearing of them, and for the worker's sign of life. */
const WORKER_CONNECTIONS = 4
const JOB_SECONDS = 900
const IDLE_MS = 60_000

const timeoutsOf = (seconds: number): Timeouts => ({
  statementMs: seconds * 1000,
  lockMs: seconds * 500,
  idleMs: Math.max(IDLE_MS, seconds * 1000),
})

function bodiesOf({ journalBucket: name, journalBucketUrl: endpoint, journalBucketRegion: region }: Config): BodyStore {
  return name === undefined ? IN_DATABASE : createObjectStore({ name, endpoint, region })
}

function tellApplied(log: Log, applied: readonly string[]): void {
  if (applied.length === readMigrations().length) log.info({ migrations: applied.length }, 'schema made')
  else for (const migration of applied) log.info({ migration }, 'migration applied')
}

/** Builds every long-lived thing; the only wiring. Opens the database and brings its schema up to date. */
export async function createApp(config: Config, options: { clock?: Clock } = {}): Promise<App> {
  const log = createLog(config.logLevel)
  const clock = options.clock ?? systemClock
  const lost = Promise.withResolvers<Error>()
  const storage = await findStorage(config, log, lost.resolve)
  const applied = await prepareStorage(storage, config, log).catch(async (error) => {
    await storage.stop()
    throw error
  })
  const { url } = storage
  const database = openDatabase({ url, poolSize: config.poolSize, log, timeouts: timeoutsOf(config.statementSeconds) })
  let http: FastifyInstance | null = null
  let probes: Probes | null = null
  let limits: Limits | null = null
  let worker: Worker | null = null
  let jobs: Database | null = null
  let journal: JournalWriter | null = null
  let webhooks: WebhookSender | null = null
  let brokenCounter: BrokenCounter | null = null
  let mailIn: MailIn | null = null
  const platform: Platform = {
    db: database.db,
    callers: createCallers(database.db, database.notices, sessionLifeOf(config)),
    clock,
    config,
    log,
    resources: RESOURCES,
    records: RECORDS,
    pushFeeds: createPushFeeds({ db: database.db, clock }),
    bodies: bodiesOf(config),
    journalFeeds: createJournalFeeds(database.notices),
    readingPlaces: createReadingPlaces({ db: database.db, nowMs: clock.nowMs, log }),
    mail: await createMailer(config),
    securityEvents: createSecurityEvents({ db: database.db, clock, log }),
    webhookAttempts: createAttemptCounts(),
    writers: createWriters({ clock, resources: RESOURCES, records: RECORDS }),
    publicUrl: () => config.publicUrl ?? app.url,
  }
  const probeThrough = () => {
    probes ??= createProbes(platform, database, registry)
    return probes
  }
  const app: App = {
    platform,
    database,
    log,
    lost: lost.promise,
    url: '',
    async serve() {
      limits = createLimits(platform)
      await sweepSpool()
      await limits.rate.learn()
      http = createHttp(platform, registry, limits)
      probeThrough().addTo(http)
      const { notices } = database
      addHooks(http, platform, limits, createCatcher({ db: database.db, notices, clock, perSecond: config.hookRate }))
      addPages(http, platform, registry)
      await probeThrough().listen()
      if (config.mailInPort !== undefined)
        mailIn = await startMailIn({
          db: database.db,
          clock,
          log,
          port: config.mailInPort,
          host: config.host,
          mostBytes: config.hookBytes,
        })
      app.url = await http.listen({ port: config.port, host: config.host })
      return app.url
    },
    async work() {
      await probeThrough().listen()
      await maintain(platform)
      // Connections of their own: requests cannot keep jobs from their work, and a batch may take longer than a
      // request.
      jobs = openDatabase({
        url,
        poolSize: config.workerConcurrency + WORKER_CONNECTIONS,
        log,
        timeouts: timeoutsOf(JOB_SECONDS),
        name: 'the database, asked by jobs,',
      })
      jobs.notices.watch()
      useVault(jobs.db, vaultOf(database.db))
      worker = await startWorker({
        db: jobs.db,
        pool: jobs.pool,
        config,
        log,
        tasks: createTasks({ ...platform, db: jobs.db }),
      })
      journal = startJournalWriter(
        {
          db: jobs.db,
          bodies: platform.bodies,
          nowMs: clock.nowMs,
          windowMs: config.snapshotWindowSeconds * 1000,
          timeoutMs: config.snapshotTimeoutMs,
          also: webhooksTold({
            nowMs: clock.nowMs,
            onFault: (error) => log.error({ err: error }, 'a change was not told to webhooks'),
          }),
        },
        { notices: jobs.notices, log },
      )
      webhooks = startWebhookSender({
        db: jobs.db,
        clock,
        log,
        byMail: platform.mail.isSetUp,
        notices: jobs.notices,
        allowedNetworks: config.outgoingNetworks,
        counts: platform.webhookAttempts,
      })
      brokenCounter = startBrokenCounter(jobs.db, log)
    },
    async [Symbol.asyncDispose]() {
      // In this order: no new requests and those under way, what they were counted as, no new jobs, drained
      // connections, then the server they led to.
      const ends = [
        () => (http === null ? undefined : closeHttp(http)),
        () => probes?.[Symbol.asyncDispose](),
        () => limits?.rate[Symbol.asyncDispose](),
        () => platform.readingPlaces[Symbol.asyncDispose](),
        () => mailIn?.[Symbol.asyncDispose](),
        () => brokenCounter?.stop(),
        () => webhooks?.stop(),
        () => journal?.stop(),
        () => worker?.stop(),
        () => jobs?.close(),
        () => database.close(),
        () => storage.stop(),
      ]
      // The database may be gone, and the rest is to be put away all the same.
      for (const end of ends)
        await Promise.try(end).catch((error) =>
          log.warn({ reason: reasonOf(error) }, 'not everything could be put away in order'),
        )
    },
  }
  try {
    const alone = await migrate(database)
    tellApplied(log, [...applied, ...alone])
    const { madeFile } = await unlock(database.db, config, clock.nowMs())
    await webhookKeys(database.db, clock.nowMs())
    if (madeFile !== null && config.databaseUrl !== undefined)
      log.warn(
        `the key that seals the secrets in the database was made: ${madeFile}. Keep a copy; every other process ` +
          'needs it, too (TINTYPE_SECRET_KEY)',
      )
  } catch (error) {
    await app[Symbol.asyncDispose]()
    throw error
  }
  return app
}
