import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import { PATHS } from './oauth-pages.ts'
import { SESSION_PATHS } from './session.ts'

const FOR_AN_HOUR = 3600
/** Pages on which people sign in. */
const OWN: readonly string[] = [...PATHS, ...SESSION_PATHS]
/** What programs read besides the body. */
const EXPOSED = [
  'x-trace-id',
  'x-journal-offset',
  'x-ratelimit-limit-daily',
  'x-ratelimit-daily-remaining',
  'x-ratelimit-interval-milliseconds',
  'x-ratelimit-max',
  'x-ratelimit-remaining',
  'retry-after',
  'www-authenticate',
  'etag',
  'content-range',
]

/**
 * Lets programs in browsers use the API from the origins of the setting. Whoever calls shows a token, so `*` gives
 * nobody more than they have. What comes with the cookie of a session, and the pages on which people sign in, are for no
 * other origin in any case.
 */
export function allowOrigins(http: FastifyInstance, { corsOrigins }: Config): void {
  if (corsOrigins === '') return
  const origin = corsOrigins === '*' ? '*' : corsOrigins.split(',')
  http.register(cors, {
    delegator: (request, done) => {
      const path = (request.raw.url ?? '').split('?')[0]?.replace(/\/+$/, '') as string
      if (OWN.includes(path) || /(^|[; ])(__Host-)?tintype_session=/.test(request.headers.cookie ?? ''))
        done(null, { origin: false, preflight: false })
      else
        done(null, {
          origin,
          credentials: false,
          methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
          allowedHeaders: [
            'authorization',
            'content-type',
            'version',
            'idempotency-key',
            'if-match',
            'last-event-id',
            'mcp-protocol-version',
            'range',
            'if-range',
          ],
          exposedHeaders: EXPOSED,
          maxAge: FOR_AN_HOUR,
        })
    },
  })
}
