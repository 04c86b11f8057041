import { Group, Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { usePages } from '../../parts/pages.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { Failure } from '../../parts/states.tsx'
import { VirtualTable } from '../../parts/virtual-table.tsx'
import { COLUMNS } from '../fleet/columns.tsx'
import { texts } from './texts.ts'
import type { PartProps } from './what.tsx'

const words = texts.where
const PAGE = 200
/** Of the fleet's columns, what somebody chooses by. */
const SHOWN = COLUMNS.filter(({ key }) => ['name', 'state', 'snapshots'].includes(key)).map(
  ({ sort, ...column }) => column,
)

/** Where it goes: everywhere, or to some. */
export function Targets({ state: { to }, onChange }: PartProps) {
  const [query, setQuery] = useState('')
  const isAll = to?.[0] === 'all'
  const [isOpen, setOpen] = useState(!isAll)
  const chosen = isAll ? [] : (to ?? [])
  const fleet = usePages({
    key: ['fleet.list', 'targets', query],
    pageSize: PAGE,
    fetch: async (skip, signal) => {
      const { locations, total } = await call('fleet.list', { ...(query && { query }), skip, limit: PAGE }, { signal })
      return { rows: locations, total }
    },
  })
  const set = (ids: string[]) => onChange({ to: ids.length === 0 ? undefined : ids, asset: undefined })
  return (
    <Stack gap="xs" component="section" aria-label={words.title}>
      <Radio.Group
        label={words.title}
        value={isAll ? 'all' : isOpen ? 'some' : null}
        onChange={(value) => {
          setOpen(value === 'some')
          set(value === 'all' ? ['all'] : [])
        }}
      >
        <Group mt={4}>
          <Radio value="all" label={words.all} />
          <Radio value="some" label={words.some} />
        </Group>
      </Radio.Group>
      {!isAll && isOpen && (
        <>
          <Group gap="sm">
            <SearchField label={words.search} value={query} onChange={setQuery} />
            <Text size="sm" c={chosen.length === 0 ? undefined : 'dimmed'}>
              {chosen.length === 0 ? words.none : words.chosen(chosen.length)}
            </Text>
          </Group>
          {fleet.error ? (
            <Failure error={fleet.error} onRetry={fleet.refetch} />
          ) : (
            <VirtualTable
              label={words.title}
              columns={SHOWN}
              count={fleet.count}
              rowAt={fleet.rowAt}
              onRange={fleet.onRange}
              keyOf={({ locationId }) => locationId}
              isLoading={fleet.isPending}
              maxHeight="36dvh"
              rowHeight={40}
              choice={{
                isChosen: (id) => chosen.includes(id),
                onToggle: (id) => set(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]),
                state: chosen.length === 0 ? 'none' : 'some',
                onToggleAll: () => set(chosen.length === 0 ? ['all'] : []),
                labelOf: (id) => `Choose ${id}`,
              }}
            />
          )}
        </>
      )}
    </Stack>
  )
}
