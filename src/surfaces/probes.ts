import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { isSame } from '../auth/jwt.ts'
import type { Config } from '../config.ts'
import { compareMigrations } from '../db/migrate.ts'
import { type Database, query } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import type { Platform } from '../operations/platform.ts'
import type { Registry } from '../operations/registry.ts'
import { lookAtDisks, MAKE_ROOM } from './disk.ts'
import { createMetrics } from './metrics.ts'

/** What tells from outside how a process fares: `/health`, `/ready` and `/metrics`. */
export interface Probes extends AsyncDisposable {
  /** On the port of the API. What tells more than whether it works is for whoever may look inside. */
  addTo(http: FastifyInstance): void
  /** On the port of their own, if there is one; once, however often it is asked for. */
  listen(): Promise<void>
}

/** Whoever watches asks often. */
const UNLIMITED = { config: { unlimited: true } }

export function createProbes(platform: Platform, database: Database, registry: Registry): Probes {
  const { config } = platform
  const metrics = createMetrics(platform, registry)
  let own: FastifyInstance | undefined
  const add = (http: FastifyInstance, mayLook: (request: FastifyRequest) => boolean) => {
    http.get('/health', UNLIMITED, async () => ({ status: 'ok' }))
    const answer = (isWhole: boolean) => async (request: FastifyRequest, reply: FastifyReply) => {
      const disks = isWhole ? await findFullDisks(config) : []
      const problems = [...(await findProblems(platform, database, isWhole)), ...disks]
      if (problems.length > 0) reply.status(503).header('retry-after', '1')
      const status = problems.length === 0 ? 'ready' : 'not ready'
      return mayLook(request) ? { status, problems } : { status }
    }
    http.get('/ready', UNLIMITED, answer(true))
    // For balancers: requests are answered while no worker runs, and reads while the disk is full.
    http.get('/ready/api', UNLIMITED, answer(false))
    http.get('/metrics', UNLIMITED, async (request, reply) => {
      if (!mayLook(request)) throw new AppError('route_unknown', { method: request.method, path: '/metrics' })
      return reply.header('content-type', metrics.contentType).send(await metrics.text())
    })
  }
  return {
    addTo(http) {
      metrics.observe(http)
      add(http, (request) => hasToken(config, request) || isAmongOurselves(config, request))
    },
    async listen() {
      if (config.metricsPort === undefined || own !== undefined) return
      own = Fastify({ logger: false, forceCloseConnections: true })
      own.addHook(
        'onRequest',
        async (_request, reply) =>
          void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }),
      )
      own.setErrorHandler((error, _request, reply) =>
        reply
          .status(error instanceof AppError ? error.status : 500)
          .send({ message: error instanceof AppError ? error.message : 'failed' }),
      )
      add(own, (request) => config.metricsToken === undefined || hasToken(config, request))
      await own.listen({ port: config.metricsPort, host: config.metricsHost }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error
        throw new Error(
          `Port ${config.metricsPort} of ${config.metricsHost} (TINTYPE_METRICS_PORT) is in use. Each process ` +
            'needs one of its own.',
        )
      })
    },
    async [Symbol.asyncDispose]() {
      await own?.close()
    },
  }
}

function hasToken({ metricsToken }: Config, { headers }: FastifyRequest): boolean {
  return metricsToken !== undefined && isSame(headers.authorization ?? '', `Bearer ${metricsToken}`)
}

const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

/** Nobody but this machine reaches the port, and no proxy passes others on: a start on a laptop shows everything. */
function isAmongOurselves(
  { host, publicUrl, trustedProxies, metricsPort, metricsToken }: Config,
  { headers, hostname }: FastifyRequest,
): boolean {
  const isOpen =
    metricsPort === undefined &&
    metricsToken === undefined &&
    publicUrl === undefined &&
    trustedProxies === '' &&
    LOOPBACK.includes(host)
  // A page on the web can make its own name lead to this machine; it cannot make a browser say another name.
  const isCalledSo = LOOPBACK.includes(hostname.replace(/^\[|\]$/g, ''))
  return isOpen && isCalledSo && !['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => name in headers)
}

async function findFullDisks(config: Config): Promise<string[]> {
  const low = (await lookAtDisks(config)).filter(({ isLow }) => isLow)
  return low.map(({ folder, free }) => `the disk of ${folder} is nearly full, ${free} are free. ${MAKE_ROOM}`)
}

const WORKER_SILENT_SECONDS = 15

/** What keeps this installation from doing its work, in words; empty when all is well. */
async function findProblems(platform: Platform, database: Database, withWorker: boolean): Promise<string[]> {
  try {
    const { pending } = await compareMigrations(database)
    const [worker] = await query(
      platform.db,
      sql<{
        seen: boolean
      }>`select exists (select 1 from worker
          where seen_at > now() - make_interval(secs => ${WORKER_SILENT_SECONDS})) as seen`,
    )
    return [
      ...(pending.length === 0 ? [] : [`the database lacks migrations: ${pending.join(', ')}. Run: tintype migrate`]),
      ...(worker?.seen || !withWorker ? [] : ['no worker has been seen. Run: tintype work']),
    ]
  } catch (error) {
    return [`the database does not answer: ${(error as Error).message}`]
  }
}
