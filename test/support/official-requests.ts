import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Input } from './catalogue-inputs.ts'

/*
 * `official/requests.json` is taken from HighLevel's published specification (CC0): parameters and body of each line of
 * the catalogue, without its prose.
 */

export interface OfficialSchema {
  type?: string
  format?: string
  enum?: unknown[]
  example?: unknown
  default?: unknown
  properties?: Record<string, OfficialSchema>
  items?: OfficialSchema
  oneOf?: OfficialSchema[]
  anyOf?: OfficialSchema[]
  allOf?: OfficialSchema[]
  $ref?: string
}

export interface OfficialRequest {
  /** `GET /users/{userId}`. */
  line: string
  parameters: readonly { name: string; in: 'path' | 'query'; required: boolean; schema: OfficialSchema }[]
  body: OfficialSchema | null
}

const { requests, $defs: definitions } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'official', 'requests.json'), 'utf8'),
) as {
  requests: readonly OfficialRequest[]
  $defs: Record<string, OfficialSchema>
}

export const OFFICIAL_REQUESTS = requests
export const REQUEST_DEFINITIONS = definitions

/** The schema itself in place of a reference or of a composition. */
export function resolved(schema: OfficialSchema): OfficialSchema {
  if (schema.$ref !== undefined) return resolved(definitions[schema.$ref.split('/').at(-1) as string] as OfficialSchema)
  if (schema.allOf !== undefined) {
    const { allOf, ...rest } = schema
    const parts = allOf.map(resolved)
    return Object.assign({}, ...parts, rest, {
      properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    })
  }
  const choice = schema.oneOf ?? schema.anyOf
  return choice === undefined ? schema : resolved(choice[0] as OfficialSchema)
}

/** A value of the schema with every property it names. `known` are values by name that stand for real things. */
export function fullValue(name: string, schema: OfficialSchema, known: Input): unknown {
  const { type, format, enum: choices, example, default: standard, properties, items } = resolved(schema)
  if (properties !== undefined && Object.keys(properties).length > 0)
    return Object.fromEntries(
      Object.entries(properties).map(([inner, part]) => [inner, known[inner] ?? fullValue(inner, part, known)]),
    )
  if (type === 'array' && items !== undefined) {
    const element = resolved(items)
    if (Array.isArray(example) && element.properties === undefined) return example
    return [fullValue(name, items, known)]
  }
  // Examples of numbers and truth values are texts now and then.
  if (example !== undefined)
    return typeof example === 'string' && (type === 'boolean' || type === 'number') ? JSON.parse(example) : example
  if (choices !== undefined) return choices[0]
  if (standard !== undefined) return standard
  switch (type) {
    case 'boolean':
      return true
    case 'number':
    case 'integer':
      return 1
    case 'array':
      return []
    case 'object':
      return {}
    default:
      return format === 'date-time' ? '2026-03-03T09:00:00.000Z' : 'text'
  }
}
