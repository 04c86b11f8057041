import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { calendarResources } from '../../resources/calendar-resources.ts'
import {
  type Asset,
  type AssetResource,
  createAsset,
  deleteAsset,
  getAsset,
  listAssets,
  updateAsset,
} from '../../store/assets/index.ts'
import { toWire, wireSchema } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id, Skip } from '../schemas.ts'

const resource = calendarResources as unknown as AssetResource
const { resourceType, name, isActive, ...rest } = calendarResources.schema.properties
const locate = { kind: resource.kind, param: 'id' }
const Resource = wireSchema(resource)
const common = { category: 'Calendars & Appointments', token: 'either', locate } as const
const { read, write } = resource.scopes
const byId = { resourceType, id: Id() }
const changeable = { ...rest, calendarIds: Type.Optional(rest.calendarIds) }

/** A room is not found among the equipment. */
function ofType(asset: Asset, type: string): Asset {
  if (asset.document.resourceType !== type) throw new AppError('not_found', { what: resource.noun, id: asset.id })
  return asset
}

/** wire/highlevel/calendars.json: fetch-calendar-resources and its neighbours. The list is a bare array. */
export const calendarResourceOperations = [
  operation({
    ...common,
    locate: null,
    name: 'calendarResources.list',
    title: 'List Calendar Resources',
    description: 'Rooms or equipment of a location, by creation.',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/resources/:resourceType',
    input: Type.Object(
      {
        resourceType,
        locationId: Id(),
        skip: Skip(),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Array(Resource),
    async run(ctx, { resourceType: type, locationId, skip = 0, limit = 100 }) {
      const all = (await listAssets(ctx.db, resource, locationId)).filter(
        ({ document }) => document.resourceType === type,
      )
      return all.slice(skip, skip + limit).map((one) => toWire(one, locationId)) as never
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'calendarResources.create',
    title: 'Create Calendar Resource',
    description: 'Stores a new room or piece of equipment, and which calendars may book it.',
    access: 'write',
    scope: write,
    http: 'POST /calendars/resources/:resourceType',
    status: 201,
    input: Type.Object(
      { resourceType, locationId: Id(), name, isActive: Type.Optional(isActive), ...changeable },
      { additionalProperties: false },
    ),
    output: Resource,
    async run(ctx, { locationId, ...document }) {
      return toWire(
        await createAsset(ctx.scope, resource, { isActive: true, calendarIds: [], ...document }),
        locationId,
      )
    },
  }),
  operation({
    ...common,
    name: 'calendarResources.get',
    title: 'Get Calendar Resource',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/resources/:resourceType/:id',
    input: Type.Object(byId, { additionalProperties: false }),
    output: Resource,
    async run(ctx, { resourceType: type, id }) {
      return toWire(ofType(await getAsset(ctx.db, resource, ctx.locationId, id), type), ctx.locationId)
    },
  }),
  operation({
    ...common,
    name: 'calendarResources.update',
    title: 'Update Calendar Resource',
    description: 'Replaces the properties that the body names and keeps the others.',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/resources/:resourceType/:id',
    input: Type.Object(
      {
        ...byId,
        locationId: Type.Optional(Id()),
        name: Type.Optional(name),
        isActive: Type.Optional(isActive),
        ...changeable,
      },
      { additionalProperties: false },
    ),
    output: Resource,
    async run(ctx, { resourceType: type, id, locationId: _, ...changes }) {
      const edit = (current: Asset) => ({ ...ofType(current, type).document, ...changes })
      return toWire(await updateAsset(ctx.scope, resource, id, edit), ctx.locationId)
    },
  }),
  operation({
    ...common,
    name: 'calendarResources.delete',
    title: 'Delete Calendar Resource',
    description: 'Removes the room or piece of equipment. What refers to it is listed under broken references.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /calendars/resources/:resourceType/:id',
    input: Type.Object(byId, { additionalProperties: false }),
    output: Type.Object({ success: Type.Boolean() }),
    async run(ctx, { resourceType: type, id }) {
      ofType(await deleteAsset(ctx.scope, resource, id), type)
      return { success: true }
    },
  }),
]
