import { SegmentedControl, Skeleton, Stack, Text, Title } from '@mantine/core'
import { lazy, Suspense } from 'react'
import classes from '../../parts/diff.module.css'
import { editorOf } from '../../parts/document/editors.ts'
import { FieldDiffs } from '../../parts/field-diff.tsx'
import { kindWord } from '../../parts/kinds.ts'
import { Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { ValueView } from '../../parts/value-view.tsx'
import { type CompareState, VIEWS } from './address.ts'
import { useDocuments } from './asked.ts'
import type { ComparedAsset } from './compare.tsx'
import { texts } from './texts.ts'

/** Kinds that people know by more than their fields. */
const PICTURED = ['workflows', 'campaigns', 'pipelines', 'calendars', 'forms', 'surveys', 'funnels']
const Picture = lazy(() => import('./pictures/picture.tsx'))

interface Props {
  asset: ComparedAsset
  state: CompareState
  sides: { before: string; after: string }
  /** Whether its documents are to be asked for, where they are not known. */
  isAsked: boolean
  onChange: (patch: Partial<CompareState>) => void
}

/** One asset: what differs in it, or all of it where only one side has it. */
export function Difference({ asset, isAsked, state, sides, onChange }: Props) {
  const hasPicture = PICTURED.includes(asset.kind)
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
        {asset.mark === texts.marks.conflict && (
          <Text size="sm" c="dimmed">
            {texts.conflictHint}
          </Text>
        )}
        {asset.mark === texts.marks.deleted && (
          <Text size="sm" c="dimmed">
            {texts.deletedHint}
          </Text>
        )}
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
        <Pictured asset={asset} isAsked={isAsked} state={state} />
      ) : asset.change === 'changed' ? (
        <FieldDiffs fields={asset.fields} sides={sides} />
      ) : (
        <Whole asset={asset} isAsked={isAsked} state={state} sides={sides} />
      )}
    </Stack>
  )
}

/** All of an asset that only one side has, or what differs in what a push would take for it. */
function Whole({ asset, isAsked, state, sides }: Pick<Props, 'asset' | 'isAsked' | 'state' | 'sides'>) {
  const { documents, met, error, refetch } = useDocuments(state, asset, { isAsked })
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (documents === undefined || asset.change === 'changed') return <Skeleton height={200} />
  const told = met === null ? texts.only[asset.change] : met.length === 0 ? texts.metSame : texts.met
  return (
    <>
      <Text size="sm" c="dimmed">
        {told}
      </Text>
      {met !== null && met.length > 0 ? (
        <FieldDiffs fields={met} sides={sides} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by key
        <section className={classes.whole} aria-label={asset.name} tabIndex={0}>
          <ValueView
            value={asset.change === 'added' ? documents.after : documents.before}
            schema={editorOf(asset.kind)?.schema}
          />
        </section>
      )}
    </>
  )
}

/** Both documents as one picture; the side that does not have it is empty. */
function Pictured({ asset, isAsked, state }: Pick<Props, 'asset' | 'isAsked' | 'state'>) {
  const { documents, error, refetch } = useDocuments(state, asset, { isAsked })
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  const waiting = <Skeleton height={320} />
  return documents === undefined ? (
    waiting
  ) : (
    <Suspense fallback={waiting}>
      <Picture kind={asset.kind} {...documents} />
    </Suspense>
  )
}
