import '@xyflow/react/dist/style.css'
import { Text } from '@mantine/core'
import { Controls, Handle, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react'
import { useMemo } from 'react'
import classes from './flow.module.css'
import { type GraphEdge, type GraphNode, place } from './model.ts'

/** `mark`: what became of it, where two documents are compared. */
export interface FlowNode extends GraphNode {
  mark?: 'added' | 'removed' | 'changed' | 'same'
}

export interface FlowEdge extends GraphEdge {
  isGone?: boolean
}

type StepNode = Node<{ title: string; type: string; isChosen: boolean; mark: string | undefined }, 'step'>
const NODE_TYPES = { step: StepBox }

interface Props {
  label: string
  nodes: readonly FlowNode[]
  edges: readonly FlowEdge[]
  chosen?: string | undefined
  onChoose?: (id: string) => void
}

/** Steps in their places, chosen by click or key. */
export function Flow({ label, nodes, edges, chosen, onChoose }: Props) {
  const placed = useMemo(() => place(nodes, edges), [nodes, edges])
  const shown = placed.map(
    ({ id, title, type, mark, x, y }): StepNode => ({
      id,
      type: 'step',
      position: { x, y },
      data: { title, type, isChosen: id === chosen, mark },
      ariaLabel: `${title}, ${type}`,
      draggable: false,
    }),
  )
  return (
    <section className={classes.graph} aria-label={label}>
      <ReactFlow
        nodes={shown}
        edges={edges.map(({ isGone = false, ...edge }) => ({ ...edge, className: isGone ? classes.gone : '' }))}
        nodeTypes={NODE_TYPES}
        onNodeClick={(_, { id }) => onChoose?.(id)}
        onSelectionChange={({ nodes: [one] }) => one && one.id !== chosen && onChoose?.(one.id)}
        nodesConnectable={false}
        fitView
        minZoom={0.2}
        proOptions={{ hideAttribution: true }}
        colorMode="system"
      >
        <Controls showInteractive={false} />
      </ReactFlow>
    </section>
  )
}

function StepBox({ data: { title, type, isChosen, mark } }: NodeProps<StepNode>) {
  return (
    <div className={classes.step} data-chosen={isChosen} data-mark={mark}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <Text size="xs" c="dimmed" className="one-line">
        {type}
      </Text>
      <div className="one-line" dir="auto">
        {title}
      </div>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  )
}
