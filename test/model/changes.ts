import { copy, type Document, type Value } from './document.ts'

/**
 * One change inside a document: a property, or an element of a list that has ids. The way names parts by their tokens.
 */
export type Change =
  | { set: string[]; value: Value }
  | { add: string[]; value: Document; at: number }
  | { drop: string[]; part: string }
  | { swap: string[] }

/** The document after the changes; what they name and does not exist any more is left out. */
export function changed(document: Document, changes: readonly Change[]): Document {
  const result = copy(document)
  for (const change of changes) apply(result, change)
  return result
}

function apply(document: Document, change: Change): void {
  if ('set' in change) {
    const name = change.set.at(-1) as string
    const holder = find(document, change.set.slice(0, -1))
    if (holder !== undefined) holder[name] = copy(change.value)
    return
  }
  const way = 'add' in change ? change.add : 'drop' in change ? change.drop : change.swap
  const list = (document[way[0] as string] ?? []) as Document[]
  if ('add' in change) list.splice(Math.min(change.at, list.length), 0, copy(change.value))
  else if ('swap' in change) list.push(...list.splice(0, 1))
  else document[way[0] as string] = list.filter(({ id }) => id !== change.part)
  if ('add' in change) document[way[0] as string] = list
}

function find(document: Document, way: readonly string[]): Document | undefined {
  if (way.length === 0) return document
  const list = document[way[0] as string]
  return Array.isArray(list) ? (list as Document[]).find(({ id }) => id === way[1]) : undefined
}
