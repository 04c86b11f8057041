import { Combobox, Loader, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { useForm } from './form.ts'
import { texts } from './texts.ts'

const { people: words } = texts

const MOST = 50
const TYPING_MS = 150

interface Props {
  kind: 'contacts' | 'users'
  label: string
  value: string | undefined
  onChange: (id: string | undefined) => void
  required: boolean
}

/** Somebody out of any number, found by the beginnings of their names. */
export function RecordField({ kind, label, value, onChange, required }: Props) {
  const { locationId, readOnly } = useForm()
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), TYPING_MS)
  const known = useQuery({
    queryKey: [kind, 'name', locationId, value],
    queryFn: ({ signal }) => nameOf(kind, { locationId, id: value as string, signal }),
    enabled: value !== undefined && value !== '',
    retry: false,
  })
  // What was chosen stands in the field: that is no search.
  const query = asked === known.data ? '' : asked
  const found = useQuery({
    queryKey: [kind, 'names', locationId, query],
    queryFn: ({ signal }) => find(kind, { locationId, query, signal }),
    placeholderData: keepPreviousData,
  })
  const options = new Map(found.data)
  if (value) options.set(value, known.data ?? options.get(value) ?? value)
  return (
    <Select
      label={label}
      description={words[kind]}
      withAsterisk={required}
      readOnly={readOnly}
      searchable
      clearable={!readOnly}
      value={value || null}
      onChange={(id) => onChange(id ?? undefined)}
      onSearchChange={setText}
      // The server has filtered.
      filter={({ options: all }) => all}
      data={[...options].map(([id, name]) => ({ value: id, label: name }))}
      nothingFoundMessage={words.nothing}
      rightSection={found.isFetching ? <Loader size={16} /> : <Combobox.Chevron />}
    />
  )
}

type Somebody = Record<string, unknown> & { id?: unknown }
const shown = (one: Somebody): string =>
  [one.contactName, one.name, [one.firstName, one.lastName].filter(Boolean).join(' '), one.email, one.phone].find(
    (name): name is string => typeof name === 'string' && name !== '',
  ) ?? String(one.id)

interface Asked {
  locationId: string
  signal: AbortSignal
}

async function nameOf(kind: Props['kind'], { locationId, id, signal }: Asked & { id: string }): Promise<string> {
  if (kind === 'contacts')
    return shown((await call('contacts.get', { contactId: id }, { locationId, signal })).contact as Somebody)
  return shown((await call('users.get', { userId: id }, { locationId, signal })) as Somebody)
}

/** Id and name of those whom a text finds. */
async function find(kind: Props['kind'], { locationId, query, signal }: Asked & { query: string }) {
  const words = query === '' ? {} : { query }
  const people: unknown =
    kind === 'contacts'
      ? (await call('contacts.search', { locationId, pageLimit: MOST, ...words } as never, { locationId, signal }))
          .contacts
      : (await call('users.search', { locationId, limit: MOST, ...words }, { locationId, signal })).users
  return (people as Somebody[]).map((one) => [String(one.id), shown(one)] as const)
}
