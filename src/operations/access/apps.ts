import { type Static, Type } from 'typebox'
import { type App, deleteApp, getApp, isGrantable, listApps, registerApp, renewSecret } from '../../auth/apps.ts'
import { listInstalls, uninstallApp } from '../../auth/installs.ts'
import { namesOfLocations } from '../../auth/location-lists.ts'
import { redirectFault } from '../../auth/redirects.ts'
import { invalid } from '../../errors.ts'
import { operation } from '../define.ts'
import { Id, Instant, Name, Noun } from '../schemas.ts'
import { refuseMoreThan } from './tokens.ts'

const AppAnswer = Noun('App', {
  id: Type.String(),
  clientId: Type.String(),
  hubspotAppId: Type.Integer({ description: 'Its id on the HubSpot wire.' }),
  companyId: Type.String(),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  redirectUris: Type.Array(Type.String()),
  public: Type.Boolean({ description: 'It runs where others can look: no secret, PKCE in its place.' }),
  createdAt: Instant(),
})

const Secret = Type.String({ description: 'The client_secret. This answer is the only time it can be read.' })
const AppId = Type.Object({ companyId: Id(), appId: Id() }, { additionalProperties: false })

const common = { category: 'OAuth 2.0', token: 'agency' } as const

/** Why there cannot be such an app, one line each. */
export function appFaults({
  scopes,
  redirectUris,
}: {
  scopes: readonly string[]
  redirectUris: readonly string[]
}): string[] {
  return [
    ...scopes.filter((scope) => !isGrantable(scope)).map((scope) => `scopes: no app can get ${scope}`),
    ...redirectUris.flatMap((uri) => redirectFault(uri)?.replace(/^/, `redirectUris: ${uri} `) ?? []),
  ]
}

const create = operation({
  ...common,
  name: 'apps.create',
  title: 'Create App',
  description:
    'A program that people can allow to act for an agency or a location. It can ask only for scopes that the ' +
    'calling token holds.',
  access: 'write',
  scope: 'apps.write',
  http: 'POST /apps/',
  status: 201,
  query: ['companyId'],
  input: Type.Object(
    {
      companyId: Id(),
      name: Name('Shown to whoever is asked.'),
      scopes: Type.Array(Type.String({ minLength: 1, maxLength: 100, pattern: '^[a-zA-Z][\\w./-]*$' }), {
        minItems: 1,
        maxItems: 300,
      }),
      redirectUris: Type.Array(Type.String({ minLength: 1, maxLength: 2000 }), { minItems: 1, maxItems: 50 }),
      public: Type.Optional(
        Type.Boolean({
          description: 'For a browser or a device, which can keep no secret: the app gets none, and must use PKCE.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({ app: AppAnswer, secret: Type.Optional(Secret) }),
  async run(ctx, { name, scopes, redirectUris, public: isPublic = false }) {
    refuseMoreThan(ctx.caller, scopes)
    const faults = appFaults({ scopes, redirectUris })
    if (faults.length > 0) throw invalid(faults)
    const { app, secret } = await registerApp(
      ctx.tx,
      { agencyId: ctx.agencyId, name, scopes, redirectUris, isPublic },
      ctx.clock.nowMs(),
    )
    return { app: toWire(app), ...(secret === null ? {} : { secret }) }
  },
})

const list = operation({
  ...common,
  name: 'apps.list',
  title: 'List Apps',
  description: "The agency's own apps, by creation. Never their secrets.",
  access: 'read',
  scope: ['apps.readonly', 'apps.write'],
  http: 'GET /apps/',
  input: Type.Object({ companyId: Id() }, { additionalProperties: false }),
  output: Type.Object({ apps: Type.Array(AppAnswer) }),
  async run(ctx) {
    return { apps: (await listApps(ctx.db, ctx.agencyId)).map(toWire) }
  },
})

const installs = operation({
  ...common,
  name: 'apps.installs',
  title: 'List Installed Apps',
  description:
    'Which apps are where in the agency, whoever owns them, its own ones that need no consent included: the agency ' +
    'first, then its locations.',
  access: 'read',
  scope: ['apps.readonly', 'apps.write'],
  http: 'GET /apps/installations',
  input: Type.Object({ companyId: Id() }, { additionalProperties: false }),
  output: Type.Object({
    installs: Type.Array(
      Noun('AppInstall', {
        appId: Type.String(),
        appName: Type.String(),
        locationId: Type.Union([Type.String(), Type.Null()], {
          description: 'Null: in the agency with its locations.',
        }),
        locationName: Type.Union([Type.String(), Type.Null()]),
        exceptLocationIds: Type.Array(Type.String(), {
          description: 'Of an agency: the locations that the app was taken out of.',
        }),
        scopes: Type.Array(Type.String()),
        installedAt: Instant(),
      }),
    ),
  }),
  async run(ctx) {
    const rows = await listInstalls(ctx.db, ctx.agencyId)
    const names = await namesOfLocations(
      ctx.db,
      rows.flatMap(({ locationId }) => (locationId === null ? [] : [locationId])),
    )
    return {
      installs: rows.map(({ appId, appName, locationId, outOf, scopes, installedAt }) => ({
        appId,
        appName,
        locationId,
        locationName: locationId === null ? null : (names.get(locationId) ?? null),
        exceptLocationIds: outOf,
        scopes,
        installedAt: installedAt.toISOString(),
      })),
    }
  },
})

const renew = operation({
  ...common,
  name: 'apps.renewSecret',
  title: 'Renew App Secret',
  description: 'A new client_secret in place of the old one, which ends at once. Tokens go on working.',
  access: 'destructive',
  scope: 'apps.write',
  http: 'POST /apps/:appId/secret',
  status: 201,
  query: ['companyId'],
  input: AppId,
  output: Type.Object({ app: AppAnswer, secret: Secret }),
  async run(ctx, { appId }) {
    const app = await getApp(ctx.tx, ctx.agencyId, appId)
    // The answer lets its reader speak for the app, so it must not be stronger than the token that asks for it.
    refuseMoreThan(ctx.caller, app.scopes)
    return { app: toWire(app), secret: await renewSecret(ctx.tx, app) }
  },
})

const remove = operation({
  ...common,
  name: 'apps.delete',
  title: 'Delete App',
  description: 'Ends an app of the agency wherever it is installed, with all of its tokens.',
  access: 'destructive',
  scope: 'apps.write',
  http: 'DELETE /apps/:appId',
  input: AppId,
  output: Type.Object({ app: AppAnswer }),
  async run(ctx, { appId }) {
    const app = await getApp(ctx.tx, ctx.agencyId, appId)
    await deleteApp(ctx.tx, app, ctx.clock.nowMs())
    return { app: toWire(app) }
  },
})

const uninstall = operation({
  ...common,
  name: 'apps.uninstall',
  title: 'Uninstall App',
  description:
    'Takes an app, whoever owns it, out of the agency with all of its locations, also those that let it in themselves, ' +
    'or out of one location when `locationId` is given: it is out there until somebody lets it in again. Its tokens ' +
    'there end at once.',
  access: 'destructive',
  scope: 'apps.write',
  http: 'DELETE /apps/:appId/installation',
  input: Type.Object({ ...AppId.properties, locationId: Type.Optional(Id()) }, { additionalProperties: false }),
  output: Type.Object({ success: Type.Boolean() }),
  async run(ctx, { appId, locationId }) {
    await uninstallApp(ctx.tx, { appId, agencyId: ctx.agencyId, locationId: locationId ?? null }, ctx.clock.nowMs())
    return { success: true }
  },
})

export const appOperations = [create, list, installs, renew, remove, uninstall]

function toWire({ agencyId, hubspotId, loopback: _, isPublic, createdAt, ...app }: App): Static<typeof AppAnswer> {
  return { ...app, hubspotAppId: hubspotId, public: isPublic, companyId: agencyId, createdAt: createdAt.toISOString() }
}
