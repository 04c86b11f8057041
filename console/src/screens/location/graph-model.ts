import dagre from '@dagrejs/dagre'
import { type Doc, isDoc, labelOf } from '../../parts/document/editors.ts'
import { texts } from './texts.ts'

export const TRIGGER = 'trigger'
export const NODE = { width: 210, height: 54 }

interface Edge {
  id: string
  source: string
  target: string
  label?: string
}

export const stepsOf = ({ steps }: Doc): Doc[] => (Array.isArray(steps) ? steps.filter(isDoc) : [])

/** Where a step goes on: each way with what it is called. */
function waysOf(step: Doc): { to: string; label?: string }[] {
  const branches = Array.isArray(step.branches) ? step.branches.filter(isDoc) : []
  return [
    ...branches.map(({ next, name }) => ({ to: next, label: String(name ?? '') })),
    { to: step.next, ...(branches.length > 0 ? { label: texts.graph.otherwise } : {}) },
    ...(step.goToStepId === undefined ? [] : [{ to: step.goToStepId }]),
  ].filter((way): way is { to: string; label?: string } => typeof way.to === 'string' && way.to !== '')
}

/** The steps in their places, from the trigger down. What leads nowhere is left out. */
export function graphOf(document: Doc) {
  const steps = stepsOf(document)
  const ids = new Set(steps.map(({ id }) => String(id)))
  const first = steps[0]
  const edges: Edge[] = [
    ...(first === undefined ? [] : [{ id: `${TRIGGER}>`, source: TRIGGER, target: String(first.id) }]),
    ...steps.flatMap((step) =>
      waysOf(step)
        .filter(({ to }) => ids.has(to))
        .map(({ to, label }, index) => ({
          id: `${step.id}>${index}`,
          source: String(step.id),
          target: to,
          ...(label === undefined ? {} : { label }),
        })),
    ),
  ]
  const trigger = isDoc(document.trigger) ? document.trigger : {}
  const nodes = [
    { id: TRIGGER, type: texts.graph.trigger, title: labelOf(String(trigger.name ?? trigger.type ?? 'manual')) },
    ...steps.map(({ id, type, name }) => ({
      id: String(id),
      type: String(type),
      title: typeof name === 'string' && name !== '' ? name : labelOf(String(type)),
    })),
  ]
  const layout = new dagre.graphlib.Graph({ multigraph: true })
  layout.setGraph({ rankdir: 'TB', nodesep: 32, ranksep: 48 })
  layout.setDefaultEdgeLabel(() => ({}))
  for (const { id } of nodes) layout.setNode(id, { ...NODE })
  for (const { id, source, target } of edges) layout.setEdge(source, target, {}, id)
  dagre.layout(layout)
  return {
    edges,
    nodes: nodes.map((node) => {
      const { x, y } = layout.node(node.id)
      return { ...node, x: x - NODE.width / 2, y: y - NODE.height / 2 }
    }),
  }
}

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
