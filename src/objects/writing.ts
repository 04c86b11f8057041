import type { CountryCode } from 'libphonenumber-js'
import { toEmail } from '../store/natural-key.ts'
import { toCountry, toPhone } from '../store/phone.ts'
import type { RecordDocument } from '../store/records/index.ts'
import { codeOfCountry } from './countries.ts'
import type { Owners } from './owners.ts'
import type { Form, Property } from './property.ts'
import { becameOf, readFrom } from './values-out.ts'

/** What writing values needs to know of the location. */
export interface Habits {
  owners: Owners
  /** Numbers that do not say their country are read in this one. */
  country: CountryCode
}

/** Values in the spelling of the wire; null clears one. */
export type Texts = readonly (readonly [Property, string | null])[]

/** The document with these values: all others stay. */
export function writeTexts(document: RecordDocument, texts: Texts, habits: Habits): RecordDocument {
  const next = { ...document }
  const ordered = texts.toSorted(([a], [b]) => rankOf(b) - rankOf(a))
  for (const [property, text] of ordered) writeText(next, property, text, habits)
  return next
}

/** The country first: numbers are read in it. When an appointment begins has more than one name: that of its own counts. */
const rankOf = ({ name }: Property) => Number(name === 'country' || name === 'hs_timestamp')

function writeText(next: RecordDocument, property: Property, given: string | null, habits: Habits): void {
  const { place } = property
  const isMore = given?.startsWith(';') === true && property.type === 'enumeration'
  const text = isMore ? withMore(readFrom(property, next, habits.owners), given) : given
  if (place.in === 'rule') Object.assign(next, place.rule.write?.(next, text))
  else if (place.in === 'twin') writeTwin(next, place, text, habits)
  else if (place.in === 'values') {
    const others = ((next.customFields ?? []) as { id: string }[]).filter(({ id }) => id !== place.id)
    const value = text === null ? null : toStored(place.form, property, text, habits)
    next.customFields = value === null ? others : [...others, { id: place.id, [place.under]: value }]
  } else if (place.in === 'document') {
    const [field, name] = place.path
    const value = text === null ? null : toStored(place.form, property, text, habits)
    if (name === undefined) next[field] = text === null && Array.isArray(next[field]) ? [] : value
    else next[field] = withEntry(next[field], name, value)
  }
}

/** Several options, and those that come to them. */
const withMore = (before: string | null, more: string) =>
  [...new Set([...(before ?? '').split(';'), ...more.split(';')])].filter((value) => value !== '').join(';') || null

/** The bag with, or without, a value; none where nothing is left in it. */
function withEntry(bag: unknown, name: string, value: unknown): RecordDocument | null {
  const { [name]: _, ...rest } = (bag ?? {}) as RecordDocument
  const next = value === null ? rest : { ...rest, [name]: value }
  return Object.keys(next).length === 0 ? null : next
}

function writeTwin(
  next: RecordDocument,
  { field, bag }: { field: string; bag: string },
  text: string | null,
  { country }: Habits,
): void {
  const stored = text === null ? null : becomes(field, text, toCountry(next.country, country))
  const differs = stored !== text
  next[field] = stored
  next[bag] = withEntry(withEntry(next[bag], field, differs ? text : null), becameOf(field), differs ? stored : null)
}

/** A phone number in its normal form, a country by its code. Null: the other wire has no word for it. */
function becomes(field: string, text: string, country: CountryCode): string | null {
  if (field === 'country') return codeOfCountry(text)
  return toPhone(text, country) ?? text
}

function toStored(form: Form, property: Property, text: string, { owners }: Habits): unknown {
  switch (form) {
    case 'number':
      return Number(text)
    case 'boolean':
      return text === 'true'
    case 'list':
      return text.split(';')
    case 'label':
      return labelOf(property, text)
    case 'labels':
      return text.split(';').map((value) => labelOf(property, value))
    case 'owner':
      return owners.idOf(text)
    case 'owners':
      return [owners.idOf(text) ?? text]
    case 'day':
      return `${text}T00:00:00.000Z`
    case 'money':
      return { currency: 'default', value: Number(text) }
    default:
      return property.name === 'email' ? toEmail(text) : text
  }
}

const labelOf = ({ options }: Property, text: string) => options.find(({ value }) => value === text)?.label ?? text
