import { Select } from '@mantine/core'
import type { ReactNode } from 'react'
import { texts as parts } from '../../../parts/texts.ts'
import type { Place } from './sample.ts'
import { texts } from './texts.ts'

interface Props {
  label: string
  description?: ReactNode
  places: readonly Place[]
  value: string | null
  onChange: (path: string | null) => void
  readOnly?: boolean
  required?: boolean
  error?: ReactNode
  /** Lists of things are offered, and nothing else. */
  ofLists?: boolean
}

/** A place of the sample, by its name and what stands there; one that it lacks stays to be chosen. */
export function PlaceField({ places, value, ofLists = false, readOnly = false, required = false, ...shown }: Props) {
  const offered = places.filter(({ example, isList }) => (ofLists ? isList : example !== undefined))
  const paths = new Set(offered.map(({ path }) => path))
  const options = [
    ...offered.map(({ path, example }) => ({ value: path, label: example ? `${path} · ${example}` : path })),
    ...(value === null || value === '' || paths.has(value) ? [] : [{ value, label: value }]),
  ]
  return (
    <Select
      {...shown}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={texts.nothing}
      searchable
      clearable
      withAsterisk={required}
      // What is chosen once more stays.
      allowDeselect={false}
      clearButtonProps={{ 'aria-label': parts.clear }}
      readOnly={readOnly}
      data={options}
      value={value === '' ? null : value}
      style={{ flex: 1, minWidth: 0 }}
    />
  )
}
