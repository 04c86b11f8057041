import { createHash } from 'node:crypto'
import { isSame } from '../auth/jwt.ts'
import { checkTenancy, locateAsset } from '../auth/tenants.ts'
import type { Caller } from '../auth/tokens.ts'
import { onBehalfOf } from '../db/fair-pool.ts'
import type { Tx } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { AppError, invalid } from '../errors.ts'
import { canonicalJson } from '../store/hash.ts'
import { misfitsOf, trimAndCheck } from '../store/validate.ts'
import { type Context, type Operation, type Platform, type StreamAnswer, statusOf } from './define.ts'
import { claimKey, storeAnswer } from './idempotency.ts'
import type { Limits } from './limits.ts'
import type { RateState } from './rate-limit.ts'

/** A request, whatever surface it came through. */
export interface Call {
  operation: Operation
  /** Who was let in (`admit`). */
  caller: Caller
  /** By which it was let in. */
  token: string | undefined
  input: Record<string, unknown>
  /** What the surface could not place: reported with the faults of the input. */
  faults: readonly string[]
  idempotencyKey: string | undefined
  traceId: string
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal
}

/** What is known of a request before its body is read. */
export interface Knock {
  operation: Operation
  /** The bearer token; undefined when none was sent. */
  token: string | undefined
  /** Tenants that its address names. */
  named: Record<string, unknown>
  /** Where it comes from: an address, or a network that is one caller's. */
  from: string
  /** Told who it is, before whether they may. */
  onCaller?: (caller: Caller) => void
  /** Told as soon as it is known, so that refusals carry it too. */
  onRate?: (state: RateState) => void
  /** Told what is to be done when the answer has ended, however it ends. */
  onEnd: (act: () => void) => void
  /** What comes with it: a file, which goes to disk, or so many bytes, which are held in memory. */
  brings: 'file' | number
}

/** Bodies up to this size are bounded by the rate limit alone. */
const SMALL_BYTES = 65_536

export interface Answer {
  status: number
  body: unknown
}

/**
 * The door: authenticate -> authorise (token kind, scope, tenancy of what the address names) -> rate limit -> a place, for what goes on or is large. Nothing of a body is taken
 * before somebody was let in.
 */
export async function admit(platform: Platform, limits: Limits, knock: Knock): Promise<Caller> {
  const { operation, named, from } = knock
  const known = () => onBehalfOf(NOBODY.tokenId, () => authenticate(platform, knock))
  const caller = await limits.visitors.asBearer(from, operation.token === 'operator', known)
  knock.onCaller?.(caller)
  authorise(operation, caller)
  await onBehalfOf(tenantOf(caller), () => checkNamed(platform, operation, caller, named))
  const rate = limits.rate.take(caller, operation)
  if (rate !== null) knock.onRate?.(rate)
  if (rate?.exceeded) throw new AppError('rate_limited', { seconds: Math.ceil(rate.retryMs / 1000) })
  const tenant = tenantOf(caller)
  if (operation.follows) knock.onEnd(limits.streams.take(tenant))
  if (knock.brings === 'file') knock.onEnd(limits.uploads.take(tenant))
  else if (knock.brings > SMALL_BYTES) {
    limits.bodyFlow.count(tenant, knock.brings)
    knock.onEnd(limits.bodies.take(tenant, knock.brings))
  }
  return caller
}

/**
 * THE pipeline behind the door: tenancy of what the body names -> validate -> idempotency -> transaction -> run -> check output ->
 * commit. Nothing that a caller asks for happens outside of it. Where an operation knows what most calls come to, its shortcut is
 * tried before the transaction: work out -> check output -> write in one trip.
 */
export async function execute(platform: Platform, { heavy }: Pick<Limits, 'heavy'>, call: Call): Promise<Answer> {
  const tenant = tenantOf(call.caller)
  // Before any connection is taken: whoever waits for a turn holds nothing that the one before needs.
  const leave = call.operation.heavy ? await heavy.enter(tenant) : null
  try {
    // What a caller began to write is written, also when nobody hears of it.
    return await onBehalfOf(tenant, () => carryOut(platform, call), call.operation.access === 'read' ? call.signal : undefined)
  } finally {
    leave?.()
  }
}

async function carryOut(platform: Platform, call: Call): Promise<Answer> {
  const { operation, caller } = call
  await checkNamed(platform, operation, caller, call.input)
  const faults = [...new Set([...call.faults, ...trimAndCheck(operation.input, call.input)])]
  if (faults.length > 0) throw invalid(faults)
  const locationId = await locate(platform, operation, caller, call.input)
  if (operation.access === 'read') return run(platform, call, caller, locationId, null)
  const short = call.idempotencyKey === undefined ? await takeShortcut(platform, call, caller, locationId) : null
  if (short !== null) return short
  const outcome = await inTransaction(platform.db, (tx) => write(platform, call, caller, locationId, tx).catch(keepOrUndo))
  if (outcome instanceof AppError) throw outcome
  return outcome
}

/** A refusal that has something to remember commits; every other failure undoes what was written. */
function keepOrUndo(error: unknown): AppError {
  if (error instanceof AppError && error.keepWrites) return error
  throw error
}

async function write(platform: Platform, call: Call, caller: Caller, locationId: string | null, tx: Tx): Promise<Answer> {
  const { operation, idempotencyKey: key } = call
  // Answers to nobody in particular, to the operator, and tokens, are not kept.
  if (key === undefined || !isTenants(operation) || operation.formBody) return run(platform, call, caller, locationId, tx)
  const requestHash = createHash('sha256')
    .update(`${operation.name}\n${canonicalJson(call.input)}`)
    .digest('hex')
  const stored = await claimKey(tx, { tokenId: caller.tokenId, key, operation: operation.name, requestHash })
  if (stored !== null) return stored
  const answer = await run(platform, call, caller, locationId, tx)
  await storeAnswer(tx, { tokenId: caller.tokenId, key, answer })
  return answer
}

const NOBODY: Caller = { tokenId: 'none', agencyId: '', locationId: null, scopes: [], unlimited: false, expiresAtMs: null }

/** Whose share of the connections a call takes: all tokens of an agency and its locations together, and all who have none. */
const tenantOf = (caller: Caller) => caller.agencyId || NOBODY.tokenId

/** Who calls. 401 when nobody known does. */
async function authenticate(platform: Platform, { operation, token }: Pick<Knock, 'operation' | 'token'>): Promise<Caller> {
  if (operation.token === 'none') return NOBODY
  if (token === undefined) throw new AppError('token_missing')
  if (operation.token === 'operator') return authenticateOperator(platform, token)
  const caller = await platform.callers.find(token, platform.clock.nowMs())
  if (caller === null) throw new AppError('token_invalid')
  return caller
}

/** Whoever runs the server. The token stands in the environment, opens what is the operator's, and nothing else. */
function authenticateOperator({ config }: Platform, token: string): Caller {
  if (config.operatorToken === undefined || !isSame(config.operatorToken, token)) throw new AppError('token_invalid')
  return { ...NOBODY, tokenId: 'operator', unlimited: true }
}

/** Asked with a token of an agency or a location: not by anybody, nor by the operator. */
const isTenants = ({ token }: Operation) => token !== 'none' && token !== 'operator'

function authorise(operation: Operation, caller: Caller): void {
  if (!isTenants(operation)) return
  const level = caller.locationId === null ? 'agency' : 'location'
  if (operation.token !== 'either' && operation.token !== level)
    throw new AppError('token_kind', { needed: operation.token === 'agency' ? 'an agency token' : 'a location token' })
  const scopes = [operation.scope].flat()
  if (!caller.scopes.includes('*') && !scopes.some((scope) => caller.scopes.includes(scope))) throw new AppError('scope_missing')
  if (operation.oauthOnly && caller.oauth === undefined) throw new AppError('token_kind', { needed: 'an OAuth access token' })
}

async function checkNamed(platform: Platform, operation: Operation, caller: Caller, input: Record<string, unknown>): Promise<void> {
  if (operation.token === 'none') return
  const named = (names: string[]) =>
    names
      .filter((name) => !operation.foreign.includes(name))
      .flatMap((name) => (name === 'locationIds' && input[name] === 'all' ? [] : input[name]))
      .filter((id): id is string => typeof id === 'string' && id !== '')
  await checkTenancy(platform.db, caller, { companyIds: named(['companyId']), locationIds: named(['locationId', 'location_id', 'locationIds']) })
}

/** The location a call is about: named by it, the token's own, or that of the asset it names. */
async function locate(platform: Platform, operation: Operation, caller: Caller, input: Record<string, unknown>): Promise<string | null> {
  const named = input.locationId ?? (operation.foreign.includes('location_id') ? undefined : input.location_id)
  if (typeof named === 'string') return named
  if (caller.locationId !== null || operation.locate === null) return caller.locationId
  const { kind, others = [], param } = operation.locate
  return locateAsset(platform.db, caller, [kind, ...others], String(input[param]))
}

/** Cheap while nothing about any caller has changed: then it is the same one that is remembered. */
function letInAgain(platform: Platform, call: Call): Context['isStillLetIn'] {
  const { operation, input } = call
  let known = call.caller
  return async (also) => {
    if (call.signal?.aborted) return false
    try {
      const caller = await authenticate(platform, call)
      if (caller === known) return true
      authorise(operation, caller)
      await checkNamed(platform, operation, caller, input)
      await also()
      known = caller
      return true
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return false
      throw error
    }
  }
}

/** Null: there is none, or something stands in its way. */
async function takeShortcut(platform: Platform, call: Call, caller: Caller, locationId: string | null): Promise<Answer | null> {
  const { operation, input } = call
  const shortcut = await operation.shortcut?.(contextOf(platform, call, caller, locationId, null), input as never)
  if (!shortcut) return null
  const answer = checked(operation, shortcut.answer)
  return (await shortcut.take()) ? answer : null
}

async function run(platform: Platform, call: Call, caller: Caller, locationId: string | null, tx: Tx | null): Promise<Answer> {
  const { operation, input } = call
  return checked(operation, await operation.run(contextOf(platform, call, caller, locationId, tx), input as never))
}

function contextOf(platform: Platform, call: Call, caller: Caller, locationId: string | null, tx: Tx | null): Context {
  const { operation } = call
  const author = { actor: `token:${caller.tokenId}`, cause: call.traceId, atMs: platform.clock.nowMs() }
  const ctx: Context = {
    ...platform,
    db: tx ?? platform.db,
    caller,
    author,
    agencyId: caller.agencyId,
    traceId: call.traceId,
    isStillLetIn: letInAgain(platform, call),
    get locationId() {
      if (locationId !== null) return locationId
      if (operation.locate === null) throw new AppError('location_needed')
      const { kind, param } = operation.locate
      throw new AppError('not_found', { what: (platform.resources.get(kind) ?? platform.records.get(kind))?.noun ?? kind, id: call.input[param] })
    },
    get tx() {
      if (tx === null) throw new Error(`${operation.name} only reads`)
      return tx
    },
    get scope() {
      return { tx: ctx.tx, locationId: ctx.locationId, author, kinds: [...platform.resources.keys()], records: platform.records }
    },
  }
  return ctx
}

function checked(operation: Operation, outcome: unknown): Answer {
  const { status, body } = statusOf(operation.status, outcome)
  if (operation.output === 'stream') return { status, body: body as StreamAnswer }
  const faults = misfitsOf(operation.output, body)
  if (faults.length > 0) throw new Error(`${operation.name} answered what its schema does not allow: ${faults.slice(0, 5).join('; ')}`)
  return { status, body }
}
