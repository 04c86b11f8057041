import { readFileSync } from 'node:fs'
import type { ParseArgsOptionsConfig } from 'node:util'
import type { TSchema } from 'typebox'
import type { Operation } from '../../operations/define.ts'
import { coerceText } from '../../store/validate.ts'
import { CONFIG_OPTIONS } from './arguments.ts'
import { CommandError, UsageError, type Values } from './command.ts'

/** Options of `tintype call` itself. */
export const CALL_OPTIONS: ParseArgsOptionsConfig = {
  url: { type: 'string' },
  token: { type: 'string' },
  body: { type: 'string' },
  'idempotency-key': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
}

interface Described {
  type?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Described[]
  description?: string
  items?: TSchema
}

/** One input property as an option. */
export interface InputOption {
  option: string
  property: string
  schema: TSchema & Described
  required: boolean
}

/** `locationId` and `location_id` are both `--location-id`; a name that `call` uses itself gets `input-` before it. */
export function inputOptions(operation: Operation): InputOption[] {
  const required = new Set(operation.input.required ?? [])
  return Object.entries(operation.input.properties).map(([property, schema]) => {
    const kebab = property
      .replaceAll('_', '-')
      .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      .replace(/^-/, '')
    const taken = kebab in CALL_OPTIONS || kebab in CONFIG_OPTIONS
    return {
      option: taken ? `input-${kebab}` : kebab,
      property,
      schema: schema as TSchema & Described,
      required: required.has(property),
    }
  })
}

/** How `parseArgs` is told of them. */
export function parserOptions(options: readonly InputOption[]): ParseArgsOptionsConfig {
  return Object.fromEntries(
    options.map(({ option, schema }) => [
      option,
      schema.type === 'boolean'
        ? { type: 'boolean' as const }
        : { type: 'string' as const, multiple: listOf(schema) !== undefined },
    ]),
  )
}

/** The input that options and `--body` spell out; options win. */
export function readInput(
  operation: Operation,
  options: readonly InputOption[],
  values: Values,
): Record<string, unknown> {
  const body = values.body === undefined ? undefined : readText('--body', String(values.body))
  const input: Record<string, unknown> = {}
  if (body !== undefined && operation.rawBody !== null) input[operation.rawBody.property] = body
  else if (body !== undefined) Object.assign(input, parseObject(body))
  for (const { option, property, schema } of options) {
    const value = values[option]
    if (value === undefined) continue
    input[property] =
      property === operation.rawBody?.property ? readText(`--${option}`, String(value)) : toValue(option, schema, value)
  }
  return input
}

/** Itself, or what is in the file that it names: `@FILE`, `@-` for standard input. */
function readText(option: string, text: string): string {
  if (!text.startsWith('@')) return text
  const path = text.slice(1)
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (cause) {
    throw new CommandError(`${option}: ${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

function parseObject(text: string): object {
  const value = parseJson('--body', text)
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new UsageError('--body must be a JSON object')
  return value
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UsageError(`${name} is not JSON: ${(cause as Error).message}`)
  }
}

/** The list that a value is, or may be. */
const listOf = (schema: Described): Described | undefined =>
  schema.type === 'array' ? schema : schema.anyOf?.find(({ type }) => type === 'array')

/** A value that may be one thing or another: a word of its own, yes or no, else whatever else it may be. */
function chosen({ anyOf = [] }: Described, value: string): unknown {
  if (anyOf.some((branch) => branch.const === value)) return value
  if (anyOf.some(({ type }) => type === 'boolean') && ['true', 'false'].includes(value)) return value === 'true'
  return undefined
}

/**
 * Lists may be repeated, comma separated or JSON; objects and everything without one plain type are JSON if they look
 * like it.
 */
function toValue(option: string, schema: TSchema & Described, value: string | boolean | (string | boolean)[]): unknown {
  if (typeof value === 'boolean') return value
  const [first] = [value].flat()
  const looksLikeJson = typeof first === 'string' && /^\s*[[{]/.test(first)
  const choice = typeof first === 'string' && [value].flat().length === 1 ? chosen(schema, first) : undefined
  if (choice !== undefined) return choice
  if (Array.isArray(value)) {
    const list = (listOf(schema) ?? schema) as TSchema & Described
    if (value.length === 1 && looksLikeJson) return parseJson(`--${option}`, String(first))
    if ((list.items as Described | undefined)?.type === 'object')
      return value.map((element) => parseJson(`--${option}`, String(element)))
    return coerceText(list, value.length === 1 ? String(first) : value)
  }
  if (schema.type === 'string' || schema.type === 'number' || schema.type === 'integer')
    return coerceText(schema, value)
  if (schema.type === 'object' || looksLikeJson) return parseJson(`--${option}`, value)
  return coerceText(schema, value)
}
