import { canonicalJson, hashText } from '../../store/hash.ts'

/**
 * How a polling client tells what it has seen: an item of the answer is new with a new id, changed with a new version.
 */
export interface Dedupe {
  /**
   * Where the items are: `contact`, `contacts[]`, `[]` (the answer is the list), `*.slots[]` (lists by any name), or
   * nothing: the answer itself.
   */
  items: string
  /** Fields of an item that tell it from others; `.` is the item itself, which is then a text. */
  id: readonly string[]
  /** Fields that differ once an item has changed. None: compare its content. */
  version: readonly string[]
  /** Input properties that belong to the id, because the answer does not say what was asked for. */
  request: readonly string[]
  /** Input with which what changed last comes first, where the line says otherwise or nothing. */
  newest?: Readonly<Record<string, unknown>>
}

/** The answer tells of one thing, or of none. */
export const one = (items: string, more: Partial<Dedupe> = {}): Dedupe => ({
  items,
  id: ['id'],
  version: [],
  request: [],
  ...more,
})
/** The answer holds a list. */
export const many = (items: string, more: Partial<Dedupe> = {}): Dedupe => one(`${items}[]`, more)

/** Where the answer says when an item was changed last. */
export const CHANGED = { version: ['dateUpdated'] } as const
export const UPDATED = { version: ['updatedAt'] } as const

export interface DedupeKey {
  id: string
  version: string
}

/** Key of each item of an answer to a request, in the order of the answer. */
export function dedupeKeys(dedupe: Dedupe, request: Readonly<Record<string, unknown>>, answer: unknown): DedupeKey[] {
  const asked = dedupe.request.map((name) => request[name])
  return itemsOf(answer, dedupe.items).map((item) => ({
    id: joined([...asked, ...dedupe.id.map((field) => fieldOf(item, field))]),
    version:
      dedupe.version.length > 0
        ? joined(dedupe.version.map((field) => fieldOf(item, field)))
        : hashText(canonicalJson(contentOf(item))).slice(0, 16),
  }))
}

/** The trace of an answer is another each time. */
function contentOf(item: unknown): unknown {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return item
  const { traceId: _, ...content } = item as Record<string, unknown>
  return content
}

/** What stands at a path like `messages.messages[]` of an answer. */
export const itemsOf = (answer: unknown, items: string): unknown[] => walk(answer, items === '' ? [] : items.split('.'))

function walk(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (value === undefined || value === null) return []
  if (step === undefined) return [value]
  const name = step.replace(/\[\]$/, '')
  const members = value as Record<string, unknown>
  const found = name === '*' ? Object.values(members) : [name === '' ? value : members[name]]
  const inner = step.endsWith('[]') ? found.flat() : found
  return inner.flatMap((one) => walk(one, rest))
}

const fieldOf = (item: unknown, field: string) =>
  field === '.' ? item : (item as Record<string, unknown> | null)?.[field]

/** A missing part is empty, so that the parts of a key keep their places. */
const joined = (parts: readonly unknown[]) =>
  parts.map((part) => encodeURIComponent(part === undefined || part === null ? '' : String(part))).join('/')
