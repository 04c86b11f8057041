import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { Operation } from '../operations/define.ts'

/**
 * Versions of the HighLevel wire. Any known one is accepted on any path; the official SDK sends 2023-02-21 everywhere.
 */
export const VERSIONS = ['v3', '2023-02-21', '2021-07-28', '2021-04-15', 'legacy'] as const

export function checkVersion(
  request: FastifyRequest,
  operation: Operation,
  { isOptional }: { isOptional: boolean },
): void {
  const version = singleHeader(request, 'version')
  if (version === undefined || version === '') {
    if (isOptional || isVersionless(operation, request)) return
    throw new AppError('version_missing')
  }
  if (!VERSIONS.includes(version as never)) throw new AppError('version_invalid')
}

/** The slash at the end of a collection's path is HighLevel's; the connection guide writes none. */
const isVersionless = ({ versionless }: Operation, { url }: FastifyRequest): boolean =>
  versionless === 'unslashed' ? !url.split('?', 1)[0]?.endsWith('/') : versionless

/** Known by what it says of itself: its body has not been looked at. */
export const isForm = ({ headers }: FastifyRequest) => /^multipart\//i.test(headers['content-type'] ?? '')

/** A body that is not there has no type: clients send the type of one with every POST, PUT and DELETE. */
export function forgetEmptyType({ headers }: FastifyRequest): void {
  const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0
  if (isEmpty) delete headers['content-type']
}

/** What is said of the body's length, or what it may come to where nothing is said. */
export function bodyBytesOf({ headers, routeOptions }: FastifyRequest): number {
  const said = headers['content-length']
  if (said !== undefined) return Math.min(Number(said), routeOptions.bodyLimit)
  return headers['transfer-encoding'] === undefined ? 0 : routeOptions.bodyLimit
}

/** Aborted when the caller hangs up before the answer. */
export function hangUpOf(reply: FastifyReply): AbortSignal {
  const ended = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) ended.abort()
  })
  return ended.signal
}

export function singleHeader(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

export function bearerOf(request: FastifyRequest): string | undefined {
  const match = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')
  return match?.[1]
}
