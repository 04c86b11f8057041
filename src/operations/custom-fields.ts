import { type Static, Type } from 'typebox'
import { customFields, toFieldKey } from '../resources/custom-fields.ts'
import { type Asset, createAsset, deleteAsset, getAsset, listAssets, updateAsset } from '../store/assets.ts'
import type { AssetDocument, AssetResource } from '../store/resource.ts'
import { toWire, wireSchema } from './asset-crud.ts'
import { operation } from './define.ts'
import { Id } from './schemas.ts'

const resource = customFields as unknown as AssetResource
const { properties } = customFields.schema
const locate = { kind: resource.kind, param: 'id' }
const read = [resource.scopes.read, resource.scopes.write]
const Field = wireSchema(resource)
const answer = Type.Object({ customField: Field })
const common = { category: 'Custom Fields', token: 'either', locate } as const

/** CreateCustomFieldsDTO without name and dataType, and the properties that the answers show under other names. */
const changeable = {
  placeholder: properties.placeholder,
  position: properties.position,
  model: Type.Optional(properties.model),
  acceptedFormat: properties.acceptedFormat,
  isMultipleFile: Type.Optional(Type.Boolean({ description: 'Answered as isMultiFileAllowed.' })),
  maxNumberOfFiles: Type.Optional(Type.Number({ minimum: 0, maximum: 1000, description: 'Answered as maxFileLimit.' })),
  textBoxListOptions: properties.textBoxListOptions,
  options: Type.Optional(Type.Array(Type.String({ maxLength: 500 }), { maxItems: 500, description: 'Answered as picklistOptions.' })),
  picklistOptions: properties.picklistOptions,
  picklistImageOptions: properties.picklistImageOptions,
  isAllowedCustomOption: properties.isAllowedCustomOption,
  isMultiFileAllowed: properties.isMultiFileAllowed,
  maxFileLimit: properties.maxFileLimit,
  documentType: properties.documentType,
  parentId: properties.parentId,
}
const Changes = Type.Object(changeable)

/** The wire takes some properties under one name and answers them under another. */
function toDocument({ isMultipleFile, maxNumberOfFiles, options, ...rest }: Static<typeof Changes>): AssetDocument {
  return {
    ...rest,
    ...(isMultipleFile === undefined ? {} : { isMultiFileAllowed: isMultipleFile }),
    ...(maxNumberOfFiles === undefined ? {} : { maxFileLimit: maxNumberOfFiles }),
    ...(options === undefined ? {} : { picklistOptions: options }),
  }
}

const show = (asset: Asset, locationId: string) => ({ customField: toWire(asset, locationId) })

/** wire/highlevel/locations.json: get-custom-fields and its four neighbours. */
export const customFieldOperations = [
  operation({
    ...common,
    locate: null,
    name: 'customFields.list',
    title: 'List Custom Fields',
    description: 'The custom fields of a location, by creation.',
    access: 'read',
    scope: read,
    http: 'GET /locations/:locationId/customFields',
    input: Type.Object({ locationId: Id(), model: Type.Optional(Type.Enum(['contact', 'opportunity', 'all'])) }, { additionalProperties: false }),
    output: Type.Object({ customFields: Type.Array(Field) }),
    async run(ctx, { locationId, model = 'all' }) {
      const fields = await listAssets(ctx.db, resource, locationId)
      return { customFields: fields.filter((field) => model === 'all' || field.document.model === model).map((field) => toWire(field, locationId)) as never }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'customFields.create',
    title: 'Create Custom Field',
    description: 'Stores a new custom field. Its key is made from model and name and stays when it is renamed.',
    access: 'write',
    scope: resource.scopes.write,
    http: 'POST /locations/:locationId/customFields',
    status: 201,
    input: Type.Object({ locationId: Id(), name: properties.name, dataType: properties.dataType, ...changeable }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId, name, dataType, model = 'contact', ...rest }) {
      const document = { position: 0, ...toDocument(rest), name, dataType, model, fieldKey: toFieldKey(model, name) }
      return show(await createAsset(ctx.scope, resource, document), locationId)
    },
  }),
  operation({
    ...common,
    name: 'customFields.get',
    title: 'Get Custom Field',
    access: 'read',
    scope: read,
    http: 'GET /locations/:locationId/customFields/:id',
    input: Type.Object({ locationId: Id(), id: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId, id }) {
      return show(await getAsset(ctx.db, resource, locationId, id), locationId)
    },
  }),
  operation({
    ...common,
    name: 'customFields.update',
    title: 'Update Custom Field',
    description: 'Replaces the properties that the body names. The key stays; only a new model changes its prefix.',
    access: 'write',
    scope: resource.scopes.write,
    http: 'PUT /locations/:locationId/customFields/:id',
    input: Type.Object(
      { locationId: Id(), id: Id(), name: Type.Optional(properties.name), dataType: Type.Optional(properties.dataType), ...changeable },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, id, name, dataType, ...rest }) {
      const named = { ...(name === undefined ? {} : { name }), ...(dataType === undefined ? {} : { dataType }) }
      const edit = ({ document }: Asset) => {
        const next: AssetDocument = { ...document, ...toDocument(rest), ...named }
        return { ...next, fieldKey: `${next.model}.${String(document.fieldKey).replace(/^[^.]*\./, '')}` }
      }
      return show(await updateAsset(ctx.scope, resource, id, edit), locationId)
    },
  }),
  operation({
    ...common,
    name: 'customFields.delete',
    title: 'Delete Custom Field',
    description: 'Removes the custom field. What refers to it is listed under broken references.',
    access: 'destructive',
    scope: resource.scopes.write,
    http: 'DELETE /locations/:locationId/customFields/:id',
    input: Type.Object({ locationId: Id(), id: Id() }, { additionalProperties: false }),
    // The misspelt word is the wire's: CustomFieldDeleteSuccessfulResponseDto.
    output: Type.Object({ succeded: Type.Boolean() }),
    async run(ctx, { id }) {
      await deleteAsset(ctx.scope, resource, id)
      return { succeded: true }
    },
  }),
]
