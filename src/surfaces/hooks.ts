import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Catcher, Hook } from '../connect/index.ts'
import { AppError } from '../errors.ts'
import type { Limits } from '../operations/limits.ts'
import type { Platform } from '../operations/platform.ts'
import { networkOf } from './addresses.ts'
import { bodyBytesOf } from './request-heads.ts'

/** Bodies up to this size are bounded by the rate alone. */
const SMALL_BYTES = 65_536

/**
 * Where other programs call connections (docs/decisions/0021). It is no operation: nobody shows a token, and what comes is
 * kept as it is, byte by byte, before anybody understands it.
 */
export function addHooks(http: FastifyInstance, platform: Platform, limits: Limits, catcher: Catcher): void {
  const hooks = new WeakMap<FastifyRequest, Hook>()
  const { hookBytes } = platform.config
  http.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    for (const url of ['/hooks/catch/:connectionId', '/hooks/catch/:connectionId/:secret'])
      scope.route({
        method: 'POST',
        url,
        bodyLimit: hookBytes,
        // Whoever knows an address is no visitor; whoever guesses one is.
        config: { token: 'location' },
        async onRequest(request, reply) {
          const { connectionId, secret = '' } = request.params as { connectionId: string; secret?: string }
          const hook = await catcher.find(connectionId, secret).catch((error) => {
            if (error instanceof AppError && error.status === 404) limits.visitors.visit(networkOf(request.ip))
            throw error
          })
          hooks.set(request, hook)
          const bytes = bodyBytesOf(request)
          if (bytes <= SMALL_BYTES) return
          const giveBack = limits.bodies.take(hook.connection.agencyId, Math.min(bytes, hookBytes))
          reply.raw.once('close', giveBack)
        },
        async handler(request, reply) {
          const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
          const hook = hooks.get(request) as Hook
          const headers = Object.fromEntries(
            Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
          )
          return reply.status(202).send({ id: await catcher.take(hook, { headers, body }) })
        },
      })
  })
}
