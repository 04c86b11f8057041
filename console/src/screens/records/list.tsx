import { Select, Stack, Tabs, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { LinkButton, TextLink } from '../../parts/link-button.tsx'
import { Page } from '../../parts/page.tsx'
import { useMayWork } from '../../parts/role.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { EmptyList, Failure } from '../../parts/states.tsx'
import { type Column, listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { KINDS, type Kind, listAddress } from './address.ts'
import { Board } from './board.tsx'
import { recordEditorOf } from './editors.ts'
import { LISTS, type Row } from './sources.ts'
import { texts } from './texts.ts'
import { Week } from './week.tsx'

/** The data of a sub-account, by kind. */
export function RecordList() {
  const { locationId } = useParams({ strict: false }) as { locationId: string }
  const [{ kind = 'contacts', pipeline, calendar }, change] = useAddress(listAddress)
  const mayWrite = useMayWork()
  const location = useQuery(reads('locations.get', { locationId }))
  return (
    <Page
      title={texts.title}
      actions={
        mayWrite &&
        recordEditorOf(kind) && (
          <LinkButton
            to={`/app/locations/${locationId}/records/${kind}/new` as never}
            search={{ pipeline, calendar } as never}
          >
            {texts.form.make[kind]}
          </LinkButton>
        )
      }
      trail={
        <TextLink to={'/app/locations/$locationId' as never} params={{ locationId } as never} dir="auto">
          {location.data?.location.name ?? '…'}
        </TextLink>
      }
    >
      <Tabs
        value={kind}
        onChange={(next) => change({ kind: next as Kind, q: undefined, pipeline: undefined }, 'push')}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {KINDS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {texts.kinds[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={kind}>
          {kind === 'appointments' ? (
            <Week locationId={locationId} />
          ) : kind === 'opportunities' ? (
            <Stack>
              <Pipelines locationId={locationId} />
              {pipeline === undefined ? (
                <Table key={kind} kind={kind} locationId={locationId} />
              ) : (
                <Board locationId={locationId} pipelineId={pipeline} />
              )}
            </Stack>
          ) : (
            <Table key={kind} kind={kind} locationId={locationId} />
          )}
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function Pipelines({ locationId }: { locationId: string }) {
  const [{ pipeline }, change] = useAddress(listAddress)
  const { data } = useQuery(reads('pipelines.list', { locationId }))
  return (
    <Select
      aria-label={texts.pipeline}
      placeholder={texts.table}
      clearable
      maw={320}
      value={pipeline ?? null}
      onChange={(next) => change({ pipeline: next ?? undefined }, 'push')}
      data={(data?.pipelines ?? []).map(({ id, name }) => ({ value: String(id), label: String(name) }))}
    />
  )
}

function Table({ kind, locationId }: { kind: Exclude<Kind, 'appointments'>; locationId: string }) {
  const [{ q }, change] = useAddress(listAddress)
  const found = useInfiniteQuery({
    queryKey: ['records', kind, locationId, q ?? ''],
    queryFn: ({ pageParam, signal }) => LISTS[kind]({ locationId, query: q, after: pageParam, signal }),
    initialPageParam: undefined as unknown,
    getNextPageParam: ({ next }) => next,
  })
  const columns = useMemo(() => columnsOf(locationId, kind), [locationId, kind])
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.rows) ?? [], [found.data])
  return (
    <Stack>
      {kind !== 'businesses' && (
        <SearchField label={texts.search} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
      )}
      {found.error ? (
        <Failure error={found.error} onRetry={() => void found.refetch()} />
      ) : found.data && rows.length === 0 ? (
        <EmptyList words={texts} onClear={q === undefined ? undefined : () => change({ q: undefined })} />
      ) : (
        <VirtualTable
          label={texts.kinds[kind]}
          columns={columns}
          {...listRows(rows)}
          keyOf={({ id }) => id}
          isLoading={found.isPending}
          onMore={found.hasNextPage && !found.isFetchingNextPage ? () => void found.fetchNextPage() : undefined}
        />
      )}
    </Stack>
  )
}

const columnsOf = (locationId: string, kind: Kind): readonly Column<Row>[] => [
  {
    key: 'name',
    label: texts.columns.name,
    width: 'minmax(0, 1.4fr)',
    cell: ({ id, name }) => (
      <TextLink
        to={'/app/locations/$locationId/records/$kind/$recordId' as never}
        params={{ locationId, kind, recordId: id } as never}
        className="one-line"
        dir="auto"
        title={name}
      >
        {name}
      </TextLink>
    ),
  },
  {
    key: 'detail',
    label: texts.columns.detail,
    width: 'minmax(0, 2fr)',
    cell: ({ detail }) => (
      <Text size="sm" className="one-line" dir="auto" title={detail}>
        {detail}
      </Text>
    ),
  },
  {
    key: 'state',
    label: texts.columns.more,
    width: 'minmax(0, 1fr)',
    from: 'sm',
    cell: ({ state }) => (
      <Text size="sm" c="dimmed" className="one-line" dir="auto" title={state}>
        {state}
      </Text>
    ),
  },
  {
    key: 'at',
    label: texts.columns.at,
    width: '130px',
    from: 'sm',
    cell: ({ at }) => (
      <Text size="sm" c="dimmed">
        {at && <When at={at} />}
      </Text>
    ),
  },
]
