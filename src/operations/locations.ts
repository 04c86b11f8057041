import { Type } from 'typebox'
import { createLocation, deleteLocation, getLocation, type LocationRow, searchLocations, updateLocation } from '../auth/locations.ts'
import { invalid } from '../errors.ts'
import { findBrokenReferences } from '../snapshots/broken.ts'
import { getSnapshot } from '../snapshots/snapshots.ts'
import { type Context, operation } from './define.ts'
import { pushVersion } from './pushes.ts'
import { Id, Limit, Name, Skip } from './schemas.ts'

// wire/highlevel/locations.json: CreateLocationDto, UpdateLocationDto and the schemas of their answers.
const text = (maxLength = 300) => Type.Optional(Type.String({ maxLength }))
const Social = Type.Object(
  Object.fromEntries(
    ['facebookUrl', 'googlePlus', 'linkedIn', 'foursquare', 'twitter', 'yelp', 'instagram', 'youtube', 'pinterest', 'blogRss', 'googlePlacesId'].map((name) => [
      name,
      text(500),
    ]),
  ),
  { additionalProperties: false },
)
const Settings = Type.Object(
  Object.fromEntries(
    ['allowDuplicateContact', 'allowDuplicateOpportunity', 'allowFacebookNameMerge', 'disableContactTimezone'].map((name) => [
      name,
      Type.Optional(Type.Boolean()),
    ]),
  ),
  { additionalProperties: false },
)
const details = {
  phone: text(50),
  address: text(),
  city: text(),
  state: text(),
  country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$', description: 'Two-letter country code.' })),
  postalCode: text(50),
  website: text(500),
  timezone: Type.Optional(Type.String({ maxLength: 100, description: 'IANA time zone, such as America/New_York.' })),
  prospectInfo: Type.Optional(
    Type.Object(
      { firstName: Type.String({ maxLength: 200 }), lastName: Type.String({ maxLength: 200 }), email: Type.String({ maxLength: 320 }) },
      { additionalProperties: false },
    ),
  ),
  settings: Type.Optional(Settings),
  social: Type.Optional(Social),
  twilio: Type.Optional(
    Type.Object(
      { sid: Type.String({ maxLength: 200 }), authToken: Type.String({ maxLength: 200 }) },
      { additionalProperties: false, description: 'Accepted, not kept: Tintype places no calls.' },
    ),
  ),
  mailgun: Type.Optional(
    Type.Object(
      { apiKey: Type.String({ maxLength: 200 }), domain: Type.String({ maxLength: 300 }) },
      { additionalProperties: false, description: 'Accepted, not kept: Tintype sends no mail for a location.' },
    ),
  ),
}
const LocationAnswer = Type.Object({
  id: Type.String(),
  companyId: Type.String(),
  name: Type.String(),
  timezone: Type.String(),
  ...Object.fromEntries(
    ['phone', 'email', 'firstName', 'lastName', 'address', 'city', 'state', 'country', 'postalCode', 'website'].map((name) => [
      name,
      Type.Optional(Type.String()),
    ]),
  ),
  settings: Settings,
  social: Social,
  business: Type.Optional(Type.Object({}, { additionalProperties: true })),
})

const SETTINGS = { allowDuplicateContact: false, allowDuplicateOpportunity: false, allowFacebookNameMerge: false, disableContactTimezone: false }

type Details = Partial<Record<keyof typeof details, unknown>>

function toAnswer(row: LocationRow) {
  const { settings, social, ...rest } = row.doc
  const { name, timezone } = row
  const business = Object.fromEntries(
    ['address', 'city', 'state', 'country', 'postalCode', 'website'].flatMap((key) => (rest[key] === undefined ? [] : [[key, rest[key]]])),
  )
  return {
    ...rest,
    id: row.id,
    companyId: row.agencyId,
    name,
    timezone,
    settings: { ...SETTINGS, ...(settings as object) },
    social: social ?? {},
    business: { name, timezone, ...business },
  } as never
}

/** What is kept of the details: the prospect becomes the contact person; credentials of other services are not stored. */
function toDocument({ prospectInfo, twilio: _t, mailgun: _m, timezone: _z, ...rest }: Details): Record<string, unknown> {
  return { ...rest, ...(prospectInfo as object) }
}

function checkTimezone(timezone: string | undefined): string {
  if (timezone === undefined) return 'UTC'
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone && timezone
  } catch {
    throw invalid([`timezone: ${timezone} is not an IANA time zone`])
  }
}

const common = { category: 'Locations' } as const

async function pushTo(ctx: Context, locationId: string, snapshotId: string, override: boolean): Promise<void> {
  const snapshot = await getSnapshot(ctx.tx, ctx.agencyId, snapshotId, { lock: 'share' })
  await pushVersion(ctx, snapshot, { locationIds: [locationId], policy: override ? 'override' : 'merge' })
}

export const locationOperations = [
  operation({
    ...common,
    name: 'locations.search',
    title: 'Search Locations',
    description: 'The locations a token can see: all of an agency, or a location its own.',
    access: 'read',
    token: 'either',
    scope: ['locations.readonly', 'locations.write'],
    http: 'GET /locations/search',
    input: Type.Object(
      {
        companyId: Type.Optional(Id()),
        skip: Skip(),
        limit: Limit(10, 1000),
        order: Type.Optional(Type.Enum(['asc', 'desc'])),
        email: Type.Optional(Type.String({ maxLength: 320 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ locations: Type.Array(LocationAnswer) }),
    async run(ctx, { skip = 0, limit = 10, order = 'asc', email }) {
      const rows = await searchLocations(ctx.db, {
        agencyId: ctx.agencyId,
        locationId: ctx.caller.locationId,
        email,
        order: order as 'asc' | 'desc',
        skip,
        limit,
      })
      return { locations: rows.map(toAnswer) }
    },
  }),
  operation({
    ...common,
    name: 'locations.get',
    title: 'Get Location',
    access: 'read',
    token: 'either',
    scope: ['locations.readonly', 'locations.write'],
    http: 'GET /locations/:locationId',
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ location: LocationAnswer, traceId: Type.String() }),
    async run(ctx, { locationId }) {
      return { location: toAnswer(await getLocation(ctx.db, ctx.agencyId, locationId)), traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'locations.create',
    title: 'Create Location',
    description: 'Makes a sub-account. With `snapshotId`, a push of that snapshot to it starts at once; follow it under /snapshots/snapshot-status.',
    access: 'write',
    token: 'agency',
    scope: 'locations.write',
    http: 'POST /locations/',
    input: Type.Object({ companyId: Id(), name: Name(), ...details, snapshotId: Type.Optional(Id()) }, { additionalProperties: false }),
    output: LocationAnswer,
    async run(ctx, { companyId: _, snapshotId, name, ...rest }) {
      const row = await createLocation(ctx.tx, { agencyId: ctx.agencyId, name, timezone: checkTimezone(rest.timezone), doc: toDocument(rest) }, ctx.author.atMs)
      if (snapshotId !== undefined) await pushTo(ctx, row.id, snapshotId, false)
      return toAnswer(row)
    },
  }),
  operation({
    ...common,
    name: 'locations.update',
    title: 'Update Location',
    description: 'Replaces the properties that the body names. With `snapshot`, a push to the location starts: `override` replaces what is in conflict.',
    access: 'write',
    token: 'agency',
    scope: 'locations.write',
    http: 'PUT /locations/:locationId',
    input: Type.Object(
      {
        locationId: Id(),
        companyId: Id(),
        name: Type.Optional(Name()),
        ...details,
        snapshot: Type.Optional(Type.Object({ id: Id(), override: Type.Optional(Type.Boolean()) }, { additionalProperties: false })),
      },
      { additionalProperties: false },
    ),
    output: LocationAnswer,
    async run(ctx, { locationId, companyId: _, snapshot, name, ...rest }) {
      const row = await getLocation(ctx.tx, ctx.agencyId, locationId)
      const timezone = rest.timezone === undefined ? row.timezone : checkTimezone(rest.timezone)
      const changed = await updateLocation(ctx.tx, row, { name: name ?? row.name, timezone, doc: { ...row.doc, ...toDocument(rest) } }, ctx.author.atMs)
      if (snapshot !== undefined) await pushTo(ctx, locationId, snapshot.id, snapshot.override ?? false)
      return toAnswer(changed)
    },
  }),
  operation({
    ...common,
    name: 'locations.delete',
    title: 'Delete Location',
    description: 'The sub-account disappears and its tokens stop working.',
    access: 'destructive',
    token: 'agency',
    scope: 'locations.write',
    http: 'DELETE /locations/:locationId',
    input: Type.Object({ locationId: Id(), deleteTwilioAccount: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
    output: Type.Object({ success: Type.Boolean(), message: Type.String() }),
    async run(ctx, { locationId }) {
      await deleteLocation(ctx.tx, await getLocation(ctx.tx, ctx.agencyId, locationId), ctx.author.atMs)
      return { success: true, message: `Deleted location with id: ${locationId}` }
    },
  }),
  operation({
    ...common,
    name: 'locations.brokenReferences',
    title: 'List Broken References',
    description: 'References inside the assets of a location that lead nowhere. In the documents they read `missing:<kind>:<lineage>`.',
    access: 'read',
    token: 'either',
    scope: ['locations.readonly', 'locations.write'],
    http: 'GET /locations/:locationId/broken-references',
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({
      brokenReferences: Type.Array(
        Type.Object({
          kind: Type.String(),
          id: Type.String(),
          name: Type.String(),
          missingKind: Type.String(),
          missingLineage: Type.String(),
          value: Type.String(),
        }),
      ),
    }),
    async run(ctx, { locationId }) {
      return { brokenReferences: await findBrokenReferences(ctx.db, locationId) }
    },
  }),
  operation({
    ...common,
    name: 'locations.timezones',
    title: 'List Time Zones',
    description: 'IANA time zones that a location may be in.',
    access: 'read',
    token: 'either',
    scope: ['locations.readonly', 'locations.write'],
    http: 'GET /locations/:locationId/timezones',
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ timeZones: Type.Array(Type.String()) }),
    async run() {
      return { timeZones: Intl.supportedValuesOf('timeZone') }
    },
  }),
]
