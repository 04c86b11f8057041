import { Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { call, type Output } from '../../api/call.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { Empty, Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { type Column, listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { texts } from './texts.ts'

type Row = Output<'snapshots.standing'>['locations'][number]
const words = texts.one
const PAGE = 500

/** Where the snapshot stands, in which version, and how far behind. */
export function Standing({ snapshotId }: { snapshotId: string }) {
  const pages = useInfiniteQuery({
    queryKey: ['snapshots.standing', snapshotId],
    queryFn: ({ pageParam, signal }) =>
      call('snapshots.standing', { snapshotId, limit: PAGE, ...(pageParam && { after: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.after,
  })
  const rows = pages.data?.pages.flatMap((page) => page.locations) ?? []
  const columns: Column<Row>[] = [
    {
      key: 'name',
      label: 'Sub-account',
      width: 'minmax(0, 2fr)',
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
      label: 'Version',
      width: 'minmax(0, 1.4fr)',
      cell: ({ version, behind }) => (
        <Tone tone={behind === 0 ? 'good' : 'change'}>
          v{version}, {words.behind(behind)}
        </Tone>
      ),
    },
    {
      key: 'pushed',
      label: 'Pushed',
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
      label: 'Differences',
      width: 'minmax(0, 1fr)',
      from: 'sm',
      cell: ({ locationId, version }) => (
        <TextLink to="/app/compare" search={{ snapshot: snapshotId, version, location: locationId } as never}>
          Compare
        </TextLink>
      ),
    },
  ]
  if (pages.error) return <Failure error={pages.error} onRetry={() => void pages.refetch()} />
  if (pages.data && rows.length === 0) return <Empty title={words.nowhere}>{words.nowhereHint}</Empty>
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        Sub-accounts that this snapshot was pushed to.
      </Text>
      <VirtualTable
        label={words.standing}
        columns={columns}
        {...listRows(rows)}
        keyOf={({ locationId }) => locationId}
        isLoading={pages.isPending}
        onMore={pages.hasNextPage && !pages.isFetchingNextPage ? () => void pages.fetchNextPage() : undefined}
      />
    </>
  )
}
