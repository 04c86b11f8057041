import { type Static, Type } from 'typebox'
import type { App } from '../../auth/apps.ts'
import type { Issued } from '../../auth/grant-tokens.ts'
import { beginOwnGrant } from '../../auth/grants.ts'
import { findInstallFor, findInstalls, type Install } from '../../auth/installs.ts'
import { findFirstPerson } from '../../auth/people.ts'
import { checkTenancy } from '../../auth/tenants.ts'
import type { Tx } from '../../db/pool.ts'
import { AppError, invalid } from '../../errors.ts'
import type { Context } from '../define.ts'
import { Id } from '../schemas.ts'

/** The app proves itself (RFC 6749, 2.3.1): in the body, or by HTTP Basic, which the surface puts here. */
export const Client = {
  client_id: Type.String({ minLength: 1, maxLength: 200 }),
  client_secret: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Of every app but a public one, which has none.' }),
  ),
}
export const Text = (maxLength = 2048) => Type.Optional(Type.String({ minLength: 1, maxLength }))

export const TokenInput = Type.Object(
  {
    ...Client,
    grant_type: Type.Enum(['authorization_code', 'refresh_token', 'client_credentials']),
    code: Text(200),
    refresh_token: Text(200),
    user_type: Type.Optional(Type.Enum(['Company', 'Location'])),
    redirect_uri: Text(),
    code_verifier: Type.Optional(
      Type.String({ minLength: 43, maxLength: 128, description: 'PKCE: what the code_challenge was made from.' }),
    ),
    scope: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 20_000,
        description: 'client_credentials: only these. Otherwise what was allowed stands; asking for more is refused.',
      }),
    ),
    resource: Type.Optional(
      Type.String({ minLength: 1, maxLength: 2048, description: 'What the token is for (RFC 8707): this server.' }),
    ),
    companyId: Type.Optional(Id('client_credentials: the agency, where the app is installed in several.')),
    locationId: Type.Optional(Id('client_credentials: the location, where user_type is Location.')),
  },
  { additionalProperties: false },
)

export const MOST_APPROVED = 1000

export function given(value: string | undefined, name: string): string {
  if (value === undefined) throw invalid([`${name} should not be empty`])
  return value
}

/** The scopes that are asked for, all of which must be allowed; without a wish, all that are. */
export function narrow(allowed: readonly string[], wish: string | undefined): string[] {
  const wanted = wish === undefined ? [...allowed] : [...new Set(wish.split(/[\s,]+/).filter((scope) => scope !== ''))]
  const excess = wanted.filter((scope) => !allowed.includes(scope))
  if (excess.length > 0 || wanted.length === 0) throw new AppError('grant_scope', { scopes: excess.join(' ') })
  return wanted
}

/** Tokens without anybody signing in: for a place where the app is installed, or for the agency that owns it. */
export async function speakForItself(ctx: Context, app: App, input: Static<typeof TokenInput>): Promise<Issued> {
  const level = input.user_type === 'Location' || input.locationId !== undefined ? 'location' : 'agency'
  const install = await chooseInstall(ctx.tx, app, level, input)
  if (install === null) return speakForOwner(ctx, app, level, input)
  return beginOwnGrant(ctx.tx, { ...install, scopes: narrow(install.scopes, input.scope) }, ctx.clock.nowMs())
}

async function chooseInstall(
  tx: Tx,
  app: App,
  level: 'agency' | 'location',
  input: Static<typeof TokenInput>,
): Promise<Install | null> {
  const { companyId: agencyId, locationId } = input
  if (locationId !== undefined) {
    const install = await findInstallFor(tx, app.id, locationId)
    return agencyId === undefined || install?.agencyId === agencyId ? install : null
  }
  const [install, another] = await findInstalls(tx, { appId: app.id, level, agencyId })
  if (another !== undefined)
    throw new AppError('bad_request', {
      reason: `The app is installed in several places: ${level === 'agency' ? 'companyId' : 'locationId'} must say which`,
    })
  return install ?? null
}

/** An agency's own app needs nobody's consent to speak for that agency. */
async function speakForOwner(
  ctx: Context,
  app: App,
  level: 'agency' | 'location',
  input: Static<typeof TokenInput>,
): Promise<Issued> {
  const { id: appId, agencyId, scopes } = app
  const locationId = level === 'location' ? input.locationId : null
  if (locationId === undefined)
    throw new AppError('bad_request', { reason: 'locationId must say which location the app is to speak for' })
  if ((input.companyId ?? agencyId) !== agencyId || app.withdrawnAt !== null)
    throw new AppError('app_not_installed', { where: `in this ${level}` })
  const oauth = { appId, userId: '' }
  const owner = { tokenId: appId, agencyId, locationId: null, scopes, unlimited: false, expiresAtMs: null, oauth }
  await checkTenancy(ctx.tx, owner, { companyIds: [], locationIds: locationId === null ? [] : [locationId] })
  const userId = (await findFirstPerson(ctx.tx, agencyId))?.id ?? ''
  return beginOwnGrant(
    ctx.tx,
    { appId, agencyId, locationId, userId, scopes: narrow(scopes, input.scope) },
    ctx.clock.nowMs(),
  )
}

export function kindOf({ grant }: Issued) {
  return { userType: grant.locationId === null ? ('Company' as const) : ('Location' as const) }
}
