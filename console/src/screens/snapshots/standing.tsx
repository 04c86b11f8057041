import { Text } from '@mantine/core'
import type { Output } from '../../api/call.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { usePagesOf } from '../../parts/next-pages.ts'
import { PagedTable } from '../../parts/paged-table.tsx'
import { Empty } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import type { Column } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { texts } from './texts.ts'

type Row = Output<'snapshots.standing'>['locations'][number]
const words = texts.one
const PAGE = 500

/** Where the snapshot stands, in which version, and how far behind. */
export function Standing({ snapshotId }: { snapshotId: string }) {
  const pages = usePagesOf('snapshots.standing', { snapshotId, limit: PAGE }, { rows: (page) => page.locations })
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
  const hasSome = pages.error === null && !pages.isEmpty
  return (
    <>
      {hasSome && (
        <Text size="sm" c="dimmed" mb="xs">
          Sub-accounts that this snapshot was pushed to.
        </Text>
      )}
      <PagedTable
        pages={pages}
        empty={<Empty title={words.nowhere}>{words.nowhereHint}</Empty>}
        label={words.standing}
        columns={columns}
        keyOf={({ locationId }) => locationId}
      />
    </>
  )
}
