import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { pendingMigrations } from '../db/migrate.ts'
import { type Database, query } from '../db/pool.ts'
import type { Platform } from '../operations/define.ts'
import type { Registry } from '../operations/registry.ts'
import { VERSION } from '../version.ts'
import { VERSIONS } from './http.ts'
import { addMetrics } from './metrics.ts'
import { addOAuthMetadata } from './oauth-metadata.ts'
import { addOAuthPages } from './oauth-pages.ts'
import { toOpenApi } from './openapi.ts'
import { REFERENCE_POLICY, toReferencePage } from './reference-page.ts'
import { PAGE_POLICY, toSharePage, toStartPage } from './share-page.ts'

/** Probes and pages that are not operations. */
export function addPages(http: FastifyInstance, platform: Platform, database: Database, registry: Registry): void {
  http.get('/health', async () => ({ status: 'ok' }))
  http.get('/ready', async (_request, reply) => {
    const problems = await findProblems(platform, database)
    if (problems.length > 0) reply.status(503).header('retry-after', '1')
    return { status: problems.length === 0 ? 'ready' : 'not ready', problems }
  })
  addMetrics(http, platform, registry)
  addOAuthPages(http, platform)
  addOAuthMetadata(http, platform, registry)
  // Written once: neither the registry nor our own address changes while the process lives.
  const openApi = once(() => JSON.stringify(toOpenApi(registry, { url: platform.publicUrl(), version: VERSION, versions: VERSIONS })))
  const reference = once(() => toReferencePage(registry, { url: platform.publicUrl(), version: VERSION }))
  http.get('/openapi.json', async (_request, reply) => {
    reply.header('content-type', 'application/json; charset=utf-8').header('access-control-allow-origin', '*')
    return openApi()
  })
  http.get('/docs', async (_request, reply) => {
    reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', REFERENCE_POLICY)
    return reference()
  })
  http.get('/', async (request, reply) => {
    const { share } = request.query as { share?: unknown }
    const page = share === undefined ? toStartPage() : await toSharePage(platform, String(share).slice(0, 64).replaceAll('\u0000', ''))
    reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY).header('referrer-policy', 'no-referrer')
    reply.status(page.status)
    return page.html
  })
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const WORKER_SILENT_SECONDS = 15

/** What keeps this installation from doing its work, in words; empty when all is well. */
export async function findProblems(platform: Platform, database: Database): Promise<string[]> {
  try {
    const pending = await pendingMigrations(database)
    const [worker] = await query(
      platform.db,
      sql<{ seen: boolean }>`select exists (select 1 from worker where seen_at > now() - make_interval(secs => ${WORKER_SILENT_SECONDS})) as seen`,
    )
    return [
      ...(pending.length === 0 ? [] : [`the database lacks migrations: ${pending.join(', ')}. Run: tintype migrate`]),
      ...(worker?.seen ? [] : ['no worker has been seen. Run: tintype work']),
    ]
  } catch (error) {
    return [`the database does not answer: ${(error as Error).message}`]
  }
}
