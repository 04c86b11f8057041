import { Type } from 'typebox'
import { customValues } from '../../resources/custom-values.ts'
import { toMergeTag } from '../../resources/key-of-name.ts'
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
import { DONE, Done, Id, Noun } from '../schemas.ts'
import { chooseKey } from './keys.ts'

const resource = customValues as unknown as AssetResource
const { properties } = customValues.schema
const locate = { kind: resource.kind, param: 'id' }
const read = [resource.scopes.read, resource.scopes.write]
const Value = Noun('CustomValue', { ...wireSchema(resource).properties, documentType: Type.Literal('field') })
const answer = Type.Object({ customValue: Value })
const common = { category: 'Custom Values', token: 'either', locate } as const
const Default = Type.Optional(
  Type.String({
    maxLength: 20_000,
    description: 'What a push gives to locations that have no value of their own yet.',
  }),
)

function toValue(asset: Asset, locationId: string) {
  return {
    ...toWire(asset, locationId),
    documentType: 'field',
    value: asset.document.value ?? asset.document.default ?? '',
  } as never
}

/** wire/highlevel/locations.json: get-custom-values and its four neighbours. */
export const customValueOperations = [
  operation({
    ...common,
    locate: null,
    name: 'customValues.list',
    title: 'List Custom Values',
    description: 'The custom values of a location, by creation.',
    access: 'read',
    scope: read,
    http: 'GET /locations/:locationId/customValues',
    input: Type.Object(
      { locationId: Id(), limit: Type.Optional(Type.Unknown({ description: 'Not heeded: all are listed.' })) },
      { additionalProperties: false },
    ),
    output: Type.Object({ customValues: Type.Array(Value) }),
    async run(ctx, { locationId }) {
      const values = await listAssets(ctx.db, resource, locationId)
      return { customValues: values.map((value) => toValue(value, locationId)) as never }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'customValues.create',
    title: 'Create Custom Value',
    description:
      'Stores a new custom value. Its merge tag is made from the name and stays when it is renamed. Without a ' +
      'default the value is the default.',
    access: 'write',
    scope: resource.scopes.write,
    http: 'POST /locations/:locationId/customValues',
    status: 201,
    input: Type.Object(
      { locationId: Id(), name: properties.name, value: Type.String({ maxLength: 20_000 }), default: Default },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, name, value, default: standard = value }) {
      const fieldKey = await chooseKey(ctx, resource, name, toMergeTag)
      const document = { name, fieldKey, default: standard, value }
      return { customValue: toValue(await createAsset(ctx.scope, resource, document), locationId) }
    },
  }),
  operation({
    ...common,
    name: 'customValues.get',
    title: 'Get Custom Value',
    access: 'read',
    scope: read,
    http: 'GET /locations/:locationId/customValues/:id',
    input: Type.Object({ locationId: Id(), id: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId, id }) {
      return { customValue: toValue(await getAsset(ctx.db, resource, locationId, id), locationId) }
    },
  }),
  operation({
    ...common,
    name: 'customValues.update',
    title: 'Update Custom Value',
    description:
      'Replaces what the body names. Where no push has brought the custom value here, a new value is also the new ' +
      'default; otherwise it is this location’s alone.',
    access: 'write',
    scope: resource.scopes.write,
    http: 'PUT /locations/:locationId/customValues/:id',
    input: Type.Object(
      { locationId: Id(), id: Id(), name: Type.Optional(properties.name), value: properties.value, default: Default },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, id, name, value, default: standard }) {
      const edit = (current: Asset) => ({
        ...current.document,
        ...(name === undefined ? {} : { name }),
        ...(value === undefined ? {} : { value }),
        ...(value === undefined || current.baseHash !== null ? {} : { default: value }),
        ...(standard === undefined ? {} : { default: standard }),
      })
      return { customValue: toValue(await updateAsset(ctx.scope, resource, id, edit), locationId) }
    },
  }),
  operation({
    ...common,
    name: 'customValues.delete',
    title: 'Delete Custom Value',
    description: 'Removes the custom value. What refers to it is listed under broken references.',
    access: 'destructive',
    scope: resource.scopes.write,
    http: 'DELETE /locations/:locationId/customValues/:id',
    input: Type.Object({ locationId: Id(), id: Id() }, { additionalProperties: false }),
    output: Done(),
    async run(ctx, { id }) {
      await deleteAsset(ctx.scope, resource, id)
      return DONE
    },
  }),
]
