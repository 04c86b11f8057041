import { Type } from 'typebox'
import { endAppToken, readAppToken } from '../../auth/app-tokens.ts'
import { authenticateApp } from '../../auth/apps.ts'
import type { Grant } from '../../auth/grant.ts'
import { findGrantOf, findToken } from '../../auth/grant-reads.ts'
import { revokeGrant } from '../../auth/grants.ts'
import { keepEvent } from '../../auth/security-events.ts'
import { namesOf, toDetail, toSubjects } from '../../auth/subjects.ts'
import { AppError } from '../../errors.ts'
import { type Context, operation } from '../define.ts'
import { Client, Text } from './oauth-grants.ts'
import { category, clientOf } from './oauth-token.ts'

/** Under which HubSpot has served its tokens (wire/hubspot.md, "Endpoints"). */
export const HUBSPOT_VERSIONS = ['2026-03', '2026-09', '2025-09', 'v1', 'v3'] as const

const OneToken = Type.Object(
  {
    ...Client,
    token: Type.String({ minLength: 1, maxLength: 32_000, description: 'An access or a refresh token of this app.' }),
    token_type_hint: Text(100),
  },
  { additionalProperties: false },
)

export const revoke = operation({
  category,
  name: 'oauth.revoke',
  title: 'Revoke Token',
  description:
    'Ends the allowance that a token belongs to, with every other token that follows from it (RFC 7009). A token ' +
    'that is not valid is no error.',
  access: 'destructive',
  token: 'none',
  scope: [],
  http: 'POST /oauth/revoke',
  alsoAt: HUBSPOT_VERSIONS.map((version) => `POST /oauth/${version}/token/revoke`),
  formBody: true,
  clientAuth: true,
  input: OneToken,
  output: Type.Object({}, { additionalProperties: false }),
  async run(ctx, input) {
    const app = await authenticateApp(ctx.tx, clientOf(input))
    const atMs = ctx.clock.nowMs()
    const own = await readAppToken(ctx.tx, app.id, input.token, atMs)
    if (own !== null) await endAppToken(ctx.tx, own)
    const grant = own !== null ? null : await findGrantOf(ctx.tx, app.id, input.token, atMs)
    if (grant !== null) await endGrant(ctx, grant, atMs)
    return {}
  },
})

/** The app has no token of an agency here, but what ends is one's. */
async function endGrant({ tx, from, traceId }: Context, grant: Grant, atMs: number): Promise<void> {
  const { id, appId, agencyId, locationId } = grant
  await revokeGrant(tx, id, atMs)
  const told = { appId, locationId }
  const about = toSubjects(told, await namesOf(tx, told))
  const detail = toDetail(told)
  const event = { event: 'oauth.revoke', outcome: 'done', who: appId, from, traceId, detail, about } as const
  await keepEvent(tx, { agencyId }, event, atMs)
}

export const introspect = operation({
  category,
  name: 'oauth.introspect',
  title: 'Introspect Token',
  description:
    'What a token of the asking app stands for (RFC 7662). Of any other token it says only that it is not active.',
  access: 'read',
  token: 'none',
  scope: [],
  http: 'POST /oauth/introspect',
  alsoAt: HUBSPOT_VERSIONS.map((version) => `POST /oauth/${version}/token/introspect`),
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
    token_use: Type.Optional(Type.Literal('client_credentials')),
  }),
  async run(ctx, input) {
    const app = await authenticateApp(ctx.db, clientOf(input))
    // Nobody proves anything here: whoever has found a token would learn what it is good for.
    if (app.isPublic) throw new AppError('app_public', { what: 'may not introspect tokens' })
    const own = await readAppToken(ctx.db, app.id, input.token, ctx.clock.nowMs())
    if (own !== null)
      return {
        active: true,
        scope: (own.scopes as string[]).join(' '),
        client_id: app.clientId,
        token_type: 'Bearer' as const,
        token_use: 'client_credentials' as const,
        iat: own.iat as number,
        exp: own.exp as number,
        sub: app.id,
      }
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
