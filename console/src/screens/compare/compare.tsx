import { Group, SegmentedControl, Skeleton, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo } from 'react'
import { useAddress } from '../../parts/address.ts'
import { AssetList, assetKey, byName, type ListedAsset } from '../../parts/asset-list.tsx'
import type { Field } from '../../parts/field-diff.tsx'
import { Filters } from '../../parts/filters.tsx'
import { Page } from '../../parts/page.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { Empty, Failure, Hint } from '../../parts/states.tsx'
import { compareAddress, MARKS, MODES, type Mode, ONLY } from './address.ts'
import { type Diff, useComparison, useConflicts } from './asked.ts'
import { Chooser } from './chooser.tsx'
import classes from './compare.module.css'
import { Difference } from './difference.tsx'
import { texts } from './texts.ts'

/** Whoever goes through a list by key rests on what they look at: what is passed over is not asked for. */
const REST_MS = 250

/** How two captures, or a capture and a sub-account, or two sub-accounts differ. */
export function Compare() {
  const [state, change] = useAddress(compareAddress)
  const { mode, isReady, diff, error, isPending, refetch, sides } = useComparison(state)
  const { only, asset, q } = state
  const [rested] = useDebouncedValue(asset, REST_MS, { leading: true })
  const conflicts = useConflicts(state)
  const all = useMemo(() => toAssets(diff), [diff])
  const listed = useMemo(
    () =>
      only === 'conflict'
        ? conflictsOf(conflicts.assets, all)
        : all.filter(({ change }) => only === undefined || change === only),
    [all, only, conflicts.assets],
  )
  const shown = useMemo(() => {
    const text = (q ?? '').toLowerCase()
    return listed.filter(({ name }) => name.toLowerCase().includes(text)).sort(byName)
  }, [listed, q])
  const chosen = listed.find(({ key }) => key === asset)
  const takeMode = (next: Mode) =>
    change({ mode: next, location: undefined, locations: undefined, asset: undefined, only: undefined })
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Group gap="sm" align="flex-end">
        <SegmentedControl
          aria-label={texts.title}
          value={mode}
          onChange={(next) => takeMode(next)}
          data={MODES.map((value) => ({ value, label: texts.modes[value] }))}
          classNames={{ root: classes.modes }}
        />
        <Chooser state={state} mode={mode} onChange={change} />
      </Group>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!isReady && <Empty title={texts.choose}>{texts.chooseHint}</Empty>}
      {isPending && (
        <div className={classes.halves}>
          <Skeleton height={420} />
          <Skeleton height={420} />
        </div>
      )}
      {diff && all.length === 0 && <Empty title={texts.same}>{texts.sameHint}</Empty>}
      {diff && all.length > 0 && (
        <div className={classes.halves}>
          <Stack gap="xs" style={{ minWidth: 0 }}>
            <SearchField label={texts.search} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
            <Filters
              label={texts.marksTitle}
              all={`${texts.all} ${all.length}`}
              value={only}
              onChange={(next) => change({ only: ONLY.find((one) => one === next) })}
              options={[
                ...MARKS.map((one) => ({ value: one, label: texts.marks[one].meaning, count: diff[one].length })),
                { value: 'conflict', label: texts.conflicts, count: conflicts.total },
              ]}
            />
            {conflicts.error && <Failure error={conflicts.error} onRetry={() => void conflicts.refetch()} />}
            <AssetList label={texts.lead} assets={shown} chosen={asset} onChoose={(key) => change({ asset: key })} />
          </Stack>
          {chosen === undefined ? (
            only === 'conflict' && !conflicts.isPending && listed.length === 0 ? (
              <Empty title={texts.noConflict}>{texts.noConflictHint}</Empty>
            ) : (
              <Hint>{texts.chooseAsset}</Hint>
            )
          ) : (
            <Difference
              key={chosen.key}
              asset={chosen}
              isAsked={chosen.key === rested}
              state={state}
              sides={sides}
              onChange={change}
            />
          )}
        </div>
      )}
    </Page>
  )
}

export interface ComparedAsset extends ListedAsset {
  change: (typeof MARKS)[number]
  mark: (typeof texts.marks)[keyof typeof texts.marks]
  fields: readonly Field[]
}

function toAssets(diff: Diff | undefined): ComparedAsset[] {
  if (diff === undefined) return []
  return MARKS.flatMap((change) =>
    diff[change].map((asset) => ({
      ...asset,
      key: assetKey(asset),
      change,
      mark: texts.marks[change],
      fields: 'fields' in asset ? asset.fields : [],
      note: 'fields' in asset ? String(asset.fields.length) : undefined,
    })),
  )
}

/** Conflicts as the comparison shows what differs: the version's side first. What was deleted there is shown whole. */
function conflictsOf(planned: ReturnType<typeof useConflicts>['assets'], all: readonly ComparedAsset[]) {
  const gone = new Map(all.flatMap((one) => (one.change === 'removed' ? [[one.key, one] as const] : [])))
  return planned.map((asset): ComparedAsset => {
    const { kind, name } = asset
    const whole = gone.get(assetKey(asset))
    if (whole !== undefined && !asset.fields?.length)
      return { ...whole, mark: texts.marks.deleted, note: texts.deletedNote }
    // What a push would write beside them collides with nothing.
    const fields = (asset.fields ?? []).filter((field) => 'source' in field || 'target' in field)
    return {
      ...{
        key: assetKey(asset),
        kind,
        name,
        change: 'changed',
        mark: texts.marks.conflict,
        note: String(fields.length),
      },
      fields: fields.map(({ path, source, target }) => ({
        path,
        ...(source === undefined ? {} : { before: source }),
        ...(target === undefined ? {} : { after: target }),
      })),
    }
  })
}
