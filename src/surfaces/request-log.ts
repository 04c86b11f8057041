import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from '../auth/tokens.ts'
import type { Platform } from '../operations/define.ts'

/** Asked every few seconds by whatever watches: told of at level `debug` alone. */
const PROBES = ['/health', '/ready', '/ready/api', '/metrics']

/**
 * One line for each request that has ended, at level `info`. It names what was asked for, never with what: no query, no header, no body. `callerOf`
 * says whose token it was, where it was known.
 */
export function logRequests(http: FastifyInstance, { log, config }: Platform, callerOf: (request: FastifyRequest) => Caller | undefined): void {
  if (config.requestLog === 'off') return
  http.addHook('onResponse', async (request, reply) => {
    const { url: route = 'unknown', config: details } = request.routeOptions
    const { statusCode: status } = reply
    if (config.requestLog === 'failed' && status < 400) return
    const caller = callerOf(request)
    const isNobody = caller === undefined || caller.agencyId === ''
    const line = {
      request: true,
      traceId: request.id,
      method: request.method,
      route,
      operation: (details as { operation?: string } | undefined)?.operation,
      status,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      tenant: isNobody ? undefined : caller.agencyId,
      location: caller?.locationId ?? undefined,
      tokenId: isNobody ? undefined : caller.tokenId,
      // Nobody heard the whole answer.
      ...(reply.raw.writableFinished ? {} : { brokenOff: true }),
    }
    log[PROBES.includes(route) ? 'debug' : 'info'](line, `${request.method} ${route} ${status}`)
  })
}
