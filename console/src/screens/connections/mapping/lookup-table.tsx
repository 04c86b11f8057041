import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Origin } from './model.ts'
import { texts } from './texts.ts'

const words = texts.origin
type Lookup = Extract<Origin, { lookup: unknown }>['lookup']
type Line = readonly [string, string]

interface Props {
  lookup: Lookup
  onChange: (lookup: Lookup) => void
  /** Words of the other program that have come. */
  came: readonly string[]
}

/** Our word for each of theirs. */
export function LookupTable({ lookup, onChange, came }: Props) {
  // While somebody writes, two lines may be the same, and one may be empty: a table has neither.
  const [lines, keep] = useState<readonly Line[]>(() => {
    const known = Object.entries(lookup.table).map(([theirs, ours]): Line => [theirs, String(ours)])
    return known.length > 0 ? known : [['', '']]
  })
  const set = (next: readonly Line[]) => {
    keep(next)
    const whole = next.filter(([theirs, ours]) => theirs.trim() !== '' && ours.trim() !== '')
    onChange({ ...lookup, table: Object.fromEntries(whole) })
  }
  const change = (at: number, line: Line) => set(lines.map((one, index) => (index === at ? line : one)))
  const known = new Set(lines.map(([theirs]) => theirs.trim().toLowerCase()))
  const fresh = came.filter((word) => !known.has(word.toLowerCase()))
  const { otherwise, ...rest } = lookup
  return (
    <Stack gap="xs" role="group" aria-label={words.words}>
      <Text size="sm" fw={500}>
        {words.words}
      </Text>
      {lines.map(([theirs, ours], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line that is written has nothing else
        <Group key={at} gap="xs" wrap="nowrap">
          <TextInput
            aria-label={words.theirs}
            placeholder={words.theirs}
            style={{ flex: 1, minWidth: 0 }}
            value={theirs}
            onChange={(event) => change(at, [event.currentTarget.value, ours])}
          />
          <TextInput
            aria-label={words.yours}
            placeholder={words.yours}
            style={{ flex: 1, minWidth: 0 }}
            value={ours}
            onChange={(event) => change(at, [theirs, event.currentTarget.value])}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={words.removeWord(theirs)}
            onClick={() => set(lines.filter((_, index) => index !== at))}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Group gap="xs">
        <Button size="compact-sm" variant="default" onClick={() => set([...lines, ['', '']])}>
          {words.addWord}
        </Button>
        {fresh.length > 0 && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() =>
              set([...lines.filter(([theirs]) => theirs !== ''), ...fresh.map((word): Line => [word, ''])])
            }
          >
            {words.takeWords}
          </Button>
        )}
      </Group>
      <TextInput
        label={words.otherwise}
        description={words.otherwiseHint}
        value={String(otherwise ?? '')}
        onChange={(event) => {
          const next = event.currentTarget.value
          onChange(next === '' ? rest : { ...rest, otherwise: next })
        }}
      />
    </Stack>
  )
}
