import { Card, Group, Stack, Text, Title } from '@mantine/core'
import type { Output } from '../../api/call.ts'
import { useAddress } from '../../parts/address.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { LocationPicker } from '../../parts/location-picker.tsx'
import { usePagesOf } from '../../parts/next-pages.ts'
import { MoreButton, PagedTable } from '../../parts/paged-table.tsx'
import { EmptyList, Failure, Waiting } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import type { Column } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { listenersAddress } from './address.ts'
import { Frame } from './frame.tsx'
import { texts } from './texts.ts'

type Reader = Output<'journals.readers'>['readers'][number]
type Subscription = Output<'journals.subscriptions'>['subscriptions'][number]

const READERS = 50
const SUBSCRIPTIONS = 100
const LOOK_MS = 5_000
const words = texts.listeners

/** Which apps are told what, and how far each has read. */
export function Listeners() {
  const [{ location }, change] = useAddress(listenersAddress)
  return (
    <Frame lead={words.lead}>
      <Group>
        <LocationPicker
          label={texts.location}
          value={location ?? ''}
          onChange={(id) => change({ location: id || undefined })}
        />
      </Group>
      <Readers location={location} />
      <Subscriptions location={location} onAll={() => change({ location: undefined })} />
    </Frame>
  )
}

interface Asked {
  location: string | undefined
}

function Readers({ location }: Asked) {
  const pages = usePagesOf(
    'journals.readers',
    { limit: READERS, locationId: location },
    {
      rows: (page) => page.readers,
      next: (last, all) => (last.readers.length < READERS ? null : { skip: all.length * READERS }),
      everyMs: LOOK_MS,
    },
  )
  return (
    <Stack component="section" gap="xs" aria-label={words.readers}>
      <Title order={2} size="h4">
        {words.readers}
      </Title>
      {pages.error ? (
        <Failure error={pages.error} onRetry={pages.refetch} />
      ) : pages.isPending ? (
        <Waiting lines={3} />
      ) : pages.isEmpty ? (
        <Text size="sm" c="dimmed">
          {words.noReaders}
        </Text>
      ) : (
        <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }} aria-label={words.readers}>
          {pages.rows.map((reader) => (
            <ReaderCard key={[reader.appId, reader.locationId, reader.consumer].join('/')} reader={reader} />
          ))}
        </Stack>
      )}
      <MoreButton pages={pages} label={words.more} />
    </Stack>
  )
}

function ReaderCard({ reader }: { reader: Reader }) {
  const { appName, consumer, locationId, locationName, readAt, unread, offset } = reader
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          <Text span fw={600} dir="auto">
            {appName}
          </Text>{' '}
          · {readAt === null ? words.nobody : consumer === null ? words.nameless : <bdi>{consumer}</bdi>}
        </Text>
        <Standing reader={reader} />
      </Group>
      <Text size="xs" c="dimmed">
        {locationId === null ? words.everywhere : <bdi>{locationName ?? locationId}</bdi>}
        {readAt !== null && (
          <>
            {' · '}
            {words.lastRead} <When at={readAt} />
          </>
        )}
        {unread.oldestAt !== null && (
          <>
            {' · '}
            {words.oldest} <When at={unread.oldestAt} />
          </>
        )}
      </Text>
      {offset !== null && (
        <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {words.upTo} {offset}
        </Text>
      )}
    </Card>
  )
}

function Standing({ reader: { readAt, unread, expired } }: { reader: Reader }) {
  if (expired)
    return (
      <Tone tone="bad" hint={words.missedHint}>
        {words.missed}
      </Tone>
    )
  if (unread.files === 0) return <Tone tone={readAt === null ? 'calm' : 'good'}>{words.allRead}</Tone>
  return <Tone tone="change">{words.behind(unread.events, unread.more)}</Tone>
}

const COLUMNS: readonly Column<Subscription>[] = [
  {
    key: 'app',
    label: words.columns.app,
    width: 'minmax(0, 1.2fr)',
    cell: ({ appName, installed }) => (
      <div style={{ minWidth: 0 }}>
        <Text size="sm" className="one-line" dir="auto">
          {appName}
        </Text>
        {!installed && (
          <Tone tone="bad" hint={words.goneHint}>
            {words.gone}
          </Tone>
        )}
      </div>
    ),
  },
  {
    key: 'what',
    label: words.columns.what,
    width: 'minmax(0, 2fr)',
    cell: (subscription) => (
      <div style={{ minWidth: 0 }}>
        <Text size="sm" className="one-line">
          {words.typed(subscription.subscriptionType, subscription.objectTypeId)}
        </Text>
        <Text size="xs" c="dimmed" className="one-line" dir="auto">
          {narrowed(subscription)}
        </Text>
      </div>
    ),
  },
  {
    key: 'place',
    label: words.columns.place,
    width: 'minmax(0, 1.2fr)',
    from: 'sm',
    cell: ({ locationId, locationName }) =>
      locationId === null ? (
        <Text size="sm" className="one-line">
          {words.itself}
        </Text>
      ) : (
        <TextLink
          to={'/app/locations/$locationId' as never}
          params={{ locationId } as never}
          className="one-line"
          dir="auto"
        >
          {locationName ?? locationId}
        </TextLink>
      ),
  },
  {
    key: 'since',
    label: words.columns.since,
    width: 'minmax(0, 0.8fr)',
    from: 'md',
    cell: ({ createdAt }) => (
      <Text size="sm" c="dimmed">
        <When at={createdAt} />
      </Text>
    ),
  },
]

const narrowed = ({ actions, properties, filters, excludeOwnChanges }: Subscription): string =>
  [
    actions.map((action) => words.actions[action] ?? action.toLowerCase().replaceAll('_', ' ')).join(', '),
    ...(properties.length === 0 ? [] : [words.properties(properties)]),
    ...(filters === 0 ? [] : [words.filters(filters)]),
    ...(excludeOwnChanges ? [words.notOwn] : []),
  ].join(' · ')

function Subscriptions({ location, onAll }: Asked & { onAll: () => void }) {
  const pages = usePagesOf(
    'journals.subscriptions',
    { limit: SUBSCRIPTIONS, locationId: location },
    {
      rows: (page) => page.subscriptions,
      next: ({ after }) => (after === null ? null : { after: Number(after) }),
    },
  )
  return (
    <Stack component="section" gap="xs" aria-label={words.subscriptions}>
      <Title order={2} size="h4">
        {words.subscriptions}
      </Title>
      <PagedTable
        pages={pages}
        empty={<EmptyList words={words} onClear={location === undefined ? undefined : onAll} />}
        label={words.subscriptions}
        columns={COLUMNS}
        keyOf={({ id }) => String(id)}
        rowHeight={56}
      />
    </Stack>
  )
}
