import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { useAddress } from '../../parts/address.ts'
import { useEveryPage, usePagesOf } from '../../parts/next-pages.ts'
import { showDone } from '../../parts/notices.tsx'
import { MoreButton } from '../../parts/paged-table.tsx'
import { useMayWork } from '../../parts/role.ts'
import { Empty, Failure, Waiting } from '../../parts/states.tsx'
import { Sure } from '../../parts/sure.tsx'
import { Tone, type ToneName } from '../../parts/tone.tsx'
import { When } from '../../parts/when.tsx'
import { connectionAddress } from './address.ts'
import { RowsOfRun } from './rows-of-run.tsx'
import { ofConnection, type Run, type Whole } from './standing.tsx'
import { texts } from './texts.ts'
import { lostText } from './words.ts'

const words = texts.runs
const PAGE = 50
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
  const of = ofConnection(connection)
  const pages = usePagesOf('connections.runs', { ...of, limit: PAGE }, { rows: (page) => page.runs, everyMs: LOOK_MS })
  const runs = pages.rows
  const shown = runs.find(({ id }) => id === run)
  // One that is further back is looked for: its address leads to it all the same.
  const isSought = run !== undefined && shown === undefined && pages.hasMore && pages.error === null
  useEveryPage(pages, isSought)
  if (pages.error) return <Failure error={pages.error} onRetry={pages.refetch} />
  if (pages.isPending || isSought) return <Waiting lines={4} />
  if (shown !== undefined)
    return (
      <Stack>
        <Group>
          <Button variant="default" onClick={() => change({ run: undefined, state: undefined }, 'push')}>
            {words.back}
          </Button>
        </Group>
        <RunCard connection={connection} run={shown} />
        <RowsOfRun connection={connection} run={shown} />
      </Stack>
    )
  if (pages.isEmpty) return <Empty title={words.empty}>{words.emptyHint}</Empty>
  return (
    <Stack>
      <Stack component="ol" gap="xs" p={0} m={0} style={{ listStyle: 'none' }} aria-label={texts.page.tabs.runs}>
        {runs.map((one) => (
          <li key={one.id}>
            <RunCard connection={connection} run={one} onOpen={() => change({ run: one.id }, 'push')} />
          </li>
        ))}
      </Stack>
      <MoreButton pages={pages} label={words.older} />
    </Stack>
  )
}

interface CardProps {
  connection: Whole
  run: Run
  onOpen?: () => void
}

/**
 * What became of a run; of one that was taken back: how much of it. Where all of it stays, only what was to take it back
 * says so: it can be tried again.
 */
function RunTone({ connection, run }: Pick<CardProps, 'connection' | 'run'>) {
  const { kind, state, undoneBy, updated, failed, dryRun } = run
  const { data } = useQuery({
    ...reads('connections.getRun', { ...ofConnection(connection), runId: undoneBy ?? '' }),
    enabled: undoneBy !== null,
    refetchInterval: (query) => (query.state.data?.run.endedAt ? false : LOOK_MS),
  })
  const by = data?.run
  const isUndo = undoneBy !== null && by?.state === 'done'
  const isVain = (kind === 'undo' && state === 'done' && updated === 0) || (isUndo && by.updated === 0)
  if (isVain) return <Tone tone="change">{words.partly.kept}</Tone>
  if (isUndo && by.skipped > 0) return <Tone tone="change">{words.partly.undone}</Tone>
  if (state === 'done' && failed > 0 && !dryRun) return <Tone tone="change">{words.partly.failed}</Tone>
  return <Tone tone={TONES[state]}>{words.states[state]}</Tone>
}

export function RunCard({ connection, run, onOpen }: CardProps) {
  const mayWork = useMayWork()
  const [, change] = useAddress(connectionAddress)
  const [asks, setAsks] = useState(false)
  const goOn = () => change({ tab: 'upload', run: run.id, state: undefined }, 'push')
  const undo = useAct('connections.undo', {
    changes: ['connections.runs', 'connections.getRun', 'connections.rows'],
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
            <RunTone connection={connection} run={run} />
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
            {run.dryRun && run.kind === 'file' && (
              <Button size="compact-sm" variant="default" onClick={goOn}>
                {texts.upload.goOn}
              </Button>
            )}
            {onOpen && (
              <Button size="compact-sm" variant="default" onClick={onOpen}>
                {words.open}
              </Button>
            )}
          </Group>
        </Group>
        {(run.state !== 'failed' || !run.dryRun) && (
          <Text size="sm" c="dimmed">
            {run.dryRun ? texts.upload.dry(run) : words.counts(run)}
          </Text>
        )}
        {run.error !== null && (
          <Text size="sm" dir="auto">
            {lostText(run.error) ?? run.error}
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
