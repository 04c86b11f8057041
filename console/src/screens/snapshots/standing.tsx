import { Text } from '@mantine/core'
import { call, type Output } from '../../api/call.ts'
import { useAddress } from '../../parts/address.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { usePages } from '../../parts/pages.ts'
import { versionText } from '../../parts/standing.ts'
import { Empty, Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { type Column, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { SORTS, snapshotAddress } from './address.ts'
import { texts } from './texts.ts'

type Location = Output<'fleet.list'>['locations'][number]
type Row = Pick<Location, 'locationId' | 'locationName'> & Location['snapshots'][number]
const words = texts.one
const PAGE = 200

/** Of the fleet, told of this snapshot alone. */
const toRow = ({ locationId, locationName, snapshots: [held] }: Location): Row[] =>
  held === undefined ? [] : [{ locationId, locationName, ...held }]

/** Where the snapshot stands, in which version, and how far behind: by name, or those that are furthest behind first. */
export function Standing({ snapshotId }: { snapshotId: string }) {
  const [{ sort = 'name', order = 'asc' }, change] = useAddress(snapshotAddress)
  const pages = usePages({
    key: ['fleet.list', 'standing', snapshotId, sort, order],
    pageSize: PAGE,
    fetch: async (skip, signal) => {
      const { locations, total } = await call('fleet.list', { snapshotId, sort, order, skip, limit: PAGE }, { signal })
      return { rows: locations.flatMap(toRow), total }
    },
  })
  const columns: Column<Row>[] = [
    {
      key: 'name',
      label: words.place,
      width: 'minmax(0, 2fr)',
      sort: 'name',
      cell: ({ locationId, locationName }) => (
        <TextLink
          to={'/app/locations/$locationId' as never}
          params={{ locationId } as never}
          className="one-line"
          dir="auto"
        >
          {locationName}
        </TextLink>
      ),
    },
    {
      key: 'version',
      label: words.version,
      width: 'minmax(0, 1.6fr)',
      sort: 'behind',
      cell: (row) => (
        <Tone tone={row.version === row.latest && row.others.length === 0 ? 'good' : 'change'}>
          {versionText(row)}, {words.behind(row.latest - row.version)}
        </Tone>
      ),
    },
    {
      key: 'pushed',
      label: words.pushed,
      width: 'minmax(0, 1fr)',
      from: 'sm',
      cell: ({ pushedAt, pushId }) => (
        <TextLink to="/app/pushes/$pushId" params={{ pushId } as never}>
          <When at={pushedAt} />
        </TextLink>
      ),
    },
    {
      key: 'compare',
      label: words.differences,
      width: 'minmax(0, 1fr)',
      from: 'sm',
      cell: ({ locationId, version }) => (
        <TextLink to="/app/compare" search={{ snapshot: snapshotId, version, location: locationId } as never}>
          {words.compareTwo}
        </TextLink>
      ),
    },
  ]
  if (pages.error) return <Failure error={pages.error} onRetry={pages.refetch} />
  if (pages.isEmpty) return <Empty title={words.nowhere}>{words.nowhereHint}</Empty>
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        {words.standingLead}
      </Text>
      <VirtualTable
        label={words.standing}
        columns={columns}
        count={pages.count}
        rowAt={pages.rowAt}
        onRange={pages.onRange}
        keyOf={({ locationId }) => locationId}
        isLoading={pages.isPending}
        sorting={{ by: sort, descending: order === 'desc' }}
        onSort={({ by, descending }) =>
          change({ sort: SORTS.find((one) => one === by), order: descending ? 'desc' : 'asc' })
        }
      />
    </>
  )
}
