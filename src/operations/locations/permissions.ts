import { Type } from 'typebox'
import { getLocation, updateLocation } from '../../auth/locations.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { PERMISSIONS, permissionsOf } from './features.ts'

/** New with v3 (highlevel-api-docs, apps/v3/locations-v3.json); there for all versions. */
const common = { category: 'Locations' } as const
const names = Type.Array(Type.Enum(PERMISSIONS), { maxItems: 100 })
const answer = Type.Object({ permissions: names })

const Channel = Type.Object({
  conversationProvider: Type.Object({
    _id: Type.String(),
    name: Type.String(),
    type: Type.String(),
    default: Type.Boolean(),
  }),
})

export const locationPermissionOperations = [
  operation({
    ...common,
    name: 'locations.getPermissions',
    title: 'Get Permissions',
    description: 'The areas of the hosted product that a sub-account is let into, by name. By default all of them.',
    access: 'read',
    token: 'agency',
    scope: ['locations.readonly', 'locations.write'],
    http: 'GET /locations/:locationId/permissions',
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId }) {
      return { permissions: permissionsOf((await getLocation(ctx.db, ctx.agencyId, locationId)).doc) }
    },
  }),
  operation({
    ...common,
    name: 'locations.setPermissions',
    title: 'Update Permissions',
    description:
      'Says which areas a sub-account is let into: these and no others. Kept and told, also in `permissions` of the ' +
      'location, for programs that go by it; what a token may do its scopes say.',
    access: 'write',
    token: 'agency',
    scope: 'locations.write',
    http: 'PUT /locations/:locationId/permissions',
    input: Type.Object({ locationId: Id(), permissions: names }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId, permissions }) {
      const row = await getLocation(ctx.tx, ctx.agencyId, locationId)
      const doc = { ...row.doc, enabledAreas: PERMISSIONS.filter((name) => permissions.includes(name)) }
      const changed = await updateLocation(
        ctx.tx,
        row,
        { name: row.name, timezone: row.timezone, doc },
        ctx.author.atMs,
      )
      return { permissions: permissionsOf(changed.doc) }
    },
  }),
  operation({
    ...common,
    name: 'locations.getConversationChannel',
    title: 'Get Conversation Channel',
    description: 'Who delivers the messages of this type for a location: nobody, until a program does it.',
    access: 'read',
    token: 'either',
    scope: ['locations.readonly', 'locations.write'],
    http: 'GET /locations/:locationId/conversationChannels/:type',
    input: Type.Object({ locationId: Id(), type: Type.Enum(['SMS', 'Email']) }, { additionalProperties: false }),
    output: Type.Object({
      conversationChannel: Type.Object({
        SMS: Type.Optional(Type.Array(Channel)),
        Email: Type.Optional(Type.Array(Channel)),
      }),
    }),
    async run(_, { type }) {
      return { conversationChannel: { [type]: [] } }
    },
  }),
]
