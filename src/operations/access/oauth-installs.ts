import { Type } from 'typebox'
import { searchInstalled } from '../../auth/installed-locations.ts'
import { findAgencyInstall } from '../../auth/installs.ts'
import { AppError } from '../../errors.ts'
import { type Context, operation } from '../define.ts'
import { Id, Instant, Noun, Skip } from '../schemas.ts'
import { category } from './oauth-token.ts'

export function callingApp(ctx: Context): { appId: string; userId: string } {
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

export const installedLocations = operation({
  category,
  name: 'oauth.installedLocations',
  title: 'Get Location where app is installed',
  description:
    'The locations of the agency that the calling app was let into, each with whether it is installed there (an own ' +
    'app speaks for its agency without). Apps have one version and neither plans nor trials.',
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
      restrictToUserLocations: Type.Optional(
        Type.Boolean({ description: 'Taken; an app sees all locations that its agency has let it see.' }),
      ),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    locations: Type.Array(InstalledLocation),
    count: Type.Integer(),
    installToFutureLocations: Type.Boolean(),
    pagination: Type.Object({
      totalRecords: Type.Integer(),
      currentPageSize: Type.Integer(),
      hasNextPage: Type.Boolean(),
      hasPrevPage: Type.Boolean(),
      nextPageToken: Type.Optional(Type.String()),
    }),
  }),
  async run(ctx, input) {
    const { appId } = callingApp(ctx)
    if (input.appId !== appId) throw new AppError('not_found', { what: 'app', id: input.appId })
    const install = await findAgencyInstall(ctx.db, { appId, agencyId: ctx.agencyId })
    const installToFutureLocations = install?.futureLocations ?? false
    if (input.onTrial === true || input.planId !== undefined || (input.versionId ?? appId) !== appId)
      return { locations: [], count: 0, installToFutureLocations, pagination: pageOf(0, 0, input) }
    const { query: name, isInstalled, locationId, skip = 0, limit = 20 } = input
    const found = await searchInstalled(ctx.db, {
      caller: ctx.caller,
      appId,
      agencyId: ctx.agencyId,
      name,
      isInstalled,
      locationId,
      skip,
      limit,
    })
    const locations = found.locations.map(({ id, installedAt, ...location }) => ({
      _id: id,
      ...location,
      isInstalled: installedAt !== null,
      ...(installedAt === null ? {} : { versionId: appId, installedAt: installedAt.toISOString() }),
    }))
    const pagination = pageOf(found.count, locations.length, input)
    return { locations, count: found.count, installToFutureLocations, pagination }
  },
})

/** As v3 tells it. What goes on there is how many to leave out. */
function pageOf(totalRecords: number, currentPageSize: number, { skip = 0 }: { skip?: number | undefined }) {
  const next = skip + currentPageSize
  const hasNextPage = currentPageSize > 0 && next < totalRecords
  return {
    ...{ totalRecords, currentPageSize, hasNextPage, hasPrevPage: skip > 0 },
    ...(hasNextPage ? { nextPageToken: String(next) } : {}),
  }
}
