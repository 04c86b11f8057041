import { Card, Group, Stack, Text } from '@mantine/core'
import { valueText } from '../../parts/json-view.tsx'
import { type Row, RowTone, whyOf } from './standing.tsx'
import { texts } from './texts.ts'

const words = texts.rows

/** What becomes of one item: the word for it, why, and each of our fields that becomes another. */
export function Changes({ row }: { row: Row }) {
  const changes = changesOf(row)
  const why = whyOf(row)
  return (
    <Card withBorder padding="sm">
      <Stack gap="xs">
        <Group gap="md">
          <RowTone state={row.state} />
          {why !== '' && (
            <Text size="sm" dir="auto">
              {why}
            </Text>
          )}
        </Group>
        {changes.length === 0 ? (
          <Text size="sm" c="dimmed">
            {words.noChanges}
          </Text>
        ) : (
          <Stack component="ul" gap={4} m={0} pl="md" aria-label={words.changes}>
            {changes.map(([field, [before, after]]) => (
              <Text component="li" key={field} size="sm" dir="auto">
                {field}: {shown(after)}
                {before !== null && before !== undefined && ` (${words.before}: ${shown(before)})`}
              </Text>
            ))}
          </Stack>
        )}
      </Stack>
    </Card>
  )
}

/** Of what is only looked at, and new, there are no changes yet: what the mapping makes of it stands in their place. */
function changesOf({ changes, mapped, state }: Row): [string, readonly [unknown, unknown]][] {
  const known = Object.entries((changes ?? {}) as Record<string, [unknown, unknown]>)
  if (known.length > 0 || state !== 'created') return known
  const { values = {} } = (mapped ?? {}) as { values?: Record<string, unknown> }
  return Object.entries(values).map(([field, value]) => [field, [null, value]])
}

const shown = (value: unknown) => (value === null || value === undefined ? words.nothingBefore : valueText(value))
