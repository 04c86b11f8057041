import { Button, Text } from '@mantine/core'
import { IconWebhook } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { Filters } from '../../parts/filters.tsx'
import { TextLink } from '../../parts/link-button.tsx'
import { LocationPicker } from '../../parts/location-picker.tsx'
import { usePagesOf } from '../../parts/next-pages.ts'
import { Page } from '../../parts/page.tsx'
import { PagedTable } from '../../parts/paged-table.tsx'
import { useMayWork, useRole, useSession } from '../../parts/role.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { EmptyList, Failure, Hint } from '../../parts/states.tsx'
import { type Column, listRows, VirtualTable } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { listAddress, SWITCHES } from './address.ts'
import { WebhookForm } from './form.tsx'
import { PublicKeys } from './public-keys.tsx'
import { StandingTone, toWebhook, type Webhook } from './standing.tsx'
import { texts } from './texts.ts'

type Placed = Webhook & Partial<Pick<Output<'webhooks.listAll'>['webhooks'][number], 'locationName' | 'appName'>>

const PAGE = 100
const LOOK_MS = 5_000

export const placeOf = ({ appId, appName, locationName }: Placed): string =>
  appId === null ? (locationName ?? texts.gone) : texts.appEverywhere(appName ?? texts.gone)

const COLUMNS: readonly Column<Placed>[] = [
  {
    key: 'name',
    label: texts.columns.name,
    width: 'minmax(0, 2fr)',
    cell: (webhook) => (
      <div style={{ minWidth: 0 }}>
        <TextLink {...toWebhook(webhook)} className="one-line" display="block" dir="auto">
          {webhook.name}
        </TextLink>
        <Text size="xs" c="dimmed" className="one-line" dir="ltr">
          {webhook.url}
        </Text>
      </div>
    ),
  },
  {
    key: 'standing',
    label: texts.columns.standing,
    width: 'minmax(120px, 1.2fr)',
    cell: (webhook) => <StandingTone webhook={webhook} />,
  },
  {
    key: 'place',
    label: texts.columns.place,
    width: 'minmax(0, 1.4fr)',
    from: 'sm',
    cell: (webhook) => (
      <Text size="sm" className="one-line" dir="auto">
        {placeOf(webhook)}
      </Text>
    ),
  },
  {
    key: 'last',
    label: texts.columns.last,
    width: 'minmax(0, 0.9fr)',
    from: 'md',
    cell: ({ health: { lastAttemptAt } }) => (
      <Text size="sm" c="dimmed">
        {lastAttemptAt === null ? texts.never : <When at={lastAttemptAt} />}
      </Text>
    ),
  },
]

/** The webhooks of the whole agency, or, for clients, of one of their sub-accounts. */
export function Webhooks() {
  const [{ make, key }, change] = useAddress(listAddress)
  const mayWork = useMayWork()
  const isOfAgency = useRole('viewer')
  const making = mayWork && (
    <Button leftSection={<IconWebhook size={16} aria-hidden />} onClick={() => change({ make: true }, 'push')}>
      {texts.make}
    </Button>
  )
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      actions={
        <>
          <Button variant="default" onClick={() => change({ key: true }, 'push')}>
            {texts.key}
          </Button>
          {making}
        </>
      }
    >
      {make && mayWork && <WebhookForm onClose={() => change({ make: undefined })} />}
      {key && <PublicKeys onClose={() => change({ key: undefined })} />}
      {isOfAgency ? <OfAgency /> : <OfLocation />}
    </Page>
  )
}

function OfAgency() {
  const [{ q, state }, change] = useAddress(listAddress)
  const pages = usePagesOf(
    'webhooks.listAll',
    { limit: PAGE, query: q, enabled: state && state === 'on' },
    { rows: (page) => page.webhooks, everyMs: LOOK_MS },
  )
  const isFiltered = q !== undefined || state !== undefined
  return (
    <>
      <SearchField label={texts.search} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
      <Filters
        label={texts.columns.standing}
        all={texts.all}
        value={state}
        onChange={(next) => change({ state: SWITCHES.find((one) => one === next) })}
        options={SWITCHES.map((value) => ({ value, label: texts.switches[value] }))}
      />
      <PagedTable
        pages={pages}
        empty={
          <EmptyList
            words={texts}
            onClear={isFiltered ? () => change({ q: undefined, state: undefined }) : undefined}
          />
        }
        label={texts.title}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        rowHeight={56}
      />
    </>
  )
}

function OfLocation() {
  const { person } = useSession()
  const [{ location = person.locationIds?.[0] ?? '' }, change] = useAddress(listAddress)
  const enabled = location !== ''
  const known = useQuery({ ...reads('locations.get', { locationId: location }), enabled })
  const list = useQuery({ ...reads('webhooks.list', { locationId: location }), enabled, refetchInterval: LOOK_MS })
  const locationName = known.data?.location.name ?? ''
  const rows = (list.data?.webhooks ?? []).map((webhook) => ({ ...webhook, locationName }))
  return (
    <>
      <LocationPicker
        label={texts.location}
        value={location}
        onChange={(id) => change({ location: id || undefined })}
      />
      {!enabled ? (
        <Hint>{texts.whichLocation}</Hint>
      ) : list.error ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data && rows.length === 0 ? (
        <EmptyList words={texts} onClear={undefined} />
      ) : (
        <VirtualTable
          label={texts.title}
          columns={COLUMNS}
          {...listRows(rows)}
          keyOf={({ id }) => id}
          rowHeight={56}
          isLoading={list.isPending}
        />
      )}
    </>
  )
}
