import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { Filters } from '../../parts/filters.tsx'
import { usePages } from '../../parts/pages.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { Failure } from '../../parts/states.tsx'
import { texts as parts } from '../../parts/texts.ts'
import { type Choice, VirtualTable } from '../../parts/virtual-table.tsx'
import { STATE_NAMES } from '../fleet/address.ts'
import { BrokenChip } from '../fleet/broken-chip.tsx'
import { COLUMNS } from '../fleet/columns.tsx'
import { texts as fleetTexts, STATES } from '../fleet/texts.ts'
import type { PushState } from './address.ts'
import { texts } from './texts.ts'
import type { PartProps } from './what.tsx'

const words = texts.where
const PAGE = 200
/** Of the fleet's columns, what somebody chooses by. */
const SHOWN = COLUMNS.filter(({ key }) => ['name', 'state', 'snapshots'].includes(key)).map(
  ({ sort, ...column }) => column,
)
/** No filter, and nobody left out. */
const NONE = { q: undefined, state: undefined, broken: undefined, has: undefined, except: undefined, asset: undefined }

/** Where it goes: everywhere, to all that a filter leaves but some, or to some. */
export function Targets({ state, onChange }: PartProps) {
  const { to, has } = state
  const isAll = to?.[0] === 'all'
  const [isOpen, setOpen] = useState(!isAll)
  // Of some the search only helps to find them; of all it says which are meant.
  const [typed, setTyped] = useState('')
  const filter = isAll
    ? { query: state.q, state: state.state, hasBroken: state.broken, snapshotId: has }
    : { query: typed || undefined }
  const fleet = usePages({
    key: ['fleet.list', 'targets', filter],
    pageSize: PAGE,
    fetch: async (skip, signal) => {
      const { locations, ...counts } = await call('fleet.list', { ...filter, skip, limit: PAGE }, { signal })
      return { rows: locations, ...counts }
    },
  })
  const { data } = useQuery(reads('snapshots.list', {}))
  const snapshotOf = (id: string | undefined) => data?.snapshots.find((one) => one.id === id)
  const source = snapshotOf(state.snapshot)?.sourceLocationId
  const choice = choiceOf({ state, typed, source, onChange })
  return (
    <Stack gap="xs" component="section" aria-label={words.title}>
      <Radio.Group
        label={words.title}
        value={isAll ? 'all' : isOpen ? 'some' : null}
        onChange={(value) => {
          setOpen(value === 'some')
          onChange({ ...NONE, to: value === 'all' ? ['all'] : undefined })
        }}
      >
        <Group mt={4}>
          <Radio value="all" label={words.all} />
          <Radio value="some" label={words.some} />
        </Group>
      </Radio.Group>
      {(isAll || isOpen) && (
        <>
          <Group gap="sm">
            <SearchField
              label={isAll ? words.narrow : words.search}
              value={isAll ? (state.q ?? '') : typed}
              onChange={(text) => (isAll ? onChange({ q: text || undefined, asset: undefined }) : setTyped(text))}
            />
            {isAll && (
              <Filters
                label={words.state}
                all={fleetTexts.all}
                value={state.state}
                onChange={(next) => onChange({ state: STATE_NAMES.find((one) => one === next), asset: undefined })}
                options={STATE_NAMES.map((name) => ({
                  value: name,
                  label: STATES[name].label,
                  count: fleet.newest?.totals[name] ?? 0,
                }))}
              />
            )}
            {isAll && (
              <BrokenChip
                count={fleet.newest?.withBroken}
                isOn={state.broken === true}
                onChange={(broken) => onChange({ broken, asset: undefined })}
              />
            )}
            <Text size="sm" c={to === undefined ? undefined : 'dimmed'} aria-live="polite">
              {isAll
                ? words.meant(fleet.count, state.except?.length ?? 0)
                : to === undefined
                  ? words.none
                  : words.chosen(to.length)}
            </Text>
          </Group>
          {isAll && has !== undefined && (
            <Group gap={6}>
              <Text size="sm">{words.has(snapshotOf(has)?.name ?? (data === undefined ? '…' : words.gone))}</Text>
              <Button size="compact-sm" variant="subtle" onClick={() => onChange({ has: undefined, asset: undefined })}>
                {words.everywhere}
              </Button>
            </Group>
          )}
          {fleet.error ? (
            <Failure error={fleet.error} onRetry={fleet.refetch} />
          ) : (
            <VirtualTable
              label={words.title}
              columns={SHOWN}
              count={fleet.count}
              rowAt={fleet.rowAt}
              onRange={fleet.onRange}
              keyOf={({ locationId }) => locationId}
              isLoading={fleet.isPending}
              maxHeight="36dvh"
              rowHeight={40}
              choice={choice}
            />
          )}
        </>
      )}
    </Stack>
  )
}

interface Chosen extends PartProps {
  typed: string
  source: string | null | undefined
}

/** Of all, whoever is not wanted is unticked; of some, whoever is wanted is ticked. Nothing goes to the source of all. */
function choiceOf({ state: { to, except = [] }, typed, source, onChange }: Chosen): Choice<{ locationName: string }> {
  const isAll = to?.[0] === 'all'
  const chosen = isAll ? [] : (to ?? [])
  const listed = isAll ? except : chosen
  const set = (ids: string[]) => {
    const next = ids.length === 0 ? undefined : ids
    onChange({ ...(isAll ? { except: next } : { to: next }), asset: undefined } satisfies Partial<PushState>)
  }
  return {
    isChosen: (id) => (isAll ? id !== source && !except.includes(id) : chosen.includes(id)),
    onToggle: (id) => {
      if (isAll && id === source) return
      set(listed.includes(id) ? listed.filter((one) => one !== id) : [...listed, id])
    },
    state: isAll && except.length === 0 ? 'all' : isAll || chosen.length > 0 ? 'some' : 'none',
    // All that the search leaves: the server finds them again, page for page they need not be listed here.
    onToggleAll: () =>
      onChange(
        isAll || chosen.length > 0 ? { ...NONE, to: undefined } : { ...NONE, to: ['all'], q: typed || undefined },
      ),
    labelOf: ({ locationName }) => parts.choose(locationName),
  }
}
