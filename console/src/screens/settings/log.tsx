import { Group, Select, Text, Tooltip } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { call, type Output } from '../../api/call.ts'
import { useAddress } from '../../parts/address.ts'
import { Filters } from '../../parts/filters.tsx'
import { useRole } from '../../parts/role.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { EmptyList, Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { type Column, listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { logAddress } from './address.ts'
import { Frame } from './frame.tsx'
import { texts } from './texts.ts'

type Told = Output<'access.events'>['events'][number]
const words = texts.log
const PAGE = 100

const COLUMNS: readonly Column<Told>[] = [
  {
    key: 'what',
    label: words.columns.what,
    width: 'minmax(0, 2fr)',
    cell: ({ event, detail }) => (
      <div style={{ minWidth: 0 }}>
        <Text size="sm" className="one-line">
          {event}
        </Text>
        {detail !== null && (
          <Tooltip label={detail} multiline maw={420}>
            <Text size="xs" c="dimmed" className="one-line" dir="auto">
              {detail}
            </Text>
          </Tooltip>
        )}
      </div>
    ),
  },
  {
    key: 'who',
    label: words.columns.who,
    width: 'minmax(0, 1.2fr)',
    cell: ({ who, whoName }) => (
      <Text size="sm" className="one-line" dir="auto">
        {whoName ?? who ?? words.somebody}
      </Text>
    ),
  },
  {
    key: 'outcome',
    label: words.columns.outcome,
    width: 'minmax(84px, 0.8fr)',
    cell: ({ outcome, status, traceId }) => (
      <Tone tone={outcome === 'done' ? 'good' : 'bad'} hint={`${status ?? ''} ${traceId}`.trim()}>
        {words.outcomes[outcome]}
      </Tone>
    ),
  },
  {
    key: 'address',
    label: words.columns.address,
    width: 'minmax(0, 0.9fr)',
    from: 'sm',
    cell: ({ address }) => (
      <Text size="sm" c="dimmed" className="one-line">
        {address}
      </Text>
    ),
  },
  {
    key: 'at',
    label: words.columns.at,
    width: 'minmax(0, 0.9fr)',
    from: 'sm',
    cell: ({ at }) => (
      <Text size="sm" c="dimmed">
        <When at={at} />
      </Text>
    ),
  },
]

/** What decided about access: who, what, when and from where, the newest first. */
export function SecurityLog() {
  const [{ who, what, outcome }, change] = useAddress(logAddress)
  const isAllowed = useRole('admin')
  const pages = useInfiniteQuery({
    queryKey: ['access.events', who, what, outcome],
    enabled: isAllowed,
    queryFn: ({ pageParam, signal }) =>
      call(
        'access.events',
        {
          limit: PAGE,
          ...(who && { who }),
          ...(what && { event: what }),
          ...(outcome && { outcome }),
          ...(pageParam && { after: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.after,
  })
  const rows = pages.data?.pages.flatMap(({ events }) => events) ?? []
  const isFiltered = who !== undefined || what !== undefined || outcome !== undefined
  return (
    <Frame part="log">
      <Group align="flex-end" gap="sm">
        <SearchField
          label={`${words.who}: ${words.whoHint}`}
          maw={260}
          value={who ?? ''}
          onChange={(text) => change({ who: text || undefined })}
        />
        <Select
          aria-label={words.what}
          placeholder={words.what}
          clearable
          clearButtonProps={{ 'aria-label': 'Clear' }}
          value={what ?? null}
          onChange={(next) => change({ what: next ?? undefined })}
          data={words.whats.map(([value, label]) => ({ value, label }))}
        />
      </Group>
      <Filters
        label={words.columns.outcome}
        all={words.all}
        value={outcome}
        onChange={(next) => change({ outcome: next === 'done' || next === 'refused' ? next : undefined })}
        options={(['done', 'refused'] as const).map((value) => ({ value, label: words.outcomes[value] }))}
      />
      {pages.error ? (
        <Failure error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.data && rows.length === 0 ? (
        <EmptyList
          words={words}
          onClear={isFiltered ? () => change({ who: undefined, what: undefined, outcome: undefined }) : undefined}
        />
      ) : (
        <VirtualTable
          label={words.title}
          columns={COLUMNS}
          {...listRows(rows)}
          keyOf={({ id }) => id}
          rowHeight={56}
          isLoading={pages.isPending}
          onMore={pages.hasNextPage && !pages.isFetchingNextPage ? () => void pages.fetchNextPage() : undefined}
        />
      )}
    </Frame>
  )
}
