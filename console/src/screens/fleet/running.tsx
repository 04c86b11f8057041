import { Card, Group, Progress, SimpleGrid, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { memo } from 'react'
import { reads } from '../../api/query.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { progressOf } from '../../parts/push-progress.ts'
import { isRunning, type Push } from '../../parts/push-words.ts'
import { texts } from './texts.ts'

const LOOK_MS = 5_000
const SHOWN = 3

/** Pushes that are under way, each with how far it is. Nothing where there is none. */
export const RunningPushes = memo(function RunningPushes() {
  const { data } = useQuery({ ...reads('pushes.list', { limit: 20 }), refetchInterval: LOOK_MS })
  const running = data?.pushes.filter(({ status }) => isRunning(status)).slice(0, SHOWN) ?? []
  if (running.length === 0) return null
  return (
    <SimpleGrid cols={{ base: 1, md: SHOWN }} role="region" aria-label={texts.running}>
      {running.map((push) => (
        <RunningPush key={push.id} push={push} />
      ))}
    </SimpleGrid>
  )
})

function RunningPush({ push }: { push: Push }) {
  const { done, total, percent } = progressOf(push)
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap">
        <TextLink to="/app/pushes/$pushId" params={{ pushId: push.id } as never} className="one-line" dir="auto">
          {push.reverts ? texts.rollbackOf : ''}
          {push.snapshotName} v{push.version}
        </TextLink>
        <Text size="xs" c="dimmed" className="tabular">
          {texts.done(done, total)}
        </Text>
      </Group>
      <Progress mt={6} value={percent} aria-label={texts.progress} />
    </Card>
  )
}
