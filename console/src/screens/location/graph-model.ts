import { type Doc, isDoc } from '../../parts/document/editors.ts'
import { stepsOf, TRIGGER } from '../../parts/graph/model.ts'
import { texts } from './texts.ts'

/** A new step between one and what came after it. The server gives it an id of its own. */
export function addAfter(document: Doc, after: string): { document: Doc; id: string } {
  const steps = stepsOf(document)
  const taken = new Set(steps.map(({ id }) => id))
  let number = 1
  while (taken.has(`new-${number}`)) number++
  const id = `new-${number}`
  const made = (next: unknown): Doc => ({ id, type: 'add_note', name: texts.graph.newStep, next: next ?? null })
  if (after === TRIGGER) return { id, document: { ...document, steps: [made(steps[0]?.id), ...steps] } }
  const place = steps.findIndex((step) => step.id === after)
  const before = steps[place]
  const linked = steps.map((step, index) => (index === place ? { ...step, next: id } : step))
  return { id, document: { ...document, steps: linked.toSpliced(place + 1, 0, made(before?.next)) } }
}

/** Without a step: whatever led to it leads to what came after it. */
export function removeStep(document: Doc, id: string): Doc {
  const steps = stepsOf(document)
  const next = steps.find((step) => step.id === id)?.next ?? null
  const lead = <D extends Doc>(one: D): D => (one.next === id ? { ...one, next } : one)
  return {
    ...document,
    steps: steps
      .filter((step) => step.id !== id)
      .map((step) => ({
        ...lead(step),
        ...(Array.isArray(step.branches) ? { branches: step.branches.filter(isDoc).map(lead) } : {}),
        ...(step.goToStepId === id ? { goToStepId: next } : {}),
      })),
  }
}
