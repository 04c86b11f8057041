import type { AssetDocument } from '../store/assets/index.ts'
import type { Form, Option, Property, PropertyType } from './property.ts'
import type { ObjectType } from './types.ts'

/** What the wire says of a property that a custom field has no place for (resources/shapes.ts, `WireProperty`). */
interface Said {
  type?: PropertyType
  fieldType?: string
  group?: string
  unique?: boolean
  options?: Option[]
}

const KINDS: Readonly<Record<string, readonly [PropertyType, string, Form]>> = {
  TEXT: ['string', 'text', 'text'],
  LARGE_TEXT: ['string', 'textarea', 'text'],
  EMAIL: ['string', 'text', 'text'],
  PHONE: ['phone_number', 'phonenumber', 'text'],
  NUMERICAL: ['number', 'number', 'number'],
  FLOAT: ['number', 'number', 'number'],
  MONETORY: ['number', 'number', 'number'],
  MONETARY: ['number', 'number', 'number'],
  DATE: ['date', 'date', 'text'],
  SINGLE_OPTIONS: ['enumeration', 'select', 'text'],
  RADIO: ['enumeration', 'radio', 'text'],
  MULTIPLE_OPTIONS: ['enumeration', 'checkbox', 'list'],
  CHECKBOX: ['enumeration', 'checkbox', 'list'],
}
/** Files, signatures, lists of boxes: shown as they are, and not written here. */
const OTHER = ['string', 'text', 'json'] as const

/** The property that a field which somebody made in a location is; null: it is none of the type, or a folder. */
export function toProperty(type: ObjectType, id: string, document: AssetDocument): Property | null {
  const { fields } = type
  const key = String(document.fieldKey ?? '')
  const prefix = fields.kind === 'custom_fields' ? fields.model : fields.objectKey
  const isOfType = fields.kind === 'custom_fields' ? document.model === prefix : document.objectKey === prefix
  if (!isOfType || document.documentType === 'folder' || !key.startsWith(`${prefix}.`)) return null
  const said = (document.wire ?? {}) as Said
  const [ownType, ownField, form] = KINDS[String(document.dataType)] ?? OTHER
  const options = optionsOf(document, said.options ?? [])
  const means = ownType === 'enumeration' ? meaningsOf(document) : new Map<string, string>()
  const isMoney = fields.kind === 'object_fields' && ownType === 'number' && document.dataType !== 'NUMERICAL'
  return {
    name: key.slice(prefix.length + 1),
    label: String(document.name),
    type: typeOf(ownType, said.type),
    fieldType: said.fieldType ?? ownField,
    group: said.group ?? groupOf(type),
    description: String(document.description ?? ''),
    options,
    open: ownType === 'enumeration' && (isOpen(document) || options.length === 0),
    unique: said.unique === true,
    readOnly: form === 'json',
    assetId: id,
    place: placeOf(type, id, { name: key.slice(prefix.length + 1), form: isMoney ? 'money' : form, means }),
  }
}

/** What the wire called it, as long as the field is still such a one. */
const typeOf = (own: PropertyType, said: PropertyType | undefined): PropertyType =>
  (said === 'bool' && own === 'enumeration') || (said === 'datetime' && own === 'date') ? said : own

/** Custom fields store what people read, where fields of objects store keys. */
const LABELS: Partial<Record<Form, Form>> = { text: 'label', list: 'labels' }

function placeOf(
  type: ObjectType,
  id: string,
  { name, form, means }: { name: string; form: Form; means: ReadonlyMap<string, string> },
): Property['place'] {
  if (type.fields.kind === 'custom_fields') {
    const under = type.fields.model === 'contact' ? 'value' : 'fieldValue'
    return { in: 'values', id, under, form: means.size > 0 ? (LABELS[form] ?? form) : form, means }
  }
  if (type.custom !== null) return { in: 'document', path: ['properties', name], form }
  if (type.kind === 'businesses') return { in: 'document', path: ['customProperties', name], form }
  return { in: 'document', path: [type.bag, name], form: 'text' }
}

/**
 * What people see of a custom field are labels; the wire may have told which values are meant. The other wire may offer
 * an option by two of its labels.
 */
function optionsOf({ options, picklistOptions }: AssetDocument, said: readonly Option[]): Option[] {
  if (Array.isArray(options)) return options.map(({ key, label }) => ({ value: key, label }))
  const listed = ((picklistOptions ?? []) as string[]).map(
    (label) => said.find((option) => option.label === label) ?? { value: label, label },
  )
  const seen = new Set<string>()
  return listed.filter(({ value }) => seen.size < seen.add(value).size)
}

/**
 * What each text that records keep of a custom field stands for. The wire remembers the labels of before: an option that
 * is called otherwise, or no more offered, stays the value of who has it, whenever that is read.
 */
export function meaningsOf(document: AssetDocument): Map<string, string> {
  const { options: said = [] } = (document.wire ?? {}) as Said
  const meanings = new Map<string, string>()
  for (const { label, value } of [...said, ...optionsOf(document, said)])
    if (!meanings.has(label)) meanings.set(label, value)
  return meanings
}

/** The texts by which the options of a custom field were known before, as long as they are options. */
export function formerLabelsOf(document: AssetDocument): string[] {
  const { options: said = [] } = (document.wire ?? {}) as Said
  const offered = new Set(optionsOf(document, said).map(({ value }) => value))
  return said.filter(({ value }) => offered.has(value)).map(({ label }) => label)
}

const isOpen = ({ isAllowedCustomOption, allowCustomOption }: AssetDocument) =>
  isAllowedCustomOption === true || allowCustomOption === true

/** The group of a property that is in none. */
export const groupOf = ({ name, custom }: Pick<ObjectType, 'name' | 'custom'>) =>
  custom === null ? `${name.replaceAll('_', '')}information` : 'objectinformation'
