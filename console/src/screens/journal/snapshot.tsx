import { Card, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { CallError, type Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { JsonView } from '../../parts/json-view.tsx'
import { kindWord } from '../../parts/kinds.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { Failure, NotFound, Waiting } from '../../parts/states.tsx'
import { Tone, type ToneName } from '../../parts/tone.tsx'
import { When } from '../../parts/when.tsx'
import { snapshotAddress } from './address.ts'
import { Frame } from './frame.tsx'
import { texts } from './texts.ts'

type Taken = Output<'records.snapshots'>['snapshot']

const words = texts.snapshot
const LOOK_MS = 500
const TONES: Readonly<Record<Taken['records'][number]['status'], ToneName>> = {
  PENDING: 'calm',
  IN_PROGRESS: 'change',
  COMPLETED: 'good',
  FAILED: 'bad',
  EXPIRED: 'bad',
}

/** Record snapshots on their way into the journal of an app, and what it is told. */
export function RecordSnapshots() {
  const [{ location = '', snapshot = '' }] = useAddress(snapshotAddress)
  const { data, error, refetch } = useQuery({
    ...reads('records.snapshots', { locationId: location, snapshotId: snapshot }),
    enabled: location !== '' && snapshot !== '',
    refetchInterval: (query) => (query.state.data?.snapshot.completedAt === null ? LOOK_MS : false),
  })
  if (location === '' || snapshot === '' || (error instanceof CallError && error.status === 404)) return <NotFound />
  return (
    <Frame lead={words.lead}>
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Waiting lines={4} />
      ) : (
        <Told locationId={location} snapshot={data.snapshot} />
      )}
    </Frame>
  )
}

function Told({ locationId, snapshot }: { locationId: string; snapshot: Taken }) {
  const { appName, kind, initiatedAt, completedAt, records } = snapshot
  const told = records.filter(({ status }) => status === 'COMPLETED').length
  return (
    <Stack>
      <Text size="sm" role="status">
        {completedAt === null ? words.waiting(records.length) : words.ended(told, records.length)} <bdi>{appName}</bdi>{' '}
        · <When at={completedAt ?? initiatedAt} />
      </Text>
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }} aria-label={words.records}>
        {records.map(({ recordId, name, status, message, offset, properties }) => (
          <Card key={recordId} component="li" withBorder padding="sm">
            <Group justify="space-between" gap="xs">
              <TextLink
                to={'/app/locations/$locationId/records/$kind/$recordId' as never}
                params={{ locationId, kind, recordId } as never}
                dir="auto"
              >
                {kindWord(kind)} · {name ?? recordId}
              </TextLink>
              <Tone tone={TONES[status]}>{words.states[status]}</Tone>
            </Group>
            {message !== null && (
              <Text size="sm" dir="auto">
                {message}
              </Text>
            )}
            {offset !== null && (
              <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {words.offset} {offset}
              </Text>
            )}
            {properties !== null && (
              <details>
                <summary>{words.properties(Object.keys(properties).length)}</summary>
                <JsonView value={properties} label={words.told} />
              </details>
            )}
          </Card>
        ))}
      </Stack>
    </Stack>
  )
}
