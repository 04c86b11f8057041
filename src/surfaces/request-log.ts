import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../auth/caller.ts'
import type { Platform } from '../operations/platform.ts'

/**
 * One line for each request that has ended, at level `info`. It names what was asked for, never with what: no query, no
 * header, no body. `callerOf` says whose token it was, where it was known. Where somebody hung up, `brokenOff` says so,
 * and there is a status only if the answer had begun.
 */
export function logRequests(
  http: FastifyInstance,
  { log, config }: Platform,
  callerOf: (request: FastifyRequest) => Caller | undefined,
): void {
  if (config.requestLog === 'off') return
  const tell = (request: FastifyRequest, reply: FastifyReply) => {
    const { url: route = 'unknown', config: details } = request.routeOptions
    const status = reply.raw.headersSent ? reply.statusCode : undefined
    if (config.requestLog === 'failed' && (status ?? 0) < 400) return
    const caller = callerOf(request)
    const isNobody = caller === undefined || caller.agencyId === ''
    const line = {
      request: true,
      traceId: request.id,
      method: request.method,
      route,
      operation: details?.operation,
      status,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      tenant: isNobody ? undefined : caller.agencyId,
      location: caller?.locationId ?? undefined,
      tokenId: isNobody ? undefined : caller.tokenId,
      ...(reply.raw.writableFinished ? {} : { brokenOff: true }),
    }
    // Whatever watches asks every few seconds.
    log[details?.unlimited ? 'debug' : 'info'](line, `${request.method} ${route} ${status ?? 'broken off'}`)
  }
  // Not `onResponse`, which is for answers that were sent.
  http.addHook('onRequest', async (request, reply) => void reply.raw.once('close', () => tell(request, reply)))
}
