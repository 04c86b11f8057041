import { Button, Group, Paper, Select, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { reads } from '../../../api/query.ts'
import { useAct } from '../../../parts/act.ts'
import { useMayWork } from '../../../parts/role.ts'
import { Failure } from '../../../parts/states.tsx'
import classes from '../connections.module.css'
import { ofConnection, type Whole } from '../standing.tsx'
import type { Place } from './sample.ts'
import { texts } from './texts.ts'

const LOOK_MS = 1_000
const MOST = 10

/** What came last, or an example that somebody pastes: the one that is shown, all of them, and how one is chosen. */
export function useSamples(connection: Whole): { item: unknown; items: readonly unknown[]; shown: ReactNode } {
  const { way } = connection
  const mayWork = useMayWork()
  const [pasted, paste] = useState('')
  const [chosen, choose] = useState('0')
  const came = useCame(connection)
  const own = parsed(pasted)
  const items = pasted === '' ? came.items : own === undefined ? [] : [own]
  const shown = (
    <>
      {came.error !== null && <Failure error={came.error} />}
      {came.isKnown && items.length === 0 && pasted === '' && <Text size="sm">{texts.none[way]}</Text>}
      {way === 'poll' && <Fetch fetch={came.fetch} isPending={came.isFetching} said={came.said} />}
      {items.length > 1 && (
        <Select
          label={texts.which}
          description={way === 'hook' || way === 'mail' ? texts.sampleHint : undefined}
          allowDeselect={false}
          data={items.map((_, index) => ({ value: String(index), label: texts.whichOne(index + 1) }))}
          value={chosen}
          onChange={(next) => choose(next ?? '0')}
        />
      )}
      {mayWork && way !== 'file' && (
        <Textarea
          label={texts.paste}
          autosize
          minRows={2}
          maxRows={8}
          value={pasted}
          onChange={(event) => paste(event.currentTarget.value)}
          error={pasted !== '' && own === undefined ? texts.pasteFault : null}
        />
      )}
    </>
  )
  return { item: items[Number(chosen)] ?? items[0], items, shown }
}

/** What has come, by the way it comes: what was sent, the first rows of the last file, or what is fetched on a click. */
function useCame(connection: Whole) {
  const { way } = connection
  const of = ofConnection(connection)
  const arrivals = useQuery({
    ...reads('connections.arrivals', { ...of, limit: MOST }),
    enabled: way !== 'file',
    refetchInterval: LOOK_MS,
  })
  const runs = useQuery({ ...reads('connections.runs', { ...of, limit: 20 }), enabled: way === 'file' })
  const runId = runs.data?.runs.find(({ kind }) => kind === 'file')?.id
  const rows = useQuery({
    ...reads('connections.rows', { ...of, limit: MOST, runId: runId ?? '' }),
    enabled: runId !== undefined,
  })
  const test = useAct('connections.test', {})
  const items =
    way === 'file'
      ? (rows.data?.rows ?? []).map(({ item }) => item).filter((item) => item !== null)
      : [...(test.data?.items ?? []), ...(arrivals.data?.arrivals ?? []).flatMap((arrival) => arrival.items)]
  return {
    items,
    isKnown: way === 'file' ? runs.data !== undefined : arrivals.data !== undefined,
    error: arrivals.error ?? runs.error ?? rows.error,
    fetch: () => test.mutate(of),
    isFetching: test.isPending,
    said: test.data?.message,
  }
}

function Fetch({ fetch, isPending, said }: { fetch: () => void; isPending: boolean; said: string | undefined }) {
  if (!useMayWork()) return null
  return (
    <Group gap="sm">
      <Button size="compact-sm" variant="default" loading={isPending} onClick={fetch}>
        {texts.fetch}
      </Button>
      {said !== undefined && (
        <Text size="sm" role="status">
          {said}
        </Text>
      )}
    </Group>
  )
}

function parsed(text: string): unknown {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** The places of the sample, each with what stands there. */
export function Tree({ places }: { places: readonly Place[] }) {
  if (places.length === 0) return null
  return (
    <Paper component="ul" withBorder className={classes.tree} aria-label={texts.sample} tabIndex={0}>
      {places.map(({ path, name, depth, example }) => (
        <li key={path} style={{ paddingInlineStart: `${depth * 16}px` }}>
          <Text span size="sm" fw={500} dir="auto">
            {name}
          </Text>
          {example !== undefined && (
            <Text span size="sm" c="dimmed" dir="auto">
              {' '}
              {example}
            </Text>
          )}
        </li>
      ))}
    </Paper>
  )
}
