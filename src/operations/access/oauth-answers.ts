import { type Static, Type } from 'typebox'
import type { Issued } from '../../auth/grant-tokens.ts'
import { searchInstalled } from '../../auth/installed-locations.ts'
import { findAgencyInstall } from '../../auth/installs.ts'
import type { Db } from '../../db/pool.ts'
import { Noun } from '../schemas.ts'
import { kindOf, MOST_APPROVED } from './oauth-grants.ts'

export const Tokens = Noun('AppTokens', {
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer(),
  refresh_token: Type.String(),
  scope: Type.String(),
  userType: Type.Enum(['Company', 'Location']),
  companyId: Type.String(),
  locationId: Type.Optional(Type.String()),
  approvedLocations: Type.Optional(
    Type.Array(Type.String(), { description: 'Of an agency token: where the app is installed, the first 1,000.' }),
  ),
  userId: Type.String(),
  appId: Type.String(),
  versionId: Type.String(),
  isBulkInstallation: Type.Boolean(),
  installToFutureLocations: Type.Optional(Type.Boolean()),
  approveAllLocations: Type.Optional(Type.Boolean()),
})

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
  const { locations } = await searchInstalled(db, {
    caller: { oauth: grant },
    appId: grant.appId,
    agencyId: grant.agencyId,
    isInstalled: true,
    skip: 0,
    limit: MOST_APPROVED,
  })
  return {
    ...tokens,
    approvedLocations: locations.map(({ id }) => id),
    approveAllLocations: install !== null,
    installToFutureLocations: install?.futureLocations ?? false,
  }
}
