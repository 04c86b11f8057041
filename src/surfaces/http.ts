import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { Operation, Platform, StreamAnswer } from '../operations/define.ts'
import { type Answer, authenticate, execute } from '../operations/execute.ts'
import type { RateLimiter } from '../operations/rate-limit.ts'
import { type Placement, placementOf, queryName, type Registry, TENANT_QUERY } from '../operations/registry.ts'
import { coerceText } from '../store/validate.ts'
import { takeBasic } from './client-auth.ts'
import { challengeFor, toClientErrorAnswer, toErrorAnswer } from './errors.ts'
import { acceptUrlForms, FORM_BYTES } from './form-body.ts'
import { acceptForms, fileInForm, isUpload, readForm } from './multipart.ts'
import { sendStream } from './streams.ts'

/** Versions of the HighLevel wire. Any known one is accepted on any path; the official SDK sends 2023-02-21 everywhere. */
export const VERSIONS = ['v3', '2023-02-21', '2021-07-28', '2021-04-15', 'legacy'] as const

/** The HTTP surface: one route for each operation. Pages and probes are added by the caller. */
export function createHttp(platform: Platform, registry: Registry, limiter: RateLimiter): FastifyInstance {
  const app = Fastify({
    logger: false,
    trustProxy: platform.config.trustedProxies === '' ? false : platform.config.trustedProxies,
    bodyLimit: platform.config.bodyBytes,
    genReqId: () => randomUUID(),
    // Requests under way are answered first: see `closeHttp`.
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    exposeHeadRoutes: false,
  })
  app.removeContentTypeParser('application/json')
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser(/^application\/(.+\+)?json/, { parseAs: 'string' }, (request, text, done) => {
    if (text === '') done(null, undefined)
    else parseJson(request, text as string, done)
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-trace-id', request.id)
  })
  app.setNotFoundHandler((request) => {
    throw new AppError('route_unknown', { method: request.method, path: request.url.split('?')[0] })
  })
  app.setErrorHandler((error, request, reply) => {
    const { clientAuth = false } = request.routeOptions.config as { clientAuth?: boolean }
    const answer = (clientAuth ? toClientErrorAnswer : toErrorAnswer)(error, request.id)
    const challenge = challengeFor(answer, request.headers.authorization)
    if (challenge !== undefined) reply.header('www-authenticate', challenge)
    if (answer.status >= 500) platform.log.error({ err: error, traceId: request.id, method: request.method, url: request.url.split('?')[0] }, 'request failed')
    reply.status(answer.status).send(answer.body)
  })
  const answerTo = async (operation: Operation, placement: Placement, request: FastifyRequest, reply: FastifyReply): Promise<Answer> => {
    // A file is not taken from just anybody.
    if (operation.upload !== null && request.isMultipart()) await authenticate(platform, { operation, token: bearerOf(request) })
    await using form = await readForm(operation, platform.config, request)
    if (form !== null) request.body = form.body
    return await execute(platform, limiter, {
      operation,
      ...readInput(operation, placement, request),
      token: bearerOf(request),
      idempotencyKey: singleHeader(request, 'idempotency-key'),
      traceId: request.id,
      onRate: (rate) => void reply.headers(rate.headers),
    })
  }
  const serve = (scope: FastifyInstance, operation: Operation) => {
    const placement = placementOf(operation)
    scope.route({
      method: placement.method,
      url: placement.path,
      config: { clientAuth: operation.clientAuth },
      ...(operation.rawBody === null ? {} : { bodyLimit: platform.config[operation.rawBody.limit] }),
      ...(operation.formBody ? { bodyLimit: FORM_BYTES } : {}),
      handler: async (request, reply) => {
        if (operation.token !== 'none') checkVersion(request)
        if (operation.clientAuth) takeBasic(request)
        return send(operation, await answerTo(operation, placement, request, reply), request, reply)
      },
    })
  }
  for (const operation of registry.all) if (operation.rawBody === null && operation.upload === null && !operation.formBody) serve(app, operation)
  app.register(async (scope) => {
    acceptUrlForms(scope)
    // Tokens and what is said of them: nobody may keep it (RFC 6749, 5.1).
    scope.addHook('onRequest', async (_request, reply) => void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' }))
    for (const operation of registry.all) if (operation.formBody) serve(scope, operation)
  })
  app.register(async (scope) => {
    await acceptForms(scope)
    for (const operation of registry.all) if (operation.upload !== null) serve(scope, operation)
  })
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: platform.config.archiveBytes }, (request, text, done) =>
      done(null, fileInForm(String(text), request.headers['content-type'])),
    )
    for (const operation of registry.all) if (operation.rawBody !== null) serve(scope, operation)
  })
  return app
}

/** For requests under way when the end is asked for. */
const FINISH_MS = 3_000

/** Takes no new requests, and answers those under way as long as they do not take too long. */
export async function closeHttp(app: FastifyInstance): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), FINISH_MS)
  await app.close().finally(() => clearTimeout(late))
}

function checkVersion(request: FastifyRequest): void {
  const version = singleHeader(request, 'version')
  if (version === undefined || version === '') throw new AppError('version_missing')
  if (!VERSIONS.includes(version as never)) throw new AppError('version_invalid')
}

function singleHeader(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function bearerOf(request: FastifyRequest): string | undefined {
  const match = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')
  return match?.[1]
}

/** More are not told. */
const MOST_FAULTS = 50

/** Path, query and body as the one object an operation takes. A name that stands in two places must have one value. */
function readInput(operation: Operation, placement: Placement, request: FastifyRequest): { input: Record<string, unknown>; faults: string[] } {
  const { properties } = operation.input
  const input: Record<string, unknown> = {}
  const faults: string[] = []
  const query = request.query as Record<string, unknown>
  for (const [spelled, value] of Object.entries(query)) {
    // The official client writes the elements of a list as `name[]=`.
    const name = queryName(operation, spelled.endsWith('[]') ? spelled.slice(0, -2) : spelled)
    const tenant = TENANT_QUERY.includes(name as never)
    if (name in input && input[name] !== value) faults.push(`${name} stands twice in the query, with two values`)
    else if (placement.queryNames.includes(name) || tenant) input[name] = coerceText(properties[name], value)
    else if (placement.pathNames.includes(name) && value === (request.params as Record<string, string>)[name]) continue
    else faults.push(`property ${name} should not exist`)
  }
  if (operation.rawBody !== null) input[operation.rawBody.property] = request.body ?? ''
  else if (request.body !== undefined && request.body !== null) {
    const body = Array.isArray(request.body) && operation.listBody !== null ? { [operation.listBody]: request.body } : request.body
    const isObject = typeof body === 'object' && !Array.isArray(body)
    if (!isObject) faults.push('body must be an object')
    for (const [name, value] of isObject ? Object.entries(body) : []) {
      if (faults.length >= MOST_FAULTS) break
      const repeated = name in input || placement.pathNames.includes(name)
      const other = placement.pathNames.includes(name) ? (request.params as Record<string, string>)[name] : input[name]
      if (repeated && other !== value) faults.push(`${name} in the body differs from ${name} in the ${placement.pathNames.includes(name) ? 'path' : 'query'}`)
      else if (!repeated && !placement.bodyNames.includes(name) && !Object.hasOwn(properties, name)) faults.push(`property ${name} should not exist`)
      else if (name === operation.upload?.property && !isUpload(value)) faults.push(`${name} must be a file in a multipart/form-data body`)
      else input[name] = value
    }
  }
  for (const [name, value] of Object.entries(request.params as Record<string, string>)) input[name] = coerceText(properties[name], value)
  for (const name of TENANT_QUERY) if (!Object.hasOwn(properties, name)) hide(input, name)
  return { input, faults }
}

/** A tenant named in the query of an operation that does not ask for it: checked like all others, invisible to its schema. */
function hide(input: Record<string, unknown>, name: string): void {
  if (name in input) Object.defineProperty(input, name, { enumerable: false, value: input[name] })
}

function send(operation: Operation, answer: Answer, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.status(answer.status)
  if (operation.output !== 'stream') return reply.send(answer.body)
  return sendStream(request, reply, answer.body as StreamAnswer)
}
