import { type RawBuilder, sql } from 'kysely'
import { texts } from '../db/pool.ts'
import { invalid } from '../errors.ts'
import { contacts } from '../resources/records/contacts.ts'
import { naturalKey, naturalKeyOf } from '../store/natural-key.ts'
import { allOf, anyOf, byCreation, byText, byUpdate, type Condition, fieldText, not, type OrderKey } from '../store/record-conditions.ts'
import { hasTerm } from '../store/record-terms.ts'
import { hasEmail } from './contacts-duplicates.ts'
import { isStorableMoment } from './moments.ts'

/** The filter grammar of POST /contacts/search (wire/highlevel.md, "Paging, by resource"). */
const OPERATORS = ['eq', 'not_eq', 'contains', 'not_contains', 'exists', 'not_exists', 'range'] as const
type Operator = (typeof OPERATORS)[number]
type Bounds = Partial<Record<'gt' | 'gte' | 'lt' | 'lte', unknown>>
const BOUNDS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** How a field is read and compared. */
interface Field {
  /** True where one of the field's values meets the condition. */
  some: (test: (value: RawBuilder<string>) => Condition) => Condition
  /** A faster way to the same as `eq` on a text. */
  equal?: (locationId: string, value: string) => Condition | null
  /** How its texts are folded for comparing; by default their case is. */
  fold?: Fold
  /** A moment: a column of the row, or ISO 8601 in the document. */
  moment?: RawBuilder<unknown>
}

interface Fold {
  stored(text: RawBuilder<string>): RawBuilder<string>
  /** Rows of one text each. */
  asked(texts: readonly string[]): RawBuilder<unknown>
}

const BY_CASE: Fold = { stored: (text) => sql`lower(${text})`, asked: (values) => sql`(select lower(value) from unnest(${texts(values)}) value)` }
/** Names of tags are the same as tags are (natural-key.ts). */
const BY_NAME: Fold = { stored: naturalKeyOf, asked: (values) => sql`unnest(${texts(values.map((value) => naturalKey(value)))})` }

const some =
  (values: RawBuilder<unknown>): Field['some'] =>
  (test) =>
    sql<boolean>`exists (select 1 from ${values} e(value) where ${test(sql<string>`e.value`)})`
const scalar =
  (value: RawBuilder<unknown>): Field['some'] =>
  (test) =>
    test(value as RawBuilder<string>)

const isIndexed = (name: string) => contacts.exact.includes(name)
const equalByTerm = (name: string) => (isIndexed(name) ? { equal: (locationId: string, value: string) => hasTerm(locationId, name, value) } : {})

const text = (name: string): Field => ({ some: scalar(fieldText(name)), ...equalByTerm(name) })
const list = (name: string): Field => ({ some: some(sql`jsonb_array_elements_text(doc->${sql.lit(name)})`), ...equalByTerm(name) })
const moment = (value: RawBuilder<unknown>): Field => ({ some: scalar(sql`${value}::text`), moment: value })

const NAMES = [
  'firstName',
  'lastName',
  'companyName',
  'city',
  'state',
  'country',
  'postalCode',
  'website',
  'source',
  'timezone',
  'type',
  'gender',
  'assignedTo',
  'businessId',
]
const FULL_NAME = sql<string | null>`nullif(concat_ws(' ', doc->>'firstName', doc->>'lastName'), '')`

/** Names under which clients know the fields. */
const FIELDS: Record<string, Field> = {
  ...Object.fromEntries(NAMES.map((name) => [name, text(name)])),
  ...Object.fromEntries(['followers', 'additionalEmails', 'additionalPhones'].map((name) => [name, list(name)])),
  tags: { ...list('tags'), fold: BY_NAME },
  id: { some: scalar(sql`id`) },
  email: { some: scalar(fieldText('email')), equal: (_, value) => hasEmail(value) },
  phone: { some: scalar(fieldText('phone')), equal: (_, value) => sql<boolean>`${fieldText('phone')} = ${value}` },
  address: text('address1'),
  address1: text('address1'),
  firstNameLowerCase: text('firstName'),
  lastNameLowerCase: text('lastName'),
  fullNameLowerCase: { some: scalar(FULL_NAME) },
  name: { some: scalar(FULL_NAME) },
  dnd: text('dnd'),
  dateOfBirth: moment(sql`(doc->>'dateOfBirth')::timestamptz`),
  dateAdded: moment(sql`created_at`),
  dateUpdated: moment(sql`updated_at`),
}

/** Values of one custom field: each element of a list, or the one value. */
const customField = (id: string): Field => ({
  some: some(sql`(
    select v.value from jsonb_array_elements(doc->'customFields') f
    cross join lateral jsonb_array_elements_text(case jsonb_typeof(f->'value') when 'array' then f->'value' else jsonb_build_array(f->'value') end) v(value)
    where f->>'id' = ${id})`),
})

function findField(name: string): Field | null {
  const [, customFieldId] = /^customFields?\.(\S+)$/.exec(name) ?? []
  if (customFieldId !== undefined) return customField(customFieldId)
  const [, channel] = /^dndSettings\.(Call|Email|SMS|WhatsApp|GMB|FB)(?:\.status)?$/.exec(name) ?? []
  if (channel !== undefined) return { some: scalar(sql`(doc->'dndSettings'->${channel}->>'status')`) }
  return Object.hasOwn(FIELDS, name) ? (FIELDS[name] as Field) : null
}

/** Filters and values of one search, on all levels. */
const MOST_TESTS = 500

/** 422 for a search that asks too much; nothing of it is worked out. */
function refuseMany(filters: readonly unknown[]): void {
  let count = 0
  const add = (filter: unknown): void => {
    const { filters: inner, value } = (filter ?? {}) as { filters?: unknown; value?: unknown }
    count += Array.isArray(value) ? Math.max(1, value.length) : 1
    if (count > MOST_TESTS) throw invalid([`filters: at most ${MOST_TESTS} filters and values in all groups together`])
    if (Array.isArray(inner)) inner.forEach(add)
  }
  filters.forEach(add)
}

/** The filters of a search as one condition: all of the list must hold. 422 with the path of each fault. */
export function toCondition(locationId: string, filters: readonly unknown[]): Condition {
  refuseMany(filters)
  const faults: string[] = []
  const condition = toGroup(locationId, 'AND', filters, 'filters', faults)
  if (faults.length > 0) throw invalid(faults)
  return condition
}

function toGroup(locationId: string, group: 'AND' | 'OR', filters: readonly unknown[], path: string, faults: string[]): Condition {
  const conditions = filters.map((filter, index) => toFilter(locationId, filter, `${path}[${index}]`, faults))
  return group === 'AND' || conditions.length === 0 ? allOf(conditions) : anyOf(conditions)
}

const NOTHING = sql<boolean>`false`

function toFilter(locationId: string, filter: unknown, path: string, faults: string[]): Condition {
  const fail = (fault: string) => {
    faults.push(fault)
    return NOTHING
  }
  if (filter === null || typeof filter !== 'object' || Array.isArray(filter)) return fail(`${path} must be an object`)
  const { group, filters, field: name, operator, value, ...others } = filter as Record<string, unknown>
  for (const other of Object.keys(others)) fail(`property ${path}.${other} should not exist`)
  if (group !== undefined || filters !== undefined) {
    if (group !== 'AND' && group !== 'OR') return fail(`${path}.group must be one of the following values: AND, OR`)
    if (!Array.isArray(filters)) return fail(`${path}.filters must be an array`)
    return toGroup(locationId, group, filters, `${path}.filters`, faults)
  }
  const field = typeof name === 'string' ? findField(name) : null
  if (field === null) return fail(`${path}.field ${JSON.stringify(name) ?? ''} is not a field that can be searched`)
  if (!OPERATORS.includes(operator as Operator)) return fail(`${path}.operator must be one of the following values: ${OPERATORS.join(', ')}`)
  return toTest(locationId, field, operator as Operator, value, (fault) => fail(`${path}.value ${fault}`))
}

function toTest(locationId: string, field: Field, operator: Operator, value: unknown, fail: (fault: string) => Condition): Condition {
  if (operator === 'exists') return field.some((element) => sql<boolean>`${element} <> ''`)
  if (operator === 'not_exists') return not(field.some((element) => sql<boolean>`${element} <> ''`))
  if (operator === 'range') return toRange(field, value, fail)
  const values = [value].flat()
  if (values.length === 0 || !values.every((one) => ['string', 'number', 'boolean'].includes(typeof one)))
    return fail('must be a text, a number, a boolean or a list of them')
  const isEquality = operator === 'eq' || operator === 'not_eq'
  const condition = !isEquality
    ? holds(field, values.map(String))
    : field.moment === undefined
      ? isText(locationId, field, values.map(String))
      : isMoment(field, values)
  if (condition === null) return fail('must be an ISO 8601 date or a number of milliseconds')
  return operator.startsWith('not_') ? not(condition) : condition
}

/** Any of the values, which travel as one parameter. */
function holds({ some, fold = BY_CASE }: Field, values: readonly string[]): Condition {
  return some((element) => sql<boolean>`exists (select 1 from ${fold.asked(values)} w(text) where position(w.text in ${fold.stored(element)}) > 0)`)
}

/** Texts are equal whatever their case, tags as their names are. */
function isText(locationId: string, field: Field, values: readonly string[]): Condition {
  const { fold = BY_CASE } = field
  const byIndex = values.map((value) => field.equal?.(locationId, value) ?? null)
  const others = values.filter((_, index) => byIndex[index] === null)
  const plain = others.length === 0 ? [] : [field.some((element) => sql<boolean>`${fold.stored(element)} in (select text from ${fold.asked(others)} w(text))`)]
  return anyOf([...byIndex.filter((condition) => condition !== null), ...plain])
}

/** Any of the moments; null where one is none. */
function isMoment(field: Field, values: readonly unknown[]): Condition | null {
  const conditions = values.map((value) => isAtMoment(field, value))
  return conditions.includes(null) ? null : anyOf(conditions as Condition[])
}

/** A day equals every moment of it. */
function isAtMoment(field: Field, value: unknown): Condition | null {
  const from = toMoment(value)
  if (from === null) return null
  const day = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
  return day
    ? sql<boolean>`(${field.moment} >= ${from} and ${field.moment} < ${new Date(from.getTime() + 86_400_000)})`
    : sql<boolean>`${field.moment} = ${from}`
}

function toRange(field: Field, value: unknown, fail: (fault: string) => Condition): Condition {
  const bounds = Object.entries((value ?? {}) as Bounds)
  if (typeof value !== 'object' || bounds.length === 0 || !bounds.every(([name]) => Object.hasOwn(BOUNDS, name)))
    return fail('must be an object with gt, gte, lt or lte')
  const operatorOf = (name: string) => sql.raw(BOUNDS[name as keyof typeof BOUNDS])
  if (field.moment !== undefined) {
    const moments = bounds.map(([name, bound]) => ({ name, at: toMoment(bound) }))
    if (moments.some(({ at }) => at === null)) return fail('must hold ISO 8601 dates or numbers of milliseconds')
    return allOf(moments.map(({ name, at }) => sql<boolean>`${field.moment} ${operatorOf(name)} ${at}::timestamptz`))
  }
  if (!bounds.every(([, bound]) => ['string', 'number'].includes(typeof bound))) return fail('must hold numbers or texts')
  return field.some((element) =>
    allOf(
      bounds.map(([name, bound]) =>
        typeof bound === 'number'
          ? sql<boolean>`case when ${element} ~ ${NUMBER} then ${element}::numeric end ${operatorOf(name)} ${bound}::numeric`
          : sql<boolean>`lower(${element}) collate "C" ${operatorOf(name)} lower(${bound}::text) collate "C"`,
      ),
    ),
  )
}

const NUMBER = '^\\s*[-+]?\\d{1,100}(\\.\\d{1,100})?\\s*$'

function toMoment(value: unknown): Date | null {
  const date =
    typeof value === 'number' || (typeof value === 'string' && value !== '')
      ? new Date(typeof value === 'string' && /^\d{10,}$/.test(value) ? Number(value) : value)
      : null
  return date === null || !isStorableMoment(date) ? null : date
}

const SORTS: Record<string, (direction: 'asc' | 'desc') => OrderKey> = {
  dateAdded: byCreation,
  dateUpdated: byUpdate,
  ...Object.fromEntries([...NAMES, 'email', 'phone', 'address1', 'dateOfBirth'].map((name) => [name, (direction) => byText(name, direction)])),
  firstNameLowerCase: (direction) => byText('firstName', direction),
  lastNameLowerCase: (direction) => byText('lastName', direction),
  businessName: (direction) => byText('companyName', direction),
}

export const SORT_FIELDS = Object.keys(SORTS)

/** The order of a search; the newest first unless told otherwise. */
export function toOrder(sort: readonly { field: string; direction?: 'asc' | 'desc' | undefined }[]): OrderKey[] {
  if (sort.length === 0) return [byCreation('desc')]
  return sort.map(({ field, direction = 'asc' }) => (SORTS[field] as (direction: 'asc' | 'desc') => OrderKey)(direction))
}
