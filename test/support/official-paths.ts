import type { OfficialSchema } from './official-requests.ts'

/** What of JSON Schema tells which properties there may be. */
interface Schema extends OfficialSchema {
  const?: unknown
  patternProperties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
}

type Definitions = Record<string, OfficialSchema>

/**
 * Properties and choices of the official schema that ours does not know, as paths: `contact.tags[]`, `status = all`.
 */
export function unknownPaths(official: OfficialSchema, ours: object, definitions: Definitions): string[] {
  const found = new Set<string>()
  compare(alternatives(official, definitions), alternatives(ours as Schema, {}), '')
  return [...found].sort()

  function compare(theirs: readonly Schema[], own: readonly Schema[], path: string): void {
    for (const { properties = {}, items, enum: choices } of theirs) {
      for (const [name, part] of Object.entries(properties)) {
        const inner = path === '' ? name : `${path}.${name}`
        const known = own.flatMap((schema) => propertyOf(schema, name))
        if (known.length === 0) found.add(inner)
        else compare(alternatives(part, definitions), known, inner)
      }
      if (items !== undefined)
        compare(
          alternatives(items, definitions),
          own.flatMap((schema) => (schema.items === undefined ? [] : alternatives(schema.items, {}))),
          `${path}[]`,
        )
      for (const choice of choices ?? [])
        if (!own.some((schema) => takes(schema, choice))) found.add(`${path} = ${choice}`)
    }
  }
}

function alternatives(schema: Schema, definitions: Definitions): Schema[] {
  if (schema.$ref !== undefined)
    return alternatives(definitions[schema.$ref.split('/').at(-1) as string] as Schema, definitions)
  const parts = schema.oneOf ?? schema.anyOf ?? schema.allOf
  return parts === undefined ? [schema] : parts.flatMap((part) => alternatives(part, definitions))
}

/** Schemas of a property. None where the object does not have it; one that takes anything where the object is open. */
function propertyOf(
  { properties = {}, patternProperties, additionalProperties, type }: Schema,
  name: string,
): Schema[] {
  if (Object.hasOwn(properties, name)) return alternatives(properties[name] as Schema, {})
  const isOpen =
    Object.keys(properties).length === 0 &&
    additionalProperties !== false &&
    (type === undefined || [type].flat().includes('object'))
  if (patternProperties !== undefined) return Object.values(patternProperties).flatMap((part) => alternatives(part, {}))
  return isOpen ? [{}] : []
}

const takes = (schema: Schema, value: unknown) =>
  schema.enum === undefined
    ? schema.const === undefined || schema.const === value || typeof schema.const !== typeof value
    : schema.enum.includes(value)
