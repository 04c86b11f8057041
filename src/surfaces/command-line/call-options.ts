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
    return { option: taken ? `input-${kebab}` : kebab, property, schema: schema as TSchema & Described, required: required.has(property) }
  })
}

/** How `parseArgs` is told of them. */
export function parserOptions(options: readonly InputOption[]): ParseArgsOptionsConfig {
  return Object.fromEntries(
    options.map(({ option, schema }) => [
      option,
      schema.type === 'boolean' ? { type: 'boolean' as const } : { type: 'string' as const, multiple: schema.type === 'array' },
    ]),
  )
}

/** The input that options and `--body` spell out; options win. */
export function readInput(operation: Operation, options: readonly InputOption[], values: Values): Record<string, unknown> {
  const body = values.body === undefined ? undefined : readBody(String(values.body))
  const input: Record<string, unknown> = {}
  if (body !== undefined && operation.rawBody !== null) input[operation.rawBody.property] = body
  else if (body !== undefined) Object.assign(input, parseObject(body))
  for (const { option, property, schema } of options) {
    const value = values[option]
    if (value !== undefined) input[property] = toValue(option, schema, value)
  }
  return input
}

function readBody(text: string): string {
  if (!text.startsWith('@')) return text
  const path = text.slice(1)
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (cause) {
    throw new CommandError(`--body: ${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

function parseObject(text: string): object {
  const value = parseJson('--body', text)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new UsageError('--body must be a JSON object')
  return value
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UsageError(`${name} is not JSON: ${(cause as Error).message}`)
  }
}

/** Lists may be repeated, comma separated or JSON; objects and everything without one plain type are JSON if they look like it. */
function toValue(option: string, schema: TSchema & Described, value: string | boolean | (string | boolean)[]): unknown {
  if (typeof value === 'boolean') return value
  const [first] = [value].flat()
  const looksLikeJson = typeof first === 'string' && /^\s*[[{]/.test(first)
  if (Array.isArray(value)) {
    if (value.length === 1 && looksLikeJson) return parseJson(`--${option}`, String(first))
    if ((schema.items as Described | undefined)?.type === 'object') return value.map((element) => parseJson(`--${option}`, String(element)))
    return coerceText(schema, value.length === 1 ? String(first) : value)
  }
  if (schema.type === 'string' || schema.type === 'number' || schema.type === 'integer') return coerceText(schema, value)
  if (schema.type === 'object' || looksLikeJson) return parseJson(`--${option}`, value)
  return coerceText(schema, value)
}
