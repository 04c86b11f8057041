import { Type } from 'typebox'
import { beginOwnGrant } from '../../auth/grants.ts'
import { findInstallFor } from '../../auth/installs.ts'
import { AppError } from '../../errors.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { Tokens, toTokens } from './oauth-answers.ts'
import { appToken } from './oauth-app-token.ts'
import { introspect, revoke } from './oauth-ends.ts'
import { callingApp, installedLocations } from './oauth-installs.ts'
import { category, token } from './oauth-token.ts'

const locationToken = operation({
  category,
  name: 'oauth.locationToken',
  title: 'Get Location Access Token from Agency Token',
  description:
    'A token of one location for an app that is installed in the agency. It ends with the token it was made from.',
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
    return toTokens(
      ctx.tx,
      await beginOwnGrant(
        ctx.tx,
        { appId, agencyId, locationId, userId, scopes, parentId: caller.tokenId },
        ctx.clock.nowMs(),
      ),
    )
  },
})

export const oauthOperations = [token, locationToken, installedLocations, revoke, introspect, appToken]
