import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Caller } from '../auth/tokens.ts'
import { AppError } from '../errors.ts'
import { logSecurity } from '../log.ts'
import type { Operation, Platform, StreamAnswer } from '../operations/define.ts'
import { type Answer, admit, execute } from '../operations/execute.ts'
import type { Limits } from '../operations/limits.ts'
import { type Placement, placementOf, queryName, type Registry, TENANT_QUERY } from '../operations/registry.ts'
import { coerceText } from '../store/validate.ts'
import { networkOf } from './addresses.ts'
import { bodyLimitOf, refusePacked } from './body-limits.ts'
import { takeBasic } from './client-auth.ts'
import { allowOrigins } from './cors.ts'
import { toErrorAnswer } from './errors.ts'
import { answerFailures } from './failures.ts'
import { acceptUrlForms } from './form-body.ts'
import { createPacedReader, holdsTooMany, MOST_VALUES } from './large-bodies.ts'
import { acceptForms, readForm } from './multipart.ts'
import { logRequests } from './request-log.ts'
import { endSlowBodies } from './slow-bodies.ts'
import { isUpload } from './spool.ts'
import { type Exchange, sendStream } from './streams.ts'
import { limitVisitors } from './visitors.ts'

/** Versions of the HighLevel wire. Any known one is accepted on any path; the official SDK sends 2023-02-21 everywhere. */
export const VERSIONS = ['v3', '2023-02-21', '2021-07-28', '2021-04-15', 'legacy'] as const

/** How long a body may take to come: of a call, and of a file. */
const [BODY_MS, FILE_MS] = [60_000, 15 * 60_000]

/** Of every answer: taken for what it says it is, and telling no other place of this one. Pages say themselves what they load. */
const GUARDS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }
const NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"
const SILENT_MS = 5 * 60_000

declare module 'fastify' {
  /** What a route says of itself to those who guard the door. */
  interface FastifyContextConfig {
    /** The name of the operation; pages and probes have none. */
    operation?: string
    /** Of an operation: which token it asks for. */
    token?: Operation['token']
    /** An app proves itself: refusals are those of OAuth. */
    clientAuth?: boolean
    /** How long its body may take to come, where that is not as long as any other. */
    bodyMs?: number
    /** Answers everybody, always, and whatever watches asks every few seconds: it costs nothing and says nothing. */
    unlimited?: boolean
  }
}

/** The HTTP surface: one route for each operation. Pages and probes are added by the caller. */
export function createHttp(platform: Platform, registry: Registry, limits: Limits): FastifyInstance {
  const app = Fastify({
    logger: false,
    trustProxy: platform.config.trustedProxies === '' ? false : platform.config.trustedProxies,
    bodyLimit: platform.config.bodyBytes,
    genReqId: () => randomUUID(),
    // Nothing comes or is taken for so long: an answer that nobody reads does not stay in memory.
    connectionTimeout: SILENT_MS,
    // Requests under way are answered first: see `closeHttp`.
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    exposeHeadRoutes: true,
    // Before any hook: an address that cannot be read.
    frameworkErrors(error, request, reply) {
      const { status, body } = toErrorAnswer(error, request.id)
      const answer = reply as FastifyReply
      return answer
        .headers({
          'x-trace-id': request.id,
          'content-type': 'application/json; charset=utf-8',
          'cache-control': 'no-store',
          'content-security-policy': NOTHING_RUNS,
          ...GUARDS,
        })
        .status(status)
        .send(`${JSON.stringify(body)}\n`)
    },
  })
  const callers = new WeakMap<FastifyRequest, Caller>()
  const transport = platform.config.publicUrl?.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}
  logRequests(app, platform, (request) => callers.get(request))
  allowOrigins(app, platform.config)
  app.removeContentTypeParser(['application/json', 'text/plain'])
  const readPaced = createPacedReader()
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser(/^application\/(.+\+)?json/, { parseAs: 'string' }, (request, text, done) => {
    if (text === '') done(null, undefined)
    else if (holdsTooMany(text as string)) done(new AppError('invalid', { reason: [`body holds more than ${MOST_VALUES} values`] }), undefined)
    else readPaced(text as string, () => parseJson(request, text as string, done))
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-trace-id': request.id, ...GUARDS, ...transport })
  })
  // Answers hold what belongs to somebody: nothing between us and the caller keeps them. What is read in a terminal ends its line.
  app.addHook('onSend', async (_request, reply, payload) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', NOTHING_RUNS)
    return typeof payload === 'string' && payload.endsWith('}') ? `${payload}\n` : payload
  })
  answerFailures(app, platform, (request) => callers.get(request))
  limitVisitors(app, limits.visitors, { log: platform.log, trustsProxies: platform.config.trustedProxies !== '' })
  endSlowBodies(app, { graceMs: platform.config.bodyGraceSeconds * 1000, mostMs: BODY_MS })
  const letIn = async (operation: Operation, placement: Placement, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (operation.token !== 'none') checkVersion(request)
    const named = namedInAddress(operation, placement, request)
    await admit(platform, limits, {
      operation,
      token: bearerOf(request),
      from: networkOf(request.ip),
      named,
      onCaller: (caller) => void callers.set(request, caller),
      onRate: (rate) => void reply.headers(rate.headers),
      // Whoever waited for a place may have hung up by then.
      onEnd: (act) => void (reply.raw.closed ? act() : reply.raw.once('close', act)),
      brings: operation.rawBody !== null || (operation.upload !== null && isForm(request)) ? 'file' : bodyBytesOf(request),
    })
    refusePacked(request)
  }
  const answerTo = async (operation: Operation, placement: Placement, request: FastifyRequest, reply: FastifyReply): Promise<Answer> => {
    await using form = await readForm(operation, platform.config, request)
    if (form !== null) request.body = form.body
    return await execute(platform, limits, {
      operation,
      caller: callers.get(request) as Caller,
      token: bearerOf(request),
      ...readInput(operation, placement, request),
      idempotencyKey: singleHeader(request, 'idempotency-key'),
      traceId: request.id,
      signal: hangUpOf(reply),
    })
  }
  const serve = (scope: FastifyInstance, operation: Operation) => {
    const placement = placementOf(operation)
    scope.route({
      method: placement.method,
      url: placement.path,
      config: {
        operation: operation.name,
        token: operation.token,
        clientAuth: operation.clientAuth,
        ...(operation.rawBody === null && operation.upload === null ? {} : { bodyMs: FILE_MS }),
      },
      bodyLimit: bodyLimitOf(operation, platform.config),
      onRequest: (request, reply) => letIn(operation, placement, request, reply),
      handler: async (request, reply) => {
        if (operation.clientAuth) takeBasic(request)
        const answering = () => answerTo(operation, placement, request, reply)
        const client = operation.clientAuth ? clientOf(request) : undefined
        const answer = await (client === undefined ? answering() : limits.visitors.asClient(client, networkOf(request.ip), answering))
        if (decidesAccess(operation)) {
          const who = callers.get(request)?.tokenId
          logSecurity(platform.log, {
            event: operation.name,
            outcome: 'done',
            who: who === 'none' ? clientOf(request) : who,
            from: request.ip,
            traceId: request.id,
          })
        }
        return send(operation, answer, { request, reply, graceMs: platform.config.readerGraceSeconds * 1000 })
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
    await acceptForms(scope)
    // Whatever it says it is: it is read as it comes.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    for (const operation of registry.all) if (operation.rawBody !== null) serve(scope, operation)
  })
  return app
}

/** For requests under way when the end is asked for. */
const FINISH_MS = 3_000

/** Tokens, apps and what they are allowed: who changed it stands in the log. */
const decidesAccess = ({ name, access }: Operation) => access !== 'read' && /^(tokens|apps|oauth|agencies)\./.test(name)

/** The app that proves itself in the body. */
function clientOf({ body }: FastifyRequest): string | undefined {
  const { client_id: id } = (body ?? {}) as { client_id?: unknown }
  return typeof id === 'string' ? id.slice(0, 100) : undefined
}

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

/** Known by what it says of itself: its body has not been looked at. */
const isForm = ({ headers }: FastifyRequest) => /^multipart\//i.test(headers['content-type'] ?? '')

/** What is said of the body's length, or what it may come to where nothing is said. */
function bodyBytesOf({ headers, routeOptions }: FastifyRequest): number {
  const said = headers['content-length']
  if (said !== undefined) return Math.min(Number(said), routeOptions.bodyLimit)
  return headers['transfer-encoding'] === undefined ? 0 : routeOptions.bodyLimit
}

/** Aborted when the caller hangs up before the answer. */
function hangUpOf(reply: FastifyReply): AbortSignal {
  const ended = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) ended.abort()
  })
  return ended.signal
}

function singleHeader(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function bearerOf(request: FastifyRequest): string | undefined {
  const match = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')
  return match?.[1]
}

/** The tenants that path and query name: known before the body is read. */
function namedInAddress(operation: Operation, placement: Placement, request: FastifyRequest): Record<string, unknown> {
  const named: Record<string, unknown> = { ...(request.params as object) }
  for (const [spelled, value] of Object.entries(request.query as Record<string, unknown>)) {
    const name = queryName(operation, spelled.endsWith('[]') ? spelled.slice(0, -2) : spelled)
    if (!(name in named) && (placement.queryNames.includes(name) || TENANT_QUERY.includes(name as never)))
      named[name] = coerceText(operation.input.properties[name], value)
  }
  return named
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
  if (request.body !== undefined && request.body !== null) {
    const body = Array.isArray(request.body) && operation.listBody !== null ? { [operation.listBody]: request.body } : request.body
    const isObject = typeof body === 'object' && !Array.isArray(body)
    if (!isObject) faults.push('body must be an object')
    for (const [name, value] of isObject ? Object.entries(body) : []) {
      if (faults.length >= MOST_FAULTS) break
      const repeated = name in input || placement.pathNames.includes(name)
      const other = placement.pathNames.includes(name) ? (request.params as Record<string, string>)[name] : input[name]
      if (repeated && other !== value) faults.push(`${name} in the body differs from ${name} in the ${placement.pathNames.includes(name) ? 'path' : 'query'}`)
      else if (!repeated && !placement.bodyNames.includes(name) && !Object.hasOwn(properties, name)) faults.push(`property ${name} should not exist`)
      else if (name === (operation.upload ?? operation.rawBody)?.property && !isUpload(value))
        faults.push(`${name} must be a file in a multipart/form-data body`)
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

function send(operation: Operation, answer: Answer, exchange: Exchange): FastifyReply {
  exchange.reply.status(answer.status)
  if (operation.output !== 'stream') return exchange.reply.send(answer.body)
  return sendStream(exchange, answer.body as StreamAnswer)
}
