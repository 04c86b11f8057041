import { Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { kindWord } from '../../parts/kinds.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { Empty, Failure } from '../../parts/states.tsx'
import { texts } from './texts.ts'
import type { AssetPlace } from './use-draft.ts'

const { usage } = texts

/** What refers to the asset. */
export function Usage({ place }: { place: AssetPlace }) {
  const { data, error, refetch } = useQuery(reads('locations.assetUsage', place))
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton height={180} />
  const { assets, records } = data
  if (assets.length + records.length === 0) return <Empty title={usage.empty}>{usage.emptyHint}</Empty>
  return (
    <Stack>
      {assets.length > 0 && (
        <section>
          <Title order={2} size="h5">
            {usage.assets}
          </Title>
          {assets.map(({ kind, id, name }) => (
            <Text key={`${kind}/${id}`} size="sm" py={3} dir="auto">
              <TextLink
                to="/app/locations/$locationId/assets/$kind/$assetId"
                params={{ locationId: place.locationId, kind, assetId: id }}
              >
                {name}
              </TextLink>{' '}
              <Text span c="dimmed">
                {kindWord(kind)}
              </Text>
            </Text>
          ))}
        </section>
      )}
      {records.length > 0 && (
        <section>
          <Title order={2} size="h5">
            {usage.records}
          </Title>
          {records.map(({ kind, count, upcoming, atLeast }) => (
            <Text key={kind} size="sm" py={3}>
              {usage.count(count, atLeast)} {kind.replaceAll('_', ' ')}
              {upcoming !== undefined && ` (${usage.upcoming(upcoming)})`}
            </Text>
          ))}
        </section>
      )}
    </Stack>
  )
}
