import type { FastifyRequest } from 'fastify'
import type { Operation } from '../operations/define.ts'
import { type Placement, queryName, TENANT_QUERY } from '../operations/registry.ts'
import { coerceText } from '../store/validate.ts'
import { singleHeader } from './request-heads.ts'
import { isUpload } from './spool.ts'

/** The tenants that path and query name: known before the body is read. */
export function namedInAddress(
  operation: Operation,
  placement: Placement,
  request: FastifyRequest,
): Record<string, unknown> {
  const named: Record<string, unknown> = { ...(request.params as object) }
  for (const [spelled, value] of Object.entries(request.query as Record<string, unknown>)) {
    const name = queryName(operation, spelled.endsWith('[]') ? spelled.slice(0, -2) : spelled)
    if (!(name in named) && (placement.queryNames.includes(name) || TENANT_QUERY.includes(name as never)))
      named[name] = coerceText(operation.input.properties[name], value)
  }
  return named
}

/** More are not told. */
const MOST_FAULTS = 50

/** Path, query and body as the one object an operation takes. A name that stands in two places must have one value. */
export function readInput(
  operation: Operation,
  placement: Placement,
  request: FastifyRequest,
): { input: Record<string, unknown>; faults: string[] } {
  const { properties } = operation.input
  const input: Record<string, unknown> = {}
  const faults: string[] = []
  const query = request.query as Record<string, unknown>
  for (const [spelled, value] of Object.entries(query)) {
    // The official client writes the elements of a list as `name[]=`.
    const name = queryName(operation, spelled.endsWith('[]') ? spelled.slice(0, -2) : spelled)
    const tenant = TENANT_QUERY.includes(name as never)
    if (name in input && input[name] !== value) faults.push(`${name} stands twice in the query, with two values`)
    else if (placement.queryNames.includes(name) || tenant) input[name] = coerceText(properties[name], value)
    else if (placement.pathNames.includes(name) && value === (request.params as Record<string, string>)[name]) continue
    else faults.push(...refusalOf(operation, name, {}))
  }
  if (request.body !== undefined && request.body !== null) {
    const body =
      Array.isArray(request.body) && operation.listBody !== null ? { [operation.listBody]: request.body } : request.body
    const isObject = typeof body === 'object' && !Array.isArray(body)
    if (!isObject) faults.push('body must be an object')
    for (const [name, value] of isObject ? Object.entries(body) : []) {
      if (faults.length >= MOST_FAULTS) break
      const repeated = name in input || placement.pathNames.includes(name)
      const other = placement.pathNames.includes(name) ? (request.params as Record<string, string>)[name] : input[name]
      if (repeated && other !== value)
        faults.push(
          `${name} in the body differs from ${name} in the ${placement.pathNames.includes(name) ? 'path' : 'query'}`,
        )
      else if (!repeated && !placement.bodyNames.includes(name) && !Object.hasOwn(properties, name)) {
        faults.push(...refusalOf(operation, name))
      } else if (name === (operation.upload ?? operation.rawBody)?.property && !isUpload(value))
        faults.push(`${name} must be a file in a multipart/form-data body`)
      else input[name] = value
    }
  }
  for (const [name, header] of Object.entries(operation.fromHeaders)) {
    const value = singleHeader(request, header)
    if (value !== undefined) input[name] = coerceText(properties[name], value)
  }
  for (const [name, value] of Object.entries(request.params as Record<string, string>))
    input[name] = coerceText(properties[name], value)
  for (const name of TENANT_QUERY) if (!Object.hasOwn(properties, name)) hide(input, name)
  return { input, faults }
}

/** What is said of a name that an operation does not know. */
export function refusalOf({ wire, elsewhere }: Operation, name: string, told = elsewhere): string[] {
  // Programs written for HubSpot send more than a server of theirs reads.
  return wire === 'highlevel' ? [told[name] ?? `property ${name} should not exist`] : []
}

/**
 * A tenant named in the query of an operation that does not ask for it: checked like all others, invisible to its
 * schema.
 */
export function hide(input: Record<string, unknown>, name: string): void {
  if (name in input) Object.defineProperty(input, name, { enumerable: false, value: input[name] })
}
