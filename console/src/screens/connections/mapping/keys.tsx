import { ActionIcon, Checkbox, Group, Stack } from '@mantine/core'
import { IconArrowUp } from '@tabler/icons-react'
import { Section } from '../section.tsx'
import { isMapped, KEYS_OF, type Key, type Mapping } from './model.ts'
import { texts } from './texts.ts'

const words = texts.keys

interface Props {
  mapping: Mapping
  onChange: (mapping: Mapping) => void
  readOnly: boolean
}

/** By what ours is found, in order. What is not mapped cannot be. */
export function Keys({ mapping, onChange, readOnly }: Props) {
  const { keys } = mapping
  const offered = KEYS_OF[mapping.object].filter((key) => isMapped(mapping, key))
  const lines = [...keys.filter((key) => offered.includes(key)), ...offered.filter((key) => !keys.includes(key))]
  const set = (next: Key[]) => onChange({ ...mapping, keys: next })
  return (
    <Section title={words.title} hint={lines.length === 0 ? words.empty : words.hint} isInner gap="xs">
      <Stack component="ol" gap={6} m={0} p={0} style={{ listStyle: 'none' }}>
        {lines.map((key, at) => (
          <Group component="li" key={key} gap="xs" wrap="nowrap">
            <Checkbox
              label={words.words[key]}
              checked={keys.includes(key)}
              // One must be left.
              disabled={readOnly || (keys.length === 1 && keys.includes(key))}
              onChange={(event) =>
                set(event.currentTarget.checked ? [...keys, key] : keys.filter((one) => one !== key))
              }
            />
            {!readOnly && at > 0 && keys.includes(key) && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={words.up(words.words[key])}
                onClick={() => set(keys.toSpliced(at, 1).toSpliced(at - 1, 0, key))}
              >
                <IconArrowUp size={14} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        ))}
      </Stack>
    </Section>
  )
}
