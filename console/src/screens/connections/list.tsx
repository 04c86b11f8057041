import { Button, Text } from '@mantine/core'
import { IconPlug } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { LocationPicker } from '../../parts/location-picker.tsx'
import { Page } from '../../parts/page.tsx'
import { useMayWork, useSession } from '../../parts/role.ts'
import { EmptyList, Failure, Hint } from '../../parts/states.tsx'
import { type Column, listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { listAddress } from './address.ts'
import { MakeConnection } from './make.tsx'
import { type Connection, StandingTone, toConnection } from './standing.tsx'
import { texts } from './texts.ts'

const LOOK_MS = 5_000

const COLUMNS: readonly Column<Connection>[] = [
  {
    key: 'name',
    label: texts.columns.name,
    width: 'minmax(0, 2fr)',
    cell: (connection) => (
      <div style={{ minWidth: 0 }}>
        <TextLink {...toConnection(connection)} className="one-line" display="block" dir="auto">
          {connection.name}
        </TextLink>
        <Text size="xs" c="dimmed" className="one-line">
          {texts.ways[connection.way]}
        </Text>
      </div>
    ),
  },
  {
    key: 'standing',
    label: texts.columns.standing,
    width: 'minmax(120px, 1.2fr)',
    cell: (connection) => <StandingTone connection={connection} />,
  },
  {
    key: 'version',
    label: texts.columns.version,
    width: 'minmax(0, 1.2fr)',
    from: 'sm',
    cell: ({ liveVersion, version }) => (
      <Text size="sm" className="one-line">
        {texts.page.works(liveVersion, version)}
      </Text>
    ),
  },
  {
    key: 'last',
    label: texts.columns.last,
    width: 'minmax(0, 0.8fr)',
    from: 'md',
    cell: ({ lastAt }) => (
      <Text size="sm" c="dimmed">
        {lastAt === null ? texts.never : <When at={lastAt} />}
      </Text>
    ),
  },
]

/** The connections of a sub-account, and how each does. */
export function Connections() {
  const { person } = useSession()
  const [{ location = person.locationIds?.[0] ?? '', make }, change] = useAddress(listAddress)
  const mayWork = useMayWork()
  const enabled = location !== ''
  const { data, error, isPending, refetch } = useQuery({
    ...reads('connections.list', { locationId: location }),
    enabled,
    refetchInterval: LOOK_MS,
  })
  const making = mayWork && (
    <Button leftSection={<IconPlug size={16} aria-hidden />} onClick={() => change({ make: true }, 'push')}>
      {texts.make}
    </Button>
  )
  return (
    <Page title={texts.title} lead={texts.lead} actions={making}>
      {make && mayWork && <MakeConnection locationId={location} onClose={() => change({ make: undefined })} />}
      <LocationPicker
        label={texts.location}
        value={location}
        onChange={(id) => change({ location: id || undefined })}
      />
      {!enabled ? (
        <Hint>{texts.whichLocation}</Hint>
      ) : error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data && data.connections.length === 0 ? (
        <EmptyList words={texts} onClear={undefined} />
      ) : (
        <VirtualTable
          label={texts.title}
          columns={COLUMNS}
          {...listRows(data?.connections ?? [])}
          keyOf={({ id }) => id}
          rowHeight={56}
          isLoading={isPending}
        />
      )}
    </Page>
  )
}
