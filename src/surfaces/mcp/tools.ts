import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import type { TSchema } from 'typebox'
import type { Caller } from '../../auth/caller.ts'
import type { Operation } from '../../operations/define.ts'
import { refusalOf } from '../../operations/door.ts'
import type { Registry } from '../../operations/registry.ts'
import { withoutTuples } from '../schema-text.ts'

type Json = Record<string, unknown>

/**
 * What is a tool: whatever a bearer token of an agency, a location or an app decides about. People manage their own
 * account in the console, the operator opens agencies, and what needs no token is for visitors and for apps that sign
 * in.
 */
export const isTool = ({ token }: Operation) => ['agency', 'location', 'either', 'app'].includes(token)

/** `noun_verb`: clients take no dots. */
export const toolName = ({ name }: Pick<Operation, 'name'>) => name.replace('.', '_')

/** By either spelling. */
export const findTool = ({ find }: Registry, name: string): Operation | null => {
  const operation = find(name.replace('_', '.'))
  return operation !== null && isTool(operation) ? operation : null
}

/** The tools that a token may call at all; in which places is a question of tenancy, as everywhere. */
export const toolsOf = (registry: Registry, caller: Caller, access: 'read' | 'all'): Operation[] =>
  registry.all.filter(
    (operation) =>
      isTool(operation) && refusalOf(operation, caller) === null && (access === 'all' || operation.access === 'read'),
  )

/** A way to ask an operation itself for its plan. */
const takesPreview = ({ input }: Operation) => 'preview' in input.properties

/** What is said before something is done that cannot be taken back by calling it again. */
export function warningOf(operation: Operation): string | null {
  if (operation.access !== 'destructive') return null
  const { plannedBy } = operation
  const plan =
    plannedBy !== null
      ? ` Call ${toolName({ name: plannedBy })} with the same input first: it answers with the plan and does nothing.`
      : takesPreview(operation)
        ? ' Call it with preview: true first: it answers with the plan and does nothing.'
        : ''
  return `Destructive: it deletes, overwrites or ends what is there.${plan}`
}

export function describe(operation: Operation): string {
  const { title, description } = operation
  const what = description === title ? `${title}.` : `${title}. ${description}`
  return [what, warningOf(operation)].filter((part) => part !== null).join('\n')
}

export function annotationsOf({ access, title, http }: Operation) {
  return {
    title,
    readOnlyHint: access === 'read',
    destructiveHint: access === 'destructive',
    idempotentHint: access === 'read' || /^(PUT|DELETE) /.test(http),
  }
}

/** Inputs that need not be given, because the token says them. */
export function knownOf({ foreign, input }: Operation, { locationId, agencyId }: Caller): Record<string, string> {
  const known = { companyId: agencyId, locationId, location_id: locationId }
  return Object.fromEntries(
    Object.entries(known).filter(
      (entry): entry is [string, string] =>
        Boolean(entry[1]) &&
        (input.required as string[] | undefined)?.includes(entry[0]) === true &&
        !foreign.includes(entry[0]),
    ),
  )
}

/** A file among the arguments of a tool. */
const FILE = {
  type: 'object',
  properties: {
    fileName: { type: 'string' },
    contentType: { type: 'string', description: 'Default: application/octet-stream.' },
    fieldName: { type: 'string', description: 'Field of the form that the file would come in, where that matters.' },
    text: { type: 'string', description: 'The content of a text file.' },
    base64: { type: 'string', description: 'The content of any other file.' },
  },
  additionalProperties: false,
}

export const KEY = 'idempotencyKey'
const KEY_SCHEMA = {
  type: 'string',
  maxLength: 255,
  description: 'The same key twice does the thing once: say one where a call may be repeated.',
}

const inputs = new WeakMap<Operation, Json>()
const outputs = new WeakMap<Operation, Json | null>()

function once<T>(known: WeakMap<Operation, T>, operation: Operation, make: () => T): T {
  const found = known.get(operation)
  if (found !== undefined) return found
  const made = make()
  known.set(operation, made)
  return made
}

const inputOf = (operation: Operation) =>
  once(inputs, operation, () => {
    const { properties, ...schema } = withoutTuples(operation.input) as Json & { properties: Json }
    const file = operation.upload ?? operation.rawBody
    const files = operation.upload?.most === undefined ? FILE : { type: 'array', items: FILE }
    return {
      ...schema,
      properties: {
        ...properties,
        ...(file === null ? {} : { [file.property]: operation.rawBody === null ? files : { type: 'string' } }),
        ...(operation.access === 'read' ? {} : { [KEY]: KEY_SCHEMA }),
      },
      additionalProperties: false,
    }
  })

const isObject = (schema: Json): boolean =>
  schema.type === 'object' ||
  [schema.anyOf, schema.allOf].some((parts) => (parts as Json[] | undefined)?.every(isObject))

/** Answers of tools are objects: whatever is none stands in `result`. */
export const isWrapped = ({ output }: Operation) => output !== 'stream' && !isObject(output as TSchema & Json)

/** Null: a file, a stream, or perhaps nothing. */
export const outputOf = (operation: Operation) =>
  once(outputs, operation, () => {
    if (operation.output === 'stream' || operation.status === 204 || operation.mayBeEmpty) return null
    const schema = withoutTuples(operation.output) as Json
    if (isWrapped(operation)) return { type: 'object', properties: { result: schema }, required: ['result'] }
    return { ...schema, type: 'object' }
  })

/** An operation as a tool for one caller. */
export function toTool(operation: Operation, caller: Caller): Tool {
  const schema = inputOf(operation)
  const known = knownOf(operation, caller)
  const required = ((schema.required ?? []) as string[]).filter((name) => !(name in known))
  const output = outputOf(operation)
  return {
    name: toolName(operation),
    title: operation.title,
    description: describe(operation),
    inputSchema: { ...schema, type: 'object', required } as Tool['inputSchema'],
    ...(output === null ? {} : { outputSchema: output as Tool['outputSchema'] }),
    annotations: annotationsOf(operation),
  }
}
