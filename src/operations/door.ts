import { type Caller, holdsOneOf } from '../auth/caller.ts'
import { isSame } from '../auth/jwt.ts'
import { onBehalfOf } from '../db/fair-pool.ts'
import { AppError } from '../errors.ts'
import type { Knock } from './call.ts'
import type { Operation } from './define.ts'
import type { Limits } from './limits.ts'
import type { Platform } from './platform.ts'
import { mayAsk } from './roles.ts'
import { speakerOf } from './speaker.ts'

/** Bodies up to this size are bounded by the rate limit alone. */
const SMALL_BYTES = 65_536

/**
 * The door: authenticate -> authorise (token kind, scope, tenancy of what the address names) -> rate limit -> a place,
 * for what goes on or is large. Nothing of a body is taken before somebody was let in.
 */
export async function admit(platform: Platform, limits: Limits, knock: Knock): Promise<Caller> {
  const { operation, named, from, shown } = knock
  const known = () => onBehalfOf(NOBODY.tokenId, () => authenticate(platform, knock))
  const first = await limits.visitors.asBearer(from, operation.token === 'operator', known)
  knock.onCaller?.(first)
  authorise(operation, first)
  const caller = await onBehalfOf(tenantOf(first), () => speakerOf(platform, operation, first, named, shown.at))
  if (caller !== first) knock.onCaller?.(caller)
  const rate = (operation.token === 'app' ? limits.secondly : limits.rate.take)(caller, operation)
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
  { operation, shown: { token, session } }: Pick<Knock, 'operation' | 'shown'>,
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
  if (!isTenants(operation)) return
  if (caller.person !== undefined) {
    const { role } = caller.person
    if (!mayAsk(role, operation)) throw new AppError('role_missing', { role })
    return
  }
  const level = caller.isApp ? 'app' : caller.locationId === null ? 'agency' : 'location'
  const { token } = operation
  if (token !== level && (token !== 'either' || level === 'app'))
    throw new AppError('token_kind', { needed: NEEDED[token as keyof typeof NEEDED] })
  if (!holdsOneOf(caller.scopes, [operation.scope].flat())) throw new AppError('scope_missing')
  if (operation.oauthOnly && caller.oauth === undefined)
    throw new AppError('token_kind', { needed: 'an OAuth access token' })
}
