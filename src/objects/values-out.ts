import type { RecordDocument } from '../store/records/index.ts'
import type { Owners } from './owners.ts'
import type { Form, Property } from './property.ts'

/** What reading a value needs to know of a record. */
export interface ReadRow {
  objectId: number | string
  document: RecordDocument
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
}

/** What the wire shows of a property of a record; null where there is no value. */
export function readValue(property: Property, row: ReadRow, owners: Owners): string | null {
  const { place } = property
  if (place.in === 'rule') return place.rule.read(row.document, row.createdAt)
  if (place.in !== 'row') return readFrom(property, row.document, owners)
  const value = row[place.column]
  return value instanceof Date ? value.toISOString() : String(value)
}

/** The same of a document, or of a part of one: what it does not hold is null. */
export function readFrom(property: Property, document: RecordDocument, owners: Owners): string | null {
  const { place } = property
  switch (place.in) {
    case 'row':
      return null
    case 'rule':
      return place.rule.read(document)
    case 'twin':
      return readTwin(document, place)
    case 'values':
      return shown(place, property, storedValue(document.customFields, place), owners)
    case 'document': {
      const [field, name] = place.path
      const value = document[field]
      return shown(place, property, name === undefined ? value : (value as RecordDocument | undefined)?.[name], owners)
    }
  }
}

/** The top-level fields of a document in which a value may lie. */
export function fieldsOf({ place }: Property): readonly string[] {
  switch (place.in) {
    case 'row':
      return []
    case 'rule':
      return place.fields
    case 'twin':
      return [place.field, place.bag]
    case 'values':
      return ['customFields']
    case 'document':
      return [place.path[0]]
  }
}

/** What the text as it was written became, beside it in the bag. */
export const becameOf = (field: string) => `${field}.became`

function readTwin(document: RecordDocument, { field, bag }: { field: string; bag: string }): string | null {
  const value = document[field] ?? null
  const written = document[bag] as RecordDocument | undefined
  const isStill = written?.[field] !== undefined && (written[becameOf(field)] ?? null) === value
  const text = isStill ? written[field] : value
  return text === null ? null : String(text)
}

export function storedValue(values: unknown, { id, under }: { id: string; under: string }): unknown {
  const all = (Array.isArray(values) ? values : []) as { id?: unknown; [name: string]: unknown }[]
  return all.find((value) => value.id === id)?.[under]
}

/** What a label stands for; any other text is what it says. */
export const meaningOf = ({ place }: Pick<Property, 'place'>, label: string): string =>
  (place.in === 'values' ? place.means.get(label) : undefined) ?? label

function shown({ form }: { form: Form }, property: Property, value: unknown, owners: Owners): string | null {
  const { type } = property
  const ofLabel = (label: unknown) => meaningOf(property, String(label))
  if (value === undefined || value === null || value === '') return null
  switch (form) {
    case 'list':
      return joined(value, String)
    case 'label':
      return ofLabel(value)
    case 'labels':
      return joined([value].flat(), ofLabel)
    case 'owner':
      return owners.numberOf(String(value))
    case 'owners':
      return owners.numberOf(String([value].flat()[0] ?? ''))
    case 'day':
      return String(value).slice(0, 10)
    case 'money':
      return String((value as { value?: unknown }).value ?? value)
    case 'json':
      return typeof value === 'string' ? value : JSON.stringify(value)
    default:
      return typeof value === 'object' ? joined(value, String) : momentOrText(type, String(value))
  }
}

/** Moments are ISO 8601 in UTC on the wire, days are days; the other wire has both in one field. */
function momentOrText(type: Property['type'], value: string): string {
  if (type === 'date') return value.slice(0, 10)
  if (type !== 'datetime') return value
  const at = new Date(value)
  return Number.isNaN(at.getTime()) ? value : at.toISOString()
}

function joined(value: unknown, toText: (one: unknown) => string): string | null {
  const all = Array.isArray(value) ? value : Object.values(value as object)
  return all.length === 0
    ? null
    : all.map((one) => (typeof one === 'object' ? JSON.stringify(one) : toText(one))).join(';')
}
