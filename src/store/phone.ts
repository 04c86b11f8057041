import {
  type CountryCode,
  isSupportedCountry,
  Metadata,
  type NumberingPlan,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js'
import { visible } from './natural-key.ts'

/** As numbers are stored: `+33612345678`, `+12125550199;ext=12` (RFC 3966), `72345`. */
const NORMAL = /^\+?\d{3,}(;ext=\d+)?$/
const EXTENSION = /\s*(?:;\s*ext\s*=|\bextension\b|\bext\b\.?:?|x|#)\s*(\d{1,9})\s*$/i
/** What number plans have dropped, of which people still write down much. */
const RETIRED: readonly (readonly [RegExp, string])[] = [
  // Mexico until 2019: a 1 in front of mobile numbers, 044, 045 and 01 within the country.
  [/^\+52(?:1|0[12]|04[45])(\d{10})$/, '+52$1'],
]

/** The country that numbers are read in which do not say theirs. */
export const toCountry = (...codes: readonly unknown[]): CountryCode =>
  codes.map(countryOf).find((code) => code !== undefined) ?? 'US'

function countryOf(code: unknown): CountryCode | undefined {
  const wanted = typeof code === 'string' ? code.trim().toUpperCase() : ''
  const iso = wanted === 'UK' ? 'GB' : wanted
  return isSupportedCountry(iso) ? iso : undefined
}

/** Whether the country that a number is read in makes no difference. */
export const saysItsCountry = (text: string): boolean => /^[^\d+]*\+/.test(text)
const leadsAbroad = (text: string): boolean => /^[^\d+]*00/.test(text)

/**
 * The one way in which a number is stored and compared, however it was typed: E.164, with its extension. Numbers that
 * no plan knows, as short ones and old ones, are their digits. Null: no telephone number.
 */
export function toPhone(typed: string, country: CountryCode): string | null {
  const text = visible(typed).trim()
  const [, extension] = EXTENSION.exec(text) ?? []
  const bare = text.replace(EXTENSION, '')
  const number = toNumber(bare, country)
  return number === null || extension === undefined ? number : `${number};ext=${extension}`
}

function toNumber(text: string, country: CountryCode): string | null {
  if (nationalOf(text) !== null) return text
  const found = parse(text, country)
  if (found?.isPossible()) return found.number
  for (const [retired, now] of RETIRED)
    if (found !== undefined && retired.test(found.number)) return found.number.replace(retired, now)
  if (/\p{L}/u.test(text)) return toKeypad(text, country)
  const digits = toDigits(text)
  if (digits.length < 3) return null
  return saysItsCountry(text) || leadsAbroad(text) ? `+${digits.replace(/^00/, '')}` : digits
}

/** How numbers begin behind a calling code that are not meant as they stand, and how long the others are. */
interface Plan {
  prefix: RegExp | null
  lengths: readonly number[]
}

const plans = new Map<string, Plan | null>()

function planOf(callingCode: string): Plan | null {
  const known = plans.get(callingCode)
  if (known !== undefined) return known
  const metadata = new Metadata() as Metadata & { hasCallingCode(code: string): boolean; numberingPlan: FullPlan }
  let plan: Plan | null = null
  if (metadata.hasCallingCode(callingCode)) {
    metadata.selectNumberingPlan(callingCode as never)
    const { numberingPlan } = metadata
    const prefix = numberingPlan.nationalPrefixForParsing()
    plan = { prefix: prefix ? new RegExp(`^(?:${prefix})`) : null, lengths: numberingPlan.possibleLengths() }
  }
  plans.set(callingCode, plan)
  return plan
}

/** The library has it, its types do not. */
type FullPlan = NumberingPlan & { nationalPrefixForParsing(): string | undefined }

/**
 * What stands behind the calling code of a number that is in E.164 already, as programs send them: what the library
 * makes of it too, and takes twenty times as long for, since it looks for the very country. Null: it has to be read.
 */
function nationalOf(text: string): string | null {
  if (!/^\+[1-9]\d{5,14}$/.test(text)) return null
  for (let length = 1; length <= 3; length++) {
    const plan = planOf(text.slice(1, 1 + length))
    if (plan === null) continue
    const national = text.slice(1 + length)
    return plan.lengths.includes(national.length) && !plan.prefix?.test(national) ? national : null
  }
  return null
}

/** 00 leads abroad from most countries; in the others it is known, and few numbers of theirs begin with it. */
function parse(text: string, country: CountryCode): PhoneNumber | undefined {
  const abroad = leadsAbroad(text) ? parsePhoneNumberFromString(text.replace(/^[^\d+]*00/, '+')) : undefined
  return abroad?.isPossible() ? abroad : parsePhoneNumberFromString(text, country)
}

/** `1-800-FLOWERS`: letters for the digits they stand on. Null where that makes no number. */
function toKeypad(text: string, country: CountryCode): string | null {
  if (!/^[+(\d][\d\s().+-]*[a-z]+$/i.test(text)) return null
  const digits = text.toLowerCase().replace(/[a-z]/g, (letter) => KEYPAD[letter.charCodeAt(0) - 97] as string)
  const found = parsePhoneNumberFromString(digits, country)
  return found?.isValid() ? found.number : null
}

const KEYPAD = '22233344455566677778889999'

/** Also those of other scripts. */
function toDigits(text: string): string {
  return Array.from(text.matchAll(/\p{Nd}/gu), ([digit]) => figureOf(digit)).join('')
}

/** The digits of a script follow each other from a zero on. */
function figureOf(digit: string): number {
  if (digit >= '0' && digit <= '9') return Number(digit)
  let zero = digit.codePointAt(0) as number
  let steps = 0
  while (steps < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) {
    zero--
    steps++
  }
  return steps
}

/**
 * What is typed in search of a stored number, as digits alone: with its country, without, and with the 0 that leads most
 * numbers within theirs. Formatting it as its country does would take three times as long for each contact written.
 */
export function digitsOfPhone(stored: string): string[] {
  if (!NORMAL.test(stored)) return []
  const [number = ''] = stored.split(';')
  const within = number.startsWith('+')
    ? (nationalOf(number) ?? parsePhoneNumberFromString(number)?.nationalNumber)
    : undefined
  return [number.replace('+', ''), ...(within === undefined ? [] : [within, `0${within}`])]
}
