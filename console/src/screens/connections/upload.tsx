import { Button, FileInput, Group, Progress, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CallError, call, type Output } from '../../api/call.ts'
import { forget, reads } from '../../api/query.ts'
import { upload } from '../../api/upload.ts'
import { useAddress } from '../../parts/address.ts'
import { useMayWork } from '../../parts/role.ts'
import { Failure, Waiting } from '../../parts/states.tsx'
import { texts as parts } from '../../parts/texts.ts'
import { connectionAddress } from './address.ts'
import { ofConnection, type Whole } from './standing.tsx'
import { texts } from './texts.ts'
import { UploadRun } from './upload-run.tsx'

const words = texts.upload
const LOOK_MS = 1_000

interface Props {
  connection: Whole
  /** The one that is at hand. */
  file: File | null
  setFile: (file: File | null) => void
}

/** A CSV file: looked at first, written when somebody has seen what would become of it. */
export function Upload({ connection, file, setFile }: Props) {
  const of = ofConnection(connection)
  const [{ run: runId }, change] = useAddress(connectionAddress)
  const mayWork = useMayWork()
  const { data, error, refetch } = useQuery({
    ...reads('connections.getRun', { ...of, runId: runId ?? '' }),
    enabled: runId !== undefined,
    refetchInterval: ({ state }) => (isOver(state.data?.run) ? false : LOOK_MS),
  })
  const show = (id: string) => {
    void forget('connections.runs', 'connections.rows')
    change({ run: id, state: undefined }, 'push')
  }
  const sending = useSending(connection, show)
  const other = () => {
    setFile(null)
    sending.reset()
    change({ run: undefined, state: undefined }, 'push')
  }
  if (runId !== undefined) {
    if (error) return <Failure error={error} onRetry={() => void refetch()} />
    if (data === undefined) return <Waiting lines={4} />
    const again = (isDry: boolean) => (file === null ? undefined : () => void sending.send(file, { isDry }))
    return (
      <Stack>
        {sending.shown}
        <UploadRun
          connection={connection}
          run={data.run}
          onRun={show}
          onOther={other}
          sendAll={again(false)}
          lookAgain={again(true)}
        />
      </Stack>
    )
  }
  if (!mayWork) return <Text size="sm">{texts.rows.empty}</Text>
  return (
    <Stack maw={640}>
      <FileInput
        label={words.file}
        description={words.fileHint}
        accept=".csv,.tsv,.txt,text/csv"
        clearable
        clearButtonProps={{ 'aria-label': parts.clear }}
        value={file}
        onChange={(next) => {
          setFile(next)
          sending.reset()
        }}
      />
      {sending.shown}
      <Group>
        <Button
          disabled={file === null}
          variant={sending.lacksColumns ? 'default' : 'filled'}
          loading={sending.isPending}
          onClick={() => file && void sending.send(file, { isDry: true })}
        >
          {words.look}
        </Button>
        {file !== null && sending.lacksColumns && (
          <Button onClick={() => void sending.sendAnyway(file)}>{words.anyway}</Button>
        )}
      </Group>
    </Stack>
  )
}

const isOver = (run: Output<'connections.getRun'>['run'] | undefined) =>
  run !== undefined && ['done', 'failed', 'undone'].includes(run.state)

/** A file on its way, and what became of the sending. */
function useSending(connection: Whole, onRun: (runId: string) => void) {
  const of = ofConnection(connection)
  const [sent, setSent] = useState<number | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const attempt = async (todo: () => Promise<void>) => {
    setFault(null)
    setSent(0)
    try {
      await todo()
    } catch (error) {
      setFault(error)
    } finally {
      setSent(null)
    }
  }
  const post = async (file: File, isDry: boolean) => {
    const body = new FormData()
    body.set('dryRun', String(isDry))
    body.set('file', file)
    const { run } = await upload('connections.upload', { ...of, body }, setSent)
    onRun(run.id)
  }
  const { columns } = connection.definition.source.csv ?? {}
  const lacksColumns = columns !== undefined && fault instanceof CallError && /lacks/.test(fault.message)
  return {
    isPending: sent !== null,
    lacksColumns,
    send: (file: File, { isDry }: { isDry: boolean }) => attempt(() => post(file, isDry)),
    /** The columns that a file must have are given up first. */
    sendAnyway: (file: File) =>
      attempt(async () => {
        const { mapping, source } = connection.definition
        const { columns: _, ...csv } = source.csv ?? {}
        const definition = { mapping, source: { ...source, csv } }
        await call('connections.update', { ...of, definition, revision: connection.revision })
        void forget('connections.get', 'connections.list', 'connections.listAll', 'connections.versions')
        await post(file, true)
      }),
    reset: () => setFault(null),
    shown: (
      <>
        {sent !== null && (
          <div role="status">
            <Text size="sm">{sent < 1 ? words.sending : words.reading}</Text>
            <Progress.Root mt={4}>
              <Progress.Section value={sent * 100} animated={sent === 1} aria-label={words.progress} />
            </Progress.Root>
          </div>
        )}
        {fault !== null && <Failure error={fault} title={words.failed} />}
        {lacksColumns && <Text size="sm">{words.anywayHint}</Text>}
      </>
    ),
  }
}
