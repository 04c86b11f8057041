import { Button } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { usePagesOf } from '../../parts/next-pages.ts'
import { Page } from '../../parts/page.tsx'
import { PagedTable } from '../../parts/paged-table.tsx'
import { useRole, useSession } from '../../parts/role.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { Empty } from '../../parts/states.tsx'
import { type Column, listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { listAddress } from './address.ts'
import { Make } from './make.tsx'
import { texts } from './texts.ts'

interface Row {
  id: string
  name: string
}

const PAGE = 100
const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'name',
    label: texts.name,
    width: '1fr',
    cell: ({ id, name }) => (
      <TextLink to="/app/locations/$locationId" params={{ locationId: id }} className="one-line" dir="auto">
        {name}
      </TextLink>
    ),
  },
]

export function LocationList() {
  const { locationIds } = useSession().person
  const [{ make }, change] = useAddress(listAddress)
  const mayMake = useRole('operator')
  const making = mayMake && <Button onClick={() => change({ make: true }, 'push')}>{texts.make.title}</Button>
  return (
    <Page title={texts.title} actions={making}>
      {make && mayMake && <Make onClose={() => change({ make: undefined })} />}
      {locationIds === null ? <All /> : <Chosen ids={locationIds} />}
    </Page>
  )
}

function All() {
  const [{ q }, change] = useAddress(listAddress)
  const pages = usePagesOf(
    'locations.search',
    { limit: PAGE, query: q },
    {
      rows: (page): Row[] => page.locations,
      next: ({ total }, all) => (all.length * PAGE < total ? { skip: all.length * PAGE } : null),
    },
  )
  return (
    <>
      <SearchField label={texts.search} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
      <PagedTable
        pages={pages}
        empty={<Empty title={q === undefined ? texts.noneYet : texts.none} />}
        label={texts.title}
        columns={COLUMNS}
        keyOf={({ id }) => id}
      />
    </>
  )
}

/** A client's own: it may not search the agency's. */
function Chosen({ ids }: { ids: readonly string[] }) {
  const found = useQueries({ queries: ids.map((locationId) => reads('locations.get', { locationId })) })
  const rows = found.flatMap(({ data }) => (data === undefined ? [] : [data.location as Row]))
  return (
    <VirtualTable
      label={texts.title}
      columns={COLUMNS}
      {...listRows(rows)}
      keyOf={({ id }) => id}
      isLoading={found.some(({ isPending }) => isPending)}
    />
  )
}
