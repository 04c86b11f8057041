import { Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { call, type Output } from '../../api/call.ts'
import { kindWord } from '../../parts/kinds.ts'
import { usePages } from '../../parts/pages.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { Failure } from '../../parts/states.tsx'
import { texts as parts } from '../../parts/texts.ts'
import { type Column, VirtualTable } from '../../parts/virtual-table.tsx'
import { texts } from './texts.ts'

type Asset = Output<'locations.assets'>['assets'][number]
const words = texts.form
const PAGE = 200
const COLUMNS: readonly Column<Asset>[] = [
  {
    key: 'name',
    label: words.asset,
    width: 'minmax(0, 2fr)',
    cell: ({ name }) => (
      <Text size="sm" className="one-line" dir="auto" title={name}>
        {name}
      </Text>
    ),
  },
  {
    key: 'kind',
    label: words.kind,
    width: 'minmax(0, 1fr)',
    cell: ({ kind }) => (
      <Text size="sm" c="dimmed" className="one-line">
        {kindWord(kind)}
      </Text>
    ),
  },
]

interface Props {
  locationId: string
  /** As `kind/id`. */
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}

/** Single assets of a sub-account, ticked one by one. */
export function ChooseAssets({ locationId, chosen, onChange }: Props) {
  const [query, setQuery] = useState('')
  const assets = usePages({
    key: ['locations.assets', 'choose', locationId, query],
    pageSize: PAGE,
    fetch: async (skip, signal) => {
      const input = { locationId, ...(query && { query }), skip, limit: PAGE }
      const { assets: rows, total } = await call('locations.assets', input, { signal })
      return { rows, total }
    },
  })
  return (
    <Stack gap="xs" component="section" aria-label={words.assets}>
      <Group gap="sm">
        <SearchField label={words.searchAssets} value={query} onChange={setQuery} />
        <Text size="sm" c="dimmed" aria-live="polite">
          {words.chosen(chosen.length)}
        </Text>
      </Group>
      {assets.error ? (
        <Failure error={assets.error} onRetry={assets.refetch} />
      ) : (
        <VirtualTable
          label={words.assets}
          columns={COLUMNS}
          count={assets.count}
          rowAt={assets.rowAt}
          onRange={assets.onRange}
          keyOf={({ kind, id }) => `${kind}/${id}`}
          isLoading={assets.isPending}
          maxHeight="30dvh"
          rowHeight={36}
          choice={{
            isChosen: (key) => chosen.includes(key),
            onToggle: (key) => onChange(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]),
            state: chosen.length === 0 ? 'none' : 'some',
            // Everything is another choice.
            onToggleAll: () => onChange([]),
            labelOf: ({ kind, name }) => parts.choose(`${kindWord(kind)} ${name}`),
          }}
        />
      )}
    </Stack>
  )
}
