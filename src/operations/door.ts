import { type Caller, holdsOneOf } from '../auth/caller.ts'
import { isSame } from '../auth/jwt.ts'
import { onBehalfOf } from '../db/fair-pool.ts'
import { AppError } from '../errors.ts'
import type { Knock } from './call.ts'
import type { Operation } from './define.ts'
import type { Limits } from './limits.ts'
import type { Platform } from './platform.ts'
import type { RateState } from './rate-limit.ts'
import { mayAsk } from './roles.ts'
import { speakerOf } from './speaker.ts'

/** Bodies up to this size are bounded by the rate limit alone. */
const SMALL_BYTES = 65_536

/**
 * The door: authenticate -> authorise (token kind, scope, tenancy of what the address names) -> rate limit -> a place,
 * for what goes on or is large. Nothing of a body is taken before somebody was let in.
 */
export async function admit(platform: Platform, limits: Limits, knock: Knock): Promise<Caller> {
  const { operation, named, shown } = knock
  const first = await recognise(platform, limits, knock)
  authorise(operation, first)
  const caller = await onBehalfOf(tenantOf(first), () => speakerOf(platform, operation, first, named, shown.at))
  if (caller !== first) knock.onCaller?.(caller)
  count(operation.token === 'app' ? limits.secondly(caller, operation) : limits.rate.take(caller, operation), knock)
  const tenant = tenantOf(caller)
  if (operation.follows) knock.onEnd(limits.streams.take(tenant))
  if (knock.brings === 'file') knock.onEnd(limits.uploads.take(tenant))
  else makeRoom(limits, tenant, knock.brings, knock.onEnd)
  return caller
}

/** Of a surface where what is asked for stands in the body: every call in it goes through `admit` all the same. */
const ANY: Pick<Operation, 'token'> = { token: 'either' }

/** Who may send a body whose calls are not known yet: authenticate -> a place, for what is large. */
export async function admitBody(
  platform: Platform,
  limits: Limits,
  knock: Pick<Knock, 'shown' | 'from' | 'onCaller' | 'onEnd'> & { brings: number },
): Promise<Caller> {
  const caller = await recognise(platform, limits, { ...knock, operation: ANY })
  makeRoom(limits, tenantOf(caller), knock.brings, knock.onEnd)
  return caller
}

/** Counts what somebody asks for that is no operation. */
export function countOther(limits: Limits, caller: Caller, knock: Pick<Knock, 'onRate'>): void {
  count(limits.rate.take(caller, ANY), knock)
}

async function recognise(
  platform: Platform,
  { visitors }: Limits,
  knock: Pick<Knock, 'shown' | 'from' | 'onCaller'> & { operation: Pick<Operation, 'token'> },
): Promise<Caller> {
  const known = () => onBehalfOf(NOBODY.tokenId, () => authenticate(platform, knock))
  const caller = await visitors.asBearer(knock.from, knock.operation.token === 'operator', known)
  knock.onCaller?.(caller)
  return caller
}

function count(rate: RateState | null, { onRate }: Pick<Knock, 'onRate'>): void {
  if (rate === null) return
  onRate?.(rate)
  if (rate.exceeded) throw new AppError('rate_limited', { seconds: Math.ceil(rate.retryMs / 1000) })
}

function makeRoom(limits: Limits, tenant: string, bytes: number, onEnd: Knock['onEnd']): void {
  if (bytes <= SMALL_BYTES) return
  limits.bodyFlow.count(tenant, bytes)
  onEnd(limits.bodies.take(tenant, bytes))
}

const NOBODY: Caller = {
  tokenId: 'none',
  agencyId: '',
  locationId: null,
  scopes: [],
  unlimited: false,
  expiresAtMs: null,
}

/**
 * Whose share of the connections a call takes: all tokens of an agency and its locations together, and all who have
 * none.
 */
export const tenantOf = (caller: Caller) => caller.agencyId || NOBODY.tokenId

/** Who calls. 401 when nobody known does. */
export async function authenticate(
  platform: Platform,
  { operation, shown: { token, session } }: Pick<Knock, 'shown'> & { operation: Pick<Operation, 'token'> },
): Promise<Caller> {
  if (operation.token === 'none') return NOBODY
  if (session !== undefined && operation.token !== 'operator') {
    const caller = await platform.callers.findPerson(session, platform.clock.nowMs())
    if (caller === null) throw new AppError('session_ended')
    return caller
  }
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
export const isTenants = ({ token }: Operation) => token !== 'none' && token !== 'operator'

const NEEDED = {
  agency: 'an agency token',
  location: 'a location token',
  either: 'an agency or a location token',
  person: 'a person who is signed in',
  app: "an app's token of grant_type client_credentials",
}

export function authorise(operation: Operation, caller: Caller): void {
  const refusal = refusalOf(operation, caller)
  if (refusal !== null) throw refusal
}

/** Why somebody may not ask for an operation, wherever; null where they may. */
export function refusalOf(operation: Operation, caller: Caller): AppError | null {
  if (!isTenants(operation)) return null
  if (caller.person !== undefined) {
    const { role } = caller.person
    return mayAsk(role, operation) ? null : new AppError('role_missing', { role })
  }
  const level = caller.isApp ? 'app' : caller.locationId === null ? 'agency' : 'location'
  const { token } = operation
  if (token !== level && (token !== 'either' || level === 'app'))
    return new AppError('token_kind', { needed: NEEDED[token as keyof typeof NEEDED] })
  if (!holdsOneOf(caller.scopes, [operation.scope].flat())) return new AppError('scope_missing')
  if (operation.oauthOnly && caller.oauth === undefined)
    return new AppError('token_kind', { needed: 'an OAuth access token' })
  return null
}
