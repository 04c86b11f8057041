import { type RawBuilder, sql } from 'kysely'
import { texts } from '../../db/pool.ts'

/** A condition on rows of `record`, for the `where` of the reading functions. */
export type Condition = RawBuilder<boolean>

/**
 * A top-level field as text. Names come from code, never from a caller: they are written into the statement so that
 * indexes match.
 */
export const fieldText = (name: string) => sql<string | null>`(doc->>${sql.lit(name)})`

/** The field is exactly this text. `equals('contactId', id)` has an index in every kind. */
export const equals = (name: string, value: string | number | boolean): Condition =>
  sql<boolean>`${fieldText(name)} = ${String(value)}`

/** The same of a value in a bag: no index has it. */
export const bagHolds = (bag: string, name: string, value: string): Condition =>
  sql<boolean>`doc->${sql.lit(bag)}->>${name} = ${value}`

export const isOneOf = (name: string, values: readonly string[]): Condition =>
  sql<boolean>`${fieldText(name)} = any(${texts(values)})`

export const isAbsent = (name: string): Condition => sql<boolean>`${fieldText(name)} is null`

/**
 * By the primary key. Written as a plain `id = any(...)`, the planner, which takes every location for a small one,
 * would rather walk an index of the location from end to end; and of a list whose length it knows it would rather read
 * all records.
 */
export const hasId = (ids: readonly string[]): Condition =>
  sql<boolean>`id in (select wanted from unnest((select ${texts(ids)})) wanted)`

/** By the number it has on the HubSpot wire, as that writes it: what is no such number is nobody's. */
export const hasObjectId = (objectIds: readonly string[]): Condition =>
  sql<boolean>`object_id in (select wanted::bigint from unnest((select ${texts(
    objectIds.filter((id) => /^\d{1,16}$/.test(id)),
  )})) wanted)`

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
  const condition =
    conditions.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join([...conditions], sql` or `)})`
  return conditions.length > 0 && conditions.every(isByTerms) ? byTerms(condition) : condition
}

/** With the one term it asks for, if that is all. */
const servedByTerms = new WeakMap<Condition, string | undefined>()

/**
 * Marks a condition that the index of terms answers for one location alone. `term`: all it asks for is this
 * `field=value`.
 */
export function byTerms(condition: Condition, term?: string): Condition {
  servedByTerms.set(condition, term)
  return condition
}

/** The `field=value` that is all a condition asks for; '' for none; undefined for whatever else. */
export const termAskedFor = (condition: Condition): string | undefined =>
  condition === EVERYTHING ? '' : servedByTerms.get(condition)

export const isByTerms = (condition: Condition): boolean => servedByTerms.has(condition)

/** Also true where the condition is unknown, because a field is not there. */
export const not = (condition: Condition): Condition => sql<boolean>`(${condition}) is not true`

/** Years 1 to 9999. */
export const [FIRST_MS, LAST_MS] = [-62_135_596_800_000, 253_402_300_799_999]
