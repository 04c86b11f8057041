import { Combobox, Loader, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { reads } from '../api/query.ts'
import { texts } from './texts.ts'

const MOST = 50
const TYPING_MS = 150

interface Props {
  label: string
  description?: string
  value: string
  onChange: (locationId: string) => void
  error?: ReactNode
  /** What stands for no choice, where none need be made. */
  none?: string
  /** What else can be chosen: its words by what stands for it. */
  others?: Readonly<Record<string, string>>
}

/** One sub-account out of any number, found by its name. */
export function LocationPicker({ label, description, value, onChange, error, none, others = {} }: Props) {
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), TYPING_MS)
  const known = useQuery({
    ...reads('locations.get', { locationId: value }),
    enabled: value !== '' && !(value in others),
  })
  const name = others[value] ?? known.data?.location.name
  // What was chosen stands in the field: that is no search.
  const found = useQuery({
    ...reads('locations.search', {
      limit: MOST,
      ...(['', name, none, ...Object.values(others)].includes(asked) ? {} : { query: asked }),
    }),
    placeholderData: keepPreviousData,
  })
  const options = new Map((found.data?.locations ?? []).map((location) => [location.id, location.name]))
  if (value !== '' && name !== undefined) options.set(value, name)
  return (
    <Select
      label={label}
      description={description}
      searchable
      value={value === '' && none === undefined ? null : value}
      onChange={(id) => onChange(id ?? '')}
      onSearchChange={setText}
      // The server has filtered.
      filter={({ options: all }) => all}
      data={[
        ...(none === undefined ? [] : [{ value: '', label: none }]),
        ...Object.entries(others).map(([one, label]) => ({ value: one, label })),
        ...[...options].filter(([id]) => !(id in others)).map(([id, one]) => ({ value: id, label: one })),
      ]}
      allowDeselect={none === undefined}
      nothingFoundMessage={texts.noPlace}
      rightSection={found.isFetching ? <Loader size={16} /> : <Combobox.Chevron />}
      error={error}
    />
  )
}
