import { isStorableMoment } from '../clock.ts'
import { formerLabelsOf } from '../objects/index.ts'
import type { AssetDocument } from '../store/assets/index.ts'
import { naturalKey } from '../store/natural-key.ts'
import type { Writing } from './define.ts'
import { readMoment } from './moments.ts'
import { readPhone } from './phones.ts'

type Fail = (fault: string) => unknown
type Reader = (ctx: Writing, value: unknown, fail: Fail, field: AssetDocument) => unknown

/**
 * What a field of this type stores of a value: as filters find it, whatever way it was written in. What means nothing in
 * this type is a fault.
 */
export async function toFieldValue(ctx: Writing, field: AssetDocument, value: unknown, fail: Fail): Promise<unknown> {
  return (await READERS[String(field.dataType)]?.(ctx, value, fail, field)) ?? value
}

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value)

const text: Reader = (_ctx, value, fail) =>
  [value].flat().every(isPlain) ? value : fail('must be a text') && undefined

/** Groups of thousands and signs of currencies are how people write a number; 1.500,00 could be two. */
const number: Reader = (_ctx, value, fail) => {
  if (typeof value === 'number') return value
  const bare = typeof value === 'string' ? value.normalize('NFKC').replace(/[\p{Sc}\s_']/gu, '') : ''
  const plain = /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare
  if (/^[-+]?(\d{1,100}(\.\d{0,100})?|\.\d{1,100})$/.test(plain) && Number.isFinite(Number(plain))) return Number(plain)
  return fail('must be a number') && undefined
}

/** A day, and a moment where an hour is told: ISO 8601 both, which order as they are. */
const date: Reader = (_ctx, value, fail) => {
  const day = toDay(value)
  return day ?? (fail('must be a date such as 1990-09-25') && undefined)
}

/** As `readMoment` reads it; dots and low lines part a day too. What tells no offset is no place's: it stays as typed. */
function toDay(value: unknown): string | null {
  if (typeof value === 'number')
    return Number.isFinite(value) && isStorableMoment(new Date(value)) ? toIso(value) : null
  if (typeof value !== 'string') return null
  const moment = readMoment(value.replace(/^(\s*\d{1,4})_(\d{1,2})_/, '$1-$2-'), 'UTC')
  return moment === null ? null : toIso(moment.at)
}

const toIso = (at: Date | number) => new Date(at).toISOString().replace(/T00:00:00\.000Z$/, '')

const optionsOf = ({ picklistOptions, isAllowedCustomOption }: AssetDocument) =>
  isAllowedCustomOption === true ? [] : ((picklistOptions ?? []) as string[])

/**
 * The option as its field spells it; any text where the field has none, or takes others. What an option was called
 * before stays in the records that have it, and may be written back.
 */
function toOption(field: AssetDocument, value: unknown): unknown {
  const options = optionsOf(field)
  if (!isPlain(value)) return undefined
  if (options.length === 0) return value
  const known = [...options, ...formerLabelsOf(field)]
  const key = naturalKey(String(value))
  return known.find((one) => one === value) ?? known.find((one) => naturalKey(one) === key)
}

const several = (field: AssetDocument) => `must be among its options: ${optionsOf(field).slice(0, 20).join(', ')}`

const option: Reader = (_ctx, value, fail, field) => {
  const given = Array.isArray(value) && value.length === 1 ? value[0] : value
  return (
    toOption(field, given) ?? (fail(optionsOf(field).length === 0 ? 'must be a text' : several(field)) && undefined)
  )
}

const options: Reader = (_ctx, value, fail, field) => {
  const whole = typeof value === 'string' ? toOption(field, value) : undefined
  const parts = typeof value === 'string' && optionsOf(field).length > 0 ? value.split(',') : [value].flat()
  const found = whole === undefined ? parts.map((part) => toOption(field, part)) : [whole]
  if (!found.includes(undefined)) return found
  return fail(optionsOf(field).length === 0 ? 'must be a list of texts' : several(field)) && undefined
}

const phone: Reader = async (ctx, value, fail) =>
  (isPlain(value) ? await readPhone(ctx, String(value)) : null) ?? (fail('must be a phone number') && undefined)

/** Types that are not here take what they are given: files, signatures, lists of boxes, hours. */
const READERS: Record<string, Reader> = {
  TEXT: text,
  LARGE_TEXT: text,
  NUMERICAL: number,
  FLOAT: number,
  MONETORY: number,
  MONETARY: number,
  DATE: date,
  SINGLE_OPTIONS: option,
  RADIO: option,
  MULTIPLE_OPTIONS: options,
  CHECKBOX: options,
  PHONE: phone,
}
