import { Type } from 'typebox'
import { FIELD_TYPES } from '../../resources/object-fields.ts'
import type { Asset } from '../../store/assets/index.ts'
import { AsStored, Noun } from '../schemas.ts'
import type { ObjectSchema } from './find.ts'

const Text = () => Type.String()
const Maybe = () => Type.Optional(Type.String())

/** wire/highlevel/objects.json: ICustomObjectSchema. */
export const ObjectAnswer = Noun('CustomObject', {
  id: Text(),
  locationId: Text(),
  key: Text(),
  standard: Type.Boolean(),
  labels: Type.Object({ singular: Text(), plural: Text() }),
  description: Maybe(),
  primaryDisplayProperty: Text(),
  searchableProperties: Type.Array(Type.String()),
  type: Type.Enum(['USER_DEFINED', 'SYSTEM_DEFINED']),
  dateAdded: Text(),
  dateUpdated: Text(),
})

/** Of a standard object that nobody has changed. */
const ALWAYS = new Date(0)

export function toObject({ id, key, standard, document: stored, asset }: ObjectSchema, locationId: string): never {
  const { wire: _, ...document } = stored
  return {
    id,
    locationId,
    ...document,
    key,
    standard,
    searchableProperties: document.searchableProperties ?? [document.primaryDisplayProperty],
    type: standard ? 'SYSTEM_DEFINED' : 'USER_DEFINED',
    dateAdded: (asset?.createdAt ?? ALWAYS).toISOString(),
    dateUpdated: (asset?.updatedAt ?? ALWAYS).toISOString(),
  } as never
}

/** ICustomField of wire/highlevel/custom-fields.json, and what it leaves out of folders. */
export const FieldAnswer = AsStored(
  Noun('ObjectField', {
    id: Text(),
    locationId: Text(),
    objectKey: Text(),
    fieldKey: Text(),
    name: Text(),
    parentId: Type.String({ description: 'The folder. Empty: it is in none.' }),
    dataType: Type.String({ description: FIELD_TYPES.join(', ') }),
    documentType: Text(),
    description: Maybe(),
    placeholder: Maybe(),
    showInForms: Type.Boolean(),
    options: Type.Optional(Type.Array(Type.Object({ key: Text(), label: Text(), url: Maybe() }))),
    acceptedFormats: Maybe(),
    maxFileLimit: Type.Optional(Type.Number()),
    allowCustomOption: Type.Optional(Type.Boolean()),
    dateAdded: Text(),
    dateUpdated: Text(),
  }),
)

/** A field of an object, or a custom field of contacts or opportunities, which names some things otherwise. */
export function toField({ id, document, createdAt, updatedAt }: Asset, locationId: string): never {
  const { model, objectId: _, picklistOptions, isAllowedCustomOption, ...rest } = document
  const options = rest.options ?? (picklistOptions as string[] | undefined)?.map((label) => ({ key: label, label }))
  const names = 'name fieldKey dataType description placeholder acceptedFormats maxFileLimit'.split(' ')
  return {
    id,
    locationId,
    ...Object.fromEntries(names.filter((name) => rest[name] !== undefined).map((name) => [name, rest[name]])),
    ...(Array.isArray(rest.acceptedFormat) ? { acceptedFormats: rest.acceptedFormat[0] ?? 'all' } : {}),
    objectKey: rest.objectKey ?? model,
    parentId: rest.parentId ?? '',
    documentType: rest.documentType ?? 'field',
    showInForms: rest.showInForms ?? true,
    ...(options === undefined ? {} : { options }),
    ...((rest.allowCustomOption ?? isAllowedCustomOption) === undefined
      ? {}
      : { allowCustomOption: rest.allowCustomOption ?? isAllowedCustomOption }),
    dateAdded: createdAt.toISOString(),
    dateUpdated: updatedAt.toISOString(),
  } as never
}
