import { type Doc, isDoc, isSame } from '../../../parts/document/editors.ts'

export type Mark = 'added' | 'removed' | 'changed' | 'same'

export interface Marked {
  part: Doc
  mark: Mark
}

export const partsIn = (value: unknown): Doc[] => (Array.isArray(value) ? value.filter(isDoc) : [])

/** Parts by the place that they say they have, those that say none behind the others as they stand. */
export const inSequence = (value: unknown): Doc[] =>
  partsIn(value).sort((one, other) => sequenceOf(one) - sequenceOf(other) || 0)

const sequenceOf = ({ sequence }: Doc) => (typeof sequence === 'number' ? sequence : Number.POSITIVE_INFINITY)

/** The pages of a step of a funnel, in the order in which the step names them. */
export function pagesOf(funnel: Doc, stepId: unknown): Doc[] {
  const named = partsIn(funnel.steps).find(({ id }) => id === stepId)?.pages
  const order = Array.isArray(named) ? named : []
  const place = ({ id }: Doc) => (order.includes(id) ? order.indexOf(id) : order.length)
  return partsIn(funnel.pages)
    .filter((page) => page.stepId === stepId || order.includes(page.id))
    .sort((one, other) => place(one) - place(other))
}

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
