import type { FastifyInstance } from 'fastify'
import type { Log } from '../log.ts'
import type { VisitorLimiter } from '../operations/visitor-limit.ts'
import { networkOf } from './addresses.ts'
import { refuseUnknown } from './failures.ts'

/**
 * Counts whoever knocks without a token or a signed address, before anything of a body is read. Who asks for what is not
 * there is one of them, whatever they show, and is told so at once.
 */
export function limitVisitors(
  app: FastifyInstance,
  visitors: VisitorLimiter,
  { log, trustsProxies }: { log: Log; trustsProxies: boolean },
): void {
  let warned = trustsProxies
  app.addHook('onRequest', async (request) => {
    const { token = 'none', unlimited = false, signed = false } = request.routeOptions.config
    if (token !== 'none' || unlimited || signed) return
    if (!warned && request.headers['x-forwarded-for'] !== undefined) {
      warned = true
      log.warn(
        { from: request.ip },
        'a proxy that is not in TINTYPE_TRUSTED_PROXIES sends requests: all its callers without a token share one ' +
          'limit',
      )
    }
    visitors.visit(networkOf(request.ip))
    if (request.is404) refuseUnknown(request)
  })
}
