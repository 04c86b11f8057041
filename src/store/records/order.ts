import { type RawBuilder, sql } from 'kysely'
import { byFoldedText } from '../../db/folded-text.ts'
import { type Condition, FIRST_MS, fieldText, LAST_MS } from './conditions.ts'

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

export const byUpdate = (direction: 'asc' | 'desc' = 'asc'): OrderKey => ({
  ...byCreation(direction),
  key: sql`updated_at`,
  walk: 'updatedAt',
})

/** Texts order as they are compared, by code points: alike on every server. */
export const byText = (name: string, direction: 'asc' | 'desc' = 'asc'): OrderKey => ({
  key: sql`(${byFoldedText(fieldText(name))})`,
  type: 'text',
  descending: direction === 'desc',
  nullable: true,
})

/** The value of a record under each key, then its id: what a later call passes as `after`. */
export type Cursor = readonly unknown[]

/** The cursor of a row, as a JSON array. */
export function cursorOf(order: readonly OrderKey[]): RawBuilder<unknown[]> {
  const values = order.map(({ key, type }) =>
    type === 'instant' ? sql`floor(extract(epoch from ${key}) * 1000)` : key,
  )
  return sql<unknown[]>`jsonb_build_array(${sql.join([...values, sql`id`])})`
}

/**
 * `order by`, the id last, so that no two records are equal. It runs in the first key's direction: one index serves
 * both.
 */
export function orderBy(order: readonly OrderKey[]): RawBuilder<unknown> {
  const keys = order.map(
    ({ key, descending, nullable }) =>
      sql`${key} ${sql.raw(descending ? 'desc' : 'asc')}${sql.raw(nullable ? ' nulls last' : '')}`,
  )
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
      const beyond = sql<boolean>`(${entry.key} ${operator}
          ${value}${
            entry.nullable
              ? sql`
          or ${entry.key} is null`
              : sql``
          })`
      condition = sql<boolean>`(${beyond} or (${entry.key} = ${value} and ${condition}))`
      // The bound repeats what the condition says, in a form that an index can start from.
      if (index === 0 && !entry.nullable)
        condition = sql<boolean>`(${entry.key} ${operator}= ${value} and ${condition})`
    }
  }
  return condition
}

/** True for the rows with this value of the key, as a cursor has it. Null: it is none. */
export function isAt(order: OrderKey, value: unknown): Condition | null {
  const parsed = parseKey(order, value)
  return parsed === undefined || parsed === null ? null : sql<boolean>`${order.key} = ${parsed}`
}

/** Undefined: no value of this key. */
function parseKey({ type, nullable }: OrderKey, value: unknown): RawBuilder<unknown> | null | undefined {
  if (value === null) return nullable ? null : undefined
  if (type === 'text') return typeof value === 'string' ? sql`${value}::text` : undefined
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined
  if (type === 'number') return sql`${number}::numeric`
  return number < FIRST_MS || number > LAST_MS ? undefined : sql`${new Date(number)}::timestamptz`
}
