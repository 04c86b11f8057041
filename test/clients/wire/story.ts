import { registry } from '../../../src/operations/index.ts'
import type { Client } from '../../support/client.ts'

/**
 * Calls a documented operation (`GET /contacts/{contactId}`) through a client: parameters of path and query by their
 * names, then the body. Throws what the client reports of a refusal, with its status.
 */
// biome-ignore lint/suspicious/noExplicitAny: answers of clients that others wrote; each story asserts on what it reads
export type Ask = (line: string, input?: Record<string, unknown>, body?: unknown) => Promise<any>

export interface Cast {
  ask: Ask
  /** The same with a token of the agency. */
  askAgency: Ask
  /** Of one of everything, made before. */
  ids: Record<string, string>
  /** The same location, for what the documents have no operation for. */
  client: Client
}

export type Story = (cast: Cast) => Promise<void>

export const named = (things: { id?: string; _id?: string }[]) => things.map(({ id, _id }) => id ?? _id)

/** What a client cannot do, done beside it. */
export async function callAside(client: Client, ...[line, input = {}, body]: Parameters<Ask>): ReturnType<Ask> {
  const [method, template] = line.split(' ') as [string, string]
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => String(input[name]))
  const query = Object.entries(input).filter(([name]) => !template.includes(`{${name}}`))
  const address = `${path}?${new URLSearchParams(query.map(([name, value]) => [name, String(value)]))}`
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const headers = { version: '2021-07-28', ...type }
  const { status, body: answer } = await client.raw(method, address, {
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(answer)}`)
  return answer
}

const SERVED = new Set(registry.all.map(({ http }) => shapeOf(http)))

/** Whether a documented line is an operation here, whatever its parameters are called. */
export const isServed = (line: string) => SERVED.has(shapeOf(line))

function shapeOf(line: string): string {
  return line.replace(/:\w+|\{\w+\}/g, '*').replace(/\/$/, '')
}
