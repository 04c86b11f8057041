import { isResource } from '../../auth/access-requests.ts'
import { authenticateApp } from '../../auth/apps.ts'
import { redeemCode } from '../../auth/codes.ts'
import { refreshGrant } from '../../auth/grant-refresh.ts'
import { AppError } from '../../errors.ts'
import { operation } from '../define.ts'
import { Tokens, toTokens } from './oauth-answers.ts'
import { given, kindOf, narrow, speakForItself, TokenInput } from './oauth-grants.ts'

export const category = 'OAuth 2.0'
export const clientOf = (input: { client_id: string; client_secret?: string }) => ({
  clientId: input.client_id,
  secret: input.client_secret,
})

export const token = operation({
  category,
  name: 'oauth.token',
  kind: 'action',
  title: 'Get Access Token',
  description:
    'Tokens for an authorization code, for a refresh token, or for the app itself where it is installed. A refresh ' +
    'token is replaced at each use; the same one within 30 seconds gets the same answer.',
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
    if (input.resource !== undefined && !isResource(ctx.publicUrl(), input.resource))
      throw new AppError('target_unknown', { resource: input.resource })
    if (input.grant_type === 'client_credentials' && app.isPublic)
      throw new AppError('app_public', { what: 'cannot speak for itself' })
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
    const exchange = {
      code: given(input.code, 'code'),
      redirectUri: input.redirect_uri,
      verifier: input.code_verifier,
      level,
    } as const
    const issued = await redeemCode(ctx.tx, app, exchange, atMs)
    narrow(issued.grant.scopes, input.scope)
    return toTokens(ctx.tx, issued)
  },
})
