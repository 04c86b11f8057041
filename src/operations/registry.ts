import { isGrantable } from '../auth/apps.ts'
import type { Operation } from './define.ts'

export interface Registry {
  all: readonly Operation[]
  /** Throws for a name that is not there. */
  get(name: string): Operation
  find(name: string): Operation | null
}

/** Checks that names and HTTP lines are unique and returns the operations as one value to pass around. */
export function createRegistry(operations: readonly Operation[]): Registry {
  const byName = new Map<string, Operation>()
  const lines = new Set<string>()
  for (const operation of operations) {
    if (byName.has(operation.name)) throw new Error(`two operations are called ${operation.name}`)
    byName.set(operation.name, operation)
    for (const http of [operation.http, ...operation.alsoAt]) {
      const line = lineShape(http)
      if (lines.has(line)) throw new Error(`two operations are served at ${http}`)
      lines.add(line)
    }
  }
  for (const { name, plannedBy } of operations)
    if (plannedBy !== null && byName.get(plannedBy)?.access !== 'read')
      throw new Error(`${name} is planned by ${plannedBy}, which is no operation that reads`)
  return {
    all: operations,
    find: (name) => byName.get(name) ?? null,
    get(name) {
      const operation = byName.get(name)
      if (operation === undefined) throw new Error(`there is no operation ${name}`)
      return operation
    },
  }
}

/** Every scope that an app can get. */
export function grantableScopes(registry: Registry): string[] {
  return [...new Set(registry.all.flatMap((operation) => operation.scope))].filter(isGrantable).sort()
}

/** A line without the names of its parameters and the last slash: what two operations cannot share. */
export const lineShape = (line: string) => line.replace(/:\w+/g, ':').replace(/\/$/, '')

/** Where each input property of an operation travels. */
export interface Placement {
  method: string
  path: string
  pathNames: readonly string[]
  queryNames: readonly string[]
  bodyNames: readonly string[]
}

/** Company and location may be named in the query of any operation; they are checked like all others. */
export const TENANT_QUERY = ['companyId', 'locationId'] as const

/**
 * How else clients spell a tenant in a query: the wire itself mixes both ways (`location_id` of the opportunity
 * search).
 */
const SPELLINGS: Readonly<Record<string, string>> = {
  location_id: 'locationId',
  company_id: 'companyId',
  locationId: 'location_id',
}

/** The name of a query parameter as the operation has it. */
export function queryName({ input, foreign }: Operation, name: string): string {
  const other = SPELLINGS[name]
  if (other === undefined || Object.hasOwn(input.properties, name) || foreign.includes(name)) return name
  return Object.hasOwn(input.properties, other) || !TENANT_QUERY.includes(name as never) ? other : name
}

export function placementOf(operation: Operation): Placement {
  const [method, path] = operation.http.split(' ') as [string, string]
  const pathNames = [...path.matchAll(/:(\w+)/g)].map((match) => match[1] as string)
  const names = Object.keys(operation.input.properties).filter((name) => !pathNames.includes(name))
  const bodyless = method === 'GET' || (method === 'DELETE' && !operation.hasBody)
  const inQuery = (name: string) => bodyless || operation.query.includes(name)
  return {
    method,
    path,
    pathNames,
    queryNames: names.filter(inQuery),
    bodyNames: names.filter((name) => !inQuery(name)),
  }
}
