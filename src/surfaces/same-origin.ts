import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { Platform } from '../operations/platform.ts'
import { singleHeader } from './request-heads.ts'

/** A header that no form and no page elsewhere can send without being asked first, which nobody answers. */
const CONSOLE = 'x-tintype-console'

export const isOfConsole = (request: FastifyRequest) => singleHeader(request, CONSOLE) === '1'

/**
 * What browsers say a request came from must be this server: by the address it is known under, or the one that the
 * request itself was sent to. 403 otherwise. Programs that say nothing of it are no browsers.
 */
export function checkOrigin(platform: Platform, request: FastifyRequest): void {
  const { origin } = request.headers
  if (origin === undefined || origin === new URL(platform.publicUrl()).origin) return
  if (URL.parse(origin)?.host === request.host) return
  throw new AppError('not_from_here', { reason: `Requests from ${origin.slice(0, 200)} are not taken` })
}

/** A cookie goes along with whatever a page elsewhere makes a browser send: what writes must come from our own pages. */
export function checkFromConsole(platform: Platform, request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  checkOrigin(platform, request)
  if (!isOfConsole(request))
    throw new AppError('not_from_here', { reason: `A session is taken with the header ${CONSOLE}: 1 only` })
}

/**
 * Of programs that show a token: a page elsewhere is heard from the origins of the setting alone. By its name in the
 * address nobody is known, since whoever owns a name can let it lead here (DNS rebinding).
 */
export function checkProgramOrigin({ config, publicUrl }: Platform, { headers: { origin } }: FastifyRequest): void {
  if (origin === undefined || origin === new URL(publicUrl()).origin) return
  if (config.corsOrigins === '*' || config.corsOrigins.split(',').includes(origin)) return
  throw new AppError('not_from_here', { reason: `Requests from ${origin.slice(0, 200)} are not taken` })
}
