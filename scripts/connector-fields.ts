import type { Operation } from '../src/operations/define.ts'
import { placementOf } from '../src/operations/registry.ts'
import type { Schema } from '../src/surfaces/schema-text.ts'

/** One thing that somebody fills in. A text that is named and nothing else is `{}`. */
export interface Field {
  /** Default: a text. `json` is whatever has no plainer shape. */
  type?: 'integer' | 'number' | 'boolean' | 'datetime' | 'json'
  list?: true
  choices?: string[]
  /** The drop-down list that it is chosen from. */
  from?: string
  help?: string
  /** Of a page: the largest there is. */
  most?: number
}

/** Ids by other names than `thingId`: the list they are chosen from. */
const CHOSEN: Readonly<Record<string, string>> = {
  assigned_to: 'users',
  assignedTo: 'users',
  assignedUserId: 'users',
  author: 'authors',
  categories: 'categories',
  contacts: 'contacts',
  followers: 'users',
  pipelineStageId: 'stages',
  pipeline_stage_id: 'stages',
  selectedUsers: 'users',
  userIds: 'users',
}
const MOMENT = /^((start|end)(Time|Date|At)|eventStartTime|dueDate|publishedAt)$/
const PAGE_SIZE = /^(limit|pageLimit)$/
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
const plural = (name: string) =>
  /s$/.test(name) ? `${name}es` : /y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`

/** The fields of an operation by name, as people fill them in. `lists`: what drop-down lists there are. */
export function fieldsOf(operation: Operation, lists: ReadonlySet<string>): Map<string, Field> {
  const { path } = placementOf(operation)
  return new Map(
    Object.entries(operation.input.properties).map(([name, schema]) => {
      const from = listOf(name, path)
      return [name, { ...toField(name, schema as Schema), ...(from !== null && lists.has(from) ? { from } : {}) }]
    }),
  )
}

/** `contactId` -> `contacts`; the `id` of `/opportunities/:id` -> `opportunities`. */
function listOf(name: string, path: string): string | null {
  const [, before] = new RegExp(`/([^/:]+)/:${name}(?![^/])`).exec(path) ?? []
  if (name === 'id') return before ?? null
  const [, thing] = /^(\w+)Id$/.exec(camel(name)) ?? []
  return CHOSEN[name] ?? (thing === undefined ? null : plural(thing))
}

function toField(name: string, schema: Schema): Field {
  const { description: help, maximum } = schema as { description?: string; maximum?: number }
  return {
    ...shapeOf(name, schema),
    ...(help === undefined || help === '' ? {} : { help }),
    ...(PAGE_SIZE.test(name) && maximum !== undefined ? { most: maximum } : {}),
  }
}

function shapeOf(name: string, schema: Schema): Field {
  const { anyOf, enum: values, type, items } = schema
  if (anyOf !== undefined) return shapeOf(name, anyOf.find((one) => one.type !== 'null') ?? {})
  const plain = Array.isArray(type) ? type.find((one) => one !== 'null') : type
  if (values !== undefined) return { choices: values.filter((one) => one !== null).map(String) }
  if (MOMENT.test(name)) return { type: 'datetime' }
  if (plain === 'string') return {}
  if (plain === 'integer' || plain === 'number' || plain === 'boolean') return { type: plain }
  if (plain !== 'array' || items === undefined || Array.isArray(items)) return { type: 'json' }
  const { type: inner, ...each } = shapeOf(name, items)
  return inner === undefined && each.list === undefined ? { ...each, list: true } : { type: 'json' }
}
