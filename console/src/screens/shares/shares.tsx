import { Anchor, Button, Text } from '@mantine/core'
import { IconDownload, IconShare } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { Filters } from '../../parts/filters.tsx'
import { Page } from '../../parts/page.tsx'
import { useRole } from '../../parts/role.ts'
import { Empty, EmptyList, Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { type Column, listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { STATES, sharesAddress } from './address.ts'
import { Import } from './import.tsx'
import { Make } from './make.tsx'
import { type Share, ShareDialog } from './share.tsx'
import { texts } from './texts.ts'

const columnsOf = (open: (id: string) => void): readonly Column<Share>[] => [
  {
    key: 'snapshot',
    label: texts.columns.snapshot,
    width: 'minmax(0, 2fr)',
    cell: ({ id, snapshotName, shareType }) => (
      <div style={{ minWidth: 0 }}>
        <Anchor component="button" size="sm" className="one-line" maw="100%" dir="auto" onClick={() => open(id)}>
          {snapshotName}
        </Anchor>
        <Text size="xs" c="dimmed" className="one-line">
          {texts.kinds[shareType].label}
        </Text>
      </div>
    ),
  },
  {
    key: 'state',
    label: texts.columns.state,
    width: 'minmax(96px, 1fr)',
    cell: ({ state }) => (
      <Tone tone={texts.states[state].tone} hint={texts.states[state].hint}>
        {texts.states[state].label}
      </Tone>
    ),
  },
  {
    key: 'uses',
    label: texts.columns.uses,
    width: 'minmax(0, 1fr)',
    from: 'sm',
    cell: ({ usedBy }) => <span className="tabular">{texts.uses(usedBy.length)}</span>,
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

/** What the agency gives to others by link, and how it takes in what others give. */
export function Shares() {
  const [{ state, make, share, import: imports, link }, change] = useAddress(sharesAddress)
  const mayWrite = useRole('operator')
  const { data, error, isPending, refetch } = useQuery(reads('snapshots.shares', {}))
  const snapshots = useQuery(reads('snapshots.list', {}))
  const names = new Map(snapshots.data?.snapshots.map(({ id, name }) => [id, name]))
  // Whoever comes here has just made one, or looks for it: the newest first.
  const all = (data?.shares ?? [])
    .map((one) => ({ ...one, snapshotName: names.get(one.snapshotId) ?? texts.deleted }) as Share)
    .reverse()
  const rows = all.filter((one) => state === undefined || one.state === state)
  const opened = all.find(({ id }) => id === share)
  const actions = mayWrite && (
    <>
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={() => change({ import: true }, 'push')}
      >
        {texts.import}
      </Button>
      <Button leftSection={<IconShare size={16} aria-hidden />} onClick={() => change({ make: 'any' }, 'push')}>
        {texts.make}
      </Button>
    </>
  )
  return (
    <Page title={texts.title} lead={texts.lead} actions={actions}>
      {mayWrite && make !== undefined && (
        <Make snapshotId={make === 'any' ? undefined : make} onClose={() => change({ make: undefined })} />
      )}
      {mayWrite && imports && <Import link={link} onClose={() => change({ import: undefined, link: undefined })} />}
      {opened && <ShareDialog share={opened} onClose={() => change({ share: undefined })} />}
      {all.length > 0 && (
        <Filters
          label={texts.columns.state}
          all={texts.all}
          value={state}
          onChange={(next) => change({ state: STATES.find((one) => one === next) })}
          options={STATES.map((value) => ({
            value,
            label: texts.states[value].label,
            count: all.filter((one) => one.state === value).length,
          }))}
        />
      )}
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data && rows.length === 0 ? (
        state === undefined ? (
          <Empty title={texts.empty}>{texts.emptyHint}</Empty>
        ) : (
          <EmptyList words={texts} onClear={() => change({ state: undefined })} />
        )
      ) : (
        <VirtualTable
          label={texts.title}
          columns={columnsOf((id) => change({ share: id }, 'push'))}
          {...listRows(rows)}
          keyOf={({ id }) => id}
          rowHeight={56}
          isLoading={isPending}
        />
      )}
    </Page>
  )
}
