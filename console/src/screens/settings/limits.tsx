import { Button, Card, Group, Progress, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { request } from '../../api/call.ts'
import { Empty, Failure, Waiting } from '../../parts/states.tsx'
import { Frame } from './frame.tsx'
import { texts } from './texts.ts'

const words = texts.limits

/** What any answer says of the limits; null where it says nothing. */
async function limitsOf(signal: AbortSignal) {
  const { headers } = await request('account.get', {}, { signal })
  const number = (name: string) => Number(headers.get(`x-ratelimit-${name}`))
  if (!headers.has('x-ratelimit-max')) return null
  return {
    seconds: number('interval-milliseconds') / 1000,
    short: { left: number('remaining'), most: number('max') },
    day: { left: number('daily-remaining'), most: number('limit-daily') },
  }
}

/** The limits of requests as they are served. */
export function Limits() {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['limits'],
    queryFn: ({ signal }) => limitsOf(signal),
  })
  return (
    <Frame
      part="limits"
      actions={
        <Button variant="default" loading={isFetching} onClick={() => void refetch()}>
          {words.again}
        </Button>
      }
    >
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Waiting lines={4} />
      ) : data === null ? (
        <Empty title={words.none}>{words.noneHint}</Empty>
      ) : (
        <Stack gap="sm">
          <Meter label={words.short(data.seconds)} {...data.short} />
          <Meter label={words.day} {...data.day} />
          <Text size="sm">{words.who}</Text>
          <Text size="sm" c="dimmed">
            {words.beyond}
          </Text>
        </Stack>
      )}
    </Frame>
  )
}

function Meter({ label, left, most }: { label: string; left: number; most: number }) {
  return (
    <Card component="section" withBorder aria-label={label}>
      <Group justify="space-between" gap="xs">
        <Text fw={600} size="sm">
          {label}
        </Text>
        <Text size="sm" className="tabular">
          {words.left(left, most)}
        </Text>
      </Group>
      <Progress.Root mt="xs">
        <Progress.Section value={(left / Math.max(1, most)) * 100} aria-label={words.left(left, most)} />
      </Progress.Root>
    </Card>
  )
}
