import { Type } from 'typebox'
import { searchLocations } from '../../auth/location-lists.ts'
import { countLocations } from '../../auth/locations.ts'
import { operation } from '../define.ts'
import { Id, Limit, Skip } from '../schemas.ts'
import { common } from './locations.ts'
import { LocationAnswer, toAnswer } from './wire.ts'

export const locationListOperations = [
  operation({
    ...common,
    name: 'locations.search',
    title: 'Search Locations',
    description: 'The locations a token can see: all of an agency, or a location its own.',
    access: 'read',
    token: 'either',
    scope: ['locations.readonly', 'locations.write'],
    keepsToReach: true,
    http: 'GET /locations/search',
    input: Type.Object(
      {
        companyId: Type.Optional(Id()),
        skip: Skip(),
        limit: Limit(10, 1000),
        order: Type.Optional(Type.Enum(['asc', 'desc'])),
        email: Type.Optional(Type.String({ maxLength: 320 })),
        query: Type.Optional(
          Type.String({ maxLength: 200, description: 'A part of the name, in any case; or an id.' }),
        ),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      locations: Type.Array(LocationAnswer),
      total: Type.Integer({ description: 'How many there are, on this page and all others.' }),
    }),
    async run(ctx, { skip = 0, limit = 10, order = 'asc', email, query }) {
      const search = { agencyId: ctx.agencyId, caller: ctx.caller, locationId: ctx.caller.locationId, email, query }
      const rows = await searchLocations(ctx.db, { ...search, order: order as 'asc' | 'desc', skip, limit })
      return { locations: rows.map(toAnswer), total: await countLocations(ctx.db, search) }
    },
  }),
  operation({
    ...common,
    name: 'locations.list',
    title: 'List All Locations',
    description: 'The line of the connection guide: the locations a token can see, by creation.',
    access: 'read',
    token: 'either',
    scope: ['locations.readonly', 'locations.write'],
    keepsToReach: true,
    http: 'GET /locations/',
    versionless: true,
    input: Type.Object(
      { companyId: Type.Optional(Id()), skip: Skip(), limit: Limit(100, 1000) },
      { additionalProperties: false },
    ),
    output: Type.Object({ locations: Type.Array(LocationAnswer) }),
    async run(ctx, { skip = 0, limit = 100 }) {
      const rows = await searchLocations(ctx.db, {
        agencyId: ctx.agencyId,
        caller: ctx.caller,
        locationId: ctx.caller.locationId,
        order: 'asc',
        skip,
        limit,
      })
      return { locations: rows.map(toAnswer) }
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
