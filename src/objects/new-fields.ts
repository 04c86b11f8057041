import type { AssetDocument } from '../store/assets/index.ts'
import { groupOf, meaningsOf } from './made-properties.ts'
import type { Option } from './property.ts'
import type { ObjectType } from './types.ts'

/** A property as somebody wants it (wire/hubspot.md, "Properties"). */
export interface NewProperty {
  name: string
  label: string
  type: string
  fieldType: string
  groupName?: string
  description?: string
  displayOrder?: number
  hasUniqueValue?: boolean
  options?: readonly { label: string; value: string }[]
}

/** `type fieldType` of the wire -> what a field of an object is here; what is not listed follows from the type alone. */
const DATA_TYPES: Readonly<Record<string, string>> = {
  'string textarea': 'LARGE_TEXT',
  'string html': 'LARGE_TEXT',
  'string phonenumber': 'PHONE',
  string: 'TEXT',
  phone_number: 'PHONE',
  number: 'NUMERICAL',
  date: 'DATE',
  datetime: 'DATE',
  bool: 'RADIO',
  'enumeration radio': 'RADIO',
  'enumeration checkbox': 'MULTIPLE_OPTIONS',
  enumeration: 'SINGLE_OPTIONS',
}

const YES_AND_NO = [
  { label: 'Yes', value: 'true' },
  { label: 'No', value: 'false' },
]
const NAME = /^[a-z][a-z0-9_]{0,99}$/

/** The field of a type's records that a property of it is, or why there cannot be one. */
export function fieldOf(
  { custom, fields, ...type }: Pick<ObjectType, 'name' | 'custom' | 'fields'>,
  property: NewProperty,
): { document: AssetDocument } | { fault: string } {
  const { name, label, fieldType, groupName, description, displayOrder, hasUniqueValue } = property
  const dataType = dataTypeOf(property)
  if (!NAME.test(name))
    return { fault: `${name.slice(0, 100)}: a name is made of small letters, digits and underscores` }
  if (name.startsWith('hs_')) return { fault: `${name}: names that begin with hs_ are HubSpot's own` }
  if (dataType === undefined) return { fault: `${name}: there is no type ${property.type.slice(0, 40)}` }
  const fault = takesOptions(property) ? faultOf(givenOptions(property)) : null
  if (fault !== null) return { fault: `${name}: ${fault}` }
  return {
    document: {
      name: label,
      ...placeOf(fields, custom, name),
      documentType: 'field',
      dataType,
      showInForms: true,
      ...(description ? { description } : {}),
      ...optionsOf(fields, property),
      wire: {
        type: property.type,
        fieldType,
        group: groupName ?? groupOf({ ...type, custom }),
        ...(hasUniqueValue ? { unique: true } : {}),
        ...(displayOrder === undefined ? {} : { displayOrder }),
        ...(fields.kind === 'custom_fields' && takesOptions(property) ? { options: givenOptions(property) } : {}),
      },
    },
  }
}

/** Undefined: there is no such type. */
export const dataTypeOf = ({ type, fieldType }: Pick<NewProperty, 'type' | 'fieldType'>): string | undefined =>
  DATA_TYPES[`${type} ${fieldType}`] ?? DATA_TYPES[type]

const takesOptions = ({ type }: Pick<NewProperty, 'type'>) => type === 'bool' || type === 'enumeration'
const givenOptions = ({ type, options }: Pick<NewProperty, 'type' | 'options'>) =>
  (options ?? (type === 'bool' ? YES_AND_NO : [])).map(({ label, value }) => ({ label, value }))

function placeOf(fields: ObjectType['fields'], custom: ObjectType['custom'], name: string): AssetDocument {
  if (fields.kind === 'custom_fields') return { fieldKey: `${fields.model}.${name}`, model: fields.model, position: 0 }
  const { objectKey } = fields
  return { fieldKey: `${objectKey}.${name}`, objectKey, ...(custom === null ? {} : { objectId: custom.assetId }) }
}

/** Custom fields list what people read, fields of objects the values beside. */
function optionsOf({ kind }: ObjectType['fields'], property: Pick<NewProperty, 'type' | 'options'>): AssetDocument {
  if (!takesOptions(property)) return {}
  const options = givenOptions(property)
  if (kind === 'custom_fields') return { picklistOptions: options.map(({ label }) => label) }
  return { options: options.map(({ label, value }) => ({ key: value, label })) }
}

/** Why these cannot be the options of a property: each is known by its value, and people know it by its label. */
function faultOf(options: readonly Option[]): string | null {
  for (const part of ['value', 'label'] as const) {
    const seen = new Set<string>()
    for (const { [part]: text } of options) {
      if (seen.has(text)) return `two options have the ${part} "${text}"`
      seen.add(text)
    }
  }
  return null
}

/** Labels that an option had before count, too. */
const MOST_LABELS = 1000

/**
 * What of a field's document changes with its options. Records of a custom field keep labels: one means for good what it
 * meant once, so it cannot become that of another option.
 */
export function changedOptions(
  fields: ObjectType['fields'],
  document: AssetDocument,
  property: Pick<NewProperty, 'type' | 'options'>,
): { listed: AssetDocument; said?: { options: Option[] } } | { fault: string } {
  if (!takesOptions(property)) return { listed: {} }
  const given = givenOptions(property)
  const fault = faultOf(given)
  if (fault !== null) return { fault }
  const listed = optionsOf(fields, property)
  if (fields.kind !== 'custom_fields') return { listed }
  const meanings = meaningsOf(document)
  const other = given.find(({ label, value }) => (meanings.get(label) ?? value) !== value)
  if (other !== undefined) {
    const { label } = other
    return {
      fault: `"${label}" is or was the label of the option "${meanings.get(label)}", which objects still have by it`,
    }
  }
  const labels = new Set(given.map(({ label }) => label))
  const former = [...meanings].flatMap(([label, value]) => (labels.has(label) ? [] : [{ label, value }]))
  const options = [...given, ...former]
  if (options.length > MOST_LABELS)
    return { fault: `the options of a property have ${MOST_LABELS} labels at most, those of before among them` }
  return { listed, said: { options } }
}
