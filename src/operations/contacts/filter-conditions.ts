import { sql } from 'kysely'
import { isStorableMoment } from '../../clock.ts'
import { byFoldedText } from '../../db/folded-text.ts'
import { foldedText } from '../../store/natural-key.ts'
import { allOf, anyOf, type Condition, isNamedBy, not } from '../../store/records/index.ts'
import { type Moment, readMoment } from '../moments.ts'
import { BY_TEXT, type Field, type Place, type Related } from './filter-fields.ts'

/** The filter grammar of POST /contacts/search (wire/highlevel.md, "Paging, by resource"). */
export const OPERATORS = ['eq', 'not_eq', 'contains', 'not_contains', 'exists', 'not_exists', 'range'] as const
export type Operator = (typeof OPERATORS)[number]
type Bounds = Partial<Record<'gt' | 'gte' | 'lt' | 'lte', unknown>>
const BOUNDS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

export type { Place }

export function toTest(
  place: Place,
  field: Field,
  operator: Operator,
  value: unknown,
  fail: (fault: string) => Condition,
): Condition {
  if (field.of !== undefined) return toTestOfOthers(place, { ...field, of: field.of }, operator, value, fail)
  if (operator === 'exists') return field.some((element) => sql<boolean>`${element} <> ''`)
  if (operator === 'not_exists') return not(field.some((element) => sql<boolean>`${element} <> ''`))
  if (operator === 'range') return toRange(place, field, value, fail)
  const values = [value].flat()
  if (values.length === 0 || !values.every((one) => ['string', 'number', 'boolean'].includes(typeof one)))
    return fail('must be a text, a number, a boolean or a list of them')
  const isEquality = operator === 'eq' || operator === 'not_eq'
  const condition = !isEquality
    ? holds(place, field, values.map(String))
    : field.moment === undefined
      ? isText(place, field, values.map(String))
      : isMoment(place, field, values)
  if (condition === null) return fail('must be an ISO 8601 date or a number of milliseconds')
  return operator.startsWith('not_') ? not(condition) : condition
}

/** One of the records that name the contact meets the test; of a negation, none meets what is negated. */
function toTestOfOthers(
  place: Place,
  { of: { kind, where, together = false }, ...field }: Field & { of: Related },
  operator: Operator,
  value: unknown,
  fail: (fault: string) => Condition,
): Condition {
  const plain = operator.replace('not_', '') as Operator
  const test = toTest(place, field, plain, value, fail)
  const asked = together ? { having: test } : { where: allOf([...(where === undefined ? [] : [where]), test]) }
  const named = isNamedBy(kind, place.locationId, { name: 'contactId', ...asked })
  return plain === operator ? named : not(named)
}

/**
 * Any of the values, which travel as one parameter. What is stored is read and folded once, however many they are: a
 * select with an offset is not taken apart.
 */
function holds(place: Place, { some, fold = BY_TEXT }: Field, values: readonly string[]): Condition {
  return some(
    (element) =>
      sql<boolean>`exists (
          select 1 from (select ${fold.stored(sql`stored.text`)} as text
              from (select ${element} as text offset 0) stored offset 0) e, ${fold.asked(values, place)} w(text)
          where position(w.text in e.text) > 0)`,
  )
}

/** Texts are equal whatever their case, tags as their names are. */
function isText(place: Place, field: Field, values: readonly string[]): Condition {
  const { fold = BY_TEXT } = field
  const byIndex = values.map((value) => field.equal?.(place, value) ?? null)
  const others = values.filter((_, index) => byIndex[index] === null)
  const plain =
    others.length === 0
      ? []
      : [
          field.some(
            (element) =>
              sql<boolean>`${fold.stored(element)} in (select text from ${fold.asked(others, place)} w(text))`,
          ),
        ]
  return anyOf([...byIndex.filter((condition) => condition !== null), ...plain])
}

/** Any of the moments; null where one is none. */
function isMoment(place: Place, field: Field, values: readonly unknown[]): Condition | null {
  const conditions = values.map((value) => isAtMoment(place, field, value))
  return conditions.includes(null) ? null : anyOf(conditions as Condition[])
}

/** A day equals every moment of it. */
function isAtMoment(place: Place, field: Field, value: unknown): Condition | null {
  const moment = toMoment(place, field, value)
  if (moment === null) return null
  return moment.dayEnd === null
    ? sql<boolean>`${field.moment} = ${moment.at}`
    : sql<boolean>`(${field.moment} >= ${moment.at} and ${field.moment} < ${moment.dayEnd})`
}

function toRange(place: Place, field: Field, value: unknown, fail: (fault: string) => Condition): Condition {
  const bounds = Object.entries((value ?? {}) as Bounds)
  if (typeof value !== 'object' || bounds.length === 0 || !bounds.every(([name]) => Object.hasOwn(BOUNDS, name)))
    return fail('must be an object with gt, gte, lt or lte')
  const operatorOf = (name: string) => sql.raw(BOUNDS[name as keyof typeof BOUNDS])
  if (field.moment !== undefined) {
    const moments = bounds.map(([name, bound]) => ({ name, at: toMoment(place, field, bound)?.at ?? null }))
    if (moments.some(({ at }) => at === null)) return fail('must hold ISO 8601 dates or numbers of milliseconds')
    return allOf(moments.map(({ name, at }) => sql<boolean>`${field.moment} ${operatorOf(name)} ${at}::timestamptz`))
  }
  if (!bounds.every(([, bound]) => ['string', 'number'].includes(typeof bound)))
    return fail('must hold numbers or texts')
  return field.some((element) =>
    allOf(
      bounds.map(([name, bound]) =>
        typeof bound === 'number'
          ? sql<boolean>`case when ${element} ~ ${NUMBER} then ${element}::numeric
              end ${operatorOf(name)} ${bound}::numeric`
          : sql<boolean>`${byFoldedText(element)} ${operatorOf(name)} ${foldedText(String(bound))} collate "C"`,
      ),
    ),
  )
}

const NUMBER = '^\\s*[-+]?\\d{1,100}(\\.\\d{1,100})?\\s*$'

function toMoment(place: Place, field: Field, value: unknown): Moment | null {
  if (typeof value === 'number') {
    const at = new Date(value)
    return isStorableMoment(at) ? { at, dayEnd: null } : null
  }
  return typeof value === 'string' ? readMoment(value, field.isDay === true ? 'UTC' : place.zone) : null
}
