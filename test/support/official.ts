import assert from 'node:assert/strict'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormatsModule from 'ajv-formats'
import catalogue from './official-catalogue.json' with { type: 'json' }

/*
 * `official-catalogue.json` is taken from HighLevel's published specification (CC0): the operations of the catalogue
 * with their status, scopes, token types, the SDK's method, and the schema of the answer where the specification has
 * one.
 */

export interface OfficialEntry {
  category: string
  kind: 'trigger' | 'action'
  title: string
  description: string
  method: string
  path: string
  status: number
  scopes: readonly string[]
  tokenTypes: readonly string[]
  /** `contacts.getContact`. */
  sdk: string
  answer: object | null
}

/** Where the real service answers with another status than it documents. */
export const RECORDED_STATUS: Readonly<Record<string, number>> = {
  'POST /opportunities/search': 201,
  'DELETE /calendars/events/{eventId}': 200,
}

export const OFFICIAL = (catalogue.entries as unknown as readonly OfficialEntry[]).map((entry) => ({
  ...entry,
  status: RECORDED_STATUS[`${entry.method} ${entry.path}`] ?? entry.status,
}))

type Schema = Record<string, unknown>

const Text = { type: 'string' }
const Moment = { type: 'string', format: 'date-time' }
const Texts = { type: 'array', items: { type: 'string' } }
const Things = { type: 'array', items: { type: 'object' } }

const GetMessages = {
  type: 'object',
  required: ['lastMessageId', 'nextPage', 'messages'],
  properties: {
    lastMessageId: Text,
    nextPage: { type: 'boolean' },
    messages: { type: 'array', items: { $ref: '#/$defs/conversations.GetMessageResponseDto' } },
  },
}

/**
 * Where the specification contradicts its own examples, or what its server sends: definition -> property -> what is
 * meant.
 */
export const CORRECTIONS: Record<string, Record<string, Schema>> = {
  // Lists of lists there; ids in the examples of its neighbours.
  'opportunities.SearchOpportunitiesResponseSchema': {
    followers: Texts,
    notes: Things,
    tasks: Things,
    calendarEvents: Things,
  },
  'opportunities.PipelinesResponseSchema': { stages: Things },
  // Objects there; texts in their own examples.
  'associations.GetPostSuccessfulResponseDto': {
    firstObjectLabel: Text,
    firstObjectKey: Text,
    secondObjectLabel: Text,
    secondObjectKey: Text,
    associationType: Text,
  },
  // One level deeper on its server; null for nobody.
  'conversations.GetMessagesByConversationResponseDto': { messages: GetMessages },
  'contacts.GetNoteSchema': { userId: { type: ['string', 'null'] } },
  // Objects there too.
  'calendars.CalendarEventDTO': { startTime: Moment, endTime: Moment, dateAdded: Moment, dateUpdated: Moment },
  'calendars.BlockedSlotSuccessfulResponseDto': { startTime: Moment, endTime: Moment },
  // One text out of 189 there; the request takes a list of them.
  'users.UserSchema': { scopes: Texts },
  'users.UserSuccessfulResponseDto': { scopes: Texts },
}

function corrected(): Schema {
  const definitions = structuredClone(catalogue.$defs) as Record<string, { properties: Schema }>
  for (const [name, properties] of Object.entries(CORRECTIONS))
    Object.assign((definitions[name] as { properties: Schema }).properties, properties)
  return definitions
}

const ajv = new Ajv({ allErrors: true, strict: false, logger: false })
;(addFormatsModule as unknown as (ajv: Ajv) => void)(ajv)
/** What the answers of the entries refer to, as `#/$defs/NAME`. */
export const ANSWER_DEFINITIONS = corrected()
ajv.addSchema({ $id: 'official', $defs: ANSWER_DEFINITIONS })
const validators = new Map<OfficialEntry, ValidateFunction>()

/** The specification gives a list the schema of one of its elements. */
export const LISTS: Record<string, string> = {
  '/associations/': 'associations',
  '/associations/relations/{recordId}': 'relations',
}

/** What the official schema finds wrong with an answer. Empty where there is no schema. */
export function officialFaults(entry: OfficialEntry, body: unknown): string[] {
  if (entry.answer === null) return []
  let validator = validators.get(entry)
  if (validator === undefined) {
    validator = ajv.compile(JSON.parse(JSON.stringify(entry.answer).replaceAll('"#/$defs/', '"official#/$defs/')))
    validators.set(entry, validator)
  }
  const list = entry.method === 'GET' ? LISTS[entry.path] : undefined
  const checked = list === undefined ? body : (body as Record<string, unknown[]>)[list]?.[0]
  return validator(checked)
    ? []
    : (validator.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** The entry of a line such as `GET /users/{userId}`. */
export function officialEntry(line: string): OfficialEntry {
  const entry = OFFICIAL.find(({ method, path }) => `${method} ${path}` === line)
  if (entry === undefined) throw new Error(`the official catalogue has no ${line}`)
  return entry
}

/**
 * What is made goes first; what is removed goes last, what lies inside of something before it, and a contact, which
 * takes its own along, at the end.
 */
export function inOrder<Thing>(things: readonly Thing[], lineOf: (thing: Thing) => string): Thing[] {
  const rank = (line: string) => {
    if (!line.startsWith('DELETE ')) return line.startsWith('POST ') ? -100 : -50
    return line === 'DELETE /contacts/{contactId}' ? 0 : -line.split('/').length
  }
  return things.toSorted((a, b) => rank(lineOf(a)) - rank(lineOf(b)))
}

/** The official client throws for every status but 2xx; what it answers must be what the official schema says. */
export function conforms<Answer>(line: string, answer: Answer): Answer {
  assert.deepEqual(officialFaults(officialEntry(line), answer), [], `${line}: ${JSON.stringify(answer)}`)
  return answer
}

/** What the official client throws where the server refuses, for `assert.rejects`. */
export const refuses = (status: number, message?: RegExp) => (error: { statusCode?: number; message?: string }) => {
  assert.equal(error.statusCode, status)
  if (message !== undefined) assert.match(JSON.stringify(error), message)
  return true
}
