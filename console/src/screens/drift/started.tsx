import { Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useEffect } from 'react'
import { forget, reads } from '../../api/query.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { progressOf } from '../../parts/push-progress.ts'
import { isRunning, STATUS } from '../../parts/push-words.ts'
import { Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { texts } from './texts.ts'

const { started: words } = texts
const LOOK_MS = 1_000

interface Props {
  pushIds: readonly string[]
  onClose: () => void
}

/** Pushes that were begun together, each with how far it is. They go on whoever looks. */
export function Started({ pushIds, onClose }: Props) {
  const asked = useQueries({
    queries: pushIds.map((pushId) => ({
      ...reads('pushes.get', { pushId }),
      refetchInterval: ({ state }: { state: { data?: { push: { status: keyof typeof STATUS } } | undefined } }) =>
        state.data === undefined || isRunning(state.data.push.status) ? LOOK_MS : (false as const),
    })),
  })
  const ended = asked.filter(({ data }) => data !== undefined && !isRunning(data.push.status)).length
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has drifted is another with each that has ended
  useEffect(() => void forget('snapshots.drift', 'fleet.list', 'pushes.list'), [ended])
  return (
    <Stack gap="xs" component="section" aria-label={words.title}>
      <Group justify="space-between">
        <Title order={2} size="h5">
          {words.title}
        </Title>
        <Button variant="subtle" size="compact-sm" onClick={onClose}>
          {words.close}
        </Button>
      </Group>
      <Text size="sm" role="status">
        {words.ended(ended, pushIds.length)}
      </Text>
      {pushIds.map((pushId, index) => {
        const { data, error } = asked[index] ?? {}
        if (error) return <Failure key={pushId} error={error} />
        if (data === undefined) return null
        const { snapshotName, version, status } = data.push
        const { percent, total } = progressOf(data.push)
        return (
          <Card withBorder padding="sm" key={pushId}>
            <Group justify="space-between">
              <TextLink to="/app/pushes/$pushId" params={{ pushId } as never} dir="auto">
                {snapshotName} {texts.pushTo(version, total)}
              </TextLink>
              <Tone tone={STATUS[status].tone} hint={STATUS[status].meaning}>
                {STATUS[status].label}
              </Tone>
            </Group>
            {isRunning(status) && <Progress mt={6} value={percent} aria-label={words.progress} />}
          </Card>
        )
      })}
    </Stack>
  )
}
