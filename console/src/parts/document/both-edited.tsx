import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { texts as shared } from '../../texts.ts'
import { type Field, FieldDiffs } from '../field-diff.tsx'
import type { Doc } from './editors.ts'
import { labelOf } from './labels.ts'
import type { Merged } from './merge-edits.ts'
import { texts } from './texts.ts'

const { both: words } = texts

/** What differs in one part of the document, as it is called there. */
export type TellPart = (name: string, sides: Pick<Field, 'before' | 'after'>) => readonly Field[]

interface Props extends Merged {
  /** The refusal, in the server's words: who has changed what. */
  said?: string
  tell?: TellPart
  onSettle: (document: Doc | null) => void
}

const tellField: TellPart = (name, sides) => [{ path: labelOf(name), ...sides }]

/** Two people have changed one thing: both sides, and a choice for each field that both have changed. */
export function BothEdited({ merged, clashes, others, said, tell = tellField, onSettle }: Props) {
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set())
  const go = () => {
    const mine = clashes.filter(({ name }) => chosen.has(name)).map(({ name, mine: value }) => [name, value])
    onSettle({ ...merged, ...Object.fromEntries(mine) })
  }
  const take = (name: string, isMine: boolean) =>
    choose((old) => (isMine ? new Set(old).add(name) : new Set([...old].filter((one) => one !== name))))
  return (
    <Modal
      closeButtonProps={{ 'aria-label': shared.close }}
      opened
      onClose={() => onSettle(null)}
      title={words.title}
      size="xl"
    >
      <Stack>
        <Text size="sm">{words.lead}</Text>
        {said && (
          <Text size="sm" c="dimmed" dir="auto">
            {said}
          </Text>
        )}
        {others.length > 0 && (
          <>
            <Text size="sm" fw={600}>
              {words.others}
            </Text>
            <FieldDiffs
              fields={others.flatMap(({ name, before, theirs }) => tell(name, { before, after: theirs }))}
              sides={{ before: words.before, after: words.theirs }}
            />
          </>
        )}
        {clashes.length > 0 && (
          <Text size="sm" fw={600}>
            {words.both}
          </Text>
        )}
        {clashes.map(({ name, theirs, mine }) => (
          <Stack key={name} gap={6}>
            <FieldDiffs
              fields={tell(name, { before: theirs, after: mine })}
              sides={{ before: words.theirs, after: words.mine }}
            />
            <SegmentedControl
              aria-label={tell(name, { before: theirs, after: mine })[0]?.path ?? name}
              value={chosen.has(name) ? 'mine' : 'theirs'}
              onChange={(side) => take(name, side === 'mine')}
              data={[
                { value: 'theirs', label: words.takeTheirs },
                { value: 'mine', label: words.takeMine },
              ]}
            />
          </Stack>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onSettle(null)}>
            {words.stay}
          </Button>
          <Button onClick={go}>{words.go}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
