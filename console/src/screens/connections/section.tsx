import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  title: string
  hint?: string
  /** Within another one. */
  isInner?: boolean
  gap?: 'xs' | 'sm'
  /** What changes in it by itself is told. */
  isLive?: boolean
  children: ReactNode
}

/** A part of a screen under its title, which it is found by. */
export function Section({ title, hint, isInner = false, gap = 'sm', isLive = false, children }: Props) {
  return (
    <Stack gap={gap} component="section" aria-label={title} {...(isLive ? { 'aria-live': 'polite' } : {})}>
      <Title order={isInner ? 3 : 2} size={isInner ? 'h5' : 'h4'}>
        {title}
      </Title>
      {hint !== undefined && (
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
      )}
      {children}
    </Stack>
  )
}
