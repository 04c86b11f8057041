import { Checkbox, Select, Stack, TagsInput } from '@mantine/core'
import type { Definition } from '../standing.tsx'
import { texts } from './texts.ts'

const words = texts.csv
type Source = Definition['source']
type Csv = NonNullable<Source['csv']>

interface Props {
  source: Source
  onChange: (source: Source) => void
}

const choices = (own: Readonly<Record<string, string>>) => [
  { value: '', label: words.byItself },
  ...Object.entries(own).map(([value, label]) => ({ value, label })),
]

/** What is known of the files beforehand. */
export function CsvForm({ source, onChange }: Props) {
  const { csv = {} } = source
  const set = (patch: Partial<Csv>) =>
    onChange({
      ...source,
      csv: Object.fromEntries(Object.entries({ ...csv, ...patch }).filter(([, value]) => value !== undefined)),
    })
  return (
    <Stack gap="sm">
      <Select
        label={words.delimiter}
        allowDeselect={false}
        data={choices(words.delimiters)}
        value={csv.delimiter ?? ''}
        onChange={(next) => set({ delimiter: (next || undefined) as Csv['delimiter'] })}
      />
      <Select
        label={words.encoding}
        allowDeselect={false}
        data={choices(words.encodings)}
        value={csv.encoding ?? ''}
        onChange={(next) => set({ encoding: (next || undefined) as Csv['encoding'] })}
      />
      <Checkbox
        label={words.header}
        checked={csv.header ?? true}
        onChange={(event) => set({ header: event.currentTarget.checked ? undefined : false })}
      />
      <TagsInput
        label={words.columns}
        description={words.columnsHint}
        // Names of columns may hold commas.
        splitChars={[]}
        value={csv.columns ?? []}
        onChange={(columns) => set({ columns: columns.length === 0 ? undefined : columns })}
      />
    </Stack>
  )
}
