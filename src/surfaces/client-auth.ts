import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { isBasic } from './errors.ts'

/**
 * Puts the credentials of an app that came as HTTP Basic where the operation looks for them (RFC 6749, 2.3.1). Its id
 * may stand in the body too; two secrets are one too many.
 */
export function takeBasic(request: FastifyRequest): void {
  const { authorization } = request.headers
  if (!isBasic(authorization)) return
  const body = (request.body ?? {}) as Record<string, unknown>
  if (typeof body !== 'object' || Array.isArray(body)) return
  const [id, secret] = parseBasic(authorization as string)
  if (body.client_secret !== undefined)
    throw new AppError('bad_request', { reason: 'The app must prove itself in one way: by HTTP Basic or in the body' })
  if (body.client_id !== undefined && body.client_id !== id)
    throw new AppError('bad_request', { reason: 'client_id in the body differs from that of HTTP Basic' })
  request.body = { ...body, client_id: id, client_secret: secret }
}

function parseBasic(authorization: string): [string, string] {
  const [, encoded = ''] = /^basic +([a-z0-9+/]+=*) *$/i.exec(authorization) ?? []
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  const parts = [text.slice(0, colon), text.slice(colon + 1)].map(formDecoded)
  const [id, secret] = parts
  if (colon < 1 || id === undefined || secret === undefined || secret === '') throw new AppError('client_invalid')
  return [id, secret]
}

/** Both were encoded as in a form before they were joined by a colon. */
function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
