import { Anchor, Button, Card, Group, Select, Skeleton, Stack, Text } from '@mantine/core'
import type { Output } from '../../api/call.ts'
import { KINDS } from '../../api/operations.ts'
import { actorText } from '../../parts/actor.ts'
import { useAddress } from '../../parts/address.ts'
import { kindName, kindWord } from '../../parts/kinds.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { LocationPicker } from '../../parts/location-picker.tsx'
import { usePagesOf } from '../../parts/next-pages.ts'
import { MoreButton } from '../../parts/paged-table.tsx'
import { Empty, Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { OfLocation, When } from '../../parts/when.tsx'
import { journalAddress } from './address.ts'
import { EventDetail } from './event.tsx'
import { Frame } from './frame.tsx'
import { texts } from './texts.ts'

type Told = Output<'fleet.changes'>['changes'][number]

const SHOWN = 100
const EVERY_MS = 800
const RECORDS = ['contacts', 'opportunities', 'appointments', 'conversations', 'messages', 'businesses', 'invoices']

/** What changes in any sub-account, as it happens. The files of the journal are for apps; this is read by people. */
export function Journal() {
  const [{ location, kind, paused, event }, change] = useAddress(journalAddress)
  const input = {
    limit: SHOWN,
    ...(location === undefined ? {} : { locationId: location }),
    ...(kind === undefined ? {} : { kind }),
  }
  const pages = usePagesOf('fleet.changes', input, {
    rows: (page) => page.changes,
    everyMs: paused ? undefined : EVERY_MS,
    keepsOld: true,
  })
  const groups = pages.rows
  // Whoever reads what is older stands still in it.
  const older = () => {
    change({ paused: true })
    pages.loadMore()
  }
  const kinds = [...Object.keys(KINDS).map((one) => [one, kindName(one)]), ...RECORDS.map((one) => [one, wordOf(one)])]
  return (
    <Frame
      lead={texts.lead}
      actions={
        <>
          {!pages.error && <Tone tone={paused ? 'calm' : 'good'}>{paused ? texts.paused : texts.following}</Tone>}
          <Button variant="default" onClick={() => change({ paused: paused ? undefined : true })}>
            {paused ? texts.resume : texts.pause}
          </Button>
        </>
      }
    >
      <Group align="flex-end">
        <LocationPicker
          label={texts.location}
          value={location ?? ''}
          onChange={(id) => change({ location: id || undefined })}
        />
        <Select
          label={texts.kind}
          clearable
          searchable
          value={kind ?? null}
          onChange={(next) => change({ kind: next ?? undefined })}
          data={kinds.map(([value = '', label = '']) => ({ value, label }))}
        />
      </Group>
      {event !== undefined && (
        <EventDetail event={event} name={nameIn(groups, event)} onClose={() => change({ event: undefined })} />
      )}
      {pages.error && <Failure error={pages.error} onRetry={pages.refetch} />}
      {groups.length === 0 && pages.error ? null : pages.isPending ? (
        <Skeleton height={320} />
      ) : pages.isEmpty ? (
        <Empty title={texts.empty}>{texts.emptyHint}</Empty>
      ) : (
        <Stack gap="xs" component="ol" p={0} m={0} style={{ listStyle: 'none' }} aria-label={texts.title}>
          {groups.map((group, index) => (
            <Entry
              key={group.sample[0]?.id}
              group={group}
              isCut={pages.hasMore && index === groups.length - 1}
              onOpen={(next) => change({ event: next }, 'push')}
            />
          ))}
        </Stack>
      )}
      <MoreButton pages={{ ...pages, loadMore: older }} label={texts.older} />
    </Frame>
  )
}

/** What the entry that is open is about, where it is among those that were read. */
const nameIn = (groups: readonly Told[], event: string): string | null =>
  groups.flatMap(({ sample }) => sample).find(({ id }) => event.endsWith(id))?.name ?? null

const wordOf = (kind: string) => kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('_', ' ')

interface EntryProps {
  group: Told
  /** Some of it is further back than what has been read. */
  isCut: boolean
  onOpen: (event: string) => void
}

/** What one request or one push did. */
function Entry({ group, isCut, onOpen }: EntryProps) {
  const { at, actor, actorName, changes, locations, sample } = group
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          <Text span fw={600} dir="auto">
            {actorText(actor, actorName)}
          </Text>{' '}
          · {isCut ? texts.atLeast(changes) : texts.changes(changes)} ·{' '}
          <OfLocation id={locations.length === 1 ? (locations[0]?.locationId ?? null) : null}>
            <When at={at} />
          </OfLocation>
        </Text>
        <Group gap="xs">
          {locations.slice(0, 3).map(({ locationId, locationName }) => (
            <TextLink
              key={locationId}
              to={'/app/locations/$locationId' as never}
              params={{ locationId } as never}
              dir="auto"
            >
              {locationName ?? locationId}
            </TextLink>
          ))}
          {locations.length > 3 && (
            <Text size="sm" c="dimmed">
              {texts.more(locations.length - 3)}
            </Text>
          )}
        </Group>
      </Group>
      {sample.map(({ id, locationId, kind, entityId, name, op }) => (
        <Anchor
          key={id}
          component="button"
          size="sm"
          ta="start"
          py={2}
          dir="auto"
          title={entityId}
          onClick={() => onOpen([locationId, kind, entityId, id].join('/'))}
        >
          {texts.ops[op] ?? op.replaceAll('_', ' ')} · {kindWord(kind).replaceAll('_', ' ')} · {name ?? entityId}
        </Anchor>
      ))}
      {changes > sample.length && (
        <Text size="xs" c="dimmed">
          {texts.more(changes - sample.length)}
        </Text>
      )}
    </Card>
  )
}
