import { Group, Select, Stack, TextInput } from '@mantine/core'
import { type Condition, needsValue } from './model.ts'
import { Expression } from './origin-editor.tsx'
import { PlaceField } from './place-field.tsx'
import type { Place } from './sample.ts'
import { texts } from './texts.ts'

const words = texts.filters
type Comparison = keyof typeof words.comparisons

interface Props {
  when: Condition
  onChange: (when: Condition) => void
  places: readonly Place[]
  readOnly: boolean
}

/** What must be true: of a place, or of an expression. */
export function ConditionField({ when, onChange, places, readOnly }: Props) {
  const by = 'expression' in when ? 'expression' : when.is
  const kind = (
    <Select
      label={by === 'expression' ? words.expression : words.is}
      allowDeselect={false}
      readOnly={readOnly}
      data={[
        ...Object.entries(words.comparisons).map(([value, label]) => ({ value, label: label as string })),
        { value: 'expression', label: words.byExpression },
      ]}
      value={by}
      onChange={(next) => {
        if (next === 'expression') return onChange({ expression: '' })
        const { path = '', value } = 'path' in when ? when : {}
        const is = next as Comparison
        onChange({ path, is, ...(needsValue(is) ? { value: value ?? '' } : {}) })
      }}
      style={{ flex: 1, minWidth: 130 }}
    />
  )
  if ('expression' in when)
    return (
      <Stack gap="xs">
        {kind}
        <Expression value={when.expression} onChange={(expression) => onChange({ expression })} readOnly={readOnly} />
      </Stack>
    )
  return (
    <Group align="flex-start" gap="xs">
      <div style={{ flex: 2, minWidth: 160 }}>
        <PlaceField
          label={words.place}
          places={places}
          value={when.path}
          onChange={(path) => onChange({ ...when, path: path ?? '' })}
          readOnly={readOnly}
        />
      </div>
      {kind}
      {needsValue(when.is) && (
        <TextInput
          label={words.value}
          readOnly={readOnly}
          value={String(when.value ?? '')}
          onChange={(event) => onChange({ ...when, value: event.currentTarget.value })}
          style={{ flex: 1, minWidth: 130 }}
        />
      )}
    </Group>
  )
}
