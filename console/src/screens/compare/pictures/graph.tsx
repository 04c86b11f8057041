import { useMemo } from 'react'
import { type Doc, isSame } from '../../../parts/document/editors.ts'
import { Flow, type FlowEdge, type FlowNode } from '../../../parts/graph/flow.tsx'
import { edgesOf, nodesOf, TRIGGER } from '../../../parts/graph/model.ts'
import { texts } from '../texts.ts'
import { type Mark, mergeParts, partsIn } from './marks.ts'

/** A campaign is a row of events, some of which go on elsewhere once somebody has answered. */
function asWorkflow(kind: string, document: Doc): Doc {
  if (kind === 'workflows') return document
  const events = partsIn(document.events)
  return {
    trigger: { name: document.name },
    steps: events.map((event, index) => ({
      ...event,
      next: events[index + 1]?.id ?? null,
      ...(typeof event.replyGoToEventId === 'string' ? { goToStepId: event.replyGoToEventId } : {}),
    })),
  }
}

/** The steps of both sides in one graph: each is marked with what became of it, ways that are gone are dashed. */
export function StepsPicture({ kind, before, after }: { kind: string; before: Doc; after: Doc }) {
  const { nodes, edges } = useMemo(
    () => compare(asWorkflow(kind, before), asWorkflow(kind, after)),
    [kind, before, after],
  )
  return <Flow label={texts.pictures.graph} nodes={nodes} edges={edges} />
}

function compare(before: Doc, after: Doc): { nodes: FlowNode[]; edges: FlowEdge[] } {
  const merged = mergeParts(partsIn(before.steps), partsIn(after.steps))
  const marks = new Map<string, Mark>(merged.map(({ part, mark }) => [String(part.id), mark]))
  marks.set(TRIGGER, isSame(before.trigger, after.trigger) ? 'same' : 'changed')
  const nodes = nodesOf({ ...after, steps: merged.map(({ part }) => part) }).map((node): FlowNode => {
    const mark = marks.get(node.id) ?? 'same'
    return { ...node, mark, type: mark === 'same' ? node.type : `${texts.marks[mark].meaning}: ${node.type}` }
  })
  const edges = edgesOf(after)
  const ways = new Set(edges.map(({ source, target }) => `${source} ${target}`))
  const gone = edgesOf(before)
    .filter(({ source, target }) => !ways.has(`${source} ${target}`))
    .map((edge) => ({ ...edge, id: `gone ${edge.id}`, isGone: true }))
  return { nodes, edges: [...edges, ...gone] }
}
