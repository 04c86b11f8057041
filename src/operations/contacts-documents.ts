import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'
import { getLocation } from '../auth/locations.ts'
import { invalid } from '../errors.ts'
import { customFields } from '../resources/custom-fields.ts'
import { listAssets } from '../store/assets.ts'
import { toTags } from '../store/natural-key.ts'
import type { RecordDocument } from '../store/record-resource.ts'
import type { AssetResource } from '../store/resource.ts'
import type { Context } from './define.ts'

/** A contact as its caller describes it: what `contactInput` lets through. */
export type ContactInput = Record<string, unknown>

/** What every contact has. */
export const BLANK: RecordDocument = { type: 'lead', tags: [], customFields: [], dnd: false, followers: [] }

interface FieldValue {
  id?: string
  key?: string
  field_value?: unknown
  value?: unknown
}

/** The fields that the input names, as they are stored: null for one it empties. Faults are reported together (422). */
export async function toChanges(ctx: Context, input: ContactInput): Promise<RecordDocument> {
  const faults: string[] = []
  const { name, tags, customFields: values, ...rest } = input
  const changes: RecordDocument = { ...rest }
  for (const [field, value] of Object.entries(rest)) if (typeof value === 'string') changes[field] = value.trim() === '' ? null : value.trim()
  if (typeof name === 'string' && input.firstName === undefined && input.lastName === undefined) Object.assign(changes, splitName(name))
  if (changes.type === null) delete changes.type
  for (const email of [changes.email, ...((changes.additionalEmails ?? []) as string[])])
    if (typeof email === 'string' && !/^[^\s@]+@[^\s@]+$/.test(email)) faults.push('email must be an email')
  if (typeof changes.dateOfBirth === 'string') {
    changes.dateOfBirth = toBirthDate(changes.dateOfBirth)
    if (changes.dateOfBirth === null) faults.push('dateOfBirth must be a date such as 1990-09-25')
  }
  if (typeof changes.phone === 'string') changes.phone = await toPhone(ctx, changes.phone)
  if (Array.isArray(changes.additionalPhones)) changes.additionalPhones = await Promise.all(changes.additionalPhones.map((phone) => toPhone(ctx, phone)))
  if (Array.isArray(tags)) changes.tags = toTags(tags)
  if (Array.isArray(values)) changes.customFields = await toFieldValues(ctx, values, faults)
  if (faults.length > 0) throw invalid([...new Set(faults)])
  return changes
}

/** The next document of a contact. Values of custom fields that are not named stay, as do channels of `dndSettings`. */
export function applyChanges(document: RecordDocument, changes: RecordDocument): RecordDocument {
  const next = { ...document, ...changes }
  if (changes.customFields !== undefined) {
    const values = new Map([...list(document.customFields), ...list(changes.customFields)].map((value) => [value.id, value]))
    next.customFields = [...values.values()].filter(({ value }) => !isEmpty(value))
  }
  if (changes.dndSettings !== undefined) next.dndSettings = { ...(document.dndSettings as object), ...(changes.dndSettings as object) }
  return next
}

const list = (values: unknown) => (values ?? []) as { id: string; value: unknown }[]
const isEmpty = (value: unknown) => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

function splitName(name: string): RecordDocument {
  const [, first = '', last = ''] = /^(\S*)\s*([\s\S]*)$/.exec(name.trim()) ?? []
  return { firstName: first.slice(0, 200) || null, lastName: last.slice(0, 200) || null }
}

/** E.164. A number without a country is one of the location's own. What is no telephone number stays as it was written. */
export async function toPhone(ctx: Context, text: string): Promise<string> {
  const number = text.trim()
  const phone = parsePhoneNumberFromString(number, number.startsWith('+') ? undefined : await countryOf(ctx))
  return phone?.isPossible() ? phone.number : number
}

async function countryOf(ctx: Context): Promise<CountryCode> {
  const { doc } = await getLocation(ctx.db, ctx.agencyId, ctx.locationId)
  return typeof doc.country === 'string' && isSupportedCountry(doc.country) ? doc.country : 'US'
}

/** The formats of the wire; stored as the first moment of the day, as answers show it. Null: no date. */
export function toBirthDate(text: string): string | null {
  const day = text
    .trim()
    .replace(/T.*$/, '')
    .split(/[-/._]/)
  const [year, month, date] = day[0]?.length === 4 ? day : [day[2], day[0], day[1]]
  if (!/^\d{4}$/.test(year ?? '') || !/^\d{1,2}$/.test(month ?? '') || !/^\d{1,2}$/.test(date ?? '')) return null
  const iso = `${year}-${month?.padStart(2, '0')}-${date?.padStart(2, '0')}T00:00:00.000Z`
  const moment = new Date(iso)
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === iso ? iso : null
}

async function toFieldValues(ctx: Context, values: readonly FieldValue[], faults: string[]): Promise<{ id: string; value: unknown }[]> {
  if (values.length === 0) return []
  const fields = await listAssets(ctx.db, customFields as unknown as AssetResource, ctx.locationId)
  const idByKey = new Map(fields.map(({ id, document }) => [String(document.fieldKey).toLowerCase(), id]))
  const ids = new Set(fields.map(({ id }) => id))
  const stored = new Map<string, { id: string; value: unknown }>()
  for (const [index, { id, key, field_value, value = field_value }] of values.entries()) {
    const name = key?.replace(/[{}\s]/g, '').toLowerCase()
    const found = id !== undefined && ids.has(id) ? id : name === undefined ? undefined : (idByKey.get(name) ?? idByKey.get(`contact.${name}`))
    if (found !== undefined) stored.set(found, { id: found, value: value ?? null })
    else faults.push(`customFields[${index}]: there is no custom field with the ${id === undefined ? `key ${key}` : `id ${id}`} in this location`)
  }
  return [...stored.values()]
}
