import { Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { mayAct, type Role } from '../../api/session.ts'
import { LinkButton } from '../../parts/link-button.tsx'
import { Page } from '../../parts/page.tsx'
import { useSession } from '../../parts/role.ts'
import { Refused } from '../../parts/states.tsx'
import { texts } from './texts.ts'

/** The parts of the settings, and the least role that each is for. */
const PARTS = [
  ['account', 'client'],
  ['people', 'admin'],
  ['tokens', 'admin'],
  ['apps', 'admin'],
  ['ai-clients', 'admin'],
  ['limits', 'client'],
  ['log', 'admin'],
] as const satisfies readonly (readonly [string, Role])[]

export type Part = (typeof PARTS)[number][0]

interface Props {
  part: Part
  actions?: ReactNode
  children: ReactNode
}

/** A part of the settings below the list of those that are for the role. Others are told so at its address. */
export function Frame({ part, actions, children }: Props) {
  const session = useSession()
  const [, needed] = PARTS.find(([name]) => name === part) ?? PARTS[0]
  if (!mayAct(session, needed)) return <Refused role={needed} />
  const words = texts[part]
  return (
    <Page title={words.title} lead={words.lead} trail={texts.title} actions={actions}>
      <Group component="nav" gap={4} aria-label={texts.title}>
        {PARTS.filter(([, role]) => mayAct(session, role)).map(([name]) => (
          <LinkButton
            key={name}
            to={`/app/settings/${name}` as never}
            size="compact-md"
            variant="subtle"
            color="gray"
            c="var(--mantine-color-text)"
            activeProps={{ variant: 'default' }}
          >
            {texts[name].title}
          </LinkButton>
        ))}
      </Group>
      {children}
    </Page>
  )
}
