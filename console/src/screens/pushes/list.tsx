import { Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { useAddress } from '../../parts/address.ts'
import { Filters } from '../../parts/filters.tsx'
import { LinkButton, TextLink } from '../../parts/link-button.tsx'
import { Page } from '../../parts/page.tsx'
import { progressOf } from '../../parts/push-progress.ts'
import { isRunning, type Push, STATUS } from '../../parts/push-words.ts'
import { Empty, Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { type Column, listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { listAddress, STATUSES } from './address.ts'
import { texts } from './texts.ts'

const PAGE = 50
const LOOK_MS = 5_000

const COLUMNS: readonly Column<Push>[] = [
  {
    key: 'snapshot',
    label: texts.columns.snapshot,
    width: 'minmax(0, 2fr)',
    cell: ({ id, snapshotName, version, reverts }) => (
      <TextLink to="/app/pushes/$pushId" params={{ pushId: id } as never} className="one-line" dir="auto">
        {reverts !== undefined && `${texts.rollbackOf} `}
        {snapshotName ?? 'a deleted snapshot'} v{version}
      </TextLink>
    ),
  },
  {
    key: 'status',
    label: texts.columns.status,
    width: 'minmax(110px, 1fr)',
    cell: ({ status }) => (
      <Tone tone={STATUS[status].tone} hint={STATUS[status].meaning}>
        {STATUS[status].label}
      </Tone>
    ),
  },
  {
    key: 'targets',
    label: texts.columns.targets,
    width: 'minmax(0, 0.9fr)',
    from: 'sm',
    cell: (push) => {
      const { done, total } = progressOf(push)
      return <span className="tabular">{isRunning(push.status) ? `${done} of ${total}` : total}</span>
    },
  },
  {
    key: 'who',
    label: texts.columns.who,
    width: 'minmax(0, 1.2fr)',
    from: 'md',
    cell: ({ actorName }) => (
      <span className="one-line" dir="auto">
        {actorName}
      </span>
    ),
  },
  {
    key: 'at',
    label: texts.columns.at,
    width: 'minmax(0, 1fr)',
    from: 'sm',
    cell: ({ createdAt }) => (
      <Text size="sm" c="dimmed">
        <When at={createdAt} />
      </Text>
    ),
  },
]

export function PushList() {
  const [{ status, snapshot }, change] = useAddress(listAddress)
  const pages = useInfiniteQuery({
    queryKey: ['pushes.list', 'pages', status, snapshot],
    queryFn: ({ pageParam, signal }) =>
      call(
        'pushes.list',
        {
          limit: PAGE,
          ...(status && { status }),
          ...(snapshot && { snapshotId: snapshot }),
          ...(pageParam && { after: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.after,
    refetchInterval: LOOK_MS,
  })
  const rows = pages.data?.pages.flatMap((page) => page.pushes) ?? []
  const isFiltered = status !== undefined || snapshot !== undefined
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Filters
        label={texts.columns.status}
        all={texts.all}
        value={status}
        onChange={(next) => change({ status: STATUSES.find((one) => one === next) })}
        options={STATUSES.map((value) => ({ value, label: STATUS[value].label }))}
      />
      {pages.error ? (
        <Failure error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.data && rows.length === 0 ? (
        <Empty
          title={isFiltered ? texts.nothing : texts.empty}
          action={!isFiltered && <LinkButton to="/app/snapshots">{texts.toSnapshots}</LinkButton>}
        >
          {!isFiltered && texts.emptyHint}
        </Empty>
      ) : (
        <VirtualTable
          label={texts.title}
          columns={COLUMNS}
          {...listRows(rows)}
          keyOf={({ id }) => id}
          isLoading={pages.isPending}
          onMore={pages.hasNextPage && !pages.isFetchingNextPage ? () => void pages.fetchNextPage() : undefined}
        />
      )}
    </Page>
  )
}
