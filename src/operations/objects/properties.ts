import type { Asset } from '../../store/assets/index.ts'
import { readMoment } from '../moments.ts'
import type { ObjectSchema } from './find.ts'

interface Field {
  dataType: string
  options?: { key: string; label: string }[]
  allowCustomOption?: boolean
  maxFileLimit?: number
}

type Read = { value: unknown } | { fault: string }

const wrong = (fault: string): Read => ({ fault })
const right = (value: unknown): Read => ({ value })
const isText = (value: unknown, most: number) => typeof value === 'string' && value.length <= most

/** The options are named by their keys; by their labels too. */
function readOption({ options = [], allowCustomOption }: Field, value: unknown): string | null {
  const found = options.find(({ key, label }) => key === value || label === value)
  if (found !== undefined) return found.key
  return allowCustomOption && isText(value, 200) ? (value as string) : null
}

function readOptions(field: Field, value: unknown): Read {
  const keys = [value].flat().map((one) => readOption(field, one))
  return keys.includes(null) ? wrong('must be options of the field') : right([...new Set(keys)])
}

function readNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

function readMoney(value: unknown): Read {
  const { value: amount = value, currency = 'default' } = (typeof value === 'object' ? value : {}) as Record<
    string,
    unknown
  >
  const number = readNumber(amount)
  return number === null || !isText(currency, 10)
    ? wrong('must be {currency, value}')
    : right({ currency, value: number })
}

function readFiles({ maxFileLimit = 100 }: Field, value: unknown): Read {
  const files = Array.isArray(value) ? value : []
  const urls = files.map((file) => (typeof file === 'string' ? file : (file as { url?: unknown } | null)?.url))
  return Array.isArray(value) && urls.length <= maxFileLimit && urls.every((url) => isText(url, 2000))
    ? right(urls.map((url) => ({ url })))
    : wrong(`must be a list of at most ${maxFileLimit} {url}`)
}

function readValue(field: Field, value: unknown): Read {
  switch (field.dataType) {
    case 'NUMERICAL': {
      const number = readNumber(value)
      return number === null ? wrong('must be a number') : right(number)
    }
    case 'MONETORY':
      return readMoney(value)
    case 'CHECKBOX':
    case 'MULTIPLE_OPTIONS':
      return readOptions(field, value)
    case 'SINGLE_OPTIONS':
    case 'RADIO': {
      const key = readOption(field, value)
      return key === null ? wrong('must be an option of the field') : right(key)
    }
    case 'DATE':
      return isText(value, 40) && readMoment(value as string, 'UTC') !== null ? right(value) : wrong('must be a date')
    case 'FILE_UPLOAD':
      return readFiles(field, value)
    case 'EMAIL':
      return isText(value, 320) && /^[^\s@]+@[^\s@]+$/.test(value as string) ? right(value) : wrong('must be an email')
    default:
      return isText(value, 20_000) ? right(value) : wrong('must be a text')
  }
}

/** The values by property, checked against the types of the fields. Null removes one. Faults are collected. */
export function readProperties(
  { key }: ObjectSchema,
  fields: readonly Asset[],
  given: Record<string, unknown>,
  faults: string[],
): Record<string, unknown> {
  const byName = new Map<string, Field>()
  for (const { document } of fields.filter(({ document }) => document.documentType !== 'folder')) {
    const name = String(document.fieldKey).slice(key.length + 1)
    const field = document as never as Field
    if (field.dataType !== 'TEXTBOX_LIST') byName.set(name, field)
    else for (const option of field.options ?? []) byName.set(`${name}.${option.key}`, { dataType: 'TEXT' })
  }
  const values: Record<string, unknown> = {}
  for (const [written, value] of Object.entries(given)) {
    const name = written.startsWith(`${key}.`) ? written.slice(key.length + 1) : written
    const field = byName.get(name)
    const read = field === undefined ? wrong('the object has no such property') : readValue(field, value)
    if (field !== undefined && (value === null || value === '')) values[name] = null
    else if ('fault' in read) faults.push(`properties.${written}: ${read.fault}`)
    else values[name] = read.value
  }
  return values
}
