import { Anchor, Collapse, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { actorText } from './actor.ts'
import classes from './change-list.module.css'
import { pathText } from './document/labels.ts'
import { type Field, FieldDiffs } from './field-diff.tsx'
import { texts } from './texts.ts'
import { When } from './when.tsx'

const { changes: words } = texts

export interface Change {
  id: string
  at: string
  op: string
  actor: string
  actorName: string | null
  fields: readonly Field[]
}

/** What happened to something, newest first. */
export const ChangeList = ({ label, children }: { label: string; children: ReactNode }) => (
  <ol className={classes.list} aria-label={label}>
    {children}
  </ol>
)

interface EntryProps {
  change: Change
  /** How what it changed is shown, where that takes more than the fields as they are. */
  diffs?: (shown: { fields: readonly Field[]; sides: { before: string; after: string } }) => ReactNode
  children?: ReactNode
}

/** Who did it, when, and what it changed; `children`: what can be done about it. */
export function ChangeEntry({ change, diffs = FieldDiffs, children }: EntryProps) {
  const [isOpen, { toggle }] = useDisclosure(false)
  const { at, op, actor, actorName, fields } = change
  return (
    <li className={classes.entry}>
      <Group gap="xs" justify="space-between">
        <Text size="sm">
          <Text span fw={600} dir="auto">
            {actorText(actor, actorName)}
          </Text>{' '}
          {words.ops[op] ?? op.replaceAll('_', ' ')} <When at={at} />
        </Text>
        {children}
      </Group>
      {fields.length > 0 && (
        <Stack gap="xs">
          <Anchor component="button" size="sm" onClick={toggle} aria-expanded={isOpen} ta="start">
            {words.fields(fields.length)}: {namesOf(fields)}
          </Anchor>
          <Collapse expanded={isOpen}>{isOpen && diffs({ fields, sides: words.sides })}</Collapse>
        </Stack>
      )}
    </li>
  )
}

const MOST_NAMES = 4

const namesOf = (fields: readonly Field[]) => {
  const names = [...new Set(fields.map(({ path }) => pathText(path)))]
  return names.slice(0, MOST_NAMES).join(', ') + (names.length > MOST_NAMES ? ' …' : '')
}
