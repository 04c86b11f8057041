import { Group, Skeleton, Stack } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { call } from '../../api/call.ts'
import { useAddress } from '../../parts/address.ts'
import { Filters } from '../../parts/filters.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { Page } from '../../parts/page.tsx'
import { usePages } from '../../parts/pages.ts'
import { useRole } from '../../parts/role.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { EmptyList, Failure } from '../../parts/states.tsx'
import { texts as parts } from '../../parts/texts.ts'
import { VirtualTable } from '../../parts/virtual-table.tsx'
import { fleetAddress, SORTS, STATE_NAMES } from './address.ts'
import { BrokenChip } from './broken-chip.tsx'
import { COLUMNS } from './columns.tsx'
import { RecentChanges } from './recent.tsx'
import { RunningPushes } from './running.tsx'
import { STATES, texts } from './texts.ts'

// Comes with the first that is chosen.
const ChosenBar = lazy(() => import('./chosen-bar.tsx'))
// Most fleets have begun.
const Begin = lazy(() => import('./begin.tsx'))

const PAGE = 200
/** How often the fleet is looked at while its page is open. */
const LOOK_MS = 10_000
/** Ids in an address: more of them would be longer than some servers on the way take. */
const MOST_CHOSEN = 150

const UNFILTERED = { q: undefined, state: undefined, broken: undefined, snapshot: undefined }

export function Fleet() {
  const [{ q, state, broken, snapshot, sort = 'name', order = 'asc', chosen = [], except = [] }, change] =
    useAddress(fleetAddress)
  const mayMake = useRole('operator')
  const [tooMany, setTooMany] = useState(false)
  const asked = {
    ...(q && { query: q }),
    ...(snapshot && { snapshotId: snapshot }),
    ...(broken && { hasBroken: true }),
  }
  const fleet = usePages({
    key: ['fleet.list', 'pages', q, state, broken, snapshot, sort, order],
    pageSize: PAGE,
    everyMs: LOOK_MS,
    fetch: async (skip, signal) => {
      const input = { ...asked, ...(state && { state }), sort, order, skip, limit: PAGE }
      const { locations, ...counts } = await call('fleet.list', input, { signal })
      return { rows: locations, ...counts }
    },
  })
  const isAll = chosen[0] === 'all'
  const toggle = (id: string) => {
    const listed = isAll ? except : chosen
    const next = listed.includes(id) ? listed.filter((one) => one !== id) : [...listed, id]
    setTooMany(next.length > MOST_CHOSEN)
    const ids = next.length === 0 ? undefined : next
    if (next.length <= MOST_CHOSEN) change(isAll ? { except: ids } : { chosen: ids })
  }
  const isFiltered = q !== undefined || state !== undefined || snapshot !== undefined || broken === true
  return (
    <Page title={texts.title} lead={fleet.isPending ? <Skeleton h={16} w={120} /> : texts.count(fleet.count)}>
      <RunningPushes />
      {mayMake && !isFiltered && fleet.count > 0 && fleet.newest?.totals.none === fleet.count && (
        <Suspense>
          <Begin />
        </Suspense>
      )}
      <Group gap="sm">
        <SearchField label={texts.search} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
        <Filters
          label={texts.columns.state}
          all={texts.all}
          value={state}
          onChange={(next) => change({ state: STATE_NAMES.find((one) => one === next) })}
          options={STATE_NAMES.map((name) => ({
            value: name,
            ...STATES[name],
            count: fleet.newest?.totals[name] ?? 0,
          }))}
        />
        <BrokenChip
          count={fleet.newest?.withBroken}
          isOn={broken === true}
          onChange={(next) => change({ broken: next })}
        />
      </Group>
      {(chosen.length > 0 || tooMany) && (
        <Suspense fallback={<Skeleton h={50} />}>
          <ChosenBar
            chosen={isAll ? 'all' : chosen}
            filter={{ q, state, broken, has: snapshot, except: except.join() || undefined }}
            total={isAll ? fleet.count - except.length : chosen.length}
            warning={tooMany ? texts.tooMany(MOST_CHOSEN) : null}
            onNone={() => {
              setTooMany(false)
              change({ chosen: undefined, except: undefined })
            }}
          />
        </Suspense>
      )}
      {fleet.error && <Failure error={fleet.error} onRetry={fleet.refetch} />}
      {fleet.error && fleet.newest === undefined ? null : fleet.isEmpty ? (
        <EmptyList
          words={texts}
          action={
            mayMake && (
              <LinkButton to={'/app/locations' as never} search={{ make: true } as never}>
                {texts.make}
              </LinkButton>
            )
          }
          onClear={isFiltered ? () => change(UNFILTERED) : undefined}
        />
      ) : (
        <Stack gap="xl">
          <VirtualTable
            label={texts.title}
            columns={COLUMNS}
            count={fleet.count}
            rowAt={fleet.rowAt}
            onRange={fleet.onRange}
            keyOf={({ locationId }) => locationId}
            isLoading={fleet.isPending}
            sorting={{ by: sort, descending: order === 'desc' }}
            onSort={({ by, descending }) =>
              change({ sort: SORTS.find((one) => one === by), order: descending ? 'desc' : 'asc' })
            }
            choice={{
              isChosen: (id) => (isAll ? !except.includes(id) : chosen.includes(id)),
              onToggle: toggle,
              state: isAll && except.length === 0 ? 'all' : chosen.length > 0 ? 'some' : 'none',
              // All that the filters leave, however many they are.
              onToggleAll: () => change({ chosen: isAll ? undefined : ['all'], except: undefined }),
              labelOf: ({ locationName }) => parts.choose(locationName),
            }}
          />
          {!fleet.isPending && <RecentChanges />}
        </Stack>
      )}
    </Page>
  )
}
