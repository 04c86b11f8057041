import type { Way } from '../connections/connection.ts'
import type { Definition } from '../connections/versions.ts'
import { readEmail } from '../reading/email.ts'
import type { Arrival } from './arrivals.ts'

/** Items of one message. */
const MOST_ITEMS = 10_000

/** The items in what came, or why none can be read. */
export type Read = { items: unknown[] } | { fault: string } | { skipped: string }

export async function itemsOf(
  { headers, body }: Pick<Arrival, 'headers' | 'body'>,
  way: Way,
  source: Definition['source'],
): Promise<Read> {
  if (way === 'mail') return itemOfMail(body, source)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return { fault: 'The body is no text in UTF-8.' }
  }
  const isForm = (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  let whole: unknown
  try {
    whole = isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text)
  } catch (error) {
    return { fault: `The body is no JSON: ${(error as Error).message.slice(0, 200)}` }
  }
  const found = way === 'poll' || source.items === undefined ? whole : at(whole, source.items)
  const items = Array.isArray(found) ? found : [found]
  if (found === undefined) return { fault: `There is nothing at ${source.items}.` }
  if (items.length > MOST_ITEMS)
    return { fault: `There are ${items.length} items; at most ${MOST_ITEMS} may come at once.` }
  try {
    return { items: items.map((item) => storable(item)) }
  } catch (error) {
    return { fault: (error as Error).message }
  }
}

async function itemOfMail(body: Buffer, { mail }: Definition['source']): Promise<Read> {
  const read = await readEmail(body, mail ?? { fields: [] })
  if (read.outcome === 'item') return { items: [storable(read.item)] }
  if (read.outcome === 'skipped') return { skipped: read.reason }
  return { fault: read.problems.map(({ at: field, message }) => `${field}: ${message}`).join('; ') }
}

/** Names with dots between them. */
const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null)?.[name], value)

const DEEPEST = 100

/** PostgreSQL keeps no U+0000, and no half of a pair. */
export function storable(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) throw new Error(`It is nested more than ${DEEPEST} levels deep.`)
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map((element) => storable(element, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [storableText(name), storable(inner, depth + 1)]),
  )
}

const storableText = (text: string) => text.replaceAll('\u0000', '').toWellFormed()
