import { Button } from '@mantine/core'
import { IconPlug } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { LocationPicker } from '../../parts/location-picker.tsx'
import { Page } from '../../parts/page.tsx'
import { useMayWork, useRole, useSession } from '../../parts/role.ts'
import { EmptyList, Failure, Hint } from '../../parts/states.tsx'
import { listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { listAddress } from './address.ts'
import { COLUMNS_OF_ONE } from './columns.tsx'
import { MakeConnection } from './make.tsx'
import { OfAgency } from './of-agency.tsx'
import { texts } from './texts.ts'

const LOOK_MS = 5_000

/** The connections of the whole agency, or, for clients, of one of their sub-accounts; and how each does. */
export function Connections() {
  const { person } = useSession()
  const [{ location, make }, change] = useAddress(listAddress)
  const mayWork = useMayWork()
  const isOfAgency = useRole('viewer')
  const place = location ?? person.locationIds?.[0] ?? ''
  const making = mayWork && (
    <Button leftSection={<IconPlug size={16} aria-hidden />} onClick={() => change({ make: true }, 'push')}>
      {texts.make}
    </Button>
  )
  return (
    <Page title={texts.title} lead={texts.lead} actions={making}>
      {make && mayWork && <MakeConnection locationId={place} onClose={() => change({ make: undefined })} />}
      {isOfAgency ? <OfAgency /> : <OfLocation location={place} />}
    </Page>
  )
}

function OfLocation({ location }: { location: string }) {
  const [, change] = useAddress(listAddress)
  const enabled = location !== ''
  const { data, error, isPending, refetch } = useQuery({
    ...reads('connections.list', { locationId: location }),
    enabled,
    refetchInterval: LOOK_MS,
  })
  return (
    <>
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
          columns={COLUMNS_OF_ONE}
          {...listRows(data?.connections ?? [])}
          keyOf={({ id }) => id}
          rowHeight={56}
          isLoading={isPending}
        />
      )}
    </>
  )
}
