import fc, { type Arbitrary } from 'fast-check'
import { anyJson, entriesOf, numbers, texts, toJson, wrongTexts } from './values.ts'
import { MOMENTS } from './words.ts'

/** The parts of JSON Schema that inputs use. */
export interface Schema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  patternProperties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  examples?: unknown[]
}

/** Ids of things that stand ready, for a property of this name. */
export type Ids = (name: string) => Arbitrary<string>

const MOMENT_NAME = /date|time|from$|^to$|At$|start|end|until|before|after/i
const ID_NAME = /id(s)?$|lineage|followers|users|assigned|author|categor|tags|contacts|kinds|kind$/i

/** Values that a schema allows, at its limits more often than not. What rules of the domain say is not known here. */
export function allowed(schema: Schema, name: string, ids: Ids): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((part) => allowed(part, name, ids)))
  if (schema.allOf !== undefined && schema.properties === undefined)
    return allowed(Object.assign({}, ...schema.allOf, { type: 'object' }), name, ids)
  const types = [schema.type ?? 'any'].flat()
  return fc.oneof(...types.map((type) => ofType(type, schema, name, ids)))
}

function ofType(type: string, schema: Schema, name: string, ids: Ids): Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return textOf(schema, name, ids)
    case 'integer':
      return integers(schema)
    case 'number':
      return fc.oneof(integers(schema), numbers)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return listOf(schema, name, ids)
    case 'object':
      return objectOf(schema, ids)
    default:
      return anyJson
  }
}

function textOf(
  { format, pattern, minLength, maxLength, examples }: Schema,
  name: string,
  ids: Ids,
): Arbitrary<string> {
  const weighted: { weight: number; arbitrary: Arbitrary<string> }[] = []
  if (format === 'date-time') weighted.push({ weight: 6, arbitrary: fc.constantFrom(...MOMENTS) })
  else if (format === 'uuid')
    weighted.push({ weight: 6, arbitrary: fc.oneof(fc.uuid(), fc.constant('00000000-0000-0000-0000-000000000000')) })
  else if (format === 'email')
    weighted.push({
      weight: 6,
      arbitrary: fc.oneof(fc.emailAddress(), fc.constantFrom('a@b.c', `${'x'.repeat(64)}@example.com`)),
    })
  else if (pattern !== undefined) weighted.push({ weight: 6, arbitrary: fc.stringMatching(new RegExp(pattern)) })
  else
    weighted.push({
      weight: 6,
      arbitrary: texts({ least: minLength, most: maxLength, isMoment: MOMENT_NAME.test(name) }),
    })
  if (ID_NAME.test(name)) weighted.push({ weight: 8, arbitrary: ids(name) })
  if (examples !== undefined && examples.length > 0)
    weighted.push({ weight: 2, arbitrary: fc.constantFrom(...(examples as string[])) })
  return fc.oneof(...weighted)
}

function integers({ minimum = -1_000, maximum = Number.MAX_SAFE_INTEGER }: Schema): Arbitrary<number> {
  const edges = [
    ...new Set(
      [minimum, minimum + 1, maximum, maximum - 1, 0, 1, 10].filter((value) => value >= minimum && value <= maximum),
    ),
  ]
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...edges) },
    fc.integer({ min: Math.ceil(Math.max(minimum, -(2 ** 31))), max: Math.floor(Math.min(maximum, 2 ** 31)) }),
  )
}

const FEW = 3
/** Bodies have a limit: what would be larger is another fault. */
const LONG_LIST = 20_000
/** Lists of lists of long texts: several times what any operation takes, and no more than a text can hold. */
const MOST_LETTERS = 10_000_000

function listOf({ items = {}, minItems = 0, maxItems = 100 }: Schema, name: string, ids: Ids): Arbitrary<unknown[]> {
  const one = allowed(items, name, ids)
  const few = fc.array(one, {
    minLength: Math.min(minItems, maxItems),
    maxLength: Math.max(minItems, Math.min(FEW, maxItems)),
    depthIdentifier: 'schema',
  })
  const manyOf = (value: unknown) =>
    Math.max(minItems, Math.min(maxItems, LONG_LIST, Math.ceil(MOST_LETTERS / toJson(value).length)))
  const same = one.map((value) => Array(manyOf(value)).fill(value))
  const numbered = one.map((value) =>
    Array.from({ length: manyOf(value) }, (_, index) =>
      typeof value === 'string' ? `${value.slice(0, 40)}${index}` : value,
    ),
  )
  return fc.oneof({ weight: 8, arbitrary: few }, { weight: 1, arbitrary: same }, { weight: 1, arbitrary: numbered })
}

function objectOf(schema: Schema, ids: Ids): Arbitrary<unknown> {
  const { properties = {}, required = [], patternProperties, additionalProperties } = schema
  const names = Object.keys(properties)
  const others =
    Object.values(patternProperties ?? {})[0] ??
    (typeof additionalProperties === 'object' ? additionalProperties : undefined)
  if (names.length === 0) {
    if (others !== undefined) return entriesOf(fc.oneof(ids('key'), texts({ most: 40 })), allowed(others, 'value', ids))
    return additionalProperties === false ? fc.constant({}) : entriesOf(texts({ most: 40 }), anyJson)
  }
  return propertiesOf(schema, names, required, ids)
}

/** All that is required, and some of the rest. */
export function propertiesOf(
  schema: Schema,
  names: readonly string[],
  required: readonly string[],
  ids: Ids,
): Arbitrary<Record<string, unknown>> {
  const optional = names.filter((name) => !required.includes(name))
  const model = (chosen: readonly string[]) =>
    fc.record(
      Object.fromEntries(
        chosen.map((name) => [name, allowed((schema.properties as Record<string, Schema>)[name] as Schema, name, ids)]),
      ) as Record<string, Arbitrary<unknown>>,
      {
        requiredKeys: chosen.filter((name) => required.includes(name)),
      },
    )
  const some = fc.subarray([...optional], { maxLength: Math.min(FEW, optional.length) })
  const chosen = fc.oneof({ weight: 6, arbitrary: some }, { weight: 1, arbitrary: fc.constant([...optional]) })
  return chosen.chain((more) => model([...required.filter((name) => names.includes(name)), ...more]))
}

/** Values that the schema does not allow, or that it should not have to look at. */
export function wrong(schema: Schema, name: string, ids: Ids): Arbitrary<unknown> {
  const { maxItems = 50 } = schema
  return fc.oneof(
    { weight: 4, arbitrary: wrongTexts(schema.maxLength) },
    { weight: 3, arbitrary: anyJson },
    { weight: 2, arbitrary: numbers },
    { weight: 2, arbitrary: ids('any') },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(...MOMENTS) },
    { weight: 2, arbitrary: allowed(schema, name, ids).map((value) => [value]) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom<unknown>(1, 'x', null, {}, [])
        .map((value) => Array(Math.min(maxItems + 1, LONG_LIST)).fill(value)),
    },
  )
}
