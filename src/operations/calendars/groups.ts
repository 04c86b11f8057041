import { Type } from 'typebox'
import { calendarGroups } from '../../resources/calendar-groups.ts'
import { type AssetResource, createAsset, deleteAsset, listAssets, updateAsset } from '../../store/assets/index.ts'
import { naturalKey } from '../../store/natural-key.ts'
import { toWire, wireSchema } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'

const resource = calendarGroups as unknown as AssetResource
const { properties } = calendarGroups.schema
const locate = { kind: resource.kind, param: 'groupId' }
const Group = wireSchema(resource)
const answer = Type.Object({ group: Group })
const done = Type.Object({ success: Type.Boolean() })
const common = { category: 'Calendars & Appointments', token: 'either', locate } as const
const write = resource.scopes.write

/** wire/highlevel/calendars.json: get-groups and its neighbours. */
export const calendarGroupOperations = [
  operation({
    ...common,
    locate: null,
    name: 'calendarGroups.list',
    title: 'List Calendar Groups',
    description: 'The calendar groups of a location, by creation.',
    access: 'read',
    scope: [resource.scopes.read, write],
    http: 'GET /calendars/groups',
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ groups: Type.Array(Group) }),
    async run(ctx, { locationId }) {
      return {
        groups: (await listAssets(ctx.db, resource, locationId)).map((group) => toWire(group, locationId)) as never,
      }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'calendarGroups.create',
    title: 'Create Calendar Group',
    description: 'Stores a new calendar group. Its slug is unique in the location.',
    access: 'write',
    scope: write,
    http: 'POST /calendars/groups',
    status: 201,
    input: Type.Object({ locationId: Id(), ...properties }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId, ...document }) {
      return { group: toWire(await createAsset(ctx.scope, resource, { isActive: true, ...document }), locationId) }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'calendarGroups.validateSlug',
    title: 'Validate Group Slug',
    description: 'Whether a slug is still free in the location.',
    // A POST that changes nothing: the wire sends the slug in a body.
    access: 'read',
    kind: 'action',
    scope: write,
    http: 'POST /calendars/groups/validate-slug',
    input: Type.Object({ locationId: Id(), slug: properties.slug }, { additionalProperties: false }),
    output: Type.Object({ available: Type.Boolean() }),
    async run(ctx, { locationId, slug }) {
      const wanted = naturalKey(slug)
      const groups = await listAssets(ctx.db, resource, locationId)
      return { available: !groups.some(({ document }) => naturalKey(String(document.slug)) === wanted) }
    },
  }),
  operation({
    ...common,
    name: 'calendarGroups.update',
    title: 'Update Calendar Group',
    description: 'Replaces the properties that the body names and keeps the others.',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/groups/:groupId',
    input: Type.Object(
      { groupId: Id(), ...Type.Partial(calendarGroups.schema).properties },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { groupId, ...changes }) {
      return {
        group: toWire(
          await updateAsset(ctx.scope, resource, groupId, ({ document }) => ({ ...document, ...changes })),
          ctx.locationId,
        ),
      }
    },
  }),
  operation({
    ...common,
    name: 'calendarGroups.setStatus',
    title: 'Update Group Status',
    description: 'Opens or closes a calendar group.',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/groups/:groupId/status',
    input: Type.Object({ groupId: Id(), isActive: Type.Boolean() }, { additionalProperties: false }),
    output: done,
    async run(ctx, { groupId, isActive }) {
      await updateAsset(ctx.scope, resource, groupId, ({ document }) => ({ ...document, isActive }))
      return { success: true }
    },
  }),
  operation({
    ...common,
    name: 'calendarGroups.delete',
    title: 'Delete Calendar Group',
    description: 'Removes the calendar group. Calendars that refer to it are listed under broken references.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /calendars/groups/:groupId',
    input: Type.Object({ groupId: Id() }, { additionalProperties: false }),
    output: done,
    async run(ctx, { groupId }) {
      await deleteAsset(ctx.scope, resource, groupId)
      return { success: true }
    },
  }),
]
