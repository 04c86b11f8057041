import { type Static, Type } from 'typebox'
import { findFirstAdmin } from '../auth/admins.ts'
import { type App, authenticateApp } from '../auth/apps.ts'
import { redeemCode } from '../auth/authorisation.ts'
import { beginOwnGrant, type Issued, refreshGrant } from '../auth/grants.ts'
import { findAgencyInstall, findInstallFor, findInstalls, type Install, searchInstalled } from '../auth/installs.ts'
import { checkTenancy } from '../auth/tenants.ts'
import type { Db, Tx } from '../db/pool.ts'
import { AppError, invalid } from '../errors.ts'
import { type Context, operation } from './define.ts'
import { Id, Noun } from './schemas.ts'

export const category = 'OAuth 2.0'

/** The app proves itself (RFC 6749, 2.3.1): in the body, or by HTTP Basic, which the surface puts here. */
export const Client = {
  client_id: Type.String({ minLength: 1, maxLength: 200 }),
  client_secret: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Of every app but a public one, which has none.' })),
}
export const clientOf = (input: { client_id: string; client_secret?: string }) => ({ clientId: input.client_id, secret: input.client_secret })
export const Text = (maxLength = 2048) => Type.Optional(Type.String({ minLength: 1, maxLength }))

const TokenInput = Type.Object(
  {
    ...Client,
    grant_type: Type.Enum(['authorization_code', 'refresh_token', 'client_credentials']),
    code: Text(200),
    refresh_token: Text(200),
    user_type: Type.Optional(Type.Enum(['Company', 'Location'])),
    redirect_uri: Text(),
    code_verifier: Type.Optional(Type.String({ minLength: 43, maxLength: 128, description: 'PKCE: what the code_challenge was made from.' })),
    scope: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 20_000,
        description: 'client_credentials: only these. Otherwise what was allowed stands; asking for more is refused.',
      }),
    ),
    companyId: Type.Optional(Id('client_credentials: the agency, where the app is installed in several.')),
    locationId: Type.Optional(Id('client_credentials: the location, where user_type is Location.')),
  },
  { additionalProperties: false },
)

export const Tokens = Noun('AppTokens', {
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer(),
  refresh_token: Type.String(),
  scope: Type.String(),
  userType: Type.Enum(['Company', 'Location']),
  companyId: Type.String(),
  locationId: Type.Optional(Type.String()),
  approvedLocations: Type.Optional(Type.Array(Type.String(), { description: 'Of an agency token: where the app is installed, the first 1,000.' })),
  userId: Type.String(),
  appId: Type.String(),
  versionId: Type.String(),
  isBulkInstallation: Type.Boolean(),
  installToFutureLocations: Type.Optional(Type.Boolean()),
  approveAllLocations: Type.Optional(Type.Boolean()),
})

const MOST_APPROVED = 1000

export const token = operation({
  category,
  name: 'oauth.token',
  kind: 'action',
  title: 'Get Access Token',
  description:
    'Tokens for an authorization code, for a refresh token, or for the app itself where it is installed. A refresh token is replaced at each use; the same one within 30 seconds gets the same answer.',
  access: 'write',
  token: 'none',
  scope: [],
  http: 'POST /oauth/token',
  formBody: true,
  clientAuth: true,
  input: TokenInput,
  output: Tokens,
  async run(ctx, input) {
    const app = await authenticateApp(ctx.tx, { ...clientOf(input), hold: true })
    const atMs = ctx.clock.nowMs()
    if (input.grant_type === 'client_credentials' && app.isPublic) throw new AppError('app_public', { what: 'cannot speak for itself' })
    if (input.grant_type === 'client_credentials') return toTokens(ctx.tx, await speakForItself(ctx, app, input))
    if (input.grant_type === 'refresh_token') {
      const issued = await refreshGrant(ctx.tx, app.id, given(input.refresh_token, 'refresh_token'), atMs)
      const { userType } = kindOf(issued)
      if (input.user_type !== undefined && input.user_type !== userType)
        throw new AppError('grant_invalid', { reason: `this refresh token is for user_type ${userType}` })
      narrow(issued.grant.scopes, input.scope)
      return toTokens(ctx.tx, issued)
    }
    const level = input.user_type === undefined ? undefined : input.user_type === 'Company' ? 'agency' : 'location'
    const exchange = { code: given(input.code, 'code'), redirectUri: given(input.redirect_uri, 'redirect_uri'), verifier: input.code_verifier, level } as const
    const issued = await redeemCode(ctx.tx, app, exchange, atMs)
    narrow(issued.grant.scopes, input.scope)
    return toTokens(ctx.tx, issued)
  },
})

function given(value: string | undefined, name: string): string {
  if (value === undefined) throw invalid([`${name} should not be empty`])
  return value
}

/** The scopes that are asked for, all of which must be allowed; without a wish, all that are. */
function narrow(allowed: readonly string[], wish: string | undefined): string[] {
  const wanted = wish === undefined ? [...allowed] : [...new Set(wish.split(/[\s,]+/).filter((scope) => scope !== ''))]
  const excess = wanted.filter((scope) => !allowed.includes(scope))
  if (excess.length > 0 || wanted.length === 0) throw new AppError('grant_scope', { scopes: excess.join(' ') })
  return wanted
}

/** Tokens without anybody signing in: for a place where the app is installed, or for the agency that owns it. */
async function speakForItself(ctx: Context, app: App, input: Static<typeof TokenInput>): Promise<Issued> {
  const level = input.user_type === 'Location' || input.locationId !== undefined ? 'location' : 'agency'
  const install = await chooseInstall(ctx.tx, app, level, input)
  if (install === null) return speakForOwner(ctx, app, level, input)
  return beginOwnGrant(ctx.tx, { ...install, scopes: narrow(install.scopes, input.scope) }, ctx.clock.nowMs())
}

async function chooseInstall(tx: Tx, app: App, level: 'agency' | 'location', input: Static<typeof TokenInput>): Promise<Install | null> {
  const { companyId: agencyId, locationId } = input
  if (locationId !== undefined) {
    const install = await findInstallFor(tx, app.id, locationId)
    return agencyId === undefined || install?.agencyId === agencyId ? install : null
  }
  const [install, another] = await findInstalls(tx, { appId: app.id, level, agencyId })
  if (another !== undefined)
    throw new AppError('bad_request', { reason: `The app is installed in several places: ${level === 'agency' ? 'companyId' : 'locationId'} must say which` })
  return install ?? null
}

/** An agency's own app needs nobody's consent to speak for that agency. */
async function speakForOwner(ctx: Context, app: App, level: 'agency' | 'location', input: Static<typeof TokenInput>): Promise<Issued> {
  const { id: appId, agencyId, scopes } = app
  const locationId = level === 'location' ? input.locationId : null
  if (locationId === undefined || (input.companyId ?? agencyId) !== agencyId || app.withdrawnAt !== null)
    throw new AppError('app_not_installed', { where: `in this ${level}` })
  const owner = { tokenId: appId, agencyId, locationId: null, scopes, unlimited: false, expiresAtMs: null }
  await checkTenancy(ctx.tx, owner, { companyIds: [], locationIds: locationId === null ? [] : [locationId] })
  const userId = (await findFirstAdmin(ctx.tx, agencyId))?.id ?? ''
  return beginOwnGrant(ctx.tx, { appId, agencyId, locationId, userId, scopes: narrow(scopes, input.scope) }, ctx.clock.nowMs())
}

function kindOf({ grant }: Issued) {
  return { userType: grant.locationId === null ? ('Company' as const) : ('Location' as const) }
}

export async function toTokens(db: Db, issued: Issued): Promise<Static<typeof Tokens>> {
  const { grant } = issued
  const tokens = {
    access_token: issued.accessToken,
    token_type: 'Bearer' as const,
    expires_in: issued.expiresIn,
    refresh_token: issued.refreshToken,
    scope: grant.scopes.join(' '),
    ...kindOf(issued),
    companyId: grant.agencyId,
    userId: grant.userId,
    appId: grant.appId,
    versionId: grant.appId,
    isBulkInstallation: grant.locationId === null,
  }
  if (grant.locationId !== null) return { ...tokens, locationId: grant.locationId }
  const install = await findAgencyInstall(db, grant)
  const { locations } = await searchInstalled(db, { appId: grant.appId, agencyId: grant.agencyId, isInstalled: true, skip: 0, limit: MOST_APPROVED })
  return {
    ...tokens,
    approvedLocations: locations.map(({ id }) => id),
    approveAllLocations: install !== null,
    installToFutureLocations: install?.futureLocations ?? false,
  }
}
