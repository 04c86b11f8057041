import { Alert, Button, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { forget } from '../../api/query.ts'
import { useAct, useDeed } from '../../parts/act.ts'
import { useAddress } from '../../parts/address.ts'
import { showDone } from '../../parts/notices.tsx'
import { useMayWork } from '../../parts/role.ts'
import { Failure } from '../../parts/states.tsx'
import { connectionAddress } from './address.ts'
import { RowsOfRun } from './rows-of-run.tsx'
import { RunCard } from './runs.tsx'
import { ofConnection, type Run, type Whole } from './standing.tsx'
import { texts } from './texts.ts'
import { lostText } from './words.ts'

const words = texts.upload
/** More rows are not looked at beforehand. */
const MOST_LOOKED_AT = 100_000

interface Props {
  connection: Whole
  run: Run
  onRun: (runId: string) => void
  onOther: () => void
  /** Writes the file without looking at it again; undefined: it is not at hand. */
  sendAll: (() => void) | undefined
  /** Looks at the file again; undefined: it is not at hand. */
  lookAgain: (() => void) | undefined
}

/** A file that was looked at, or is written: how far it is, what it comes to, and what can be done next. */
export function UploadRun({ connection, run, onRun, onOther, sendAll, lookAgain }: Props) {
  const isUnderWay = run.state === 'reading' || run.state === 'running'
  const title = run.dryRun ? words.would : words.became
  return (
    <Stack component="section" aria-label={title}>
      <Title order={2} size="h4" dir="auto">
        {title}
        {run.fileName !== null && `: ${run.fileName}`}
      </Title>
      {isUnderWay ? (
        <UnderWay run={run} />
      ) : run.dryRun && run.state === 'failed' ? (
        <NotLooked connection={connection} run={run} lookAgain={lookAgain} />
      ) : run.dryRun ? (
        <>
          <Text role="status">{words.dry(run)}</Text>
          {run.failed > 0 && (
            <Text size="sm">
              {words.fixFields} <ToFields />
            </Text>
          )}
          <Next connection={connection} run={run} onRun={onRun} sendAll={sendAll} />
        </>
      ) : (
        <RunCard connection={connection} run={run} />
      )}
      <Group>
        <Button variant="default" onClick={onOther}>
          {words.other}
        </Button>
      </Group>
      {(run.state !== 'failed' || !run.dryRun) && <RowsOfRun connection={connection} run={run} />}
    </Stack>
  )
}

function ToFields() {
  const [, change] = useAddress(connectionAddress)
  return (
    <Button size="compact-sm" variant="default" onClick={() => change({ tab: 'mapping', run: undefined }, 'push')}>
      {words.toFields}
    </Button>
  )
}

/** A file that is not like the one before: what it lacks, and the ways on that there are. */
function NotLooked({ connection, run, lookAgain }: Pick<Props, 'connection' | 'run' | 'lookAgain'>) {
  const mayWork = useMayWork()
  const lost = lostText(run.error)
  const { liveVersion, state } = connection
  // What is at work stays at work, and learns anew what files are like.
  const goOn = useAct('connections.deploy', {
    changes: ['connections.get', 'connections.list', 'connections.listAll', 'connections.versions'],
    onDone: () => (lookAgain === undefined ? showDone(words.goesWithout) : lookAgain()),
  })
  return (
    <Alert
      role="alert"
      color="yellow"
      variant="outline"
      title={lost === null ? words.notLooked : words.lost}
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
    >
      <Stack gap="xs">
        <Text size="sm" dir="auto">
          {lost ?? run.error}
        </Text>
        {lost !== null && mayWork && (
          <>
            <Text size="sm">{words.lostHint}</Text>
            <Group gap="xs">
              <ToFields />
              {state === 'live' && liveVersion !== null && (
                <Button
                  size="compact-sm"
                  variant="default"
                  loading={goOn.isPending}
                  onClick={() => goOn.mutate({ ...ofConnection(connection), version: liveVersion })}
                >
                  {words.goWithout}
                </Button>
              )}
            </Group>
          </>
        )}
      </Stack>
    </Alert>
  )
}

const doneOf = ({ created, updated, unchanged, skipped, failed }: Run) =>
  created + updated + unchanged + skipped + failed

function UnderWay({ run }: { run: Run }) {
  const { total } = run
  const done = doneOf(run)
  return (
    <div role="status">
      <Text size="sm">
        {total === null ? words.reading : run.dryRun ? words.looking(done, total) : words.writing(done, total)}
      </Text>
      <Progress.Root mt={4}>
        <Progress.Section value={total ? (done / total) * 100 : 0} animated aria-label={words.progress} />
      </Progress.Root>
    </div>
  )
}

/** From what was looked at to what is written. */
function Next({ connection, run, onRun, sendAll }: Omit<Props, 'onOther' | 'lookAgain'>) {
  const of = ofConnection(connection)
  const mayWork = useMayWork()
  const [fault, setFault] = useState<unknown>(null)
  const isLive = connection.state === 'live' && connection.liveVersion === run.version
  const write = useDeed<Run | null, { whole: boolean }>({
    mutationFn: async ({ whole }) => {
      if (!isLive) await call('connections.deploy', { ...of, version: run.version })
      return whole ? null : (await call('connections.startRun', { ...of, runId: run.id })).run
    },
    onError: setFault,
    onSuccess: (started) => {
      void forget('connections.get', 'connections.getRun', 'connections.list', 'connections.listAll')
      void forget('connections.versions')
      if (started === null) return sendAll?.()
      showDone(words.writes)
      onRun(started.id)
    },
  })
  const { writtenBy } = run
  if (writtenBy !== null)
    return (
      <Group>
        <Button onClick={() => onRun(writtenBy)}>{words.toWritten}</Button>
      </Group>
    )
  if (!mayWork || run.state !== 'done') return null
  if (run.version !== connection.version) return <Text size="sm">{words.outdated}</Text>
  if (run.created + run.updated + run.unchanged === 0) return <Text size="sm">{words.nothing}</Text>
  const isCut = (run.total ?? 0) >= MOST_LOOKED_AT
  return (
    <>
      {fault !== null && <Failure error={fault} />}
      {isCut && <Text size="sm">{words.most(MOST_LOOKED_AT)}</Text>}
      <Group>
        {isCut ? (
          <Button
            loading={write.isPending}
            disabled={sendAll === undefined}
            onClick={() => write.mutate({ whole: true })}
          >
            {words.writeAll}
          </Button>
        ) : (
          <Button loading={write.isPending} onClick={() => write.mutate({ whole: false })}>
            {isLive ? words.write : words.deployAndWrite}
          </Button>
        )}
      </Group>
    </>
  )
}
