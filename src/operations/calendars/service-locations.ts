import { Type } from 'typebox'
import { serviceLocations } from '../../resources/service-locations.ts'
import {
  type Asset,
  type AssetResource,
  createAsset,
  deleteAsset,
  getAsset,
  listAssets,
  updateAsset,
} from '../../store/assets/index.ts'
import { exceptShown, toWire, wireSchema } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id } from '../schemas.ts'

const resource = serviceLocations as unknown as AssetResource
const { properties } = serviceLocations.schema
const { read, write } = resource.scopes
const locate = { kind: resource.kind, param: 'serviceLocationId' }
const common = { category: 'Calendars & Appointments', token: 'either', locate } as const
const byId = { serviceLocationId: Id() }
const Place = wireSchema(resource)
const UNSET = { isActive: true, isPrivate: false }
const toPlace = (place: Asset, locationId: string) => ({ ...UNSET, ...toWire(place, locationId) }) as never

/** HighLevel's documents of v3 (apps/v3/calendars-v3.json): get-service-locations and its neighbours. */
export const serviceLocationOperations = [
  operation({
    ...common,
    locate: null,
    name: 'serviceLocations.list',
    title: 'Get Service Locations',
    description: 'Where services are given, by creation. Bookings that name none are in the first that is active.',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/services/locations',
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ serviceLocations: Type.Array(Place) }),
    async run(ctx, { locationId }) {
      return {
        serviceLocations: (await listAssets(ctx.db, resource, locationId)).map((one) => toPlace(one, locationId)),
      }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'serviceLocations.create',
    title: 'Create Service Location',
    description: 'Stores a new place where services are given. Its slug is unique in the location.',
    access: 'write',
    scope: write,
    http: 'POST /calendars/services/locations',
    status: 201,
    input: Type.Object({ locationId: Id(), ...properties }, { additionalProperties: false }),
    output: Place,
    async run(ctx, { locationId, ...document }) {
      return toPlace(await createAsset(ctx.scope, resource, { locationType: 'offline', ...document }), locationId)
    },
  }),
  operation({
    ...common,
    name: 'serviceLocations.get',
    title: 'Get Service Location by ID',
    access: 'read',
    scope: [read, write],
    http: 'GET /calendars/services/locations/:serviceLocationId',
    input: Type.Object(byId, { additionalProperties: false }),
    output: Place,
    async run(ctx, { serviceLocationId }) {
      return toPlace(await getAsset(ctx.db, resource, ctx.locationId, serviceLocationId), ctx.locationId)
    },
  }),
  operation({
    ...common,
    name: 'serviceLocations.update',
    title: 'Update Service Location',
    description: 'Replaces the properties that the body names and keeps the others.',
    access: 'write',
    scope: write,
    http: 'PUT /calendars/services/locations/:serviceLocationId',
    input: Type.Object(
      { ...byId, ...Type.Partial(serviceLocations.schema).properties },
      { additionalProperties: false },
    ),
    output: Place,
    async run(ctx, { serviceLocationId, ...changes }) {
      const edit = ({ document }: Asset) => ({ ...document, ...exceptShown(changes, document, UNSET) })
      return toPlace(await updateAsset(ctx.scope, resource, serviceLocationId, edit), ctx.locationId)
    },
  }),
  operation({
    ...common,
    name: 'serviceLocations.delete',
    title: 'Delete Service Location',
    description: 'Removes the service location. Bookings that were made in it stay.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /calendars/services/locations/:serviceLocationId',
    input: Type.Object(byId, { additionalProperties: false }),
    output: Type.Object({ success: Type.Boolean(), message: Type.String() }),
    async run(ctx, { serviceLocationId }) {
      await deleteAsset(ctx.scope, resource, serviceLocationId)
      return { success: true, message: 'Service location deleted successfully' }
    },
  }),
]
