import { isSame, type Json } from './diff.ts'

type Plain = string | number | boolean | null

/** A list of plain values without repetitions; a missing list is an empty one. */
export function isSet(value: Json | undefined): value is Plain[] | undefined {
  if (value === undefined) return true
  return (
    Array.isArray(value) &&
    value.every((element) => element === null || typeof element !== 'object') &&
    new Set(value).size === value.length
  )
}

/** What both sides added arrives, what either removed is gone. */
export function mergeSets(base: readonly Plain[], target: readonly Plain[], source: readonly Plain[]): Plain[] {
  const [inBase, inTarget, inSource] = [new Set(base), new Set(target), new Set(source)]
  const stays = (value: Plain) => (inTarget.has(value) && inSource.has(value)) || !inBase.has(value)
  return arrange(orderOf(base, target, source).lead, { target, source, stays, atTheEnd: true })
}

export interface Order<T> {
  lead: 'target' | 'source'
  /** Both sides have put the elements that they share in orders of their own. */
  clash: { base: T[]; target: T[]; source: T[] } | null
}

/** Whose order stands: that of the only side that reordered, else the target's. */
export function orderOf<T>(base: readonly T[], target: readonly T[], source: readonly T[]): Order<T> {
  const [inBase, inTarget, inSource] = [new Set(base), new Set(target), new Set(source)]
  const old = base.filter((element) => inTarget.has(element) && inSource.has(element))
  const shared = (list: readonly T[]) => list.filter((element) => inTarget.has(element) && inSource.has(element))
  const known = (list: readonly T[]) => shared(list).filter((element) => inBase.has(element))
  const [mine, theirs] = [shared(target), shared(source)]
  if (isSame(mine, theirs) || (old.length > 0 && isSame(known(target), known(source))))
    return { lead: 'target', clash: null }
  if (old.length > 0 && isSame(known(target), old)) return { lead: 'source', clash: null }
  if (old.length > 0 && isSame(known(source), old)) return { lead: 'target', clash: null }
  return { lead: 'target', clash: { base: old, target: mine, source: theirs } }
}

interface Arrange<T> {
  target: readonly T[]
  source: readonly T[]
  stays: (element: T) => boolean
  /** Where an element goes that follows nothing: the end, else the front. */
  atTheEnd: boolean
}

/** The leading side's elements in its order; what only the other side has follows its predecessor there. */
export function arrange<T>(lead: 'target' | 'source', { target, source, stays, atTheEnd }: Arrange<T>): T[] {
  const [leading, following] = lead === 'target' ? [target, source] : [source, target]
  const result = leading.filter(stays)
  const placed = new Set(result)
  let before: T | undefined
  for (const element of following) {
    if (!stays(element)) continue
    if (!placed.has(element)) {
      const place = before === undefined ? (atTheEnd ? result.length : 0) : result.indexOf(before) + 1
      result.splice(place, 0, element)
      placed.add(element)
    }
    before = element
  }
  return result
}
