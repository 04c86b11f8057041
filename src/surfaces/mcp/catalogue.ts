import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import type { Operation } from '../../operations/define.ts'
import { findOperations } from '../../operations/find.ts'
import { callTool, type Desk } from './desk.ts'
import { groupOf, isChosen } from './groups.ts'
import type { CallResult } from './results.ts'
import { findTool, toolName, toolsOf, toTool } from './tools.ts'

type Json = Record<string, unknown>

/** What a list of hundreds of tools would drown: found by words, and called by name. */
const SEARCH = 'search'
const CALL = 'call'

const MOST_FOUND = 20
const FOUND = 5

const searchTool: Tool = {
  name: SEARCH,
  title: 'Find Operations',
  description:
    'Finds what else this connection can do, by words such as "custom field" or "roll back push". Answers with names, ' +
    `what each does and the input it takes; use ${CALL} to run one. Only a part of all operations is listed as tools.`,
  inputSchema: {
    type: 'object',
    properties: {
      words: { type: 'string', maxLength: 200, description: 'Words of a name, a title or a description.' },
      limit: { type: 'integer', minimum: 1, maximum: MOST_FOUND, description: `Default ${FOUND}.` },
    },
    required: ['words'],
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: {
      found: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            title: { type: 'string' },
            description: { type: 'string' },
            access: { enum: ['read', 'write', 'destructive'] },
            group: { type: 'string' },
            inputSchema: { type: 'object' },
          },
          required: ['name', 'title', 'description', 'access', 'group', 'inputSchema'],
        },
      },
      total: { type: 'integer', description: 'How many there are, found or not shown.' },
    },
    required: ['found', 'total'],
  },
  annotations: { title: 'Find Operations', readOnlyHint: true, destructiveHint: false, idempotentHint: true },
}

/** It can do whatever the token can: what it is said to be follows from that. */
const callOf = (offered: readonly Operation[]): Tool => ({
  name: CALL,
  title: 'Call an Operation',
  description:
    `Runs an operation that ${SEARCH} found, by its name. Of one whose access is "destructive", say to the person ` +
    'what it will do, and ask for a plan first where its description names one.',
  inputSchema: {
    type: 'object',
    properties: {
      name: { type: 'string', maxLength: 100, description: 'As search tells it, such as contacts_create.' },
      input: { type: 'object', description: 'By the inputSchema that search tells.' },
    },
    required: ['name'],
    additionalProperties: false,
  },
  annotations: {
    title: 'Call an Operation',
    readOnlyHint: offered.every(({ access }) => access === 'read'),
    destructiveHint: offered.some(({ access }) => access === 'destructive'),
    idempotentHint: false,
  },
})

const offeredAt = ({ registry, caller, choice }: Desk) => toolsOf(registry, caller, choice.access)

/** The tools of the chosen groups, and the two that lead to all others. */
export function listTools(desk: Desk): Tool[] {
  const offered = offeredAt(desk)
  const listed = offered.filter((operation) => isChosen(desk.choice, operation))
  return [searchTool, callOf(offered), ...listed.map((operation) => toTool(operation, desk.caller))]
}

const failure = (text: string): CallResult => ({ isError: true, content: [{ type: 'text', text }] })

/** Runs a tool, whether it is in the list or not: what the caller may is decided where it is decided for all. */
export async function runTool(desk: Desk, name: string, args: Json): Promise<CallResult> {
  if (name === SEARCH) return search(desk, args)
  if (name !== CALL) return run(desk, name, args)
  const { name: wanted, input = {} } = args
  if (typeof wanted !== 'string' || typeof input !== 'object' || input === null || Array.isArray(input))
    return failure(`${CALL} takes {"name": "noun_verb", "input": {…}}. ${SEARCH} tells names and inputs.`)
  return run(desk, wanted, input as Json)
}

async function run(desk: Desk, name: string, args: Json): Promise<CallResult> {
  const operation = findTool(desk.registry, name)
  if (operation === null) {
    const near = findOperations(offeredAt(desk), name.split(/[._]/)[0] as string).slice(0, FOUND)
    const hint = near.length === 0 ? '' : ` Near to it: ${near.map(toolName).join(', ')}.`
    return failure(`There is no tool ${name.slice(0, 100)}.${hint} ${SEARCH} finds tools by words.`)
  }
  if (desk.choice.access === 'read' && operation.access !== 'read')
    return failure(`${toolName(operation)} writes, and this connection was set up to read only (access=read).`)
  return callTool(desk, operation, args)
}

function search(desk: Desk, { words, limit = FOUND }: Json): CallResult {
  if (typeof words !== 'string' || words.trim() === '' || words.length > 200)
    return failure('words must be a text of at most 200 characters, such as "custom field".')
  const found = findOperations(offeredAt(desk), words)
  const shown = found.slice(0, Math.min(MOST_FOUND, Math.max(1, Number(limit) || FOUND)))
  const answer = { found: shown.map((operation) => told(desk, operation)), total: found.length }
  return { content: [{ type: 'text', text: JSON.stringify(answer) }], structuredContent: answer }
}

function told({ caller }: Desk, operation: Operation) {
  const { name, title, description = '', inputSchema } = toTool(operation, caller)
  return { name, title, description, access: operation.access, group: groupOf(operation), inputSchema }
}
