import { type Doc, isDoc, isSame } from '../../../parts/document/editors.ts'

export type Mark = 'added' | 'removed' | 'changed' | 'same'

export interface Marked {
  part: Doc
  mark: Mark
}

export const partsIn = (value: unknown): Doc[] => (Array.isArray(value) ? value.filter(isDoc) : [])

/**
 * The parts of both sides in one list, by their ids: in the order of the second, what is gone behind what it stood
 * behind. A part that only moved is the same.
 */
export function mergeParts(before: readonly Doc[], after: readonly Doc[]): Marked[] {
  const old = new Map(before.map((part) => [part.id, part]))
  const kept = new Set(after.map(({ id }) => id))
  const merged = after.map((part): Marked => {
    const was = old.get(part.id)
    return { part, mark: was === undefined ? 'added' : isSame(was, part) ? 'same' : 'changed' }
  })
  before.forEach((part, index) => {
    if (kept.has(part.id)) return
    const place = merged.findIndex((one) => one.part.id === before[index - 1]?.id)
    merged.splice(index === 0 ? 0 : place < 0 ? merged.length : place + 1, 0, { part, mark: 'removed' })
  })
  return merged
}
