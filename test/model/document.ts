import { RESOURCES } from '../../src/resources/index.ts'
import type { AssetResource } from '../../src/store/assets/index.ts'

/**
 * Documents of the model. An asset is named by a token `‹a12›`, a part by `‹p12.0›`, whether the document gives a
 * reference, a part's own id or an id inside a text. A token is a lineage: it means the same thing in every location.
 */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value }
export type Document = { [name: string]: Value }

const TOKENS = /‹([ap][^›]*)›/g
/** The id of the location that holds the document, inside its texts. */
export const HERE = '‹here›'

export const isObject = (value: unknown): value is Record<string, Value> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
export const copy = <T>(value: T): T => structuredClone(value)
export const tokenOf = (name: string) => `‹${name}›`
export const isAsset = (token: string) => token.startsWith('‹a')

/** Equal content whatever the order of properties; an absent property is one that is undefined. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => (isObject(inner) ? sorted(inner) : inner)) ?? 'absent'
const sorted = (object: Record<string, Value>) =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))
export const same = (a: unknown, b: unknown): boolean => a === b || textOf(a) === textOf(b)

/** Equal but for the order of lists: where that is left to the product, so is the word for what came out. */
export const alike = (a: Value, b: Value): boolean => same(unordered(a), unordered(b))
const unordered = (value: Value): Value => {
  if (Array.isArray(value)) return value.map((element) => textOf(unordered(element))).sort()
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unordered(inner)]))
    : value
}

/** Every text of a value changed by `change`, names of properties included. */
export function mapTexts(value: Value, change: (text: string) => string): Value {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((element) => mapTexts(element, change))
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [change(name), mapTexts(inner, change)]))
  return value
}

export const mapTokens = <T extends Value>(value: T, change: (token: string) => string): T =>
  mapTexts(value, (text) => (text.includes('‹') ? text.replace(TOKENS, (token) => change(token)) : text)) as T

export const tokensIn = (value: Value): string[] => [...new Set(textOf(value).match(TOKENS) ?? [])]

export const resourceOf = (kind: string) => RESOURCES.get(kind) as AssetResource

/** `steps[].branches` as [steps, branches]; each list stands for its elements. */
interface Step {
  name: string
  each: boolean
}
const stepsOf = (path: string): Step[] =>
  path.split('.').map((step) => ({ name: step.replace('[]', ''), each: step.endsWith('[]') }))

/**
 * The objects that hold the last name of a path, with the way that leads to it written with the tokens of the parts.
 */
function holdersOf(document: Document, path: string): { holder: Document; name: string; way: string }[] {
  const steps = stepsOf(path)
  const last = steps.pop() as Step
  let holders: { holder: Document; way: string }[] = [{ holder: document, way: '' }]
  for (const { name, each } of steps) {
    holders = holders.flatMap(({ holder, way }) => {
      const inner = holder[name]
      if (!each) return isObject(inner) ? [{ holder: inner, way: `${way}${name}.` }] : []
      return Array.isArray(inner)
        ? inner.filter(isObject).map((one) => ({ holder: one, way: `${way}${name}[${String(one.id)}].` }))
        : []
    })
  }
  return holders.map(({ holder, way }) => ({ holder, name: last.name, way: way + last.name }))
}

export interface Divided {
  content: Document
  /** The location's own values by their way: `status`, `steps[‹p3›].userIds`. */
  local: Document
}

/** What travels, and what is the location's own. */
export function divide(kind: string, document: Document): Divided {
  const content = copy(document)
  const local: Document = {}
  for (const path of Object.keys(resourceOf(kind).local)) {
    for (const { holder, name, way } of holdersOf(content, path)) {
      if (holder[name] === undefined) continue
      local[way] = holder[name]
      delete holder[name]
    }
  }
  return { content, local }
}

/** The document as its location shows it. */
export function unite(kind: string, { content, local }: Divided): Document {
  const document = copy(content)
  for (const path of Object.keys(resourceOf(kind).local)) {
    for (const { holder, name, way } of holdersOf(document, path))
      if (local[way] !== undefined) holder[name] = copy(local[way])
  }
  return document
}

/** The part tokens of a document with the names people gave them. */
export function partsOf(kind: string, document: Document): Document[] {
  return Object.keys(resourceOf(kind).parts).flatMap((path) =>
    holdersOf(document, `${path}[].id`).map(({ holder }) => holder),
  )
}

/** Names compare in NFKC, spaces folded, without regard to case. */
export const folded = (name: string) => name.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()

export function keyOf(kind: string, content: Document): string | null {
  const key = resourceOf(kind).key?.(content as never)
  return typeof key === 'string' && folded(key) !== '' ? folded(key) : null
}

export const nameOf = (kind: string, content: Document): string =>
  resourceOf(kind).title?.(content as never) ?? String(content.name)

/** What tells a part from its neighbours when no id does. */
export const partName = (part: Document): string | null => {
  const name = part.name ?? part.label
  return typeof name === 'string' && folded(name) !== '' ? folded(name) : null
}

/** The lists at a path such as `slides[].fields[]`, without the last brackets. */
export function listsAt(document: Document, path: string): Document[][] {
  const [step, ...rest] = path.split('.')
  const list = document[(step as string).replace('[]', '')]
  if (!Array.isArray(list)) return []
  return rest.length === 0
    ? [list as Document[]]
    : (list as Document[]).flatMap((element) => listsAt(element, rest.join('.')))
}
