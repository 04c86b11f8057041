import { type RawBuilder, sql } from 'kysely'
import { texts } from '../db/pool.ts'

/** A condition on rows of `record`, for the `where` of the reading functions. */
export type Condition = RawBuilder<boolean>

/** A top-level field as text. Names come from code, never from a caller: they are written into the statement so that indexes match. */
export const fieldText = (name: string) => sql<string | null>`(doc->>${sql.lit(name)})`

/** The field is exactly this text. `equals('contactId', id)` has an index in every kind. */
export const equals = (name: string, value: string | number | boolean): Condition => sql<boolean>`${fieldText(name)} = ${String(value)}`

export const isOneOf = (name: string, values: readonly string[]): Condition => sql<boolean>`${fieldText(name)} = any(${texts(values)})`

export const isAbsent = (name: string): Condition => sql<boolean>`${fieldText(name)} is null`

/**
 * By the primary key. Written as a plain `id = any(...)`, the planner, which takes every location for a small one, would rather walk an
 * index of the location from end to end; and of a list whose length it knows it would rather read all records.
 */
export const hasId = (ids: readonly string[]): Condition => sql<boolean>`id in (select wanted from unnest((select ${texts(ids)})) wanted)`

/** No condition at all. */
export const EVERYTHING: Condition = sql<boolean>`true`

/** True when there are none. */
export function allOf(conditions: readonly Condition[]): Condition {
  const wanted = conditions.filter((condition) => condition !== EVERYTHING)
  if (wanted.length <= 1) return wanted[0] ?? EVERYTHING
  const condition = sql<boolean>`(${sql.join(wanted, sql` and `)})`
  return wanted.some(isByTerms) ? byTerms(condition) : condition
}

/** False when there are none. */
export function anyOf(conditions: readonly Condition[]): Condition {
  if (conditions.length === 1) return conditions[0] as Condition
  const condition = conditions.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join([...conditions], sql` or `)})`
  return conditions.length > 0 && conditions.every(isByTerms) ? byTerms(condition) : condition
}

/** With the one term it asks for, if that is all. */
const servedByTerms = new WeakMap<Condition, string | undefined>()

/** Marks a condition that the index of terms answers for one location alone. `term`: all it asks for is this `field=value`. */
export function byTerms(condition: Condition, term?: string): Condition {
  servedByTerms.set(condition, term)
  return condition
}

/** The `field=value` that is all a condition asks for; '' for none; undefined for whatever else. */
export const termAskedFor = (condition: Condition): string | undefined => (condition === EVERYTHING ? '' : servedByTerms.get(condition))

export const isByTerms = (condition: Condition): boolean => servedByTerms.has(condition)

/** Also true where the condition is unknown, because a field is not there. */
export const not = (condition: Condition): Condition => sql<boolean>`(${condition}) is not true`

/** One key of an order. Records without it come last, whatever the direction. */
export interface OrderKey {
  key: RawBuilder<unknown>
  /** How the key travels in a cursor: an instant is a number of milliseconds. */
  type: 'instant' | 'text' | 'number'
  descending: boolean
  /** Some records lack it. */
  nullable: boolean
  /** The records of a location can be walked in this order: the name of the key among the columns of `RecordRow`. */
  walk?: 'createdAt' | 'updatedAt'
}

export const byCreation = (direction: 'asc' | 'desc' = 'asc'): OrderKey => ({
  key: sql`created_at`,
  type: 'instant',
  descending: direction === 'desc',
  nullable: false,
  walk: 'createdAt',
})

export const byUpdate = (direction: 'asc' | 'desc' = 'asc'): OrderKey => ({ ...byCreation(direction), key: sql`updated_at`, walk: 'updatedAt' })

/** Texts order by their lower-case code points, alike on every server. */
export const byText = (name: string, direction: 'asc' | 'desc' = 'asc'): OrderKey => ({
  key: sql`(lower(${fieldText(name)}) collate "C")`,
  type: 'text',
  descending: direction === 'desc',
  nullable: true,
})

/** The value of a record under each key, then its id: what a later call passes as `after`. */
export type Cursor = readonly unknown[]

/** The cursor of a row, as a JSON array. */
export function cursorOf(order: readonly OrderKey[]): RawBuilder<unknown[]> {
  const values = order.map(({ key, type }) => (type === 'instant' ? sql`floor(extract(epoch from ${key}) * 1000)` : key))
  return sql<unknown[]>`jsonb_build_array(${sql.join([...values, sql`id`])})`
}

/** `order by`, the id last, so that no two records are equal. It runs in the first key's direction: one index serves both. */
export function orderBy(order: readonly OrderKey[]): RawBuilder<unknown> {
  const keys = order.map(({ key, descending, nullable }) => sql`${key} ${sql.raw(descending ? 'desc' : 'asc')}${sql.raw(nullable ? ' nulls last' : '')}`)
  return sql`${sql.join([...keys, sql`id ${sql.raw(order[0]?.descending ? 'desc' : 'asc')}`])}`
}

/** True for the rows after the cursor. Null: it is not a cursor of this order. */
export function isAfter(order: readonly OrderKey[], cursor: Cursor): Condition | null {
  const id = cursor[order.length]
  if (cursor.length !== order.length + 1 || typeof id !== 'string') return null
  const idOperator = sql.raw(order[0]?.descending ? '<' : '>')
  let condition: Condition = sql<boolean>`id ${idOperator} ${id}`
  for (let index = order.length - 1; index >= 0; index--) {
    const entry = order[index] as OrderKey
    const value = parseKey(entry, cursor[index])
    if (value === undefined) return null
    const operator = sql.raw(entry.descending ? '<' : '>')
    if (value === null) condition = sql<boolean>`(${entry.key} is null and ${condition})`
    else {
      const beyond = sql<boolean>`(${entry.key} ${operator} ${value}${entry.nullable ? sql` or ${entry.key} is null` : sql``})`
      condition = sql<boolean>`(${beyond} or (${entry.key} = ${value} and ${condition}))`
      // The bound repeats what the condition says, in a form that an index can start from.
      if (index === 0 && !entry.nullable) condition = sql<boolean>`(${entry.key} ${operator}= ${value} and ${condition})`
    }
  }
  return condition
}

/** Years 1 to 9999. */
const [FIRST_MS, LAST_MS] = [-62_135_596_800_000, 253_402_300_799_999]

/** Undefined: no value of this key. */
function parseKey({ type, nullable }: OrderKey, value: unknown): RawBuilder<unknown> | null | undefined {
  if (value === null) return nullable ? null : undefined
  if (type === 'text') return typeof value === 'string' ? sql`${value}::text` : undefined
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined
  if (type === 'number') return sql`${number}::numeric`
  return number < FIRST_MS || number > LAST_MS ? undefined : sql`${new Date(number)}::timestamptz`
}
