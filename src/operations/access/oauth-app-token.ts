import { Type } from 'typebox'
import { APP_TOKEN_SECONDS, signAppToken } from '../../auth/app-tokens.ts'
import { authenticateApp } from '../../auth/apps.ts'
import { AppError, invalid } from '../../errors.ts'
import { logSecurity } from '../../log.ts'
import { operation } from '../define.ts'
import { HUBSPOT_VERSIONS } from './oauth-ends.ts'

const Text = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength }))

/** Words of HubSpot's for it: a client looks for them (wire/hubspot.md, "Semantics"). */
function refuseClient(error: unknown): never {
  if (error instanceof AppError && error.code === 'client_invalid')
    throw new AppError('client_unknown', {}, { hubspot: { status: 'BAD_CLIENT_ID' } })
  throw error
}

/** The token with which an app speaks for itself, wherever it is installed. */
export const appToken = operation({
  http: `POST /oauth/${HUBSPOT_VERSIONS[0]}/token`,
  alsoAt: HUBSPOT_VERSIONS.slice(1).map((version) => `POST /oauth/${version}/token`),
  category: 'OAuth 2.0',
  name: 'oauth.appToken',
  kind: 'action',
  title: 'Get a Client Credentials Token',
  description:
    'A token of 30 minutes with which an app reads its journal, wherever it is installed. No refresh token comes ' +
    'with it: ask for another.',
  access: 'read',
  token: 'none',
  scope: [],
  wire: 'hubspot',
  formBody: true,
  clientAuth: true,
  input: Type.Object(
    {
      client_id: Type.String({ minLength: 1, maxLength: 200 }),
      client_secret: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      grant_type: Type.Enum(['client_credentials']),
      scope: Text(20_000),
      redirect_uri: Text(2048),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    access_token: Type.String(),
    expires_in: Type.Integer(),
    token_type: Type.Literal('bearer'),
    token_use: Type.Literal('client_credentials'),
    scopes: Type.Array(Type.String()),
  }),
  async run(ctx, { client_id: clientId, client_secret: secret, scope }) {
    if (secret === undefined) throw invalid(['client_secret should not be empty'])
    const app = await authenticateApp(ctx.db, { clientId, secret }).catch(refuseClient)
    const wanted = scope === undefined ? app.scopes : [...new Set(scope.split(/[\s,]+/).filter((one) => one !== ''))]
    const excess = wanted.filter((one) => !app.scopes.includes(one))
    if (excess.length > 0) throw new AppError('grant_scope', { scopes: excess.join(' ') })
    const token = await signAppToken(ctx.db, app, wanted, ctx.clock.nowMs())
    // Nothing is written for it: one each half an hour, of each program that reads a journal.
    const { from, traceId } = ctx
    logSecurity(ctx.log, {
      event: 'oauth.appToken',
      outcome: 'done',
      who: clientId,
      tenant: app.agencyId,
      from,
      traceId,
    })
    return {
      access_token: token,
      expires_in: APP_TOKEN_SECONDS,
      token_type: 'bearer' as const,
      token_use: 'client_credentials' as const,
      scopes: wanted,
    }
  },
})
