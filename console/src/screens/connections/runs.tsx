import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { useAddress } from '../../parts/address.ts'
import { showDone } from '../../parts/notices.tsx'
import { useMayWork } from '../../parts/role.ts'
import { Empty, Failure, Waiting } from '../../parts/states.tsx'
import { Sure } from '../../parts/sure.tsx'
import { Tone, type ToneName } from '../../parts/tone.tsx'
import { When } from '../../parts/when.tsx'
import { connectionAddress } from './address.ts'
import { Rows } from './rows.tsx'
import { ofConnection, type Run, type Whole } from './standing.tsx'
import { texts } from './texts.ts'

const words = texts.runs
const LOOK_MS = 2_000
const TONES: Record<Run['state'], ToneName> = {
  reading: 'info',
  running: 'info',
  open: 'info',
  done: 'good',
  failed: 'bad',
  undone: 'calm',
}

/** What was done, the newest first; one of them with its rows. */
export function Runs({ connection }: { connection: Whole }) {
  const [{ run }, change] = useAddress(connectionAddress)
  const { data, error, refetch } = useQuery({
    ...reads('connections.runs', { ...ofConnection(connection), limit: 100 }),
    refetchInterval: LOOK_MS,
  })
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Waiting lines={4} />
  const shown = data.runs.find(({ id }) => id === run)
  if (shown !== undefined)
    return (
      <Stack>
        <Group>
          <Button variant="default" onClick={() => change({ run: undefined }, 'push')}>
            {words.back}
          </Button>
        </Group>
        <RunCard connection={connection} run={shown} />
        <Rows connection={connection} runId={shown.id} onOpen={(row) => change({ row }, 'push')} />
      </Stack>
    )
  if (data.runs.length === 0) return <Empty title={words.empty}>{words.emptyHint}</Empty>
  return (
    <Stack component="ol" gap="xs" p={0} m={0} style={{ listStyle: 'none' }} aria-label={texts.page.tabs.runs}>
      {data.runs.map((one) => (
        <li key={one.id}>
          <RunCard connection={connection} run={one} onOpen={() => change({ run: one.id }, 'push')} />
        </li>
      ))}
    </Stack>
  )
}

interface CardProps {
  connection: Whole
  run: Run
  onOpen?: () => void
}

function RunCard({ connection, run, onOpen }: CardProps) {
  const mayWork = useMayWork()
  const [asks, setAsks] = useState(false)
  const undo = useAct('connections.undo', {
    changes: ['connections.runs', 'connections.rows'],
    onDone: () => {
      setAsks(false)
      showDone(words.undone)
    },
  })
  const canUndo =
    mayWork && !run.dryRun && run.kind !== 'undo' && run.undoneBy === null && run.created + run.updated > 0
  return (
    <Card withBorder padding="sm">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Group gap="md">
            <Tone tone={TONES[run.state]}>{words.states[run.state]}</Tone>
            <Text size="sm" dir="auto">
              {words.kinds[run.kind]}
              {run.fileName !== null && `: ${run.fileName}`}
              {run.dryRun && ` (${words.dry})`} · <When at={run.startedAt} />
            </Text>
          </Group>
          <Group gap="xs">
            {canUndo && !asks && (
              <Button size="compact-sm" variant="default" onClick={() => setAsks(true)}>
                {words.undo}
              </Button>
            )}
            {onOpen && (
              <Button size="compact-sm" variant="default" onClick={onOpen}>
                {texts.rows.columns.what}
              </Button>
            )}
          </Group>
        </Group>
        <Text size="sm" c="dimmed">
          {words.counts(run as never)}
        </Text>
        {run.error !== null && (
          <Text size="sm" dir="auto">
            {run.error}
          </Text>
        )}
        {asks && (
          <Sure
            lead={words.undoLead}
            label={words.undoSure}
            isPending={undo.isPending}
            onYes={() => undo.mutate({ ...ofConnection(connection), runId: run.id })}
            onNo={() => setAsks(false)}
          />
        )}
      </Stack>
    </Card>
  )
}
