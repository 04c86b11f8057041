import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from '../auth/caller.ts'
import { Outage } from '../db/outage.ts'
import { AppError } from '../errors.ts'
import { logSecurity } from '../log.ts'
import type { Platform } from '../operations/platform.ts'
import {
  challengeFor,
  isAway,
  retryAfter,
  toClientErrorAnswer,
  toErrorAnswer,
  tookTooLong,
  wasCancelled,
} from './errors.ts'
import { isHubSpot, toHubSpotErrorAnswer } from './hubspot.ts'
import type { RefusedBodies } from './refused-bodies.ts'

export function refuseUnknown(request: FastifyRequest): never {
  throw new AppError('route_unknown', { method: request.method, path: request.url.split('?')[0] })
}

/**
 * Answers what went wrong, and logs what is not the caller's fault: a database that is away in a few lines, not in one
 * for each request.
 */
export function answerFailures(
  app: FastifyInstance,
  platform: Platform,
  {
    callerOf,
    refusedBodies,
  }: { callerOf: (request: FastifyRequest) => Caller | undefined; refusedBodies: RefusedBodies },
): void {
  const outage = new Outage(platform.log, 'the database, asked by requests,')
  app.setNotFoundHandler(refuseUnknown)
  app.setErrorHandler(async (error, request, reply) => {
    const { clientAuth = false, operation, resource } = request.routeOptions.config
    const toAnswer = isHubSpot(request) ? toHubSpotErrorAnswer : clientAuth ? toClientErrorAnswer : toErrorAnswer
    const answer = toAnswer(withType(error, request), request.id)
    const challenge = challengeFor(answer, request.headers.authorization)
    const metadata = resource === undefined ? '' : `, resource_metadata="${platform.publicUrl()}${resource}"`
    if ([429, 503].includes(answer.status) && !reply.hasHeader('retry-after'))
      reply.header('retry-after', retryAfter(error))
    if (answer.code === 'body_too_large') await refusedBodies.hearOut(request)
    if (reply.sent) return reply
    // Bodies are as the wires have them; the console has words of its own for some codes.
    if (request.headers['x-tintype-console'] !== undefined) reply.header('x-error-code', answer.code)
    if (answer.code === 'body_packed') reply.header('accept-encoding', 'identity')
    if (challenge !== undefined) reply.header('www-authenticate', `${challenge}${metadata}`)
    noteRefusal(platform, answer, {
      event: operation ?? `${request.method} ${request.routeOptions.url ?? '?'}`,
      caller: callerOf(request),
      from: request.ip,
      traceId: request.id,
      aimedAt: aimedAtBy(request),
    })
    // It is no fault of ours who hangs up, in the middle of a body or while what they asked for is looked up, nor who is
    // told to come again.
    const hasHungUp = request.raw.errored !== null || (reply.raw.closed && wasCancelled(error))
    const isOurs = !hasHungUp && !(error instanceof AppError)
    if (isOurs && answer.status === 503 && isAway(error)) outage.failed(error)
    else if (isOurs && answer.status >= 500 && request.raw.complete) {
      const what = { err: error, traceId: request.id, method: request.method, url: request.url.split('?')[0] }
      // Who asks for too much raises no alarm.
      if (tookTooLong(error)) platform.log.warn({ ...what, err: (error as Error).message }, 'a request took too long')
      else platform.log.error(what, 'request failed')
    }
    return reply.status(answer.status).send(answer.body)
  })
  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode < 300 && 'operation' in request.routeOptions.config) outage.over()
  })
}

interface Refused {
  event: string
  caller: Caller | undefined
  from: string
  traceId: string
  /** The sub-account that was meant, where one is named. */
  aimedAt?: string | undefined
}

/** Who was refused what, logged, and kept for the agency of whoever it was. */
export function noteRefusal(
  platform: Platform,
  { status, body }: { status: number; body: { message: unknown } },
  { caller, aimedAt, ...asked }: Refused,
): void {
  if (![401, 403, 429].includes(status)) return
  const event = { ...asked, outcome: 'refused', status, detail: String(body.message) } as const
  logSecurity(platform.log, { ...event, who: caller?.tokenId })
  // Who asks too much is told so, and no more: every request of a flood would be kept.
  if (status !== 429 && caller !== undefined && caller.agencyId !== '')
    platform.securityEvents.beside(
      { agencyId: caller.agencyId },
      { ...event, who: caller.oauth?.appId ?? caller.tokenId },
      aimedAt,
    )
}

/** The sub-account that a request names, wherever it does. */
function aimedAtBy({ params, query, body, headers }: FastifyRequest): string | undefined {
  const named = [params, query, body].map((part) => (part as { locationId?: unknown } | null | undefined)?.locationId)
  return [...named, headers['x-location-id']].find(isLocationId)
}

/** Others are nobody's: what somebody made up fills no log. */
export const isLocationId = (id: unknown): id is string => typeof id === 'string' && /^[A-Za-z0-9]{1,40}$/.test(id)

/** The framework does not say which type it was. */
function withType(error: unknown, request: FastifyRequest): unknown {
  if ((error as { code?: string }).code !== 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return error
  return new AppError(
    'method_unsupported',
    { type: (request.headers['content-type'] || 'none').slice(0, 100) },
    { cause: error },
  )
}
