import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EVENT_TYPES, eventsOfKind, LINE_TARGETS, SIGNATURE_PRESETS, TARGETS } from '../src/connect/index.ts'
import type { Operation } from '../src/operations/define.ts'
import { placementOf, type Registry } from '../src/operations/registry.ts'
import { RESOURCES } from '../src/resources/index.ts'
import { RECORDS } from '../src/resources/records/index.ts'
import type { Schema } from '../src/surfaces/schema-text.ts'

const CONSOLE = join(import.meta.dirname, '..', 'console', 'src')
export const CONSOLE_TYPES = 'console/src/api/operations.ts'

/**
 * The operations that the console calls, as types, and where their input travels: those whose names stand in its source
 * as a text of their own.
 */
export function consoleTypes(registry: Registry): string {
  const { used, first } = namedIn(registry)
  const nouns = nounsOf(used)
  return `// Generated from the registry (\`npm run generate\`): the operations whose names stand in this folder.

export interface Operations {
${used.map((operation) => typesOf(operation, nouns)).join('\n')}
}

${[...nouns].map(([title, schema]) => `type ${title} = ${objectText(schema, '', nouns)}`).join('\n\n')}

/**
 * Method, path, and the names of what travels in the query; the rest of the input is in the path or the body. Of a GET
 * all that is not in the path is in the query: only whether it takes the company is told.
 */
export type Line = readonly [string, string, (readonly string[])?]

/** Of those that the frame and its first screen call; \`more-lines.ts\` has the others. */
export const LINES = {
${first.map((operation) => lineOf(operation)).join('\n')}
} satisfies { readonly [name in keyof Operations]?: Line }

/** Kinds of assets in the order in which they are pushed, and what one of each is called. */
export const KINDS: Readonly<Record<string, string>> = {
${[...RESOURCES.values()].map(({ kind, label }) => `  ${kind}: '${label}',`).join('\n')}
}
`
}

export const CONSOLE_LINES = 'console/src/api/more-lines.ts'

/** Where the input travels of operations that only later screens call: loaded with the first of them. */
export function consoleLines(registry: Registry): string {
  const { used, first } = namedIn(registry)
  const more = used.filter((operation) => !first.includes(operation))
  return `// Generated from the registry (\`npm run generate\`): what operations.ts says of the first screen, of the others.
import type { LINES, Line, Operations } from './operations.ts'

export const MORE_LINES: { readonly [name in Exclude<keyof Operations, keyof typeof LINES>]: Line } = {
${more.map((operation) => lineOf(operation)).join('\n')}
}
`
}

/** The operations that the console calls, and those of them that it calls before somebody goes to another screen. */
function namedIn({ all }: Registry) {
  const files = sources()
  const isFirst = ({ path }: { path: string }) => !path.startsWith('screens/') || path.startsWith('screens/fleet/')
  const [named, early] = [namesIn(files), namesIn(files.filter(isFirst))]
  return { used: all.filter(({ name }) => named.has(name)), first: all.filter(({ name }) => early.has(name)) }
}

const namesIn = (files: readonly { text: string }[]) =>
  new Set(files.flatMap(({ text }) => [...text.matchAll(/'([a-zA-Z]+\.[a-zA-Z]+)'/g)].map((m) => m[1])))

export const CONSOLE_SCOPES = 'console/src/api/scopes.ts'

/** What a private token can be given, by its level: beside the rest, since one screen alone needs it. */
export function consoleScopes(registry: Registry): string {
  const scopesOf = (level: 'agency' | 'location') => [
    ...new Set(registry.all.filter(({ token }) => token === level || token === 'either').flatMap(({ scope }) => scope)),
  ]
  const listOf = (level: 'agency' | 'location') =>
    scopesOf(level)
      .sort()
      .map((scope) => `    '${scope}',`)
      .join('\n')
  return `// Generated from the registry (\`npm run generate\`): the scopes of private tokens, by level.

export const SCOPES = {
  agency: [
${listOf('agency')}
  ],
  location: [
${listOf('location')}
  ],
} as const
`
}

export const CONSOLE_EVENTS = 'console/src/api/webhook-events.json'

/** What webhooks can ask for: a type, what it is about, and of changes the fields that they can be narrowed to. */
export function consoleEvents(): string {
  const events = [...eventsOfKind].flatMap(([kind, some]) =>
    some.map(({ type, onlyApps = false }) => ({
      type,
      kind,
      onlyApps,
      fields: isOfAnyChange(type) ? fieldsOf(kind) : [],
    })),
  )
  // Some tell of two kinds.
  const first = events.filter(({ type }, index) => events.findIndex((one) => one.type === type) === index)
  return `${JSON.stringify(first, null, 1)}\n`
}

export const CONSOLE_TARGETS = 'console/src/api/connection-targets.json'

/** What connections can fill, by what items become: field -> what it is called. And what programs sign by. */
export function consoleTargets(): string {
  const all = Object.entries({ ...TARGETS, line: LINE_TARGETS })
  const labelsOf = (targets: (typeof all)[number][1]) =>
    Object.fromEntries(Object.entries(targets).map(([field, { label }]) => [field, label]))
  const neededOf = (targets: (typeof all)[number][1]) => Object.keys(targets).filter((field) => targets[field]?.needed)
  const fields = Object.fromEntries(all.map(([object, targets]) => [object, labelsOf(targets)]))
  const needed = Object.fromEntries(all.map(([object, targets]) => [object, neededOf(targets)]))
  return `${JSON.stringify({ fields, needed, signatures: SIGNATURE_PRESETS }, null, 1)}\n`
}

/** Whatever became another, where others tell of one thing alone. */
const isOfAnyChange = (type: string) =>
  type.endsWith('Update') && EVENT_TYPES.includes(type.replace(/Update$/, 'Create'))

const fieldsOf = (kind: string) =>
  Object.keys((RECORDS.get(kind) ?? RESOURCES.get(kind))?.schema.properties ?? {}).sort()

/** Generated as well; what they name nobody calls by its name. */
const GENERATED = /(operations|more-lines|sdk-methods)\.ts$/

const sources = () =>
  readdirSync(CONSOLE, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !GENERATED.test(path))
    .map((path) => ({ path, text: readFileSync(join(CONSOLE, path), 'utf8') }))

type Nouns = ReadonlyMap<string, Schema>

/** Names that types of the language have already. */
const TAKEN = ['Record', 'Event', 'Error']

/** What answers are about and has one shape wherever it stands: written once, under its name. */
function nounsOf(operations: readonly Operation[]): Nouns {
  const found = new Map<string, Schema[]>()
  const visit = (schema: Schema): void => {
    if (isNoun(schema)) found.set(schema.title, [...(found.get(schema.title) ?? []), schema])
    for (const value of Object.values(schema)) if (typeof value === 'object' && value !== null) visit(value as Schema)
  }
  for (const { output } of operations) if (output !== 'stream') visit(output as Schema)
  return new Map(
    [...found].flatMap(([title, [first, ...more]]) =>
      first !== undefined && more.every((one) => JSON.stringify(one) === JSON.stringify(first))
        ? [[title, first] as const]
        : [],
    ),
  )
}

const isNoun = (schema: Schema): schema is Schema & { title: string } =>
  typeof schema.title === 'string' &&
  /^[A-Z][A-Za-z]*$/.test(schema.title) &&
  !TAKEN.includes(schema.title) &&
  schema.type === 'object' &&
  schema.properties !== undefined

function typesOf({ name, input, output }: Operation, nouns: Nouns): string {
  const answer = output === 'stream' ? "'stream'" : typeText(output as Schema, '    ', nouns)
  return `  '${name}': {\n    input: ${typeText(input as Schema, '    ', nouns)}\n    output: ${answer}\n  }`
}

function lineOf(operation: Operation): string {
  const { method, path, queryNames } = placementOf(operation)
  const told = method === 'GET' ? queryNames.filter((name) => name === 'companyId') : queryNames
  const names = told.length === 0 ? '' : `, [${told.map((name) => `'${name}'`).join(', ')}]`
  return `  '${operation.name}': ['${method}', '${path}'${names}],`
}

const NAMES: Record<string, string> = { integer: 'number', number: 'number', null: 'null', string: 'string' }

/** A schema as a type of TypeScript. What it does not say is `unknown`. */
function typeText(schema: Schema, indent: string, nouns: Nouns): string {
  if (isNoun(schema) && nouns.has(schema.title)) return schema.title
  const { type, const: only, enum: values, anyOf, oneOf, allOf, items } = schema
  if (only !== undefined) return JSON.stringify(only)
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' | ')
  const choices = anyOf ?? oneOf
  if (choices !== undefined) return [...new Set(choices.map((choice) => typeText(choice, indent, nouns)))].join(' | ')
  if (allOf !== undefined) return allOf.map((part) => typeText(part, indent, nouns)).join(' & ')
  if (Array.isArray(type)) return type.map((one) => typeText({ ...schema, type: one }, indent, nouns)).join(' | ')
  if (type === 'array') return arrayText(items, indent, nouns)
  if (type === 'object') return objectText(schema, indent, nouns)
  return type === 'boolean' ? 'boolean' : (NAMES[type ?? ''] ?? 'unknown')
}

function arrayText(items: Schema | Schema[] | undefined, indent: string, nouns: Nouns): string {
  if (Array.isArray(items)) return `[${items.map((item) => typeText(item, indent, nouns)).join(', ')}]`
  const text = typeText(items ?? {}, indent, nouns)
  const { anyOf, oneOf, allOf } = items ?? {}
  const isOne = text.startsWith('{') && (anyOf ?? oneOf ?? allOf) === undefined
  return /[|&]/.test(text) && !isOne ? `(${text})[]` : `${text}[]`
}

function objectText(
  { properties = {}, required = [], patternProperties, additionalProperties }: Schema,
  indent: string,
  nouns: Nouns,
): string {
  const others = Object.values(patternProperties ?? {})[0] ?? additionalProperties
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(
    ([name, schema]) =>
      `${inner}${/^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ` +
      typeText(schema, inner, nouns),
  )
  if (typeof others === 'object' && lines.length === 0) return `Record<string, ${typeText(others, indent, nouns)}>`
  // Beside named properties the others are of any type: an index must hold for all of them.
  if (typeof others === 'object' || others === true) lines.push(`${inner}[name: string]: unknown`)
  return lines.length === 0 ? 'Record<string, unknown>' : `{\n${lines.join('\n')}\n${indent}}`
}
