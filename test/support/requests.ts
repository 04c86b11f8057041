import type { TSchema } from 'typebox'
import type { Operation } from '../../src/operations/define.ts'
import { placementOf } from '../../src/operations/registry.ts'
import { toExample } from '../../src/surfaces/schema-text.ts'
import type { Client, Reply } from './client.ts'

/** An id that nothing has. */
export const UNKNOWN_ID = 'unknown0000000000000'

/** Whose things a request names. */
export interface Owner {
  companyId: string
  locationId: string
  /** Ids of things by what they are called in paths and bodies: `form`, `snapshot`, `token` ... and by kind. */
  ids: ReadonlyMap<string, string>
  /** Put into every free text. */
  word: string
}

/** Method, path with query, and body of a call, without its token. */
export interface Sent {
  method: string
  path: string
  body: string | undefined
}

/** Input that names the owner's own things and is otherwise as small as the schema allows. */
export function inputFor(operation: Operation, owner: Owner): Record<string, unknown> {
  const { properties, required = [] } = operation.input
  const { pathNames } = placementOf(operation)
  const names = Object.keys(properties).filter(
    (name) =>
      pathNames.includes(name) ||
      (required as string[]).includes(name) ||
      // Whose journal, where an app is in several portals.
      (name === 'installPortalId' && owner.ids.has(`hubspot_${name}`)),
  )
  return Object.fromEntries(names.map((name) => [name, valueFor(operation, owner, name, properties[name] as TSchema)]))
}

function valueFor(operation: Operation, owner: Owner, name: string, schema: TSchema): unknown {
  if (name === 'companyId') return owner.companyId
  if (name === 'locationId' || name === 'location_id') return owner.locationId
  if (name === 'locationIds') return [owner.locationId]
  const known = idFor(operation, owner, name)
  const isNumber = (schema as { type?: string }).type === 'integer'
  if (known !== undefined) return isNumber ? Number(known) : known
  const filled = fill(toExample(schema), owner.word)
  if (!LISTS_OF_LOCATIONS.includes(name) || !Array.isArray(filled)) return filled
  return filled.map((entry) => ({ ...entry, locationId: owner.locationId }))
}

/** Whose entries each name a location. */
const LISTS_OF_LOCATIONS = ['decisions', 'matches']

/** The owner's id for a property such as `formId`, `snapshot_id`, or the bare `id` of `/links/:id`. */
function idFor(operation: Operation, { ids }: Owner, name: string): string | undefined {
  const theirs = operation.wire === 'hubspot' ? ids.get(`hubspot_${name}`) : undefined
  if (theirs !== undefined) return theirs
  // What another program calls its things (`customer_id`) is not an id of ours: its schema brings an example.
  if ('examples' in (operation.input.properties[name] as object)) return undefined
  const folder = singular(new RegExp(`(\\w+)/:${name}\\b`).exec(operation.http)?.[1] ?? '')
  if (operation.locate?.param === name)
    return (
      // One of a kind may be more than the others are: a booking of services is an appointment.
      ids.get(`${operation.name.split('.')[0]}.${name}`) ??
      ids.get(operation.locate.kind) ??
      ids.get(singular(operation.locate.kind)) ??
      ids.get(folder)
    )
  const noun = /^(\w+?)_?[iI]d$/.exec(name)?.[1]
  if (noun !== undefined) return ids.get(noun) ?? (isPath(operation, name) ? UNKNOWN_ID : undefined)
  if (!isPath(operation, name)) return undefined
  // A number in a path (a version) counts something; its least is always there.
  if ((operation.input.properties[name] as { type?: string }).type === 'integer') return undefined
  if ('enum' in (operation.input.properties[name] as object)) return ids.get(`${operation.locate?.kind}.${name}`)
  return ids.get(name) ?? ids.get(folder) ?? UNKNOWN_ID
}

const isPath = (operation: Operation, name: string) => new RegExp(`:${name}\\b`).test(operation.http)

export const singular = (word: string) => word.replace(/ies$/, 'y').replace(/s$/, '')

/** The word in place of the example's plain texts. */
function fill(value: unknown, word: string): unknown {
  if (value === 'text') return word
  if (Array.isArray(value)) return value.map((element) => fill(element, word))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner, word)]))
  return value
}

/**
 * The input as a request: path, query and body each get their part. What the schema does not know goes where the rest
 * goes.
 */
export function toRequest(operation: Operation, input: Record<string, unknown>): Sent {
  const { method, path, pathNames, queryNames, bodyNames } = placementOf(operation)
  const bodyless = method === 'GET' || (method === 'DELETE' && !operation.hasBody)
  const query = new URLSearchParams()
  const body: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(input)) {
    if (pathNames.includes(name) || operation.rawBody?.property === name) continue
    if (!queryNames.includes(name) && !bodyless && operation.rawBody === null) body[name] = value
    else
      for (const element of [value].flat())
        query.append(name, typeof element === 'object' ? JSON.stringify(element) : String(element))
  }
  const address = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(input[name] ?? UNKNOWN_ID)))
  const hasBody = !bodyless && (operation.rawBody !== null || bodyNames.length > 0 || Object.keys(body).length > 0)
  return {
    method,
    path: `${address}${query.size === 0 ? '' : `?${query}`}`,
    body: hasBody
      ? operation.rawBody === null
        ? JSON.stringify(body)
        : String(input[operation.rawBody.property] ?? '')
      : undefined,
  }
}

export function send(
  client: Client,
  operation: Operation,
  input: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const { method, path, body } = toRequest(operation, input)
  return sendText(client, operation, { method, path, body }, headers)
}

export function sendText(
  client: Client,
  operation: Operation,
  { method, path, body }: Sent,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const type = operation.rawBody === null ? 'application/json' : 'application/octet-stream'
  return client.raw(method, path, {
    headers: { version: '2021-07-28', ...(body === undefined ? {} : { 'content-type': type }), ...headers },
    ...(body === undefined ? {} : { body }),
  })
}
