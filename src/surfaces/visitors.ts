import type { FastifyInstance } from 'fastify'
import type { Log } from '../log.ts'
import type { VisitorLimiter } from '../operations/visitor-limit.ts'
import { networkOf } from './addresses.ts'

/** Counts whoever knocks without a token, before anything of a body is read. */
export function limitVisitors(
  app: FastifyInstance,
  visitors: VisitorLimiter,
  { log, trustsProxies }: { log: Log; trustsProxies: boolean },
): void {
  let warned = trustsProxies
  app.addHook('onRequest', async (request) => {
    const { token = 'none', unlimited = false } = request.routeOptions.config
    if (token !== 'none' || unlimited || request.is404) return
    if (!warned && request.headers['x-forwarded-for'] !== undefined) {
      warned = true
      log.warn(
        { from: request.ip },
        'a proxy that is not in TINTYPE_TRUSTED_PROXIES sends requests: all its callers without a token share one ' +
          'limit',
      )
    }
    visitors.visit(networkOf(request.ip))
  })
}
