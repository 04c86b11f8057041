import { Anchor, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { EmptyList, Failure } from '../../parts/states.tsx'
import { type Column, listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { ofConnection, type Row, RowTone, type Whole } from './standing.tsx'
import { texts } from './texts.ts'
import { placeText, whyOf } from './words.ts'

const words = texts.rows
const PAGE = 50
const LOOK_MS = 3_000

const columnsOf = (connection: Whole, open: (id: string) => void): readonly Column<Row>[] => [
  {
    key: 'what',
    label: words.columns.what,
    width: 'minmax(0, 1.4fr)',
    cell: (row) => (
      <Anchor component="button" size="sm" className="one-line" maw="100%" dir="auto" onClick={() => open(row.id)}>
        {placeText(row, connection)}
        {row.externalId !== null && ` · ${row.externalId}`}
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
        {whyOf(row, connection.definition.mapping.object)}
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
  state?: Row['state'] | undefined
  /** What it has been when they were read: when it is something else, they are read anew. */
  stamp?: string
  /** What the table is called. */
  label: string
  onOpen: (id: string) => void
}

/** What came and what became of it, page by page. */
export function Rows({ connection, runId, state, stamp, label, onOpen }: Props) {
  const of = ofConnection(connection)
  const pages = useInfiniteQuery({
    queryKey: ['connections.rows', 'pages', of, runId, state, stamp],
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
        words={
          state === 'failed' && runId === undefined
            ? { ...words, empty: texts.failed.fine, emptyHint: texts.failed.lead }
            : words
        }
        onClear={undefined}
      />
    )
  return (
    <VirtualTable
      label={label}
      columns={columnsOf(connection, onOpen)}
      {...listRows(rows)}
      keyOf={({ id }) => id}
      isLoading={pages.isPending}
      onMore={pages.hasNextPage && !pages.isFetchingNextPage ? () => void pages.fetchNextPage() : undefined}
    />
  )
}
