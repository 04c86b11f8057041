import { type Static, Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { customFields } from '../../resources/custom-fields.ts'
import { toFieldKey } from '../../resources/key-of-name.ts'
import {
  type Asset,
  type AssetDocument,
  type AssetResource,
  createAsset,
  deleteAsset,
  getAsset,
  listAssets,
  updateAsset,
} from '../../store/assets/index.ts'
import { exceptShown, toWire, wireSchema } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { DONE, Done, Id, Instant, Noun } from '../schemas.ts'
import { chooseKey } from './keys.ts'

const resource = customFields as unknown as AssetResource
const { properties } = customFields.schema
const locate = { kind: resource.kind, param: 'id' }
const read = [resource.scopes.read, resource.scopes.write]
const { wire: _, ...shown } = wireSchema(resource).properties
const Field = Noun('CustomField', {
  ...shown,
  placeholder: Type.String(),
  documentType: Type.String(),
  parentId: Type.String({ description: 'The folder; empty for none.' }),
  standard: Type.Boolean({ description: 'False: those that every contact has are no custom fields.' }),
  scopes: Type.Array(Type.String()),
  dateAdded: Instant(),
})
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
  description: properties.description,
  showInForms: properties.showInForms,
  options: Type.Optional(
    Type.Array(Type.String({ maxLength: 500 }), { maxItems: 500, description: 'Answered as picklistOptions.' }),
  ),
  picklistOptions: properties.picklistOptions,
  picklistImageOptions: properties.picklistImageOptions,
  isAllowedCustomOption: properties.isAllowedCustomOption,
  isMultiFileAllowed: properties.isMultiFileAllowed,
  maxFileLimit: properties.maxFileLimit,
  documentType: properties.documentType,
  parentId: Type.Optional(Type.String({ maxLength: 64, description: 'The folder; empty for none.' })),
}
const Changes = Type.Object(changeable)

/** The wire takes some properties under one name and answers them under another. */
function toDocument({
  isMultipleFile,
  maxNumberOfFiles,
  options,
  parentId,
  ...rest
}: Static<typeof Changes>): AssetDocument {
  return {
    ...rest,
    ...(parentId ? { parentId } : {}),
    ...(isMultipleFile === undefined ? {} : { isMultiFileAllowed: isMultipleFile }),
    ...(maxNumberOfFiles === undefined ? {} : { maxFileLimit: maxNumberOfFiles }),
    ...(options === undefined ? {} : { picklistOptions: options }),
  }
}

/** The key that a caller wants a field to have: as a merge tag, with its model or without. */
function askedKey(model: string, fieldKey: string): string {
  const plain = fieldKey.replace(/[{}\s]/g, '')
  const [first, ...others] = plain.split('.')
  if (others.length > 0 && first !== model) throw invalid([`fieldKey: a field of a ${model} begins with ${model}.`])
  const name = others.length > 0 ? others.join('.') : plain
  if (!/^[a-z0-9_]+$/i.test(name)) throw invalid(['fieldKey must be letters, digits and underscores'])
  return `${model}.${name.toLowerCase()}`
}

/** What answers show of a field that does not have it. */
const UNSET = { placeholder: '', documentType: 'field', parentId: '' }

function toField(asset: Asset, locationId: string): never {
  const { wire: _, ...field } = toWire(asset, locationId)
  return {
    ...UNSET,
    ...field,
    standard: false,
    scopes: [],
    dateAdded: asset.createdAt.toISOString(),
  } as never
}

const show = (asset: Asset, locationId: string) => ({ customField: toField(asset, locationId) })

/** wire/highlevel/locations.json: get-custom-fields and its four neighbours. */
export const customFieldOperations = [
  operation({
    ...common,
    locate: null,
    name: 'customFields.list',
    title: 'List Custom Fields',
    description: 'The custom fields of a location, by creation, without the folders they stand in.',
    access: 'read',
    scope: read,
    http: 'GET /locations/:locationId/customFields',
    input: Type.Object(
      { locationId: Id(), model: Type.Optional(Type.Enum(['contact', 'opportunity', 'all'])) },
      { additionalProperties: false },
    ),
    output: Type.Object({ customFields: Type.Array(Field) }),
    async run(ctx, { locationId, model = 'all' }) {
      const fields = await listAssets(ctx.db, resource, locationId)
      return {
        customFields: fields
          .filter(({ document }) => document.documentType !== 'folder' && (model === 'all' || document.model === model))
          .map((field) => toField(field, locationId)),
      }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'customFields.create',
    title: 'Create Custom Field',
    description:
      'Stores a new custom field. Its key is the one asked for, or made from model and name, and stays when the field ' +
      'is renamed.',
    access: 'write',
    scope: resource.scopes.write,
    http: 'POST /locations/:locationId/customFields',
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        name: properties.name,
        dataType: properties.dataType,
        fieldKey: Type.Optional(
          Type.String({ maxLength: 260, description: 'With or without the model in front: `contact.size` or `size`.' }),
        ),
        ...changeable,
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, name, dataType, fieldKey: asked, model = 'contact', ...rest }) {
      const fieldKey =
        asked === undefined
          ? await chooseKey(ctx, resource, name, (key) => toFieldKey(model, key))
          : askedKey(model, asked)
      const document = { position: 0, ...toDocument(rest), name, dataType, model, fieldKey }
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
      {
        locationId: Id(),
        id: Id(),
        name: Type.Optional(properties.name),
        dataType: Type.Optional(properties.dataType),
        ...changeable,
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, id, name, dataType, ...rest }) {
      const named = { ...(name === undefined ? {} : { name }), ...(dataType === undefined ? {} : { dataType }) }
      const edit = ({ document }: Asset) => {
        const { parentId, ...kept } = document
        const place = rest.parentId === '' || parentId === undefined ? {} : { parentId }
        const next: AssetDocument = { ...kept, ...place, ...exceptShown(toDocument(rest), document, UNSET), ...named }
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
    output: Done(),
    async run(ctx, { id }) {
      await deleteAsset(ctx.scope, resource, id)
      return DONE
    },
  }),
]
