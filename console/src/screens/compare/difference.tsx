import { SegmentedControl, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { reads } from '../../api/query.ts'
import { FieldDiffs } from '../../parts/field-diff.tsx'
import { JsonView } from '../../parts/json-view.tsx'
import { kindWord } from '../../parts/kinds.ts'
import { Tone } from '../../parts/tone.tsx'
import { type CompareState, type Mode, VIEWS } from './address.ts'
import { useVersions } from './asked.ts'
import type { ComparedAsset } from './compare.tsx'
import { texts } from './texts.ts'

/** Kinds that people know by more than their fields. */
const PICTURED = ['workflows', 'campaigns', 'pipelines', 'calendars', 'forms', 'surveys', 'funnels']
const Picture = lazy(() => import('./pictures/picture.tsx'))

interface Props {
  asset: ComparedAsset
  state: CompareState
  mode: Mode
  sides: { before: string; after: string }
  onChange: (patch: Partial<CompareState>) => void
}

/** One asset: what differs in it, or all of it where only one side has it. */
export function Difference({ asset, state, mode, sides, onChange }: Props) {
  const hasPicture = mode === 'versions' && PICTURED.includes(asset.kind)
  const view = hasPicture ? (state.view ?? 'fields') : 'fields'
  return (
    <Stack gap="sm" component="article" aria-label={asset.name} style={{ minWidth: 0 }}>
      <div>
        <Text size="xs" c="dimmed">
          {kindWord(asset.kind)}
        </Text>
        <Title order={2} size="h4" dir="auto">
          {asset.name}
        </Title>
        <Tone tone={asset.mark.tone}>
          {asset.mark.meaning}
          {asset.fields.length > 0 && `, ${texts.fields(asset.fields.length)}`}
        </Tone>
      </div>
      {hasPicture && (
        <SegmentedControl
          size="xs"
          aria-label={texts.viewLabel}
          style={{ alignSelf: 'flex-start' }}
          value={view}
          onChange={(next) => onChange({ view: VIEWS.find((one) => one === next) })}
          data={VIEWS.map((value) => ({ value, label: texts.views[value] }))}
        />
      )}
      {view === 'picture' ? (
        <Pictured asset={asset} state={state} />
      ) : asset.change === 'changed' ? (
        <FieldDiffs fields={asset.fields} sides={sides} />
      ) : (
        <>
          <Text size="sm" c="dimmed">
            {texts.only[asset.change]}
          </Text>
          <Whole asset={asset} state={state} mode={mode} />
        </>
      )}
    </Stack>
  )
}

/** The document, where it stands in a version. */
function Whole({ asset, state, mode }: Omit<Props, 'sides' | 'onChange'>) {
  const versionOf = { added: state.to, removed: mode === 'versions' ? state.from : state.version, changed: undefined }
  const isInVersion = mode === 'versions' || (mode === 'location' && asset.change === 'removed')
  const { kind, lineage } = asset
  const { data } = useQuery({
    ...reads('snapshots.asset', {
      snapshotId: state.snapshot ?? '',
      kind,
      lineage,
      version: versionOf[asset.change],
    }),
    enabled: isInVersion && state.snapshot !== undefined,
  })
  if (!isInVersion) return null
  return data === undefined ? <Skeleton height={200} /> : <JsonView value={data.asset.document} label={asset.name} />
}

/** Both documents as one picture; the side that does not have it is empty. */
function Pictured({ asset: { kind, lineage, change }, state }: Pick<Props, 'asset' | 'state'>) {
  const snapshotId = state.snapshot ?? ''
  const { from, to } = useVersions(state)
  const asked = (version: number | undefined, isThere: boolean) => ({
    ...reads('snapshots.asset', { snapshotId, kind, lineage, ...(version === undefined ? {} : { version }) }),
    enabled: version !== undefined && isThere,
  })
  const before = useQuery(asked(from, change !== 'added'))
  const after = useQuery(asked(to, change !== 'removed'))
  const isReady = (change === 'added' || before.data) && (change === 'removed' || after.data)
  const waiting = <Skeleton height={320} />
  return isReady ? (
    <Suspense fallback={waiting}>
      <Picture kind={kind} before={before.data?.asset.document ?? {}} after={after.data?.asset.document ?? {}} />
    </Suspense>
  ) : (
    waiting
  )
}
