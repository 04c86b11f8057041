import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Caller } from '../auth/caller.ts'
import { AppError } from '../errors.ts'
import type { StreamAnswer } from '../operations/answer.ts'
import type { Answer } from '../operations/call.ts'
import type { Operation } from '../operations/define.ts'
import { admit } from '../operations/door.ts'
import { execute } from '../operations/execute.ts'
import type { Limits } from '../operations/limits.ts'
import type { Platform } from '../operations/platform.ts'
import { type Placement, placementOf, type Registry } from '../operations/registry.ts'
import { networkOf } from './addresses.ts'
import { bodyLimitOf, refusePacked, SMALL_BYTES } from './body-limits.ts'
import { takeBasic } from './client-auth.ts'
import { isByCookie, shownBy } from './cookies.ts'
import { allowOrigins } from './cors.ts'
import { toErrorAnswer } from './errors.ts'
import { answerFailures } from './failures.ts'
import { acceptUrlForms } from './form-body.ts'
import { CORRELATION, isHubSpot, isTheirs, toHubSpotErrorAnswer } from './hubspot.ts'
import { createPacedReader, holdsTooMany, MOST_VALUES } from './large-bodies.ts'
import { addMcp } from './mcp/index.ts'
import { acceptForms, readForm } from './multipart.ts'
import { paceRefusedBodies } from './refused-bodies.ts'
import { bodyBytesOf, checkVersion, forgetEmptyType, hangUpOf, isForm, singleHeader } from './request-heads.ts'
import { namedInAddress, readInput } from './request-input.ts'
import { logRequests } from './request-log.ts'
import { checkFromConsole } from './same-origin.ts'
import { endSlowBodies } from './slow-bodies.ts'
import { limitSockets } from './sockets.ts'
import { type Exchange, sendStream } from './streams.ts'
import { answerRefused, answerUnreadable } from './unreadable.ts'
import { fromV3, isV3, refuseOthers, toV3, V3 } from './v3.ts'
import { limitVisitors } from './visitors.ts'

/** How long a body may take to come: of a call, and of a file. */
const [BODY_MS, FILE_MS] = [60_000, 15 * 60_000]

/**
 * Of every answer: taken for what it says it is, and telling no other place of this one. Pages say themselves what they
 * load.
 */
const GUARDS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }
const NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"
/** What hooks write to all other answers. */
const OF_REFUSALS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': NOTHING_RUNS,
}
const SILENT_MS = 5 * 60_000

declare module 'fastify' {
  /** What a route says of itself to those who guard the door. */
  interface FastifyContextConfig {
    /** The name of the operation; pages and probes have none. */
    operation?: string
    /** Of an operation: which token it asks for. */
    token?: Operation['token']
    /** Of an operation: whose words refusals are in. */
    wire?: Operation['wire']
    /** An app proves itself: refusals are those of OAuth. */
    clientAuth?: boolean
    /** Whoever comes is counted once it is known whether the signature of the address fits. */
    signed?: boolean
    /** Where it says by whom one is let in (RFC 9728): clients that were refused look there. */
    resource?: string
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
    // Who names none is told so in our words: see `answerRefused`.
    http: { requireHostHeader: false },
    clientErrorHandler: (error, socket) => answerUnreadable(error, socket, { ...GUARDS, ...OF_REFUSALS }),
    trustProxy: platform.config.trustedProxies === '' ? false : platform.config.trustedProxies,
    // Operations say how much they take; nothing else takes a document.
    bodyLimit: SMALL_BYTES,
    genReqId: () => randomUUID(),
    // Nothing comes or is taken for so long: an answer that nobody reads does not stay in memory.
    connectionTimeout: SILENT_MS,
    // Requests under way are answered first: see `closeHttp`.
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    exposeHeadRoutes: true,
    // Before any hook: an address that cannot be read.
    frameworkErrors(error, request, reply) {
      const theirs = isTheirs(request.url ?? '')
      const { status, body } = (theirs ? toHubSpotErrorAnswer : toErrorAnswer)(error, request.id)
      const answer = reply as FastifyReply
      return answer
        .headers({
          'x-trace-id': request.id,
          ...(theirs ? { [CORRELATION]: request.id } : {}),
          ...GUARDS,
          ...OF_REFUSALS,
        })
        .status(status)
        .send(`${JSON.stringify(body)}\n`)
    },
  })
  limitSockets(app, { most: platform.config.sockets, log: platform.log })
  const callers = new WeakMap<FastifyRequest, Caller>()
  const transport = platform.config.publicUrl?.startsWith('https:')
    ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
    : {}
  logRequests(app, platform, (request) => callers.get(request))
  allowOrigins(app, platform.config)
  app.removeContentTypeParser(['application/json', 'text/plain'])
  const readPaced = createPacedReader()
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser(/^application\/(.+\+)?json/, { parseAs: 'string' }, (request, text, done) => {
    if (text === '') done(null, undefined)
    else if (holdsTooMany(text as string))
      done(new AppError('invalid', { reason: [`body holds more than ${MOST_VALUES} values`] }), undefined)
    else readPaced(text as string, () => parseJson(request, text as string, done))
  })
  app.addHook('onRequest', async (request, reply) => {
    forgetEmptyType(request)
    reply.headers({ 'x-trace-id': request.id, ...GUARDS, ...transport })
    if (isHubSpot(request)) reply.header(CORRELATION, request.id)
  })
  answerRefused(app, { ...GUARDS, ...OF_REFUSALS })
  // Answers hold what belongs to somebody: nothing between us and the caller keeps them. What is read in a terminal
  // ends its line.
  app.addHook('onSend', async (_request, reply, payload) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', NOTHING_RUNS)
    return typeof payload === 'string' && payload.endsWith('}') ? `${payload}\n` : payload
  })
  answerFailures(app, platform, {
    callerOf: (request) => callers.get(request),
    refusedBodies: paceRefusedBodies(app),
  })
  limitVisitors(app, limits.visitors, { log: platform.log, trustsProxies: platform.config.trustedProxies !== '' })
  endSlowBodies(app, { graceMs: platform.config.bodyGraceSeconds * 1000, mostMs: BODY_MS })
  const letIn = async (
    operation: Operation,
    placement: Placement,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    if (operation.wire === 'highlevel') {
      if (operation.token !== 'none') checkVersion(request, operation, { isOptional: isByCookie(platform, request) })
      if (isV3(request)) fromV3(operation, request.query)
    }
    if (operation.token !== 'none' && isByCookie(platform, request)) checkFromConsole(platform, request)
    const named = namedInAddress(operation, placement, request)
    await admit(platform, limits, {
      operation,
      shown: shownBy(platform, request),
      from: networkOf(request.ip),
      named,
      onCaller: (caller) => void callers.set(request, caller),
      onRate: (rate) => void reply.headers(rate.headers),
      // Whoever waited for a place may have hung up by then.
      onEnd: (act) => void (reply.raw.closed ? act() : reply.raw.once('close', act)),
      brings:
        operation.rawBody !== null || (operation.upload !== null && isForm(request)) ? 'file' : bodyBytesOf(request),
    })
    refusePacked(request)
  }
  const answerTo = async (
    operation: Operation,
    placement: Placement,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Answer> => {
    await using form = await readForm(operation, platform.config, request)
    if (form !== null) request.body = form.body
    return await execute(platform, limits, {
      operation,
      caller: callers.get(request) as Caller,
      shown: shownBy(platform, request),
      from: request.ip,
      ...readInput(operation, placement, request),
      idempotencyKey: singleHeader(request, 'idempotency-key'),
      ifMatch: singleHeader(request, 'if-match')?.replace(/^(?:W\/)?"(.*)"$/, '$1'),
      traceId: request.id,
      signal: hangUpOf(reply),
    })
  }
  const serve = (scope: FastifyInstance, operation: Operation) => {
    const { line } = V3[operation.name] ?? {}
    for (const http of [operation.http, ...operation.alsoAt])
      serveAt(scope, operation, placementOf({ ...operation, http }), letIn)
    if (line === undefined) return
    serveAt(scope, operation, placementOf({ ...operation, http: line }), async (...asked) => {
      refuseOthers(asked[2])
      await letIn(...asked)
    })
  }
  const serveAt = (scope: FastifyInstance, operation: Operation, placement: Placement, guard: typeof letIn) => {
    scope.route({
      method: placement.method,
      url: placement.path,
      config: {
        operation: operation.name,
        token: operation.token,
        wire: operation.wire,
        clientAuth: operation.clientAuth,
        signed: operation.signed,
        ...(operation.rawBody === null && operation.upload === null ? {} : { bodyMs: FILE_MS }),
      },
      bodyLimit: bodyLimitOf(operation, platform.config),
      onRequest: (request, reply) => guard(operation, placement, request, reply),
      handler: async (request, reply) => {
        if (isV3(request)) fromV3(operation, request.body)
        if (operation.clientAuth) takeBasic(request)
        const answering = () => answerTo(operation, placement, request, reply)
        const client = operation.clientAuth ? clientOf(request) : undefined
        const network = networkOf(request.ip)
        const answer = await (client !== undefined
          ? limits.visitors.asClient(client, network, answering)
          : operation.signed
            ? limits.visitors.asSigned(network, answering)
            : answering())
        return send(operation, answer, { request, reply, graceMs: platform.config.readerGraceSeconds * 1000 })
      },
    })
  }
  addMcp(app, platform, { registry, limits, callers })
  for (const operation of registry.all)
    if (operation.rawBody === null && operation.upload === null && !operation.formBody) serve(app, operation)
  app.register(async (scope) => {
    acceptUrlForms(scope)
    // Tokens and what is said of them: nobody may keep it (RFC 6749, 5.1).
    scope.addHook(
      'onRequest',
      async (_request, reply) => void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' }),
    )
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

/**
 * Answers say in the body too what they can be found by in the log. Lists do not, nor what OAuth defines, nor what has
 * names of its own choice.
 */
function traced({ formBody, output, wire }: Operation, body: unknown, traceId: string): unknown {
  if (wire === 'hubspot') return body
  const isNamed = typeof output === 'object' && ('properties' in output || 'anyOf' in output || 'allOf' in output)
  if (formBody || !isNamed || body === null || typeof body !== 'object' || Array.isArray(body)) return body
  return 'traceId' in body ? body : { ...body, traceId }
}

function send(operation: Operation, answer: Answer, exchange: Exchange): FastifyReply {
  exchange.reply.status(answer.status).headers(answer.headers ?? {})
  if (operation.output !== 'stream') {
    const body = traced(operation, answer.body, exchange.request.id)
    return exchange.reply.send(isV3(exchange.request) ? toV3(operation, body) : body)
  }
  return sendStream(exchange, answer.body as StreamAnswer)
}
