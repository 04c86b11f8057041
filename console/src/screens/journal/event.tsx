import { Code, Group, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { KINDS } from '../../api/operations.ts'
import { actorText } from '../../parts/actor.ts'
import type { Field } from '../../parts/field-diff.tsx'
import { kindWord } from '../../parts/kinds.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { Failure } from '../../parts/states.tsx'
import { OfLocation, When } from '../../parts/when.tsx'
import { NamedDiffs } from '../records/named-diffs.tsx'
import { texts } from './texts.ts'

interface Told {
  id: string
  at: string
  op: string
  actor: string
  actorName: string | null
  cause: string | null
  fields: Field[]
}

/** How many changes of one thing are looked through. */
const FAR = 200

interface Props {
  event: string
  /** What it is about, where that is known. */
  name: string | null
  onClose: () => void
}

/** One change with its old and new values, from the history of what it changed. */
export function EventDetail({ event, name, onClose }: Props) {
  const [locationId = '', kind = '', entityId = '', changeId = ''] = event.split('/')
  const isAsset = KINDS[kind] !== undefined
  const { data, error, refetch } = useQuery({
    queryKey: ['journal', event],
    queryFn: async ({ signal }): Promise<Told | null> => {
      const page = { locationId, kind, limit: FAR }
      const { history } = isAsset
        ? await call('locations.assetHistory', { ...page, assetId: entityId }, { signal })
        : await call('records.history', { ...page, recordId: entityId }, { signal })
      return (history as Told[]).find(({ id }) => id === changeId) ?? null
    },
  })
  const to = isAsset
    ? '/app/locations/$locationId/assets/$kind/$assetId'
    : '/app/locations/$locationId/records/$kind/$recordId'
  const params = { locationId, kind, assetId: entityId, recordId: entityId }
  return (
    <Modal
      opened
      onClose={onClose}
      title={kindWord(kind).replaceAll('_', ' ')}
      size="xl"
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton height={160} />
      ) : data === null ? (
        <Text>{texts.gone}</Text>
      ) : (
        <Stack>
          <Group justify="space-between">
            <Text size="sm" dir="auto">
              {actorText(data.actor, data.actorName)} · {texts.ops[data.op] ?? data.op.replaceAll('_', ' ')} ·{' '}
              <OfLocation id={locationId}>
                <When at={data.at} />
              </OfLocation>
            </Text>
            <TextLink to={to as never} params={params as never}>
              {name ?? entityId}
            </TextLink>
          </Group>
          <NamedDiffs locationId={locationId} fields={data.fields} sides={texts.sides} />
          {data.cause !== null && (
            <Text size="xs" c="dimmed">
              {texts.request} <Code>{data.cause}</Code>
            </Text>
          )}
        </Stack>
      )}
    </Modal>
  )
}
