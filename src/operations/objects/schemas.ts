import { Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { toKey } from '../../resources/key-of-name.ts'
import { FIELD_TYPES } from '../../resources/object-fields.ts'
import { CUSTOM } from '../../resources/objects.ts'
import { createAsset, deleteAsset, updateAsset } from '../../store/assets/index.ts'
import { removeRecords } from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id } from '../schemas.ts'
import { fieldKind, getObject, listFields, listObjects, type ObjectSchema, objectKind } from './find.ts'
import { storeOf } from './stores.ts'
import { FieldAnswer, ObjectAnswer, toField, toObject } from './wire.ts'

const { read, write } = objectKind.scopes
const common = { category: 'Custom Objects', token: 'either' } as const
const Key = () =>
  Type.String({ minLength: 1, maxLength: 120, description: 'Key or id; `custom_objects.` may be left out.' })
const Label = () => Type.String({ minLength: 1, maxLength: 100 })
const answer = Type.Object({ object: ObjectAnswer })

/** wire/highlevel/objects.json: the schemas. */
export const objectOperations = [
  operation({
    ...common,
    name: 'objects.list',
    title: 'Get all Objects',
    description: 'The standard objects, then the custom ones by creation.',
    access: 'read',
    scope: [read, write],
    http: 'GET /objects/',
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ objects: Type.Array(ObjectAnswer) }),
    async run(ctx, { locationId }) {
      return { objects: (await listObjects(ctx)).map((one) => toObject(one, locationId)) }
    },
  }),
  operation({
    ...common,
    name: 'objects.create',
    title: 'Create Custom Object',
    description: 'Stores a new custom object and the field that its records are shown by. The key stays.',
    access: 'write',
    scope: write,
    http: 'POST /objects/',
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        labels: Type.Object({ singular: Label(), plural: Label() }, { additionalProperties: false }),
        key: Type.String({ minLength: 1, maxLength: 115, examples: ['custom_objects.pet'] }),
        description: Type.Optional(Type.String({ maxLength: 20_000 })),
        primaryDisplayPropertyDetails: Type.Object(
          { key: Type.String({ minLength: 1, maxLength: 260 }), name: Label(), dataType: Type.Enum([...FIELD_TYPES]) },
          {
            additionalProperties: false,
            examples: [{ key: 'custom_objects.pet.name', name: 'Name', dataType: 'TEXT' }],
          },
        ),
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { locationId, primaryDisplayPropertyDetails: primary, ...rest }) {
      const key = CUSTOM + rest.key.replace(/^custom_objects?\./, '')
      if (!/^custom_objects\.[a-z0-9_]{1,100}$/.test(key))
        throw invalid(['key must be custom_objects. and at most 100 small letters, digits or underscores'])
      const fieldKey = `${key}.${toKey(primary.key.slice(primary.key.lastIndexOf('.') + 1))}`
      const asset = await createAsset(ctx.scope, objectKind, {
        ...rest,
        key,
        primaryDisplayProperty: fieldKey,
        searchableProperties: [fieldKey],
      })
      await createAsset(ctx.scope, fieldKind, {
        name: primary.name,
        dataType: primary.dataType,
        fieldKey,
        objectKey: key,
        objectId: asset.id,
        documentType: 'field',
        showInForms: true,
      })
      return { object: toObject({ id: asset.id, key, standard: false, document: asset.document, asset }, locationId) }
    },
  }),
  operation({
    ...common,
    name: 'objects.get',
    title: 'Get Object Schema by key / id',
    description: 'An object, and with `fetchProperties` its fields.',
    access: 'read',
    scope: [read, write],
    http: 'GET /objects/:key',
    input: Type.Object(
      {
        key: Key(),
        locationId: Id(),
        fetchProperties: Type.Optional(Type.String({ maxLength: 5, description: 'true: with its fields.' })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      object: ObjectAnswer,
      cache: Type.Boolean(),
      fields: Type.Optional(Type.Array(FieldAnswer)),
    }),
    async run(ctx, { key, locationId, fetchProperties }) {
      const object = await getObject(ctx, key)
      const fields = fetchProperties === 'true' ? await listFields(ctx, object) : null
      const shown = fields?.filter(({ document }) => document.documentType !== 'folder')
      return {
        object: toObject(object, locationId),
        cache: false,
        ...(shown === undefined ? {} : { fields: shown.map((field) => toField(field, locationId)) }),
      }
    },
  }),
  operation({
    ...common,
    name: 'objects.update',
    title: 'Update Object Schema By Key / Id',
    description: 'Changes labels and the properties that people search by.',
    access: 'write',
    scope: write,
    http: 'PUT /objects/:key',
    input: Type.Object(
      {
        key: Key(),
        locationId: Id(),
        labels: Type.Optional(
          Type.Object(
            { singular: Type.Optional(Label()), plural: Type.Optional(Label()) },
            { additionalProperties: false },
          ),
        ),
        description: Type.Optional(Type.String({ maxLength: 20_000 })),
        searchableProperties: Type.Array(Type.String({ maxLength: 260 }), { maxItems: 200 }),
      },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { key: name, locationId, labels, ...rest }) {
      const object = await getObject(ctx, name)
      if (!object.standard) await checkProperties(ctx, object, rest.searchableProperties)
      else if (labels !== undefined) throw new AppError('bad_request', { reason: 'Labels of standard objects stay.' })
      const next = (document: ObjectDocument) => ({ ...document, ...rest, labels: { ...document.labels, ...labels } })
      const asset =
        object.asset === null
          ? await createAsset(ctx.scope, objectKind, next(object.document as never))
          : await updateAsset(ctx.scope, objectKind, object.id, ({ document }) => next(document as never))
      return { object: toObject({ ...object, id: asset.id, document: asset.document, asset }, locationId) }
    },
  }),
  operation({
    ...common,
    name: 'objects.delete',
    title: 'Delete Custom Object',
    description: 'Removes a custom object with its fields and all its records. Standard objects stay.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /objects/:key',
    input: Type.Object({ key: Key(), locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ id: Type.String(), success: Type.Boolean() }),
    async run(ctx, { key, locationId }) {
      const object = await getObject(ctx, key)
      if (object.standard) throw new AppError('bad_request', { reason: 'Standard objects cannot be deleted.' })
      const { resource, where } = storeOf(locationId, object)
      for (const { id } of await listFields(ctx, object)) await deleteAsset(ctx.scope, fieldKind, id)
      await deleteAsset(ctx.scope, objectKind, object.id)
      await removeRecords(ctx.scope, resource, where)
      return { id: object.id, success: true }
    },
  }),
]

type ObjectDocument = { labels: object }

async function checkProperties(ctx: Context, object: ObjectSchema, keys: readonly string[]): Promise<void> {
  const known = new Set((await listFields(ctx, object)).map(({ document }) => document.fieldKey))
  const faults = keys.flatMap((key, index) =>
    known.has(key) ? [] : [`searchableProperties[${index}]: ${object.key} has no property ${key}`],
  )
  if (faults.length > 0) throw invalid(faults)
}
