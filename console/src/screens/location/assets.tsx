import { Select, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { call, type Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { byKind, kindName, kindWord } from '../../parts/kinds.ts'
import { LinkButton, TextLink } from '../../parts/link-button.tsx'
import { usePages } from '../../parts/pages.ts'
import { useRole } from '../../parts/role.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { EmptyList, Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { type Column, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { locationAddress } from './address.ts'
import classes from './location.module.css'
import { texts } from './texts.ts'

type Row = Output<'locations.assets'>['assets'][number]

const PAGE = 200

/** Everything that is configured in a location, by kind and name. */
export function Assets({ locationId }: { locationId: string }) {
  const [{ q, kind }, change] = useAddress(locationAddress)
  const mayImport = useRole('operator')
  const asked = {
    locationId,
    ...(kind === undefined ? {} : { kind }),
    ...(q === undefined ? {} : { query: q }),
  }
  const counts = useQuery(reads('locations.assets', { locationId, limit: 1 }))
  const rows = usePages({
    key: ['locations.assets', 'pages', asked],
    pageSize: PAGE,
    fetch: async (skip, signal) => {
      const { assets, total } = await call('locations.assets', { ...asked, skip, limit: PAGE }, { signal })
      return { rows: assets, total }
    },
  })
  const columns = useMemo(() => columnsOf(locationId), [locationId])
  const kinds = Object.entries(counts.data?.counts ?? {}).sort(([one], [other]) => byKind(one, other))
  return (
    <Stack gap="md">
      <div className={classes.filters}>
        <SearchField label={texts.searchAssets} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
        <Select
          aria-label={texts.kind}
          placeholder={texts.allKinds}
          clearable
          searchable
          value={kind ?? null}
          onChange={(next) => change({ kind: next ?? undefined }, 'push')}
          data={kinds.map(([value, count]) => ({ value, label: `${kindName(value)} (${count})` }))}
        />
      </div>
      {rows.error && <Failure error={rows.error} onRetry={rows.refetch} />}
      {rows.error && rows.newest === undefined ? null : rows.isEmpty ? (
        <EmptyList
          words={texts}
          action={
            mayImport && (
              <LinkButton to={'/app/shares' as never} search={{ import: true } as never} variant="default">
                {texts.importing}
              </LinkButton>
            )
          }
          onClear={q === undefined ? undefined : () => change({ q: undefined })}
        />
      ) : (
        <VirtualTable
          label={texts.assets}
          columns={columns}
          count={rows.count}
          rowAt={rows.rowAt}
          onRange={rows.onRange}
          keyOf={(row) => `${row.kind}/${row.id}`}
          isLoading={rows.isPending}
        />
      )}
    </Stack>
  )
}

const columnsOf = (locationId: string): readonly Column<Row>[] => [
  {
    key: 'name',
    label: texts.name,
    width: 'minmax(0, 2fr)',
    cell: ({ kind, id, name }) => (
      <TextLink
        to="/app/locations/$locationId/assets/$kind/$assetId"
        params={{ locationId, kind, assetId: id }}
        className="one-line"
        dir="auto"
        title={name}
      >
        {name}
      </TextLink>
    ),
  },
  {
    key: 'kind',
    label: texts.kind,
    width: 'minmax(0, 1fr)',
    cell: ({ kind }) => (
      <Text size="sm" className="one-line">
        {kindWord(kind)}
      </Text>
    ),
  },
  {
    key: 'brought',
    label: texts.brought,
    width: 'minmax(0, 1.4fr)',
    from: 'sm',
    cell: ({ snapshotId, snapshotName }) =>
      snapshotId === null || snapshotName === null ? (
        <Text size="sm" c="dimmed">
          {texts.own}
        </Text>
      ) : (
        <TextLink
          to={'/app/snapshots/$snapshotId' as never}
          params={{ snapshotId } as never}
          className="one-line"
          dir="auto"
        >
          {snapshotName}
        </TextLink>
      ),
  },
  {
    key: 'drift',
    label: '',
    width: '130px',
    from: 'md',
    cell: ({ isDrifted }) =>
      isDrifted && (
        <Tone tone="change" hint={texts.driftedHint}>
          {texts.drifted}
        </Tone>
      ),
  },
  {
    key: 'updated',
    label: texts.updated,
    width: '130px',
    from: 'sm',
    cell: ({ updatedAt }) => (
      <Text size="sm" c="dimmed">
        <When at={updatedAt} />
      </Text>
    ),
  },
]
