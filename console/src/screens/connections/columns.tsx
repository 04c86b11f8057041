import { Text } from '@mantine/core'
import type { Output } from '../../api/call.ts'
import { TextLink } from '../../parts/link-button.tsx'
import type { Column } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { type Connection, StandingTone, toConnection } from './standing.tsx'
import { texts } from './texts.ts'

type Placed = Output<'connections.listAll'>['connections'][number]
/** Of one sub-account nothing is told of its place. */
type Listed = Connection & Partial<Pick<Placed, 'locationName' | 'failedRows' | 'lastRun'>>

/** Where a connection is: null stands for the agency itself. */
const placeOf = ({ locationName }: Listed) => (locationName === undefined ? null : (locationName ?? texts.ofAgency))

const NAME: Column<Listed> = {
  key: 'name',
  label: texts.columns.name,
  width: 'minmax(0, 2fr)',
  sort: 'name',
  cell: (connection) => (
    <div style={{ minWidth: 0 }}>
      <TextLink {...toConnection(connection)} className="one-line" display="block" dir="auto">
        {connection.name}
      </TextLink>
      <Text size="xs" c="dimmed" className="one-line" visibleFrom={placeOf(connection) === null ? undefined : 'sm'}>
        {texts.ways[connection.way]}
      </Text>
      {placeOf(connection) !== null && (
        <Text size="xs" c="dimmed" className="one-line" dir="auto" hiddenFrom="sm">
          {placeOf(connection)}
        </Text>
      )}
    </div>
  ),
}

const STANDING: Column<Listed> = {
  key: 'standing',
  label: texts.columns.standing,
  width: 'minmax(120px, 1.2fr)',
  sort: 'standing',
  cell: (connection) => (
    <div style={{ minWidth: 0 }}>
      <StandingTone connection={connection} />
      {(connection.failedRows ?? 0) > 0 && <Failed connection={connection} />}
    </div>
  ),
}

/** The way to what could not be written. */
function Failed({ connection }: { connection: Listed }) {
  const { search, ...to } = toConnection(connection)
  return (
    <TextLink {...to} search={{ ...(search as object), tab: 'failed' } as never} size="xs" display="block">
      {texts.failedRows(connection.failedRows ?? 0)}
    </TextLink>
  )
}

const LAST: Column<Listed> = {
  key: 'last',
  label: texts.columns.last,
  width: 'minmax(0, 0.9fr)',
  from: 'md',
  sort: 'last',
  cell: ({ lastAt, lastRun }) => (
    <div style={{ minWidth: 0 }}>
      <Text size="sm" c="dimmed" className="one-line">
        {lastAt === null ? texts.never : <When at={lastAt} />}
      </Text>
      {lastRun && (
        <Text size="xs" c="dimmed" className="one-line" title={texts.runs.counts(lastRun)}>
          {texts.runs.short(lastRun)}
        </Text>
      )}
    </div>
  ),
}

const PLACE: Column<Listed> = {
  key: 'place',
  label: texts.location,
  width: 'minmax(0, 1.4fr)',
  from: 'sm',
  sort: 'location',
  cell: (connection) => (
    <Text size="sm" className="one-line" dir="auto" c={connection.locationId === null ? 'dimmed' : undefined}>
      {placeOf(connection)}
    </Text>
  ),
}

const VERSION: Column<Listed> = {
  key: 'version',
  label: texts.columns.version,
  width: 'minmax(0, 1.2fr)',
  from: 'sm',
  cell: ({ liveVersion, version }) => (
    <Text size="sm" className="one-line">
      {texts.page.works(liveVersion, version)}
    </Text>
  ),
}

export const COLUMNS: readonly Column<Listed>[] = [NAME, PLACE, STANDING, LAST]
/** Where all are of one sub-account, in the order in which they were made. */
export const COLUMNS_OF_ONE: readonly Column<Listed>[] = [NAME, STANDING, VERSION, LAST].map(
  ({ sort: _, ...column }) => column,
)
