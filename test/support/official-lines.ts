import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormatsModule from 'ajv-formats'
import { CORRECTIONS, LISTS, RECORDED_STATUS } from './official.ts'

/*
 * `official/lines.json` is taken from HighLevel's published specification (CC0): every line of the areas that are
 * served here, with its status, scopes and the schema of its answer, without prose.
 */

export interface OfficialLine {
  /** `GET /users/{userId}`. */
  line: string
  area: string
  status: number | null
  scopes: readonly string[]
  answer: object | null
}

const file = JSON.parse(readFileSync(join(import.meta.dirname, 'official', 'lines.json'), 'utf8')) as {
  lines: readonly OfficialLine[]
  $defs: Record<string, { properties: Record<string, unknown> }>
}
export const OFFICIAL_LINES = file.lines

const Text = { type: 'string' }
const Free = { type: 'object' }
/** Where the specification contradicts its own examples, as in official.ts: of the lines that the catalogue leaves out. */
const MORE: typeof CORRECTIONS = {
  // A text there; an object in its example.
  'objects.IRecordSchema': { properties: Free },
  'objects.RecordResponseDTO': { properties: Free, searchAfter: { type: 'array' } },
  // An object there; a text in its example.
  'objects.ICustomObjectSchema': { type: Text },
  // One object there; a list by its name, and in answers seen.
  'funnels.FunnelListResponseDTO': { funnels: { type: 'array', items: Free } },
  // A text there; a truth value in its example.
  'funnels.FunnelPageResponseDTO': { deleted: { type: 'boolean' } },
  // One of two schemas there, and most fit both.
  'locations.GetTemplatesSuccessfulResponseDto': { templates: { type: 'array', items: Free } },
  'locations.SmsTemplateSchema': { attachments: { type: 'array' } },
  // Texts there; objects in its example.
  'locations.FileUploadResponseDto': { meta: { type: 'array', items: Free } },
  // Lists of lists there.
  'locations.LocationTaskListSuccessfulResponseDto': { tasks: { type: 'array', items: Free } },
  // Texts there; a number in the recordings of every other list.
  'emails.ScheduleFetchSuccessfulDTO': { total: { anyOf: [{ type: 'number' }, { type: 'array' }] } },
}
for (const [name, properties] of Object.entries({ ...CORRECTIONS, ...MORE }))
  if (file.$defs[name]) Object.assign(file.$defs[name].properties, properties)

const ajv = new Ajv({ allErrors: true, strict: false, logger: false })
;(addFormatsModule as unknown as (ajv: Ajv) => void)(ajv)
ajv.addSchema({ $id: 'lines', $defs: file.$defs })
const validators = new Map<string, ValidateFunction>()

function lineOf(name: string): OfficialLine {
  const found = OFFICIAL_LINES.find(({ line }) => line === name)
  assert.ok(found, `the specification has no ${name}`)
  return found
}

/** What the official schema finds wrong with an answer. Empty where there is no schema. */
export function lineFaults(name: string, body: unknown): string[] {
  const { line, answer } = lineOf(name)
  if (answer === null) return []
  let validator = validators.get(line)
  if (validator === undefined) {
    validator = ajv.compile(JSON.parse(JSON.stringify(answer).replaceAll('"#/$defs/', '"lines#/$defs/')))
    validators.set(line, validator)
  }
  const list = line.startsWith('GET ') ? LISTS[line.slice(4)] : undefined
  const whole = Array.isArray(body) && (answer as { type?: string }).type !== 'array' ? body[0] : body
  const checked = list === undefined ? whole : (body as Record<string, unknown[]>)[list]?.[0]
  if (validator(checked)) return []
  const faults = (validator.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  return faults.filter((fault) => !RECORDED_NULL[name]?.test(fault))
}

/** Texts that the real service leaves null where there is none. */
const RECORDED_NULL: Record<string, RegExp> = {
  'POST /opportunities/search': /^\/opportunities\/0\/(assignedTo|source|lostReasonId|contact\/\w+) must be string$/,
}

/** An answer of the documented status that is what the official schema says; the answer itself. */
// biome-ignore lint/suspicious/noExplicitAny: answers are what the tests are about
export function isOfficial(name: string, { status, body }: { status: number; body: any }): any {
  assert.equal(status, RECORDED_STATUS[name] ?? lineOf(name).status, `${name}: ${JSON.stringify(body)}`)
  assert.deepEqual(lineFaults(name, body), [], `${name}: ${JSON.stringify(body)}`)
  return body
}
