import { Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { memo } from 'react'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { kindName, kindWord } from '../../parts/kinds.ts'
import { Failure } from '../../parts/states.tsx'
import { OfLocation, When } from '../../parts/when.tsx'
import { texts } from './texts.ts'
import { type Told, toTold } from './together.ts'

type Change = Output<'fleet.changes'>['changes'][number]
const LOOK_MS = 15_000
const [NAMES_SHOWN, KINDS_SHOWN] = [3, 4]
/** How many changes are asked for: what of them was one act is told once. */
const MOST = 200

/**
 * What changed in the agency lately, and by whom: each request and each push once. It is long, and drawn again for its
 * own sake only.
 */
export const RecentChanges = memo(function RecentChanges() {
  const { data, error, refetch } = useQuery({ ...reads('fleet.changes', { limit: MOST }), refetchInterval: LOOK_MS })
  const told = toTold(data?.changes ?? [])
  return (
    <Stack gap="xs" component="section" aria-label={texts.changes.title}>
      <Title order={2} size="h4">
        {texts.changes.title}
      </Title>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data === undefined && !error && <Skeleton height={160} />}
      {data?.changes.length === 0 && (
        <Text size="sm" c="dimmed">
          {texts.changes.nothing}
        </Text>
      )}
      {told.map((change, index) => (
        <ChangeLine
          key={`${change.at}${change.cause}${change.sample[0]?.id}`}
          change={change}
          // The oldest one goes on where the answer ends.
          isCut={data?.after !== null && index === told.length - 1}
        />
      ))}
    </Stack>
  )
})

function ChangeLine({
  change: { at, actorName, kinds, locations, sample, times },
  isCut,
}: {
  change: Told<Change>
  isCut: boolean
}) {
  const told = Object.entries(kinds)
    .sort(([, one], [, other]) => other - one)
    .map(([kind, count]) => `${count} ${(count === 1 ? kindWord(kind) : kindName(kind)).replaceAll('_', ' ')}`)
  const rest = told.length - KINDS_SHOWN
  const what = [...told.slice(0, KINDS_SHOWN), ...(rest > 0 ? [texts.changes.kinds(rest)] : [])].join(', ')
  const names = [...new Set(sample.flatMap(({ name }) => name ?? []))].slice(0, NAMES_SHOWN)
  const [first] = locations
  return (
    <Group gap="xs" wrap="nowrap" align="baseline">
      <Text size="xs" c="dimmed" w={92} style={{ flex: 'none' }}>
        <OfLocation id={locations.length === 1 ? (first?.locationId ?? null) : null}>
          <When at={at} />
        </OfLocation>
      </Text>
      <Text size="sm" style={{ minWidth: 0 }}>
        <bdi>{texts.changes.who(actorName)}</bdi>: {isCut && `${texts.changes.atLeast} `}
        {what}
        {names.length > 0 && (
          <>
            {' ('}
            <bdi>{names.join(', ')}</bdi>)
          </>
        )}
        {times > 1 && ` ${texts.changes.times(times)}`}
        {first && (
          <Text span c="dimmed">
            {texts.changes.in}
            <bdi>{first.locationName}</bdi>
            {locations.length > 1 && ` ${texts.changes.more(locations.length - 1)}`}
          </Text>
        )}
      </Text>
    </Group>
  )
}
