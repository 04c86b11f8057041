import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { DataValidationCxt } from 'ajv/dist/types/index.js'
import addFormatsModule from 'ajv-formats'
import type { TSchema } from 'typebox'
import { withoutMissing } from './markers.ts'
import { trimmedName } from './natural-key.ts'

// Neither coercion nor removal: the wires want bodies exactly as described.
function createAjv(): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: false, coerceTypes: false, removeAdditional: false, useDefaults: false, verbose: true, logger: false })
  const addFormats = addFormatsModule as unknown as (ajv: Ajv) => void
  addFormats(ajv)
  return ajv
}

/** Marks texts that are trimmed before they are taken from a caller. */
export const TRIMMED = 'x-trimmed'

const forDocuments = createAjv()
const forCallers = createAjv()
forCallers.addKeyword({
  keyword: TRIMMED,
  type: 'string',
  modifying: true,
  before: 'minLength',
  validate(_schema: true, text: string, _parent?: object, place?: DataValidationCxt) {
    const { parentData, parentDataProperty } = place as DataValidationCxt
    parentData[parentDataProperty] = trimmedName(text)
    return true
  },
})

const MAX_FAULTS = 50

function validators(ajv: Ajv): (schema: TSchema) => ValidateFunction {
  const compiled = new WeakMap<object, ValidateFunction>()
  return (schema) => {
    let validator = compiled.get(schema)
    if (validator === undefined) {
      validator = ajv.compile(schema)
      compiled.set(schema, validator)
    }
    return validator
  }
}

const documentValidatorOf = validators(forDocuments)
const inputValidatorOf = validators(forCallers)

/** One message per fault, in the words of the HighLevel wire; empty when the value is valid and can be stored. */
export function faultsOf(schema: TSchema, value: unknown): string[] {
  return [...new Set([...misfitsOf(schema, value), ...unstorable(value)])].slice(0, MAX_FAULTS)
}

/** The same for a value that is not going to be stored. */
export function misfitsOf(schema: TSchema, value: unknown): string[] {
  return faultsFound(documentValidatorOf(schema), value)
}

/** The same as `faultsOf` for what a caller sends. Names in it are trimmed in their place (`Name` in resources/shapes.ts). */
export function trimAndCheck(schema: TSchema, input: unknown): string[] {
  return [...new Set([...faultsFound(inputValidatorOf(schema), input), ...unstorable(input)])].slice(0, MAX_FAULTS)
}

function faultsFound(validator: ValidateFunction, value: unknown): string[] {
  if (validator(value)) return []
  return (validator.errors ?? []).filter((error) => error.keyword !== 'if' && !isLongByMissing(error)).map(messageOf)
}

/** What was read may be sent back: a reference that leads nowhere counts as the id it was. */
function isLongByMissing({ keyword, data, params }: ErrorObject): boolean {
  return keyword === 'maxLength' && typeof data === 'string' && data.includes('missing:') && [...withoutMissing(data)].length <= params.limit
}

const TYPE_WORDS: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer number',
  boolean: 'a boolean value',
  array: 'an array',
  object: 'an object',
  null: 'null',
}

function messageOf(error: ErrorObject): string {
  const path = error.instancePath
    .slice(1)
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
  const inside = (name: string) => (path === '' ? name : `${path}.${name}`)
  const name = path === '' ? 'body' : path
  const params = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'required':
      return `${inside(String(params.missingProperty))} should not be empty`
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return `property ${inside(String(params.additionalProperty ?? params.unevaluatedProperty))} should not exist`
    case 'type':
      return `${name} must be ${([] as string[])
        .concat(params.type as string)
        .map((type) => TYPE_WORDS[type] ?? type)
        .join(' or ')}`
    case 'enum':
      return `${name} must be one of the following values: ${(params.allowedValues as unknown[]).join(', ')}`
    case 'const':
      return `${name} must be ${JSON.stringify(params.allowedValue)}`
    case 'minLength':
      return Number(params.limit) === 1 ? `${name} should not be empty` : `${name} must be longer than or equal to ${params.limit} characters`
    case 'maxLength':
      return `${name} must be shorter than or equal to ${params.limit} characters`
    case 'format':
      return `${name} must be a valid ${params.format}`
    default:
      return `${name} ${error.message ?? 'is not valid'}`
  }
}

/** PostgreSQL stores neither U+0000 nor half surrogate pairs; documents nested deeper than this are nobody's configuration. */
const MAX_DEPTH = 60

/** Why a value cannot be stored, whatever its schema says. */
export function unstorable(value: unknown, path = '', depth = 0): string[] {
  if (typeof value === 'string') {
    return value.includes('\u0000') || !value.isWellFormed() ? [`${path || 'body'} must not contain U+0000 or incomplete characters`] : []
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return [`${path || 'body'} must be a finite number`]
  if (value === null || typeof value !== 'object') return []
  if (depth > MAX_DEPTH) return [`${path} is nested too deeply`]
  const faults: string[] = []
  for (const [name, child] of Object.entries(value)) {
    const inner = Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
    faults.push(...unstorable(name, inner), ...unstorable(child, inner, depth + 1))
    if (faults.length >= MAX_FAULTS) break
  }
  return faults
}

/**
 * Query and path values are text; this makes them what the schema says, where they can be. What cannot be is left
 * as it is, and validation names it.
 */
export function coerceText(schema: TSchema | undefined, value: unknown): unknown {
  const type = (schema as { type?: string } | undefined)?.type
  if (type === 'array') {
    const items = (schema as { items?: TSchema }).items
    const list = Array.isArray(value) ? value : String(value).split(',')
    return list.map((element) => coerceText(items, element))
  }
  if (typeof value !== 'string') return value
  if (type === 'number' || type === 'integer') return toNumber(value, (schema as { maximum?: number }).maximum)
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}

/** A bound that no other number has: that of a moment in milliseconds. */
const MOMENT_BOUND = 1e14
const ISO = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/i

/** What is no number stays a text. Where milliseconds are wanted, clients write ISO 8601 too. */
function toNumber(text: string, maximum = 0): unknown {
  if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  if (maximum < MOMENT_BOUND || !ISO.test(text)) return text
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? text : ms
}
