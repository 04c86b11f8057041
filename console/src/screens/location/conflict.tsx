import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { type Doc, labelOf } from '../../parts/document/editors.ts'
import { FieldDiffs } from '../../parts/field-diff.tsx'
import type { Clash } from './draft.ts'
import { texts } from './texts.ts'

const { conflict } = texts

interface Props {
  merged: Doc
  clashes: readonly Clash[]
  onSettle: (document: Doc | null) => void
}

/** Two people have changed one asset: both sides, and a choice for each field that both have changed. */
export function Conflict({ merged, clashes, onSettle }: Props) {
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set())
  const go = () => {
    const mine = clashes.filter(({ name }) => chosen.has(name)).map(({ name, mine: value }) => [name, value])
    onSettle({ ...merged, ...Object.fromEntries(mine) })
  }
  const take = (name: string, isMine: boolean) =>
    choose((old) => (isMine ? new Set(old).add(name) : new Set([...old].filter((one) => one !== name))))
  return (
    <Modal
      closeButtonProps={{ 'aria-label': 'Close' }}
      opened
      onClose={() => onSettle(null)}
      title={conflict.title}
      size="xl"
    >
      <Stack>
        <Text size="sm">{conflict.lead}</Text>
        {clashes.length > 0 && (
          <Text size="sm" fw={600}>
            {conflict.both}
          </Text>
        )}
        {clashes.map(({ name, theirs, mine }) => (
          <Stack key={name} gap={6}>
            <FieldDiffs
              fields={[{ path: labelOf(name), before: theirs, after: mine }]}
              sides={{ before: conflict.theirs, after: conflict.mine }}
            />
            <SegmentedControl
              aria-label={labelOf(name)}
              value={chosen.has(name) ? 'mine' : 'theirs'}
              onChange={(side) => take(name, side === 'mine')}
              data={[
                { value: 'theirs', label: conflict.takeTheirs },
                { value: 'mine', label: conflict.takeMine },
              ]}
            />
          </Stack>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onSettle(null)}>
            {conflict.stay}
          </Button>
          <Button onClick={go}>{conflict.go}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
