import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { MCP_PATH } from '../../auth/access-requests.ts'
import type { Caller } from '../../auth/caller.ts'
import { AppError } from '../../errors.ts'
import { admitBody } from '../../operations/door.ts'
import type { Limits } from '../../operations/limits.ts'
import type { Platform } from '../../operations/platform.ts'
import type { Registry } from '../../operations/registry.ts'
import { networkOf } from '../addresses.ts'
import { refusePacked } from '../body-limits.ts'
import { RESOURCE_METADATA } from '../oauth-metadata.ts'
import { bearerOf, bodyBytesOf, hangUpOf } from '../request-heads.ts'
import { checkProgramOrigin } from '../same-origin.ts'
import { readChoice } from './groups.ts'

/**
 * Clients of the Model Context Protocol (streamable HTTP).
 *
 * Each POST is whole in itself: there are no sessions that could be full, idle or in another process. So there is nothing
 * to listen to or to end either: GET and DELETE are 405, as the protocol allows.
 */
export function addMcp(
  http: FastifyInstance,
  platform: Platform,
  { registry, limits, callers }: { registry: Registry; limits: Limits; callers: WeakMap<FastifyRequest, Caller> },
): void {
  http.route({
    method: 'POST',
    url: MCP_PATH,
    // Who it is stands in the token alone: a cookie would go along with whatever a page elsewhere sends.
    config: { token: 'either', wire: 'highlevel', resource: RESOURCE_METADATA },
    bodyLimit: platform.config.bodyBytes,
    async onRequest(request, reply) {
      checkProgramOrigin(platform, request)
      await admitBody(platform, limits, {
        shown: { token: bearerOf(request) },
        from: networkOf(request.ip),
        brings: bodyBytesOf(request),
        onCaller: (caller) => void callers.set(request, caller),
        onEnd: (act) => void (reply.raw.closed ? act() : reply.raw.once('close', act)),
      })
      refusePacked(request)
    },
    handler: async (request, reply) => {
      const caller = callers.get(request) as Caller
      const { answerMcp } = await import('./answer.ts')
      const answer = await answerMcp(request, {
        platform,
        limits,
        registry,
        caller,
        shown: { token: bearerOf(request) },
        choice: readChoice(registry, request.query as Record<string, unknown>),
        from: request.ip,
        traceId: request.id,
        signal: hangUpOf(reply),
        onRate: (rate) => void reply.headers(rate.headers),
      })
      return passOn(reply, answer)
    },
  })
  http.route({
    method: ['GET', 'DELETE'],
    url: MCP_PATH,
    config: { unlimited: true },
    exposeHeadRoute: false,
    handler: (_request, reply) => {
      reply.header('allow', 'POST')
      throw new AppError('post_only')
    },
  })
}

async function passOn(reply: FastifyReply, answer: Response): Promise<FastifyReply> {
  const type = answer.headers.get('content-type')
  reply.status(answer.status)
  if (type !== null) reply.header('content-type', type)
  return reply.send(await answer.text())
}
