import { Anchor, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { EmptyList, Failure } from '../../parts/states.tsx'
import { type Column, listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { ofConnection, type Row, RowTone, type Whole, whyOf } from './standing.tsx'
import { texts } from './texts.ts'

const words = texts.rows
const PAGE = 50
const LOOK_MS = 3_000

const columnsOf = (open: (id: string) => void): readonly Column<Row>[] => [
  {
    key: 'what',
    label: words.columns.what,
    width: 'minmax(0, 1.4fr)',
    cell: ({ id, place, externalId }) => (
      <Anchor component="button" size="sm" className="one-line" maw="100%" dir="auto" onClick={() => open(id)}>
        {words.open(place)}
        {externalId !== null && ` · ${externalId}`}
      </Anchor>
    ),
  },
  {
    key: 'state',
    label: words.columns.state,
    width: 'minmax(110px, 0.9fr)',
    cell: (row) => <RowTone state={row.state} />,
  },
  {
    key: 'why',
    label: words.columns.why,
    width: 'minmax(0, 2fr)',
    from: 'sm',
    cell: (row) => (
      <Text size="sm" className="one-line" dir="auto">
        {whyOf(row)}
      </Text>
    ),
  },
  {
    key: 'at',
    label: words.columns.at,
    width: 'minmax(0, 0.8fr)',
    from: 'md',
    cell: ({ at }) => (
      <Text size="sm" c="dimmed">
        <When at={at} />
      </Text>
    ),
  },
]

interface Props {
  connection: Whole
  /** Only of this run, or only in this state. */
  runId?: string | undefined
  state?: Row['state']
  onOpen: (id: string) => void
}

/** What came and what became of it, page by page. */
export function Rows({ connection, runId, state, onOpen }: Props) {
  const of = ofConnection(connection)
  const pages = useInfiniteQuery({
    queryKey: ['connections.rows', 'pages', of, runId, state],
    queryFn: ({ pageParam, signal }) =>
      call(
        'connections.rows',
        {
          ...of,
          limit: PAGE,
          ...(runId && { runId }),
          ...(state && { state }),
          ...(pageParam && { after: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.after,
    refetchInterval: LOOK_MS,
  })
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? []
  if (pages.error) return <Failure error={pages.error} onRetry={() => void pages.refetch()} />
  if (pages.data && rows.length === 0)
    return (
      <EmptyList
        words={state === 'failed' ? { ...words, empty: texts.failed.fine, emptyHint: texts.failed.lead } : words}
        onClear={undefined}
      />
    )
  return (
    <VirtualTable
      label={state === 'failed' ? texts.page.tabs.failed : texts.runs.rowsOf}
      columns={columnsOf(onOpen)}
      {...listRows(rows)}
      keyOf={({ id }) => id}
      isLoading={pages.isPending}
      onMore={pages.hasNextPage && !pages.isFetchingNextPage ? () => void pages.fetchNextPage() : undefined}
    />
  )
}
