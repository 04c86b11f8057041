import { Button, Group, Skeleton, Stack, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { TextLink } from '../../parts/link-button.tsx'
import { showDone } from '../../parts/notices.tsx'
import { useMayWork } from '../../parts/role.ts'
import { Failure } from '../../parts/states.tsx'
import { Changes } from './changes.tsx'
import { placesOf } from './mapping/sample.ts'
import { Tree } from './mapping/samples.tsx'
import { ofConnection, type Row, toRecord, type Whole } from './standing.tsx'
import { texts } from './texts.ts'
import { nameOf, placeText } from './words.ts'

const words = texts.failed
const CHANGED = ['connections.rows', 'connections.runs', 'connections.get'] as const

interface Props {
  connection: Whole
  /** Among the rows of this run, or among all. */
  runId: string | undefined
  rowId: string
  onClose: () => void
}

/** One row: what came and what became of it. What failed is corrected here, looked at, and tried again. */
export function RowDialog({ connection, runId, rowId, onClose }: Props) {
  const of = ofConnection(connection)
  const { object } = connection.definition.mapping
  const run = useQuery({
    ...reads('connections.getRun', { ...of, runId: runId ?? '' }),
    enabled: runId !== undefined,
  })
  // What was only looked at is corrected in its file, or by other fields.
  const isDry = runId !== undefined && run.data?.run.dryRun !== false
  const {
    data: sought,
    error,
    refetch,
  } = useQuery({
    queryKey: ['connections.rows', 'one', of, runId, rowId],
    queryFn: ({ signal }) => findRow({ ...of, ...(runId && { runId }) }, rowId, signal),
  })
  const [isDirty, setIsDirty] = useState(false)
  const row = typeof sought === 'object' ? sought : undefined
  const to = row && !isDry ? toRecord(connection, row) : null
  return (
    <Dialog
      size="xl"
      title={row ? [placeText(row, connection), nameOf(row)].filter(Boolean).join(' · ') : texts.rows.item}
      isDirty={isDirty}
      onClose={onClose}
    >
      {error && sought === undefined ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : sought === 'gone' || sought === 'beyond' ? (
        <Text size="sm" role="status">
          {sought === 'gone' ? texts.rows.gone : texts.rows.beyond(PAGE * FAR)}
        </Text>
      ) : !row || (runId !== undefined && run.isPending) ? (
        <Skeleton height={200} />
      ) : (
        <Stack>
          <Changes row={row} object={object} isDry={isDry} />
          {to !== null && <TextLink {...to}>{texts.rows.openIt}</TextLink>}
          {row.state === 'failed' && !isDry ? (
            <Correct connection={connection} row={row} onDirty={setIsDirty} onClose={onClose} />
          ) : (
            <Tree places={placesOf(row.item)} />
          )}
        </Stack>
      )}
    </Dialog>
  )
}

const PAGE = 200
/** How many pages are looked through for one row. */
const FAR = 50

/** `gone`: there is none like it; `beyond`: it is none of those that are looked through. */
async function findRow(
  input: { connectionId: string; locationId?: string; runId?: string },
  rowId: string,
  signal: AbortSignal,
): Promise<Row | 'gone' | 'beyond'> {
  let after: string | null = null
  for (let page = 0; page < FAR; page++) {
    const { rows, after: next }: { rows: Row[]; after: string | null } = await call(
      'connections.rows',
      { ...input, limit: PAGE, ...(after === null ? {} : { after }) },
      { signal },
    )
    const found = rows.find(({ id }) => id === rowId)
    if (found !== undefined || next === null) return found ?? 'gone'
    after = next
  }
  return 'beyond'
}

interface Correcting {
  connection: Whole
  row: Row
  onDirty: (isDirty: boolean) => void
  onClose: () => void
}

function Correct({ connection, row, onDirty, onClose }: Correcting) {
  const of = ofConnection(connection)
  const mayWork = useMayWork()
  const [first] = useState(() => JSON.stringify(row.item, null, 2))
  const [text, setText] = useState(first)
  const [fault, setFault] = useState<unknown>(null)
  const item = parsed(text)
  const which = { ...of, rowIds: [row.id], ...(item === undefined ? {} : { item }) }
  const preview = useAct('connections.previewReplay', { onFault: setFault })
  const replay = useAct('connections.replay', {
    changes: CHANGED,
    onFault: setFault,
    onDone: () => {
      showDone(words.tried)
      onClose()
    },
  })
  const discard = useAct('connections.discard', {
    changes: CHANGED,
    onFault: setFault,
    onDone: () => {
      showDone(words.putAside)
      onClose()
    },
  })
  return (
    <>
      <Textarea
        label={words.edit}
        autosize
        minRows={4}
        maxRows={20}
        readOnly={!mayWork}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value)
          onDirty(value !== first)
        }}
        error={item === undefined ? words.editFault : null}
      />
      {fault !== null && <Failure error={fault} />}
      {preview.data?.rows.map((one) => (
        <Changes key={one.place} row={one} object={connection.definition.mapping.object} />
      ))}
      {mayWork && (
        <Group justify="space-between">
          <Button
            variant="default"
            loading={discard.isPending}
            onClick={() => discard.mutate({ ...of, rowIds: [row.id] })}
          >
            {words.aside}
          </Button>
          <Group>
            <Button
              variant="default"
              disabled={item === undefined}
              loading={preview.isPending}
              onClick={() => preview.mutate(which)}
            >
              {words.look}
            </Button>
            <Button disabled={item === undefined} loading={replay.isPending} onClick={() => replay.mutate(which)}>
              {words.again}
            </Button>
          </Group>
        </Group>
      )}
    </>
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
