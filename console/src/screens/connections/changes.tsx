import { Card, Group, Stack, Text } from '@mantine/core'
import { type Row, RowTone } from './standing.tsx'
import { texts } from './texts.ts'
import { fieldLabel, shownValue, whyOf } from './words.ts'

const words = texts.rows

interface ChangesProps {
  row: Row
  object: string
  /** It is only looked at. */
  isDry?: boolean
}

/** What becomes of one item: the word for it, why, and each of our fields that becomes another. */
export function Changes({ row, object, isDry = true }: ChangesProps) {
  const changes = changesOf(row)
  const why = whyOf(row, object)
  return (
    <Card withBorder padding="sm">
      <Stack gap="xs">
        <Group gap="md">
          <RowTone state={row.state} isDry={isDry} />
          {why !== '' && (
            <Text size="sm" dir="auto">
              {why}
            </Text>
          )}
        </Group>
        {changes.length === 0 && !['failed', 'skipped', 'kept'].includes(row.state) && (
          <Text size="sm" c="dimmed">
            {words.noChanges}
          </Text>
        )}
        {changes.length > 0 && (
          <Stack component="ul" gap={4} m={0} pl="md" aria-label={words.changes}>
            {changes.map(([field, [before, after]]) => (
              <Text component="li" key={field} size="sm" dir="auto">
                {fieldLabel(object, field)}: {shown(after)}
                {before !== null && before !== undefined && ` (${words.before}: ${shown(before)})`}
              </Text>
            ))}
          </Stack>
        )}
        {(row.state === 'kept' ? [] : row.leftAlone).map(({ to, because }) => (
          <Text key={to} size="sm" c="dimmed" dir="auto">
            {words.left(fieldLabel(object, to), because)}
          </Text>
        ))}
      </Stack>
    </Card>
  )
}

/** Of what is only looked at, and new, there are no changes yet: what the mapping makes of it stands in their place. */
function changesOf({ changes, mapped, state }: Row): [string, readonly [unknown, unknown]][] {
  const all = Object.entries((changes ?? {}) as Record<string, [unknown, unknown]>)
  // What has just been made has fields of which there is nothing to say.
  const known = state === 'created' ? all.filter(([, [, after]]) => !isNothing(after)) : all
  if (known.length > 0 || state !== 'created') return known
  const { values = {} } = (mapped ?? {}) as { values?: Record<string, unknown> }
  return Object.entries(values).map(([field, value]) => [field, [null, value]])
}

const isNothing = (value: unknown) =>
  value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0)

const shown = (value: unknown) => (value === null || value === undefined ? words.nothingBefore : shownValue(value))
