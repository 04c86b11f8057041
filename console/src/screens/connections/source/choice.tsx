import { Select } from '@mantine/core'

interface Props<V extends string> {
  label: string
  words: Readonly<Record<V, string>>
  value: V
  onChange: (value: V) => void
}

/** One of a few words. */
export function Choice<V extends string>({ label, words: own, value, onChange }: Props<V>) {
  return (
    <Select
      label={label}
      allowDeselect={false}
      data={Object.entries(own).map(([one, text]) => ({ value: one, label: text as string }))}
      value={value}
      onChange={(next) => next && onChange(next as V)}
    />
  )
}
