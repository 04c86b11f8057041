import { Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { LinkButton } from '../../parts/link-button.tsx'
import { Page } from '../../parts/page.tsx'
import { texts } from './texts.ts'

interface Props {
  lead: string
  actions?: ReactNode
  children: ReactNode
}

const VIEWS = [
  ['/app/journal', texts.views.changes],
  ['/app/journal/listeners', texts.views.listeners],
] as const

/** One of the ways to look at the journal, below the list of all. */
export function Frame({ lead, actions, children }: Props) {
  return (
    <Page title={texts.title} lead={lead} actions={actions}>
      <Group component="nav" gap={4} aria-label={texts.viewsOf}>
        {VIEWS.map(([to, label]) => (
          <LinkButton
            key={to}
            to={to as never}
            size="compact-md"
            variant="subtle"
            color="gray"
            c="var(--mantine-color-text)"
            activeProps={{ variant: 'default' }}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {label}
          </LinkButton>
        ))}
      </Group>
      {children}
    </Page>
  )
}
