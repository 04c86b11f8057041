import { Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { customFields } from '../../resources/custom-fields.ts'
import { toKey } from '../../resources/key-of-name.ts'
import { FIELD_TYPES, FORMATS, objectFields } from '../../resources/object-fields.ts'
import {
  type Asset,
  type AssetDocument,
  type AssetResource,
  createAsset,
  deleteAsset,
  findAsset,
  getAsset,
  updateAsset,
} from '../../store/assets/index.ts'
import { type Context, operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { fieldKind, getObject, listFields, type ObjectSchema } from './find.ts'
import { FieldAnswer, toField } from './wire.ts'

const { properties } = objectFields.schema
const { read, write } = fieldKind.scopes
export const common = { category: 'Custom Fields', token: 'either' } as const
const locate = { kind: fieldKind.kind, others: [customFields.kind], param: 'id' }
const answer = Type.Object({ field: FieldAnswer })
export const removed = Type.Object({ succeded: Type.Boolean(), id: Type.String(), key: Type.String() })
export const ObjectKey = () =>
  Type.String({ minLength: 1, maxLength: 120, description: 'custom_objects.pet, business' })

const changeable = {
  description: properties.description,
  placeholder: properties.placeholder,
  showInForms: properties.showInForms,
  options: Type.Optional(
    Type.Array(
      Type.Object(
        {
          key: Type.Optional(
            Type.String({ minLength: 1, maxLength: 100, description: 'Default: made from the label.' }),
          ),
          label: Type.String({ minLength: 1, maxLength: 200 }),
          url: Type.Optional(Type.String({ maxLength: 2000 })),
        },
        { additionalProperties: false },
      ),
      { maxItems: 500 },
    ),
  ),
  acceptedFormats: Type.Optional(Type.Enum([...FORMATS])),
  maxFileLimit: properties.maxFileLimit,
  allowCustomOption: properties.allowCustomOption,
}

type Option = { key?: string; label: string; url?: string }

/** Options that are there keep their keys; two of one field never share one. */
function toOptions(options: readonly Option[], before: readonly Option[]): Option[] {
  const keys = options.map(({ key, label }) => key ?? before.find((one) => one.label === label)?.key ?? toKey(label))
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined) throw invalid([`options: two have the key ${twice}`])
  return options.map((option, index) => ({ ...option, key: keys[index] as string }))
}

/** The object whose fields these are. Contacts and opportunities have endpoints of their own for theirs. */
export async function objectWithFields(ctx: Context, objectKey: string): Promise<ObjectSchema> {
  const object = await getObject(ctx, objectKey).catch((error) => {
    throw error instanceof AppError && error.code === 'not_found'
      ? invalid([`objectKey: there is no object ${objectKey} in this location`])
      : error
  })
  if (object.key === 'contact' || object.key === 'opportunity')
    throw new AppError('bad_request', {
      reason: `Fields of ${object.key} are made under /locations/{id}/customFields.`,
    })
  return object
}

export const ofObject = ({ key, standard, id }: ObjectSchema): AssetDocument => ({
  objectKey: key,
  ...(standard ? {} : { objectId: id }),
})

/** A folder of the object, or none. */
async function checkFolder(ctx: Context, key: string, parentId: string | undefined): Promise<void> {
  if (parentId === undefined) return
  const folder = await findAsset(ctx.db, fieldKind, ctx.locationId, parentId)
  if (folder?.document.documentType !== 'folder' || folder.document.objectKey !== key)
    throw invalid([`parentId: ${key} has no folder ${parentId}`])
}

async function getField(ctx: Context, id: string): Promise<Asset> {
  const custom = await findAsset(ctx.db, customFields as unknown as AssetResource, ctx.locationId, id)
  return custom ?? (await getAsset(ctx.db, fieldKind, ctx.locationId, id))
}

/** wire/highlevel/custom-fields.json: the fields. */
export const objectFieldOperations = [
  operation({
    ...common,
    name: 'objectFields.listByObject',
    title: 'Get Custom Fields By Object Key',
    description: 'Fields and folders of an object, each by creation.',
    access: 'read',
    scope: [read, write],
    http: 'GET /custom-fields/object-key/:objectKey',
    input: Type.Object({ objectKey: ObjectKey(), locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ fields: Type.Array(FieldAnswer), folders: Type.Array(FieldAnswer) }),
    async run(ctx, { objectKey, locationId }) {
      const all = await listFields(ctx, await getObject(ctx, objectKey))
      const shown = (isFolder: boolean) =>
        all
          .filter(({ document }) => (document.documentType === 'folder') === isFolder)
          .map((field) => toField(field, locationId))
      return { fields: shown(false), folders: shown(true) }
    },
  }),
  operation({
    ...common,
    name: 'objectFields.create',
    title: 'Create Custom Field',
    description: 'A field of a custom object or of businesses. Its key stays.',
    access: 'write',
    scope: write,
    http: 'POST /custom-fields/',
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        objectKey: ObjectKey(),
        name: Type.Optional(properties.name),
        fieldKey: Type.Optional(Type.String({ maxLength: 260, description: 'Default: made from the name.' })),
        dataType: Type.Enum([...FIELD_TYPES]),
        parentId: Type.Optional(Type.String({ maxLength: 100, description: 'The folder. Empty: none.' })),
        ...changeable,
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, objectKey, fieldKey, name, parentId = '', options, ...rest }) {
      const object = await objectWithFields(ctx, objectKey)
      const own = toKey((fieldKey ?? name ?? '').replace(/^.*\./, ''))
      if (name === undefined && fieldKey === undefined) throw invalid(['name should not be empty'])
      const folder = parentId === '' ? undefined : parentId
      await checkFolder(ctx, object.key, folder)
      const field = await createAsset(ctx.scope, fieldKind, {
        showInForms: false,
        ...rest,
        ...ofObject(object),
        name: name ?? own,
        fieldKey: `${object.key}.${own}`,
        documentType: 'field',
        ...(folder === undefined ? {} : { parentId: folder }),
        ...(options === undefined ? {} : { options: toOptions(options, []) }),
      })
      return { field: toField(field, locationId) }
    },
  }),
  operation({
    ...common,
    locate,
    name: 'objectFields.get',
    title: 'Get Custom Field / Folder By Id',
    description: 'A field or folder of any object; of contacts and opportunities too.',
    access: 'read',
    scope: [read, write],
    http: 'GET /custom-fields/:id',
    input: Type.Object({ id: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { id }) {
      return { field: toField(await getField(ctx, id), ctx.locationId) }
    },
  }),
  operation({
    ...common,
    locate,
    name: 'objectFields.update',
    title: 'Update Custom Field By Id',
    description: 'Replaces the properties that the body names. Options replace all that were there.',
    access: 'write',
    scope: write,
    http: 'PUT /custom-fields/:id',
    input: Type.Object(
      { id: Id(), locationId: Id(), name: Type.Optional(properties.name), ...changeable },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { id, locationId, options, ...changes }) {
      const field = await updateAsset(ctx.scope, fieldKind, id, ({ document }) => ({
        ...document,
        ...changes,
        ...(options === undefined ? {} : { options: toOptions(options, (document.options ?? []) as Option[]) }),
      }))
      return { field: toField(field, locationId) }
    },
  }),
  operation({
    ...common,
    locate,
    name: 'objectFields.delete',
    title: 'Delete Custom Field By Id',
    description: 'Removes the field. What records have in it stays with them.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /custom-fields/:id',
    input: Type.Object({ id: Id() }, { additionalProperties: false }),
    output: removed,
    async run(ctx, { id }) {
      const { document } = await getAsset(ctx.db, fieldKind, ctx.locationId, id)
      await deleteAsset(ctx.scope, fieldKind, id)
      return { succeded: true, id, key: String(document.fieldKey) }
    },
  }),
]
