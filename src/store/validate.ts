import { Ajv, type ValidateFunction } from 'ajv'
import type { DataValidationCxt } from 'ajv/dist/types/index.js'
import addFormatsModule from 'ajv-formats'
import type { TSchema } from 'typebox'
import { isStorableMoment } from '../clock.ts'
import { toMessages } from './fault-messages.ts'
import { withoutMissing } from './markers.ts'
import { trimmedName } from './natural-key.ts'

/** Marks texts that are trimmed before they are taken from a caller. */
export const TRIMMED = 'x-trimmed'

// Neither coercion nor removal: the wires want bodies exactly as described.
function createAjv({ allErrors, trims }: { allErrors: boolean; trims: boolean }): Ajv {
  const ajv = new Ajv({
    allErrors,
    strict: false,
    coerceTypes: false,
    removeAdditional: false,
    useDefaults: false,
    verbose: true,
    // Made for the one who asks first, who waits for it: twice as soon, and as quick in use.
    code: { optimize: false },
    logger: false,
  })
  const addFormats = addFormatsModule as unknown as (ajv: Ajv) => void
  addFormats(ajv)
  const written = ajv.formats['date-time'] as { validate(text: string): boolean }
  // What is stored must be told again: a leap second and the year 0 are well written, and no moments here.
  ajv.addFormat('date-time', (text) => written.validate(text) && isStorableMoment(new Date(text)))
  ajv.removeKeyword('maxLength')
  ajv.addKeyword({
    keyword: 'maxLength',
    type: 'string',
    schemaType: 'number',
    compile: (limit: number) => (text: string) => isWithin(text, limit),
  })
  if (!trims) return ajv
  ajv.addKeyword({
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
  return ajv
}

/** Characters are counted. What was read may be sent back: a reference that leads nowhere counts as the id it was. */
function isWithin(text: string, limit: number): boolean {
  if (text.length <= limit || (text.length <= limit * 2 && [...text].length <= limit)) return true
  return text.includes('missing:') && [...withoutMissing(text)].length <= limit
}

const MAX_FAULTS = 50
/**
 * Of values with more elements than this the first fault is told: a million wrong elements would be a million faults.
 */
const MOST_TOLD = 5_000

type Check = (schema: TSchema, value: unknown) => string[]

/** A quick check that stops at the first fault; only where there is one are all looked for. */
function createCheck({ trims }: { trims: boolean }): Check {
  const first = validators(createAjv({ allErrors: false, trims }))
  const all = validators(createAjv({ allErrors: true, trims }))
  return (schema, value) => {
    const quick = first(schema)
    if (quick(value)) return []
    if (weigh(value, MOST_TOLD) >= MOST_TOLD) return toMessages(quick.errors ?? []).slice(0, 1)
    const whole = all(schema)
    whole(value)
    return toMessages(whole.errors ?? [])
  }
}

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

/**
 * How many elements and properties there are, on all levels, of which there may be thousands; counting stops at `most`.
 */
function weigh(value: unknown, most: number): number {
  const left = [value]
  let count = 0
  while (left.length > 0 && count < most) {
    const next = left.pop()
    if (next === null || typeof next !== 'object') continue
    const children: readonly unknown[] = Array.isArray(next) ? next : Object.values(next)
    count += children.length
    if (count < most) for (const child of children) left.push(child)
  }
  return count
}

const checkDocument = createCheck({ trims: false })
const checkInput = createCheck({ trims: true })

/** One message per fault, in the words of the HighLevel wire; empty when the value is valid and can be stored. */
export function faultsOf(schema: TSchema, value: unknown): string[] {
  return [...new Set([...misfitsOf(schema, value), ...unstorable(value)])].slice(0, MAX_FAULTS)
}

/** The same for a value that is not going to be stored. */
export function misfitsOf(schema: TSchema, value: unknown): string[] {
  return checkDocument(schema, value)
}

/**
 * The same as `faultsOf` for what a caller sends. Names in it are trimmed in their place (`Name` in
 * resources/shapes.ts).
 */
export function trimAndCheck(schema: TSchema, input: unknown): string[] {
  const faults = checkInput(schema, input)
  // What is refused already, and large, is not looked through once more.
  if (faults.length > 0 && weigh(input, MOST_TOLD) >= MOST_TOLD) return faults
  return [...new Set([...faults, ...unstorable(input)])].slice(0, MAX_FAULTS)
}

/**
 * PostgreSQL stores neither U+0000 nor half surrogate pairs; documents nested deeper than this are nobody's
 * configuration.
 */
const MAX_DEPTH = 60

/** Why a value cannot be stored, whatever its schema says. */
export function unstorable(value: unknown): string[] {
  return isStorable(value, 0) ? [] : whyUnstorable(value, '', 0)
}

function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !value.includes('\u0000') && value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  if (value === null || typeof value !== 'object') return true
  if (depth > MAX_DEPTH) return false
  if (Array.isArray(value)) return value.every((element) => isStorable(element, depth + 1))
  return Object.keys(value).every(
    (name) => isStorable(name, depth) && isStorable((value as Record<string, unknown>)[name], depth + 1),
  )
}

function whyUnstorable(value: unknown, path: string, depth: number): string[] {
  if (isStorable(value, depth)) return []
  if (typeof value === 'string') return [`${path || 'body'} must not contain U+0000 or incomplete characters`]
  if (typeof value === 'number') return [`${path || 'body'} must be a finite number`]
  if (depth > MAX_DEPTH) return [`${path} is nested too deeply`]
  const faults: string[] = []
  for (const name of Object.keys(value as object)) {
    const child = (value as Record<string, unknown>)[name]
    if (isStorable(name, depth) && isStorable(child, depth + 1)) continue
    const inner = Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
    faults.push(...whyUnstorable(name, inner, depth), ...whyUnstorable(child, inner, depth + 1))
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
