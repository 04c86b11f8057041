import { Button, Card, Group, Stack, TextInput } from '@mantine/core'
import { Section } from '../section.tsx'
import { ConditionField } from './condition.tsx'
import { type Mapping, sentenceOf } from './model.ts'
import type { Place } from './sample.ts'
import { texts } from './texts.ts'

const words = texts.filters

interface Props {
  mapping: Mapping
  onChange: (mapping: Mapping) => void
  places: readonly Place[]
  readOnly: boolean
}

/** What is left out, and why. */
export function Filters({ mapping, onChange, places, readOnly }: Props) {
  const { filters } = mapping
  const set = (next: Mapping['filters']) => onChange({ ...mapping, filters: next })
  if (readOnly && filters.length === 0) return null
  return (
    <Section title={words.title} hint={words.hint} isInner gap="xs">
      {filters.map((filter, at) => {
        const change = (patch: Partial<typeof filter>) =>
          set(filters.map((one, index) => (index === at ? { ...filter, ...patch } : one)))
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule has nothing else
          <Card key={at} withBorder padding="sm">
            <Stack gap="xs">
              <ConditionField
                when={filter.when}
                onChange={(when) => change({ when })}
                places={places}
                readOnly={readOnly}
              />
              <TextInput
                label={words.reason}
                placeholder={sentenceOf(filter.when)}
                readOnly={readOnly}
                value={filter.reason}
                onChange={(event) => change({ reason: event.currentTarget.value })}
              />
              {!readOnly && (
                <Group>
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => set(filters.filter((_, index) => index !== at))}
                  >
                    {words.remove(at + 1)}
                  </Button>
                </Group>
              )}
            </Stack>
          </Card>
        )
      })}
      {!readOnly && (
        <Group>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => set([...filters, { when: { path: '', is: 'equal', value: '' }, reason: '' }])}
          >
            {words.add}
          </Button>
        </Group>
      )}
    </Section>
  )
}
