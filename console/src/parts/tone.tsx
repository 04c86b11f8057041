import { Group, Text, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'

export type ToneName = 'good' | 'change' | 'bad' | 'info' | 'calm'

interface Props {
  tone: ToneName
  children: ReactNode
  /** What the word means, for whoever points at it. */
  hint?: string | undefined
}

/** A state in a word: the colour repeats what the word says, and never says more. */
export function Tone({ tone, children, hint }: Props) {
  const shown = (
    <Group gap={6} wrap="nowrap" component="span" display="inline-flex">
      <span
        aria-hidden
        style={{ width: 8, height: 8, flex: 'none', borderRadius: 4, background: `var(--tone-${tone})` }}
      />
      <Text component="span" size="sm" className="one-line">
        {children}
      </Text>
    </Group>
  )
  return hint === undefined ? shown : <Tooltip label={hint}>{shown}</Tooltip>
}
