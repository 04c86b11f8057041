import { invalid } from '../../errors.ts'
import { toEmail, toTags } from '../../store/natural-key.ts'
import type { RecordDocument } from '../../store/records/index.ts'
import type { Writing } from '../define.ts'
import { type GivenValue, isEmptyValue, readFieldValues } from '../field-values.ts'
import { readDay } from '../moments.ts'
import { faultsOfPeople } from '../people/index.ts'
import { readPhone } from '../phones.ts'

/** A contact as its caller describes it: what `contactInput` lets through. */
export type ContactInput = Record<string, unknown>

/** What every contact has. */
export const BLANK: RecordDocument = { type: 'lead', tags: [], customFields: [], dnd: false, followers: [] }

/**
 * The fields that the input names, as they are stored: null for one it empties. Faults are reported together (422).
 * `known`: the contact that the input changes, whose country its numbers are of.
 */
export async function toChanges(ctx: Writing, input: ContactInput, known?: RecordDocument): Promise<RecordDocument> {
  const faults: string[] = []
  const { name, tags, customFields: values, ...rest } = input
  const changes: RecordDocument = { ...rest }
  for (const [field, value] of Object.entries(rest))
    if (typeof value === 'string') changes[field] = value.trim() === '' ? null : value.trim()
  if (typeof name === 'string' && input.firstName === undefined && input.lastName === undefined)
    Object.assign(changes, splitName(name))
  if (changes.type === null) delete changes.type
  if (typeof changes.email === 'string') changes.email = readEmail(changes.email, 'email', faults)
  if (Array.isArray(changes.additionalEmails))
    changes.additionalEmails = changes.additionalEmails.map((email) => readEmail(email, 'additionalEmails', faults))
  if (typeof changes.dateOfBirth === 'string') {
    changes.dateOfBirth = toBirthDate(changes.dateOfBirth)
    if (changes.dateOfBirth === null) faults.push('dateOfBirth must be a date such as 1990-09-25')
  }
  const country = changes.country ?? known?.country
  const phone = async (typed: string, field: string) => {
    const read = await readPhone(ctx, typed, country)
    if (read === null) faults.push(`${field} must be a phone number`)
    return read ?? typed
  }
  if (typeof changes.phone === 'string') changes.phone = await phone(changes.phone, 'phone')
  if (Array.isArray(changes.additionalPhones))
    changes.additionalPhones = await Promise.all(changes.additionalPhones.map((one) => phone(one, 'additionalPhones')))
  faults.push(...(await faultsOfPeople(ctx, 'assignedTo', changes.assignedTo, known?.assignedTo)))
  if (Array.isArray(tags)) changes.tags = toTags(tags)
  if (Array.isArray(values)) {
    const read = await readFieldValues(ctx, values as GivenValue[], { model: 'contact' }, faults)
    changes.customFields = [...read].map(([id, value]) => ({ id, value }))
  }
  if (faults.length > 0) throw invalid([...new Set(faults)])
  return changes
}

/** The next document of a contact. Values of custom fields that are not named stay, as do channels of `dndSettings`. */
export function applyChanges(document: RecordDocument, changes: RecordDocument): RecordDocument {
  const next = { ...document, ...changes }
  if (changes.customFields !== undefined) {
    const values = new Map(
      [...list(document.customFields), ...list(changes.customFields)].map((value) => [value.id, value]),
    )
    next.customFields = [...values.values()].filter(({ value }) => !isEmptyValue(value))
  }
  if (changes.dndSettings !== undefined)
    next.dndSettings = { ...(document.dndSettings as object), ...(changes.dndSettings as object) }
  return next
}

const list = (values: unknown) => (values ?? []) as { id: string; value: unknown }[]
function splitName(name: string): RecordDocument {
  const [, first = '', last = ''] = /^(\S*)\s*([\s\S]*)$/.exec(name.trim()) ?? []
  return { firstName: first.slice(0, 200) || null, lastName: last.slice(0, 200) || null }
}

/** An empty one is none; the list of additional ones has had them so far. */
function readEmail(typed: string, field: string, faults: string[]): string {
  const email = toEmail(typed.trim())
  if (!/^[^\s@]+@[^\s@]+$/.test(email))
    faults.push(`${field === 'email' ? 'email' : `each value in ${field}`} must be an email`)
  return email
}

/** Stored as the first moment of the day, as answers show it. Null: no date. */
export function toBirthDate(text: string): string | null {
  const day = readDay(text)
  return day === null ? null : `${day}T00:00:00.000Z`
}
