import { Anchor, Collapse, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import classes from './change-list.module.css'
import { pathText } from './document/labels.ts'
import { type Field, FieldDiffs } from './field-diff.tsx'
import { When } from './when.tsx'

const texts = {
  ops: { create: 'created it', update: 'changed it', delete: 'deleted it' } as Readonly<Record<string, string>>,
  sides: { before: 'Before', after: 'After' },
  fields: (count: number) => `${count} field${count === 1 ? '' : 's'}`,
}

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

/** Who did it, when, and what it changed; `children`: what can be done about it. */
export function ChangeEntry({ change, children }: { change: Change; children?: ReactNode }) {
  const [isOpen, { toggle }] = useDisclosure(false)
  const { at, op, actor, actorName, fields } = change
  return (
    <li className={classes.entry}>
      <Group gap="xs" justify="space-between">
        <Text size="sm">
          <Text span fw={600} dir="auto">
            {actorName ?? actor}
          </Text>{' '}
          {texts.ops[op] ?? op.replaceAll('_', ' ')} <When at={at} />
        </Text>
        {children}
      </Group>
      {fields.length > 0 && (
        <Stack gap="xs">
          <Anchor component="button" size="sm" onClick={toggle} aria-expanded={isOpen} ta="start">
            {texts.fields(fields.length)}: {namesOf(fields)}
          </Anchor>
          <Collapse expanded={isOpen}>{isOpen && <FieldDiffs fields={fields} sides={texts.sides} />}</Collapse>
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
