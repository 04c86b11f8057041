import { Text } from '@mantine/core'
import type { Whole } from '../standing.tsx'
import { shownValue } from '../words.ts'
import { onlyField, useLive } from './live.ts'
import type { Field, Mapping } from './model.ts'
import { texts } from './texts.ts'

const words = texts.detail

interface Props {
  connection: Whole
  item: unknown
  mapping: Mapping
  field: Field
}

/** What becomes of one field, whatever is wrong with the others. */
export function SingleLive({ connection, item, mapping, field }: Props) {
  const { source } = connection.definition
  const live = useLive(connection, item, { source, mapping: onlyField(mapping, field) })
  if (item === undefined) return null
  const fault = live.faultAt(field.to)
  const value = live.valueAt(field.to)
  return (
    <Text size="sm" role="status" dir="auto" c={fault === undefined ? undefined : 'var(--mantine-color-error)'}>
      {words.live}: {fault ?? (value === undefined || value === null ? words.liveEmpty : shownValue(value))}
    </Text>
  )
}
