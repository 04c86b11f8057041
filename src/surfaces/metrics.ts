import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry as Metrics } from 'prom-client'
import { countByState, countWaitingDeliveries, longestDeliveryDelay } from '../connect/index.ts'
import { poolOf, query } from '../db/pool.ts'
import { countWaiting } from '../journal/index.ts'
import type { Platform } from '../operations/platform.ts'
import { placementOf, type Registry } from '../operations/registry.ts'

/** Those of the process are collected once, however many servers run in it. */
let processMetrics: Metrics | undefined

export interface ProcessMetrics {
  contentType: string
  text(): Promise<string>
  /** Counts the requests of a server. */
  observe(http: FastifyInstance): void
}

/** For Prometheus: the process, requests by operation and status, jobs that wait. */
export function createMetrics({ db, webhookAttempts }: Platform, registry: Registry): ProcessMetrics {
  if (processMetrics === undefined) {
    processMetrics = new Metrics()
    collectDefaultMetrics({ register: processMetrics })
  }
  const metrics = new Metrics()
  const duration = new Histogram({
    name: 'tintype_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['operation', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  })
  new Gauge({
    name: 'tintype_jobs',
    help: 'Jobs in the queue: waiting, running, or failed for good.',
    labelNames: ['state'],
    registers: [metrics],
    async collect() {
      this.reset()
      for (const { state, count } of await countJobs(db).catch(() => [])) this.set({ state }, count)
    },
  })
  new Gauge({
    name: 'tintype_job_delay_seconds',
    help: 'How long the job has waited that is due longest and that nobody has taken; 0 when none is.',
    registers: [metrics],
    async collect() {
      this.set(await longestDelay(db).catch(() => 0))
    },
  })
  new Gauge({
    name: 'tintype_journal_waiting',
    help: 'What has happened, or was asked for, and is not in the journal yet: changes, record snapshots.',
    labelNames: ['what'],
    registers: [metrics],
    async collect() {
      this.reset()
      for (const [what, count] of Object.entries(await countWaiting(db).catch(() => ({})))) this.set({ what }, count)
    },
  })
  new Gauge({
    name: 'tintype_webhook_waiting',
    help: 'Deliveries of webhooks that wait, retries included.',
    registers: [metrics],
    async collect() {
      this.set(await countWaitingDeliveries(db).catch(() => 0))
    },
  })
  new Gauge({
    name: 'tintype_webhook_delay_seconds',
    help: 'How long the delivery has waited that is due longest and that may be sent; 0 when none is.',
    registers: [metrics],
    async collect() {
      this.set(await longestDeliveryDelay(db).catch(() => 0))
    },
  })
  new Counter({
    name: 'tintype_webhook_attempts_total',
    help: 'Calls to webhooks by this process: answered with 2xx, answered otherwise, not answered.',
    labelNames: ['outcome'],
    registers: [metrics],
    collect() {
      this.reset()
      for (const [outcome, count] of Object.entries(webhookAttempts)) this.inc({ outcome }, count)
    },
  })
  new Gauge({
    name: 'tintype_webhooks',
    help: 'Webhooks that are on, or off: because somebody said so, the receiver is gone (410), or all attempts failed.',
    labelNames: ['state'],
    registers: [metrics],
    async collect() {
      for (const [state, count] of Object.entries(await countByState(db).catch(() => ({})))) this.set({ state }, count)
    },
  })
  new Gauge({
    name: 'tintype_database_connections',
    help: 'Connections for requests: open, idle; waiting are requests that have none yet.',
    labelNames: ['state'],
    registers: [metrics],
    collect() {
      const { totalCount, idleCount, requestsWaiting } = poolOf(db)
      this.set({ state: 'open' }, totalCount)
      this.set({ state: 'idle' }, idleCount)
      this.set({ state: 'waiting' }, requestsWaiting)
    },
  })
  const names = new Map(registry.all.map((operation) => [routeOf(operation), operation.name]))
  return {
    contentType: metrics.contentType,
    text: async () => `${await processMetrics?.metrics()}\n${await metrics.metrics()}`,
    observe(http) {
      http.addHook('onResponse', async (request, reply) => {
        const { url } = request.routeOptions
        duration.observe(
          {
            operation: names.get(`${request.method} ${url}`) ?? (url === undefined ? 'unknown' : url),
            status: String(reply.statusCode),
          },
          reply.elapsedTime / 1000,
        )
      })
    },
  }
}

function routeOf(operation: Registry['all'][number]): string {
  const { method, path } = placementOf(operation)
  return `${method} ${path}`
}

/** The queue holds unfinished jobs only, so counting them is cheap. */
function countJobs(db: Platform['db']): Promise<{ state: string; count: number }[]> {
  return query(
    db,
    sql<{ state: string; count: number }>`
      select case when locked_at is not null then 'running' when attempts >= max_attempts then 'failed' else 'waiting'
        end as state, count(*) as count
      from graphile_worker.jobs group by 1`,
  )
}

async function longestDelay(db: Platform['db']): Promise<number> {
  const [row] = await query(
    db,
    sql<{ seconds: number }>`
      select coalesce(extract(epoch from now() - min(run_at)), 0)::float as seconds
      from graphile_worker.jobs where locked_at is null and attempts < max_attempts and run_at <= now()`,
  )
  return row?.seconds ?? 0
}
