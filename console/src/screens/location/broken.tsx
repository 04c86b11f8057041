import { Card, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { kindWord } from '../../parts/kinds.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { Empty, Failure } from '../../parts/states.tsx'
import { texts } from './texts.ts'

/** What assets of the location name and is not there. */
export function Broken({ locationId }: { locationId: string }) {
  const { data, error, refetch } = useQuery(reads('locations.brokenReferences', { locationId }))
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton height={180} />
  if (data.brokenReferences.length === 0) return <Empty title={texts.notBroken}>{texts.notBrokenHint}</Empty>
  return (
    <Stack gap="xs" component="ul" p={0} style={{ listStyle: 'none' }}>
      {data.brokenReferences.map((one) => (
        <Card key={JSON.stringify(one)} component="li" withBorder padding="sm">
          <TextLink
            to="/app/locations/$locationId/assets/$kind/$assetId"
            params={{ locationId, kind: one.kind, assetId: one.id }}
            search={{ at: one.value } as never}
            dir="auto"
          >
            {one.name}
          </TextLink>
          <Text size="sm" c="dimmed" dir="auto">
            {kindWord(one.kind)} ·{' '}
            {texts.namesGone(one.missingKind === 'part' ? texts.part : kindWord(one.missingKind), one.missingName)}
          </Text>
        </Card>
      ))}
    </Stack>
  )
}
