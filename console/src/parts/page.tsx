import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { texts } from '../texts.ts'
import { texts as parts } from './texts.ts'

/** What the window is called. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${texts.product}`
  }, [title])
}

interface PageProps {
  title: string
  /** Above the title: where this page belongs. */
  trail?: ReactNode
  /** Beside the title: what can be done here. */
  actions?: ReactNode
  /** Below the title. */
  lead?: ReactNode
  children: ReactNode
}

/** A page of the console: its title, what can be done, and its content. */
export function Page({ title, trail, actions, lead, children }: PageProps) {
  useTitle(title)
  return (
    <Stack gap="md">
      <header>
        {trail && (
          <Text size="sm" c="dimmed" component="nav" aria-label={parts.breadcrumb}>
            {trail}
          </Text>
        )}
        <Group justify="space-between" align="flex-start" gap="sm">
          <Title order={1} size="h2" dir="auto" style={{ minWidth: 0 }}>
            {title}
          </Title>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {lead && (
          <Text c="dimmed" size="sm" mt={4} component="div">
            {lead}
          </Text>
        )}
      </header>
      {children}
    </Stack>
  )
}
