import { Type } from 'typebox'
import { authenticateApp } from '../auth/apps.ts'
import { beginOwnGrant, findGrantOf, findToken, revokeGrant } from '../auth/grants.ts'
import { findAgencyInstall, findInstallFor, searchInstalled } from '../auth/installs.ts'
import { AppError } from '../errors.ts'
import { type Context, operation } from './define.ts'
import { Client, category, clientOf, Text, Tokens, token, toTokens } from './oauth-token.ts'
import { Id, Instant, Noun, Skip } from './schemas.ts'

const locationToken = operation({
  category,
  name: 'oauth.locationToken',
  title: 'Get Location Access Token from Agency Token',
  description: 'A token of one location for an app that is installed in the agency. It ends with the token it was made from.',
  access: 'write',
  token: 'agency',
  scope: 'oauth.write',
  oauthOnly: true,
  http: 'POST /oauth/locationToken',
  formBody: true,
  input: Type.Object({ companyId: Id(), locationId: Id() }, { additionalProperties: false }),
  output: Tokens,
  async run(ctx, { locationId }) {
    const { appId, userId } = callingApp(ctx)
    const install = await findInstallFor(ctx.tx, appId, locationId)
    if (install === null) throw new AppError('app_not_installed', { where: 'in this location' })
    const { agencyId, caller } = ctx
    const scopes = [...caller.scopes]
    return toTokens(ctx.tx, await beginOwnGrant(ctx.tx, { appId, agencyId, locationId, userId, scopes, parentId: caller.tokenId }, ctx.clock.nowMs()))
  },
})

function callingApp(ctx: Context): { appId: string; userId: string } {
  if (ctx.caller.oauth === undefined) throw new AppError('token_kind', { needed: 'an OAuth access token' })
  return ctx.caller.oauth
}

const InstalledLocation = Noun('InstalledLocation', {
  _id: Type.String(),
  name: Type.String(),
  address: Type.String(),
  isInstalled: Type.Boolean(),
  versionId: Type.Optional(Type.String()),
  installedAt: Type.Optional(Instant()),
})

const installedLocations = operation({
  category,
  name: 'oauth.installedLocations',
  title: 'Get Location where app is installed',
  description: 'The locations of the agency, each with whether the calling app is installed in it. Apps have one version and neither plans nor trials.',
  access: 'read',
  token: 'agency',
  scope: 'oauth.readonly',
  oauthOnly: true,
  http: 'GET /oauth/installedLocations',
  input: Type.Object(
    {
      companyId: Id(),
      appId: Id('The calling app.'),
      skip: Skip(),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Default 20, at most 500.' })),
      query: Type.Optional(Type.String({ maxLength: 200, description: "Part of the location's name." })),
      isInstalled: Type.Optional(Type.Boolean()),
      versionId: Type.Optional(Id()),
      onTrial: Type.Optional(Type.Boolean()),
      planId: Type.Optional(Id()),
      locationId: Type.Optional(Id()),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({ locations: Type.Array(InstalledLocation), count: Type.Integer(), installToFutureLocations: Type.Boolean() }),
  async run(ctx, input) {
    const { appId } = callingApp(ctx)
    if (input.appId !== appId) throw new AppError('not_found', { what: 'app', id: input.appId })
    const install = await findAgencyInstall(ctx.db, { appId, agencyId: ctx.agencyId })
    const installToFutureLocations = install?.futureLocations ?? false
    if (input.onTrial === true || input.planId !== undefined || (input.versionId ?? appId) !== appId)
      return { locations: [], count: 0, installToFutureLocations }
    const { query: name, isInstalled, locationId, skip = 0, limit = 20 } = input
    const found = await searchInstalled(ctx.db, { appId, agencyId: ctx.agencyId, name, isInstalled, locationId, skip, limit })
    const locations = found.locations.map(({ id, installedAt, ...location }) => ({
      _id: id,
      ...location,
      isInstalled: installedAt !== null,
      ...(installedAt === null ? {} : { versionId: appId, installedAt: installedAt.toISOString() }),
    }))
    return { locations, count: found.count, installToFutureLocations }
  },
})

const OneToken = Type.Object(
  { ...Client, token: Type.String({ minLength: 1, maxLength: 32_000, description: 'An access or a refresh token of this app.' }), token_type_hint: Text(100) },
  { additionalProperties: false },
)

const revoke = operation({
  category,
  name: 'oauth.revoke',
  title: 'Revoke Token',
  description: 'Ends the allowance that a token belongs to, with every other token that follows from it (RFC 7009). A token that is not valid is no error.',
  access: 'destructive',
  token: 'none',
  scope: [],
  http: 'POST /oauth/revoke',
  formBody: true,
  clientAuth: true,
  input: OneToken,
  output: Type.Object({}, { additionalProperties: false }),
  async run(ctx, input) {
    const app = await authenticateApp(ctx.tx, clientOf(input))
    const atMs = ctx.clock.nowMs()
    const grant = await findGrantOf(ctx.tx, app.id, input.token, atMs)
    if (grant !== null) await revokeGrant(ctx.tx, grant.id, atMs)
    return {}
  },
})

const introspect = operation({
  category,
  name: 'oauth.introspect',
  title: 'Introspect Token',
  description: 'What a token of the asking app stands for (RFC 7662). Of any other token it says only that it is not active.',
  access: 'read',
  token: 'none',
  scope: [],
  http: 'POST /oauth/introspect',
  formBody: true,
  clientAuth: true,
  input: OneToken,
  output: Type.Object({
    active: Type.Boolean(),
    scope: Type.Optional(Type.String()),
    client_id: Type.Optional(Type.String()),
    token_type: Type.Optional(Type.Enum(['Bearer', 'refresh_token'])),
    iat: Type.Optional(Type.Integer()),
    exp: Type.Optional(Type.Integer()),
    sub: Type.Optional(Type.String()),
    authClass: Type.Optional(Type.Enum(['Company', 'Location'])),
    authClassId: Type.Optional(Type.String()),
    companyId: Type.Optional(Type.String()),
    locationId: Type.Optional(Type.String()),
  }),
  async run(ctx, input) {
    const app = await authenticateApp(ctx.db, clientOf(input))
    // Nobody proves anything here: whoever has found a token would learn what it is good for.
    if (app.isPublic) throw new AppError('app_public', { what: 'may not introspect tokens' })
    const found = await findToken(ctx.db, app.id, input.token, ctx.clock.nowMs())
    if (found === null) return { active: false }
    const { agencyId, locationId, scopes, userId } = found.grant
    return {
      active: true,
      scope: scopes.join(' '),
      client_id: app.clientId,
      token_type: found.kind === 'access_token' ? ('Bearer' as const) : ('refresh_token' as const),
      iat: Math.floor(found.issuedAtMs / 1000),
      exp: Math.floor(found.expiresAtMs / 1000),
      sub: userId,
      authClass: locationId === null ? ('Company' as const) : ('Location' as const),
      authClassId: locationId ?? agencyId,
      companyId: agencyId,
      ...(locationId === null ? {} : { locationId }),
    }
  },
})

export const oauthOperations = [token, locationToken, installedLocations, revoke, introspect]
