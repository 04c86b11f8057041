import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { texts } from '../../db/pool.ts'
import { isAssociatedWith, type Property, toMoment } from '../../objects/index.ts'
import { foldedText, toEmail } from '../../store/natural-key.ts'
import { allOf, anyOf, type Condition, not } from '../../store/records/index.ts'
import { columnOf, compared, comparedOf, foldedOf, isOwner, numberOf, textOf } from './property-sql.ts'
import { refused } from './refusals.ts'
import type { Shelf } from './shelf.ts'

const OPERATORS = [
  'EQ',
  'NEQ',
  'LT',
  'LTE',
  'GT',
  'GTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
] as const

const Value = () => Type.Union([Type.String({ maxLength: 3000 }), Type.Number(), Type.Boolean()])

export const Filter = Type.Object({
  propertyName: Type.String({ minLength: 1, maxLength: 200, examples: ['email'] }),
  operator: Type.Enum([...OPERATORS]),
  value: Type.Optional(Value()),
  values: Type.Optional(Type.Array(Value(), { maxItems: 1000 })),
  highValue: Type.Optional(Value()),
})
type Filter = Static<typeof Filter>

/** Groups are alternatives; what stands in one must all be so. 400 for what cannot be asked. */
export const toCondition = (shelf: Shelf, groups: readonly { filters: readonly Filter[] }[]): Condition | null =>
  groups.length === 0 ? null : anyOf(groups.map(({ filters }) => allOf(filters.map((one) => ofFilter(shelf, one)))))

const ASSOCIATED = 'associations.'

function ofFilter(shelf: Shelf, filter: Filter): Condition {
  const { propertyName: name, operator } = filter
  if (name.startsWith(ASSOCIATED)) return ofAssociation(shelf, filter)
  const property = shelf.map.find(name)
  if (property === null) throw refused(`There was a problem with the request: property "${name}" does not exist`)
  switch (operator) {
    case 'HAS_PROPERTY':
      return hasValue(property)
    case 'NOT_HAS_PROPERTY':
      return not(hasValue(property))
    case 'NEQ':
      return not(compare(shelf, property, { ...filter, operator: 'EQ' }))
    case 'NOT_IN':
      return not(isAmong(shelf, property, filter))
    case 'IN':
      return isAmong(shelf, property, filter)
    case 'NOT_CONTAINS_TOKEN':
      return not(containsToken(property, oneOf(filter)))
    case 'CONTAINS_TOKEN':
      return containsToken(property, oneOf(filter))
    case 'BETWEEN':
      return allOf([
        compare(shelf, property, { ...filter, operator: 'GTE' }),
        compare(shelf, property, { ...filter, operator: 'LTE', value: required(filter, 'highValue') }),
      ])
    default:
      return compare(shelf, property, filter)
  }
}

/** Records that belong to another one, by its number. */
function ofAssociation({ type, portal, locationId }: Shelf, filter: Filter): Condition {
  const other = portal.find(filter.propertyName.slice(ASSOCIATED.length))
  if (other === null) throw refused(`There was a problem with the request: ${filter.propertyName} is no type of object`)
  const ids = filter.operator === 'IN' ? listOf(filter) : [oneOf(filter)]
  if (filter.operator !== 'EQ' && filter.operator !== 'IN')
    throw refused(`${filter.propertyName} can be asked with EQ and IN only`)
  if (ids.length > 100) throw refused(`${filter.propertyName}: at most 100 ids`)
  return anyOf(ids.map((id) => isAssociatedWith(locationId, type, other, id)))
}

const hasValue = (property: Property): Condition => sql<boolean>`nullif(${textOf(property)}, '') is not null`

const SIGNS = { EQ: '=', LT: '<', LTE: '<=', GT: '>', GTE: '>=' } as const
type Sign = keyof typeof SIGNS

function compare(shelf: Shelf, property: Property, filter: Filter): Condition {
  const operator = filter.operator as Sign
  const sign = sql.raw(SIGNS[operator])
  const value = oneOf(filter)
  const { place, type } = property
  if (place.in === 'row' && place.column !== 'objectId') return ofMoment(place.column, operator, value, property.name)
  if (type === 'number') return sql<boolean>`${numberOf(property)} ${sign} ${toNumber(value, property.name)}::numeric`
  if (type === 'datetime' || type === 'date') {
    const at = momentOf(value, property.name)
    const text = type === 'date' ? sql`left(${textOf(property)}, 10)` : textOf(property)
    return sql<boolean>`(${text} collate "C") ${sign} ${type === 'date' ? at.slice(0, 10) : at}::text`
  }
  if (operator === 'EQ') return isAmong(shelf, property, { ...filter, values: [value] })
  return sql<boolean>`${comparedOf(property)} ${sign} ${compared(property, storedOf(shelf, property, value))}::text`
}

/** Rows tell more than the milliseconds that the wire tells: a millisecond is all that is in it. */
function ofMoment(column: 'createdAt' | 'updatedAt', sign: Sign, value: string, name: string): Condition {
  const at = columnOf(column)
  const from = sql`${new Date(momentOf(value, name))}::timestamptz`
  const beyond = sql`${new Date(Date.parse(momentOf(value, name)) + 1)}::timestamptz`
  switch (sign) {
    case 'GTE':
      return sql<boolean>`${at} >= ${from}`
    case 'GT':
      return sql<boolean>`${at} >= ${beyond}`
    case 'LT':
      return sql<boolean>`${at} < ${from}`
    case 'LTE':
      return sql<boolean>`${at} < ${beyond}`
    case 'EQ':
      return sql<boolean>`(${at} >= ${from} and ${at} < ${beyond})`
  }
}

/** One of several; of a property with several values, any of them. */
function isAmong(shelf: Shelf, property: Property, filter: Filter): Condition {
  const wanted = listOf(filter)
  const { place, type } = property
  if (place.in === 'row' && place.column !== 'objectId') {
    const { column } = place
    return anyOf(wanted.map((value) => ofMoment(column, 'EQ', value, property.name)))
  }
  if (type === 'number') {
    const numbers = wanted.map((value) => toNumber(value, property.name))
    return sql<boolean>`${numberOf(property)} = any(${texts(numbers)}::numeric[])`
  }
  if (type === 'datetime' || type === 'date') {
    const length = type === 'date' ? 10 : 24
    const moments = wanted.map((value) => momentOf(value, property.name).slice(0, length))
    return sql<boolean>`left(${textOf(property)}, ${length}) = any(${texts(moments)})`
  }
  const stored = texts(wanted.map((value) => compared(property, storedOf(shelf, property, value))))
  return property.fieldType === 'checkbox'
    ? sql<boolean>`string_to_array(${comparedOf(property)}, ';') && ${stored}`
    : sql<boolean>`${comparedOf(property)} = any(${stored})`
}

/** A value as it is stored: people by our ids, e-mails without disguise. */
function storedOf({ map }: Shelf, property: Property, value: string): string {
  if (isOwner(property)) return map.owners.idOf(value.trim()) ?? ''
  return property.name === 'email' ? toEmail(value) : value
}

/** Words of the text, each whole; `*` stands for any letters. */
function containsToken(property: Property, value: string): Condition {
  const token = foldedText(value).slice(0, 500).toWellFormed()
  if (token.replaceAll('*', '') === '') return hasValue(property)
  const pattern = token
    .split(/\*+/)
    .map((part) => part.replace(/[!-/:-@[-^`{-~]/g, '\\$&'))
    .join('.*')
  const beside = apart()
  return sql<boolean>`${foldedOf(property)} ~ ${`(^|${beside})${pattern}($|${beside})`}::text`
}

let known: string | undefined

/**
 * What words end at, as a class of a regular expression: which letters `[:alnum:]` knows is the affair of the database's
 * locale, in C those of English. Beyond the first plane are letters, and pictures.
 */
function apart(): string {
  if (known !== undefined) return known
  let classes = ''
  let from: number | null = null
  for (let code = 1; code < 0xd800; code++) {
    const isOfWord = /[\p{L}\p{M}\p{N}]/u.test(String.fromCodePoint(code))
    if (isOfWord && from !== null) classes += range(from, code - 1)
    from = isOfWord ? null : (from ?? code)
  }
  known = `[${classes}\\uE000-\\uF8FF\\uFE10-\\uFE1F\\uFE30-\\uFE6F\\uFF00-\\uFF0F\\U0001F000-\\U0001FAFF]`
  return known
}
const range = (from: number, to: number) => `${escaped(from)}-${escaped(to)}`
const escaped = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`

function required({ propertyName, operator, ...filter }: Filter, field: 'value' | 'highValue'): string {
  const value = filter[field]
  if (value === undefined) throw refused(`${operator} on ${propertyName} needs a ${field}`)
  return String(value)
}

const oneOf = (filter: Filter) => required(filter, 'value')

function listOf({ propertyName, operator, values, value }: Filter): string[] {
  const list = values ?? (value === undefined ? undefined : [value])
  if (list === undefined) throw refused(`${operator} on ${propertyName} needs values`)
  return list.map(String)
}

function toNumber(value: string, name: string): string {
  const number = value.trim() === '' ? Number.NaN : Number(value)
  if (!Number.isFinite(number)) throw refused(`${value.slice(0, 100)} is not a valid number for ${name}`)
  return String(number)
}

function momentOf(value: string, name: string): string {
  const at = toMoment(value.trim())
  if (at === null) throw refused(`${value.slice(0, 100)} is not a valid date for ${name}`)
  return at
}
