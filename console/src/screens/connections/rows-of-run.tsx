import { Stack } from '@mantine/core'
import { useAddress, wordIn } from '../../parts/address.ts'
import { Filters } from '../../parts/filters.tsx'
import { connectionAddress } from './address.ts'
import { Rows } from './rows.tsx'
import { type Row, type Run, stateText, type Whole } from './standing.tsx'
import { texts } from './texts.ts'

const words = texts.rows
const COUNTED = ['created', 'updated', 'unchanged', 'skipped', 'failed'] as const
const OF_UNDO = ['reverted', 'kept'] as const

/** The rows of a run: all, or those that one thing became of. */
export function RowsOfRun({ connection, run }: { connection: Whole; run: Run }) {
  const [{ state: asked }, change] = useAddress(connectionAddress)
  const isUndo = run.kind === 'undo'
  const state = wordIn(asked, [...COUNTED, ...OF_UNDO])
  const states: readonly Row['state'][] = isUndo ? OF_UNDO : COUNTED
  const counts: Partial<Record<Row['state'], number>> = isUndo
    ? { reverted: run.updated, kept: run.skipped }
    : Object.fromEntries(COUNTED.map((one) => [one, run[one]]))
  return (
    <Stack gap="xs">
      <Filters
        label={words.filter}
        all={words.all}
        value={state}
        onChange={(next) => change({ state: next })}
        options={states.map((one) => ({
          value: one,
          label: stateText(one, run.dryRun),
          count: counts[one],
        }))}
      />
      <Rows
        connection={connection}
        runId={run.id}
        state={state}
        stamp={run.state}
        isDry={run.dryRun}
        onOpen={(row) => change({ row }, 'push')}
        label={texts.runs.rowsOf}
      />
    </Stack>
  )
}
