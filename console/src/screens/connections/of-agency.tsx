import { Group } from '@mantine/core'
import { call } from '../../api/call.ts'
import { useAddress } from '../../parts/address.ts'
import { Filters } from '../../parts/filters.tsx'
import { LocationPicker } from '../../parts/location-picker.tsx'
import { usePages } from '../../parts/pages.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { EmptyList, Failure } from '../../parts/states.tsx'
import { VirtualTable } from '../../parts/virtual-table.tsx'
import { listAddress, SORTS, STANDINGS } from './address.ts'
import { COLUMNS } from './columns.tsx'
import { texts } from './texts.ts'

const PAGE = 100
const LOOK_MS = 10_000
/** Stands for the agency itself, where a sub-account is chosen. */
const OWN = 'own'

/** All connections of the agency's sub-accounts and its own, the most pressing first. */
export function OfAgency() {
  const [{ location, own, q, standing, sort = 'standing', order = 'asc' }, change] = useAddress(listAddress)
  const asked = {
    ...(own ? { own } : location && { locationId: location }),
    ...(q && { query: q }),
    ...(standing && { standing }),
    sort,
    order,
  }
  const pages = usePages({
    key: ['connections.listAll', 'pages', asked],
    pageSize: PAGE,
    everyMs: LOOK_MS,
    fetch: async (skip, signal) => {
      const { connections, ...counts } = await call('connections.listAll', { ...asked, skip, limit: PAGE }, { signal })
      return { rows: connections, ...counts }
    },
  })
  const isFiltered = q !== undefined || standing !== undefined
  return (
    <>
      <Group gap="sm" align="end">
        <SearchField label={texts.search} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
        <LocationPicker
          label={texts.location}
          value={own ? OWN : (location ?? '')}
          none={texts.everywhere}
          others={{ [OWN]: texts.ofAgency }}
          onChange={(id) =>
            change(id === OWN ? { own: true, location: undefined } : { own: undefined, location: id || undefined })
          }
        />
      </Group>
      <Filters
        label={texts.columns.standing}
        all={texts.all}
        value={standing}
        onChange={(next) => change({ standing: STANDINGS.find((one) => one === next) })}
        options={STANDINGS.map((value) => ({
          value,
          label: texts.standing[value].label,
          count: pages.newest?.totals[value] ?? 0,
        }))}
      />
      {pages.error ? (
        <Failure error={pages.error} onRetry={pages.refetch} />
      ) : pages.isEmpty ? (
        <EmptyList
          words={texts}
          onClear={isFiltered ? () => change({ q: undefined, standing: undefined }) : undefined}
        />
      ) : (
        <VirtualTable
          label={texts.title}
          columns={COLUMNS}
          count={pages.count}
          rowAt={pages.rowAt}
          onRange={pages.onRange}
          keyOf={({ id }) => id}
          rowHeight={56}
          isLoading={pages.isPending}
          sorting={{ by: sort, descending: order === 'desc' }}
          onSort={({ by, descending }) =>
            change({ sort: SORTS.find((one) => one === by), order: descending ? 'desc' : 'asc' })
          }
        />
      )}
    </>
  )
}
