import { Loader, MultiSelect } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { reads } from '../api/query.ts'
import { texts } from './texts.ts'

const MOST = 50
const TYPING_MS = 150

interface Props {
  label: string
  description?: string
  value: readonly string[]
  onChange: (locationIds: string[]) => void
  error?: ReactNode
}

/** Several sub-accounts out of any number, found by their names. */
export function LocationsPicker({ label, description, value, onChange, error }: Props) {
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), TYPING_MS)
  const known = useQueries({ queries: value.map((locationId) => reads('locations.get', { locationId })) })
  const found = useQuery({
    ...reads('locations.search', { limit: MOST, ...(asked === '' ? {} : { query: asked }) }),
    placeholderData: keepPreviousData,
  })
  const options = new Map((found.data?.locations ?? []).map((location) => [location.id, location.name]))
  for (const [index, id] of value.entries()) options.set(id, known[index]?.data?.location.name ?? options.get(id) ?? id)
  return (
    <MultiSelect
      label={label}
      description={description}
      searchable
      value={[...value]}
      onChange={onChange}
      searchValue={text}
      onSearchChange={setText}
      // The server has filtered.
      filter={({ options: all }) => all}
      data={[...options].map(([id, name]) => ({ value: id, label: name }))}
      nothingFoundMessage={texts.noPlace}
      rightSection={found.isFetching ? <Loader size={16} /> : undefined}
      error={error}
    />
  )
}
