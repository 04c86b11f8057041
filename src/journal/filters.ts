import { foldedText } from '../store/natural-key.ts'
import type { Condition } from './subscriptions.ts'

export const OPERATORS = [
  'EQ',
  'N_EQ',
  'LT',
  'GT',
  'LTE',
  'GTE',
  'CONTAINS',
  'STARTS_WITH',
  'ENDS_WITH',
  'IN',
  'NOT_IN',
  'IS_EMPTY',
  'IS_NOT_EMPTY',
] as const
export type Operator = (typeof OPERATORS)[number]

export const needsValues = (operator: Operator) => operator === 'IN' || operator === 'NOT_IN'
export const needsValue = (operator: Operator) => !needsValues(operator) && !operator.endsWith('_EMPTY')

type Test = (value: string, condition: Condition) => boolean

const TESTS: Readonly<Record<Operator, Test>> = {
  EQ: (value, { value: wanted = '' }) => isSame(value, wanted),
  N_EQ: (value, { value: wanted = '' }) => !isSame(value, wanted),
  LT: (value, { value: wanted = '' }) => compare(value, wanted, (order) => order < 0),
  GT: (value, { value: wanted = '' }) => compare(value, wanted, (order) => order > 0),
  LTE: (value, { value: wanted = '' }) => compare(value, wanted, (order) => order <= 0),
  GTE: (value, { value: wanted = '' }) => compare(value, wanted, (order) => order >= 0),
  CONTAINS: (value, { value: wanted = '' }) => foldedText(value).includes(foldedText(wanted)),
  STARTS_WITH: (value, { value: wanted = '' }) => foldedText(value).startsWith(foldedText(wanted)),
  ENDS_WITH: (value, { value: wanted = '' }) => foldedText(value).endsWith(foldedText(wanted)),
  IN: (value, { values = [] }) => values.some((wanted) => isSame(value, wanted)),
  NOT_IN: (value, { values = [] }) => !values.some((wanted) => isSame(value, wanted)),
  IS_EMPTY: (value) => value === '',
  IS_NOT_EMPTY: (value) => value !== '',
}

/**
 * Whether a record that has these values now passes a condition. What is not there is an empty text. Text is compared
 * without regard to case, as searches do; numbers and moments by what they are.
 */
export function passes(
  condition: Condition,
  propertyOf: (property: string) => string | null,
  hasSeveral: (property: string) => boolean,
): boolean {
  const operator = condition.operator as Operator
  const value = propertyOf(condition.property) ?? ''
  const holds = (one: string) => TESTS[operator](one, condition)
  if (!hasSeveral(condition.property)) return holds(value)
  // Of several values any may be the one, as in searches; and none the one that it must not be.
  if (operator === 'EQ' || operator === 'IN') return [value, ...value.split(';')].some(holds)
  if (operator === 'N_EQ' || operator === 'NOT_IN') return [value, ...value.split(';')].every(holds)
  return holds(value)
}

const numberOf = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))

const DATE = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$/
const msOf = (text: string) => (DATE.test(text) ? Date.parse(text) : numberOf(text))

function isSame(value: string, wanted: string): boolean {
  if (foldedText(value) === foldedText(wanted)) return true
  return DATE.test(value) || DATE.test(wanted) ? msOf(value) === msOf(wanted) : numberOf(value) === numberOf(wanted)
}

/** An order there is between numbers, between moments, and between texts; not between an empty value and anything. */
function compare(value: string, wanted: string, holds: (order: number) => boolean): boolean {
  if (value === '') return false
  const [a, b] =
    DATE.test(value) || DATE.test(wanted) ? [msOf(value), msOf(wanted)] : [numberOf(value), numberOf(wanted)]
  if (!Number.isNaN(a) && !Number.isNaN(b)) return holds(a - b)
  const [one, other] = [foldedText(value), foldedText(wanted)]
  return holds(one < other ? -1 : one > other ? 1 : 0)
}
