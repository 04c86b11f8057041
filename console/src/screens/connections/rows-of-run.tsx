import { Stack } from '@mantine/core'
import { useAddress, wordIn } from '../../parts/address.ts'
import { Filters } from '../../parts/filters.tsx'
import { connectionAddress } from './address.ts'
import { Rows } from './rows.tsx'
import type { Run, Whole } from './standing.tsx'
import { texts } from './texts.ts'

const words = texts.rows
const COUNTED = ['created', 'updated', 'unchanged', 'skipped', 'failed'] as const

/** The rows of a run: all, or those that one thing became of. */
export function RowsOfRun({ connection, run }: { connection: Whole; run: Run }) {
  const [{ state: asked }, change] = useAddress(connectionAddress)
  const state = wordIn(asked, COUNTED)
  return (
    <Stack gap="xs">
      <Filters
        label={words.filter}
        all={words.all}
        value={state}
        onChange={(next) => change({ state: next })}
        options={COUNTED.map((one) => ({ value: one, label: words.states[one], count: run[one] }))}
      />
      <Rows
        connection={connection}
        runId={run.id}
        state={state}
        stamp={run.state}
        onOpen={(row) => change({ row }, 'push')}
        label={texts.runs.rowsOf}
      />
    </Stack>
  )
}
