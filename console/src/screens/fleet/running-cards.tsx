import { Card, Group, Progress, SimpleGrid, Text } from '@mantine/core'
import { TextLink } from '../../parts/link-button.tsx'
import { progressOf } from '../../parts/push-progress.ts'
import type { Push } from '../../parts/push-words.ts'
import { texts } from './texts.ts'

/** Pushes that are under way, each with how far it is. */
export default function RunningCards({ pushes }: { pushes: readonly Push[] }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 3 }} role="region" aria-label={texts.running}>
      {pushes.map((push) => (
        <RunningPush key={push.id} push={push} />
      ))}
    </SimpleGrid>
  )
}

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
