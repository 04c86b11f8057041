import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { showDone } from '../../parts/notices.tsx'
import { Failure, Waiting } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { When } from '../../parts/when.tsx'
import { toSignIn } from './password.tsx'
import { texts } from './texts.ts'

const words = texts.account.sessions

/** The browser and the system, as far as people know them by name. */
const browserOf = (agent: string): string => {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent.replace(/Chrome(?=.*(Edg|OPR)\/)/, ''))?.[1]
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1]
  const known = [browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser, system].filter(Boolean).join(', ')
  return known || agent || '?'
}

/** Where the person is signed in; each ends by a click, and all together. */
export function Sessions() {
  const { data, error, refetch } = useQuery(reads('account.sessions', {}))
  const end = useAct('account.endSession', { changes: ['account.sessions'], onDone: () => showDone(words.ended) })
  const endAll = useAct('account.endSessions', { onDone: toSignIn })
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Waiting lines={3} />
  return (
    <>
      <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {data.sessions.map(({ id, isThis, createdAt, lastSeenAt, address, agent }) => (
          <Group key={id} component="li" justify="space-between" gap="xs">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" dir="auto">
                {browserOf(agent)} · {address}
              </Text>
              <Text size="xs" c="dimmed">
                {words.since} <When at={createdAt} /> · {words.seen} <When at={lastSeenAt} />
              </Text>
            </div>
            {isThis ? (
              <Tone tone="good">{words.here}</Tone>
            ) : (
              <Button size="compact-sm" variant="default" onClick={() => end.mutate({ sessionId: id })}>
                {words.end}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      <Group>
        <Button variant="default" loading={endAll.isPending} onClick={() => endAll.mutate({})}>
          {words.everywhere}
        </Button>
      </Group>
    </>
  )
}
