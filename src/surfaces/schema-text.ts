import type { TSchema } from 'typebox'

/** The parts of JSON Schema that our schemas use. */
export interface Schema {
  title?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema | Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  patternProperties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  format?: string
  pattern?: string
  default?: unknown
  examples?: unknown[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  $ref?: string
}

/** Deeper levels are written as `{…}`. */
const MAX_DEPTH = 6

/** A schema in the notation of TypeScript: `{ form: { id: string, name?: string } }`. */
export function toTypeText(schema: TSchema, depth = 0): string {
  const { type, const: only, enum: values, anyOf, oneOf, allOf, items, $ref } = schema as Schema
  if (only !== undefined) return JSON.stringify(only)
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' | ')
  const choices = anyOf ?? oneOf
  if (choices !== undefined)
    return [...new Set(choices.map((choice) => toTypeText(choice as TSchema, depth)))].join(' | ')
  if (allOf !== undefined) return allOf.map((part) => toTypeText(part as TSchema, depth)).join(' & ')
  if ($ref !== undefined) return $ref.split('/').at(-1) as string
  if (Array.isArray(type)) return type.join(' | ')
  if (type === 'array') return arrayText(items, depth)
  if (type === 'object') return objectText(schema as Schema, depth)
  return type ?? 'any'
}

function arrayText(items: Schema | Schema[] | undefined, depth: number): string {
  if (Array.isArray(items)) return `[${items.map((item) => toTypeText(item as TSchema, depth)).join(', ')}]`
  const text = toTypeText((items ?? {}) as TSchema, depth)
  return text.includes(' | ') && !text.startsWith('{') ? `(${text})[]` : `${text}[]`
}

function objectText(
  { properties = {}, required = [], patternProperties, additionalProperties }: Schema,
  depth: number,
): string {
  const names = Object.keys(properties)
  const others =
    Object.values(patternProperties ?? {})[0] ??
    (typeof additionalProperties === 'object' ? additionalProperties : undefined)
  if (names.length === 0) return others === undefined ? '{}' : `{ [name]: ${toTypeText(others as TSchema, depth + 1)} }`
  if (depth >= MAX_DEPTH) return '{…}'
  const inner = names.map(
    (name) => `${name}${required.includes(name) ? '' : '?'}: ${toTypeText(properties[name] as TSchema, depth + 1)}`,
  )
  return `{ ${inner.join(', ')} }`
}

/** Limits of a value that its type does not show. */
export function toLimits(schema: TSchema): string {
  const { format, minimum, maximum, minLength, maxLength } = schema as Schema
  const range = (low: number | undefined, high: number | undefined, unit: string) => {
    if (low !== undefined && high !== undefined) return `${low} to ${high}${unit}`
    if (high !== undefined) return `at most ${high}${unit}`
    return low === undefined ? '' : `at least ${low}${unit}`
  }
  return [format ?? '', range(minimum, maximum, ''), range(minLength || undefined, maxLength, ' characters')]
    .filter((part) => part !== '')
    .join(', ')
}

/** A value that shows what is meant: examples and defaults where the schema has them, required properties only. */
export function toExample(schema: TSchema, depth = 0): unknown {
  const {
    type,
    const: only,
    enum: values,
    anyOf,
    oneOf,
    items,
    properties = {},
    required = [],
    format,
    pattern,
    minimum,
    default: standard,
    examples,
  } = schema as Schema
  const known = examples?.[0] ?? standard ?? only ?? values?.[0]
  if (known !== undefined) return known
  const first = (anyOf ?? oneOf)?.[0]
  if (first !== undefined) return toExample(first as TSchema, depth)
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object':
      return depth > MAX_DEPTH
        ? {}
        : Object.fromEntries(required.map((name) => [name, toExample((properties[name] ?? {}) as TSchema, depth + 1)]))
    case 'array':
      return items === undefined || Array.isArray(items) ? [] : [toExample(items as TSchema, depth + 1)]
    case 'integer':
    case 'number':
      return minimum ?? 1
    case 'boolean':
      return true
    case 'string':
      return FORMATS[format ?? ''] ?? WORDS.find((word) => new RegExp(pattern ?? '').test(word)) ?? WORDS[0]
    default:
      return null
  }
}

/** One of these fits most patterns. */
const WORDS = ['text', 'TEXT', 'US', '1', '12:00', '2026-03-03', '#336699', 'https://example.com/']

const FORMATS: Record<string, string> = {
  'date-time': '2026-03-03T09:00:00.000Z',
  date: '2026-03-03',
  email: 'ada@example.com',
  uri: 'https://example.com/',
  uuid: '7d1f5f0e-3b1c-4d5a-9f57-0a8b6c3d2e1f',
}

/** A schema as plain JSON. TypeBox writes tuples in the way of older drafts. */
export function withoutTuples(schema: TSchema): unknown {
  return JSON.parse(JSON.stringify(schema), (_name, value) => {
    if (value === null || typeof value !== 'object' || !Array.isArray(value.items)) return value
    const { items, additionalItems: _, ...rest } = value
    return { ...rest, prefixItems: items, items: false }
  })
}
