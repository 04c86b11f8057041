import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useHint } from './hint.tsx'

export type ToneName = 'good' | 'change' | 'bad' | 'info' | 'calm'

interface Props {
  tone: ToneName
  children: ReactNode
  /** What the word means, for whoever points at it. */
  hint?: string | undefined
}

/** A state in a word: the colour repeats what the word says, and never says more. */
export function Tone({ tone, children, hint }: Props) {
  const { pointed, hint: said } = useHint(hint)
  return (
    <Group gap={6} wrap="nowrap" component="span" display="inline-flex" {...(hint === undefined ? {} : pointed)}>
      <span
        aria-hidden
        style={{ width: 8, height: 8, flex: 'none', borderRadius: 4, background: `var(--tone-${tone})` }}
      />
      <Text component="span" size="sm" className="one-line">
        {children}
      </Text>
      {said}
    </Group>
  )
}
