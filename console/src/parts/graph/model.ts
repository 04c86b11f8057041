import dagre from '@dagrejs/dagre'
import { type Doc, isDoc } from '../document/editors.ts'
import { labelOf } from '../document/labels.ts'

export const TRIGGER = 'trigger'
const NODE = { width: 210, height: 54 }
export const WORDS = { trigger: 'Starts by', otherwise: 'otherwise' }

export interface GraphNode {
  id: string
  type: string
  title: string
}

export interface GraphEdge {
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
    { to: step.next, ...(branches.length > 0 ? { label: WORDS.otherwise } : {}) },
    ...(step.goToStepId === undefined ? [] : [{ to: step.goToStepId }]),
  ].filter((way): way is { to: string; label?: string } => typeof way.to === 'string' && way.to !== '')
}

/** The steps of a workflow after what starts it. */
export function nodesOf(document: Doc): GraphNode[] {
  const trigger = isDoc(document.trigger) ? document.trigger : {}
  return [
    { id: TRIGGER, type: WORDS.trigger, title: labelOf(String(trigger.name ?? trigger.type ?? 'manual')) },
    ...stepsOf(document).map(({ id, type, name }) => ({
      id: String(id),
      type: labelOf(String(type)),
      title: typeof name === 'string' && name !== '' ? name : labelOf(String(type)),
    })),
  ]
}

/** What leads from step to step. What leads nowhere is left out. */
export function edgesOf(document: Doc): GraphEdge[] {
  const steps = stepsOf(document)
  const ids = new Set(steps.map(({ id }) => String(id)))
  const first = steps[0]
  return [
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
}

/** Each in its place, from the trigger down. */
export function place<N extends { id: string }>(nodes: readonly N[], edges: readonly GraphEdge[]) {
  const layout = new dagre.graphlib.Graph({ multigraph: true })
  layout.setGraph({ rankdir: 'TB', nodesep: 32, ranksep: 48 })
  layout.setDefaultEdgeLabel(() => ({}))
  for (const { id } of nodes) layout.setNode(id, { ...NODE })
  for (const { id, source, target } of edges) layout.setEdge(source, target, {}, id)
  dagre.layout(layout)
  return nodes.map((node) => {
    const { x, y } = layout.node(node.id)
    return { ...node, x: x - NODE.width / 2, y: y - NODE.height / 2 }
  })
}
