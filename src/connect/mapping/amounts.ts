/**
 * Numbers as people and programs write them: `1,200.00`, `1.200,00 €`, `(12.50)`, `1 200`, `1'200.00`, `1,00,000`. Null:
 * no number.
 */
export function readNumber(text: string, country: string, digits = 2): number | null {
  const bare = text
    .trim()
    .replace(/(?<=\d)[\s'’_](?=\d{3}(?:\D|$))/g, '')
    .replace(/[−–]/g, '-')
  const match = /^(?<open>\(?)(?<sign>[-+]?)\s?(?<figures>\d[\d.,]*|[.,]\d+)\s?(?<after>-?)(?<close>\)?)$/.exec(bare)
  if (match?.groups === undefined) return null
  const { open, sign, figures = '', after, close } = match.groups
  if ((open === '(') !== (close === ')') || (sign !== '' && after !== '')) return null
  const plain = toPlain(figures, country, digits)
  if (plain === null) return null
  const isNegative = open === '(' || sign === '-' || after === '-'
  const value = Number(plain)
  return isNegative && value !== 0 ? -value : value
}

const BEFORE = /^([-+(−]?)\s*(?:[a-z]{0,3}\p{Sc}[a-z]{0,3}|[a-z]{2,3}\.?(?=[\s\d(+-]))\s*/iu
const BEHIND = /\s*(?:[a-z]{0,3}\p{Sc}[a-z]{0,3}|[a-z]{2,3}\.?)([-)]?)$/iu

/** The same with a currency before or behind it. */
export function readMoney(text: string, country: string, digits = 2): number | null {
  return readNumber(text.trim().replace(BEFORE, '$1').replace(BEHIND, '$1'), country, digits)
}

/** Digits and one point. Null: the groups are none of thousands. */
function toPlain(figures: string, country: string, digits: number): string | null {
  const marks = figures.replace(/\d/g, '')
  if (marks === '') return figures
  const last = marks.at(-1) as string
  const isMixed = new Set(marks).size > 1
  // The mark of the decimals stands once, and behind the others.
  if (isMixed && marks.indexOf(last) !== marks.length - 1) return null
  const parts = figures.split(last)
  const tail = parts.at(-1) as string
  const groups = isMixed ? (parts[0] as string).split(marks[0] as string) : parts.slice(0, -1)
  const isDecimal = isMixed || (parts.length === 2 && !isThousands(parts[0] as string, tail, { last, country, digits }))
  if (isDecimal) return areGroups(groups) ? `${groups.join('') || '0'}.${tail || '0'}` : null
  return areGroups(parts) ? parts.join('') : null
}

/** `1,200`: one mark with three digits behind it may be either. */
function isThousands(
  head: string,
  tail: string,
  { last, country, digits }: { last: string; country: string; digits: number },
): boolean {
  if (tail.length !== 3 || head === '' || head.length > 3 || head.startsWith('0')) return false
  return digits === 0 || last !== decimalMark(country)
}

/** Of thousands, or as in India: the last has three digits, those before it two or three, the first one to three. */
function areGroups(groups: readonly string[]): boolean {
  if (groups.length <= 1) return true
  const [first = '', ...rest] = groups
  return (
    /^\d{1,3}$/.test(first) && rest.every((one, at) => (at === rest.length - 1 ? /^\d{3}$/ : /^\d{2,3}$/).test(one))
  )
}

const marks = new Map<string, string>()

function decimalMark(country: string): string {
  const known = marks.get(country)
  if (known !== undefined) return known
  const mark = findMark(country)
  marks.set(country, mark)
  return mark
}

function findMark(country: string): string {
  try {
    const language = new Intl.Locale('und', { region: country }).maximize()
    const parts = new Intl.NumberFormat(language, { numberingSystem: 'latn' }).formatToParts(1.5)
    return parts.find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.'
  } catch {
    return '.'
  }
}

const fractions = new Map<string, number>()

/** How many digits the amounts of a currency have behind the point: 2, 0 for yen. */
export function digitsOf(currency: string): number {
  const known = fractions.get(currency)
  if (known !== undefined) return known
  const digits = findDigits(currency)
  fractions.set(currency, digits)
  return digits
}

function findDigits(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) return 2
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/** 120050 cents -> 1200.5. */
export const fromMinor = (amount: number, currency: string): number => amount / 10 ** digitsOf(currency)

const SIGNS: Record<string, string> = {
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  '₹': 'INR',
  '₩': 'KRW',
  '₪': 'ILS',
  '₽': 'RUB',
}

/** `usd`, `€`, `US$`. A dollar is the location's own where that has dollars. Null: no currency. */
export function readCurrency(text: string, own: string): string | null {
  const word = text.trim().toUpperCase()
  if (/^[A-Z]{3}$/.test(word)) return word
  if (word === '$') return /^(AUD|CAD|NZD|SGD|HKD|MXN)$/.test(own) ? own : 'USD'
  if (word === 'US$') return 'USD'
  return SIGNS[word] ?? null
}
