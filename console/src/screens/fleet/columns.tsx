import { type AnchorProps, Text } from '@mantine/core'
import type { Output } from '../../api/call.ts'
import { RowLink } from '../../parts/link-button.tsx'
import { type PushStatus, STATUS } from '../../parts/push-words.ts'
import { standingText } from '../../parts/standing.ts'
import { Tone } from '../../parts/tone.tsx'
import type { Column } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { GONE, MIXED, STATES, texts, UNTOUCHED } from './texts.ts'

export type FleetRow = Output<'fleet.list'>['locations'][number]

const dimmed = { size: 'sm', c: 'dimmed', className: 'one-line' } as const

export const COLUMNS: readonly Column<FleetRow>[] = [
  {
    key: 'name',
    label: texts.columns.name,
    width: 'minmax(0, 2fr)',
    sort: 'name',
    cell: (row) => (
      <div style={{ minWidth: 0 }}>
        <RowLink
          to={`/app/locations/${row.locationId}`}
          fw={500}
          c="inherit"
          className="one-line"
          display="block"
          dir="auto"
          title={row.locationName}
        >
          {row.locationName}
        </RowLink>
        <BrokenLink row={row} hiddenFrom="md" size="xs" />
      </div>
    ),
  },
  {
    key: 'state',
    label: texts.columns.state,
    width: 'minmax(110px, 0.8fr)',
    sort: 'state',
    cell: (row) => {
      const { tone, meaning, label } = standingOf(row)
      return (
        <Tone tone={tone} hint={meaning}>
          {label}
        </Tone>
      )
    },
  },
  {
    key: 'snapshots',
    label: texts.columns.snapshots,
    width: 'minmax(0, 1.8fr)',
    from: 'sm',
    cell: ({ snapshots }) => (
      <Text size="sm" className="one-line" dir="auto" title={snapshots.map(standingText).join(', ')}>
        {snapshots.map(standingText).join(', ')}
      </Text>
    ),
  },
  {
    key: 'drifted',
    label: texts.columns.drifted,
    width: 'minmax(0, 1fr)',
    from: 'md',
    sort: 'drifted',
    // Of several it is not known here which one was edited: the assets of the sub-account say it.
    cell: ({ drifted, snapshots: [first, another], locationId, locationName }) =>
      drifted > 0 && first ? (
        <RowLink
          {...(another
            ? { to: `/app/locations/${locationId}` }
            : { to: '/app/drift', search: { snapshot: first.snapshotId, q: locationName } })}
          className="one-line"
        >
          {texts.drifted(drifted)}
        </RowLink>
      ) : null,
  },
  {
    key: 'broken',
    label: texts.columns.broken,
    width: 'minmax(0, 0.8fr)',
    from: 'md',
    sort: 'broken',
    cell: (row) => (row.broken === null ? <Text {...dimmed}>{texts.notCounted}</Text> : <BrokenLink row={row} />),
  },
  {
    key: 'lastPush',
    label: texts.columns.lastPush,
    width: 'minmax(0, 1.2fr)',
    from: 'md',
    sort: 'lastPush',
    cell: ({ lastPush }) =>
      lastPush && (
        <RowLink to={`/app/pushes/${lastPush.pushId}`} className="one-line">
          {STATUS[lastPush.status as PushStatus]?.label ?? lastPush.status} <When at={lastPush.at} />
        </RowLink>
      ),
  },
  {
    key: 'lastChange',
    label: texts.columns.lastChange,
    width: 'minmax(0, 0.9fr)',
    from: 'md',
    sort: 'lastChange',
    cell: ({ lastChangeAt }) => <Text {...dimmed}>{lastChangeAt && <When at={lastChangeAt} />}</Text>,
  },
]

/** How many references lead nowhere, and the way to them. Nothing where none does. */
function BrokenLink({
  row: { locationId, broken },
  ...more
}: { row: FleetRow } & Pick<AnchorProps, 'hiddenFrom' | 'size'>) {
  if (broken === null || broken === 0) return null
  return (
    <RowLink
      to={`/app/locations/${locationId}`}
      search={{ tab: 'broken' }}
      className="one-line"
      display="block"
      title={texts.brokenHint}
      {...more}
    >
      {texts.broken(broken)}
    </RowLink>
  )
}

/** Where nothing stands, the last push says why; and where the newest stands, single assets may be of others. */
function standingOf({ state, lastPush, snapshots }: FleetRow) {
  if (state === 'current' && snapshots.some(({ others }) => others.length > 0)) return MIXED
  if (state !== 'none' || (lastPush !== null && !lastPush.isRollback)) return STATES[state]
  return lastPush === null ? UNTOUCHED : GONE
}
