import { foldedText } from '../store/natural-key.ts'
import type { Owners } from './owners.ts'
import type { Property } from './property.ts'
import { meaningOf } from './values-out.ts'

/** What is wrong with a value, in the words of the wire. */
export interface ValueFault {
  message: string
  error: string
  name: string
}

/** A value as the wire has it, in its one spelling; null clears it. */
export type Read = { text: string | null } | { fault: ValueFault }

/** A text that a property takes. HubSpot: 65,536. */
export const MOST_CHARACTERS = 65_536

/** Checks a value that a caller gives a property. What is empty clears it. `most`: characters that its place has room for. */
export function readText(property: Property, given: unknown, owners: Owners, most = MOST_CHARACTERS): Read {
  const { name } = property
  const fail = (error: string, message: string): Read => ({ fault: { message, error, name } })
  if (property.readOnly) return fail('READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set.`)
  if (given === null || given === undefined || given === '') return { text: null }
  if (typeof given === 'object') return fail('INVALID_STRING', `${name} must be a text, a number or a boolean`)
  const text = String(given)
  if (text.length > most && [...text].length > most)
    return fail('PROPERTY_TOO_LONG', `${name} is longer than ${most} characters`)
  const plain = text.trim()
  switch (property.type) {
    case 'number': {
      const number = toNumber(plain)
      return number === null ? fail('INVALID_INTEGER', `${shown(text)} was not a valid number.`) : { text: number }
    }
    case 'date': {
      const at = toMoment(plain)
      return at === null ? fail('INVALID_DATE', `${shown(text)} was not a valid date.`) : { text: at.slice(0, 10) }
    }
    case 'datetime': {
      const at = toMoment(plain)
      return at === null ? fail('INVALID_DATE', `${shown(text)} was not a valid date.`) : { text: at }
    }
    case 'bool':
      return /^(true|false)$/i.test(plain)
        ? { text: plain.toLowerCase() }
        : fail('INVALID_OPTION', `${shown(text)} was not one of the allowed options: [true, false]`)
    case 'enumeration':
      return readOptions(property, plain, owners, fail)
    default:
      return readString(property, text, fail)
  }
}

type Fail = (error: string, message: string) => Read

function readString(property: Property, text: string, fail: Fail): Read {
  if (property.name !== 'email' || property.group !== 'contactinformation') return { text }
  const email = text.trim()
  return /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]+$/.test(email)
    ? { text: email }
    : fail('INVALID_EMAIL', `Email address ${shown(text)} is invalid`)
}

function readOptions(property: Property, text: string, owners: Owners, fail: Fail): Read {
  const form = 'form' in property.place ? property.place.form : 'text'
  if (form === 'owner' || form === 'owners' || property.name === 'hubspot_owner_id')
    return owners.idOf(text) === null
      ? fail('INVALID_OWNER_ID', `The owner id ${shown(text)} does not exist`)
      : { text }
  const several = form === 'list' || form === 'labels' || property.fieldType === 'checkbox'
  const parts = several
    ? text
        .split(';')
        .map((part) => part.trim())
        .filter((part) => part !== '')
    : [text]
  const found = parts.map((part) => optionOf(property, part))
  const wrong = parts[found.indexOf(null)]
  // What begins with a semicolon is added to what is there.
  const more = several && text.startsWith(';') ? ';' : ''
  if (wrong === undefined) return { text: more + [...new Set(found)].join(';') }
  const options = property.options.slice(0, 50).map(({ label, value }) => `label: "${label}" value: "${value}"`)
  return fail('INVALID_OPTION', `${shown(wrong)} was not one of the allowed options: [${options.join(', ')}]`)
}

/** The value of an option: it may be named by its label, in any case, as people import them. */
function optionOf(property: Property, text: string): string | null {
  const { options, open } = property
  const folded = foldedText(text)
  const found =
    options.find(({ value }) => value === text) ??
    options.find(({ value, label }) => foldedText(value) === folded || foldedText(label) === folded)
  return found?.value ?? (open || options.length === 0 ? meaningOf(property, text) : null)
}

/** A value that is refused is said again, but not at length. */
const shown = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}...` : text)

/** Numbers have one spelling: `1e3` is 1000, `007` is 7. Null: none, or one that cannot be stored. */
function toNumber(text: string): string | null {
  if (!/^[-+]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})(e[-+]?\d{1,2})?$/i.test(text)) return null
  const number = Number(text)
  if (!Number.isFinite(number) || Math.abs(number) >= 1e15) return null
  return String(number === 0 ? 0 : number)
}

const [FIRST_MS, LAST_MS] = [-62_135_596_800_000, 253_402_300_799_999]
const ISO = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/i

/** ISO 8601, in UTC unless it says another zone, or milliseconds since the epoch. ISO 8601 in UTC; null: no moment. */
export function toMoment(text: string): string | null {
  if (/^-?\d{1,15}$/.test(text)) return fromMs(Number(text))
  const [, year, month, day, time, , , zone] = ISO.exec(text) ?? []
  if (year === undefined) return null
  // Days that no month has roll over into the next one.
  const whole = new Date(`${year}-${month}-${day}T00:00:00.000Z`)
  if (Number.isNaN(whole.getTime()) || whole.toISOString().slice(8, 10) !== day) return null
  return fromMs(Date.parse(time === undefined ? text : zone === undefined ? `${text}Z` : text))
}

function fromMs(ms: number): string | null {
  return Number.isNaN(ms) || ms < FIRST_MS || ms > LAST_MS ? null : new Date(ms).toISOString()
}
