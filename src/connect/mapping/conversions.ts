import { toEmail } from '../../store/natural-key.ts'
import { toCountry, toPhone } from '../../store/phone.ts'
import { digitsOf, fromMinor, readCurrency, readMoney, readNumber } from './amounts.ts'
import { readCountry } from './countries.ts'
import { toDay, toMoment } from './dates.ts'
import type { Conversion, Habits, MappedValue } from './document.ts'
import { splitName } from './names.ts'

/** What a value is not; the message begins behind the name of its field. */
export class Unfit extends Error {}

/** A value that is not empty, as a field of ours wants it. Throws `Unfit`. Null: nothing is left of it. */
type Convert = (value: unknown, habits: Habits) => MappedValue

const MOST_TOLD = 80

function told(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return text.length > MOST_TOLD ? `“${text.slice(0, MOST_TOLD).toWellFormed()}…”` : `“${text}”`
}

const unfit = (value: unknown, what: string) => new Unfit(`${told(value)} is ${what}`)

export function isEmpty(value: unknown): boolean {
  if (typeof value === 'string') return value === '' || value.trim() === ''
  return value === undefined || value === null || (Array.isArray(value) && value.every(isEmpty))
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value))
    return value
      .filter((one) => !isEmpty(one))
      .map(toText)
      .join(', ')
  throw unfit(value, 'no text')
}

/** `read` says null where the text is none. */
const reading =
  <V extends MappedValue>(what: string, read: (text: string, habits: Habits) => V | null): Convert =>
  (value, habits) => {
    const found = read(toText(value), habits)
    if (found === null) throw unfit(value, what)
    return found
  }

const amount = (what: string, read: (text: string, habits: Habits) => number | null): Convert => {
  const ofText = reading(what, read)
  return (value, habits) => {
    if (typeof value !== 'number') return ofText(value, habits)
    if (!Number.isFinite(value)) throw unfit(value, what)
    return value
  }
}

function toMinor(text: string, { currency }: Habits): number | null {
  const whole = /^-?\d{1,15}$/.test(text) ? Number(text) : null
  return whole === null ? null : fromMinor(whole, currency)
}

const YES = /^(?:true|yes|y|1|on|x|checked)$/i
const NO = /^(?:false|no|n|0|off|unchecked)$/i

function toBoolean(text: string): boolean | null {
  return YES.test(text) ? true : NO.test(text) ? false : null
}

/** `Ada <ada@ex.test>`, `mailto:ada@ex.test`. */
function readEmail(text: string): string | null {
  const bare = /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text
  const email = toEmail(bare.replace(/^mailto:/i, '').trim())
  return /^[^\s@,;<>]+@[^\s@,;<>]+$/.test(email) ? email : null
}

const readPhone = (text: string, { country }: Habits) => toPhone(text, toCountry(country))

function toList(value: unknown): string[] {
  const parts = Array.isArray(value) ? value.filter((one) => !isEmpty(one)).map(toText) : toText(value).split(/[,;\n]/)
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))]
}

const each =
  (what: string, read: (text: string, habits: Habits) => string | null): Convert =>
  (value, habits) => {
    const found = toList(value).map((one) => {
      const read_ = read(one, habits)
      if (read_ === null) throw unfit(one, what)
      return read_
    })
    return [...new Set(found)]
  }

/** For fields whose type is not known here. */
function asItIs(value: unknown): MappedValue {
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'number' || typeof value === 'boolean') return value
  return Array.isArray(value) ? toList(value) : toText(value)
}

export const CONVERT: Record<Conversion | 'raw', Convert> = {
  raw: asItIs,
  text: toText,
  number: amount('no number', (text, { country }) => readNumber(text, country)),
  money: amount('no amount', (text, { country, currency }) => readMoney(text, country, digitsOf(currency))),
  'money.minor': reading('no whole number of cents', toMinor),
  email: reading('no e-mail address', readEmail),
  phone: reading('no telephone number', readPhone),
  date: reading('no date', (text, { zone }) => toDay(text, { zone })),
  'date.dayFirst': reading('no date', (text, { zone }) => toDay(text, { zone, dayFirst: true })),
  moment: reading('no date', (text, { zone }) => toMoment(text, { zone })),
  boolean: reading('neither yes nor no', toBoolean),
  list: toList,
  emails: each('no e-mail address', readEmail),
  phones: each('no telephone number', readPhone),
  country: reading('no country', readCountry),
  currency: reading('no currency', (text, { currency }) => readCurrency(text, currency)),
  'name.first': (value) => splitName(toText(value)).first || null,
  'name.last': (value) => splitName(toText(value)).last || null,
}

/** The helpers of expressions. */
export function helpersOf(habits: Habits): (name: string, values: readonly unknown[]) => unknown {
  return (name, [value, ...more]) => {
    if (isEmpty(value)) return undefined
    if (name === 'name') return splitName(toText(value))
    if (name === 'minor')
      return CONVERT['money.minor'](value, { ...habits, currency: String(more[0] ?? habits.currency).toUpperCase() })
    return CONVERT[name as 'money' | 'phone' | 'date' | 'moment'](value, habits)
  }
}
