import { Skeleton, Stack, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { BothEdited } from '../../parts/document/both-edited.tsx'
import { type Doc, editorOf } from '../../parts/document/editors.ts'
import { faultsIn } from '../../parts/document/faults.ts'
import { type Broken, FormContext } from '../../parts/document/form.ts'
import { Properties } from '../../parts/document/properties.tsx'
import { Saving } from '../../parts/document/saving.tsx'
import { JsonView } from '../../parts/json-view.tsx'
import { kindName, kindWord } from '../../parts/kinds.ts'
import { LeaveGuard } from '../../parts/leave-guard.tsx'
import { TextLink } from '../../parts/link-button.tsx'
import { Page } from '../../parts/page.tsx'
import { useMayWork } from '../../parts/role.ts'
import { Failure } from '../../parts/states.tsx'
import { assetAddress, VIEWS, type View } from './address.ts'
import { AssetHistory } from './history.tsx'
import { Hours } from './hours.tsx'
import { JsonEditor } from './json-editor.tsx'
import { Remove } from './remove.tsx'
import { texts } from './texts.ts'
import { Then } from './then.tsx'
import { Usage } from './usage.tsx'
import { type AssetPlace, type Draft, useDraft } from './use-draft.ts'

// The drawing of graphs is as large as all the rest of this screen.
const Graph = lazy(() => import('./graph.tsx').then(({ WorkflowGraph }) => ({ default: WorkflowGraph })))

export function AssetPage() {
  const place = useParams({ strict: false }) as AssetPlace
  // Another asset is another page: nothing of what was begun here goes there.
  return <Asset key={`${place.locationId}/${place.kind}/${place.assetId}`} place={place} />
}

function Asset({ place }: { place: AssetPlace }) {
  const { locationId, kind } = place
  const editor = editorOf(kind)
  const [{ view = 'form', change: then, at }, change] = useAddress(assetAddress)
  const mayWrite = useMayWork()
  const location = useQuery(reads('locations.get', { locationId }))
  const draft = useDraft(place, editor)
  // Of what cannot be read nothing is saved: not what stood there before either.
  const [isWrong, setWrong] = useState(false)
  const views = VIEWS.filter((one) => one !== 'graph' || kind === 'workflows')
  const failure = draft.query.error && <Failure error={draft.query.error} onRetry={() => void draft.query.refetch()} />
  if (failure && draft.draft === undefined) return failure
  const name = draft.asset?.name ?? '…'
  return (
    <Page
      title={name}
      trail={
        <>
          <TextLink to="/app/locations/$locationId" params={{ locationId }} dir="auto">
            {location.data?.location.name ?? '…'}
          </TextLink>
          {' › '}
          <TextLink to="/app/locations/$locationId" params={{ locationId }} search={{ kind } as never}>
            {kindName(kind)}
          </TextLink>
        </>
      }
      actions={
        editor !== null &&
        mayWrite &&
        draft.asset &&
        !draft.isDirty && <Remove place={place} editor={editor} name={name} document={draft.asset.document} />
      }
      lead={editor === null ? texts.readOnly : mayWrite ? undefined : texts.mayNot}
    >
      {/* What is half written stays, whatever has become of the question. */}
      {failure}
      <LeaveGuard
        when={draft.isDirty || isWrong}
        loses={isWrong ? 'view' : undefined}
        texts={isWrong ? texts.json.leave : texts.leave}
      />
      {draft.merge && <BothEdited {...draft.merge} onSettle={draft.settle} />}
      <Tabs
        value={view}
        onChange={(next) => change({ view: next as View, change: undefined, at: undefined }, 'push')}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {views.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {texts.views[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={view}>
          {view === 'history' ? (
            then === undefined ? (
              <AssetHistory place={place} />
            ) : (
              <Then place={place} changeId={then} mayPutBack={mayWrite && editor !== null} draft={draft} />
            )
          ) : view === 'usage' ? (
            <Usage place={place} />
          ) : draft.draft === undefined ? (
            <Skeleton height={320} aria-label={kindWord(kind)} />
          ) : (
            <Editing
              place={place}
              view={view}
              at={at}
              draft={draft}
              document={draft.draft}
              readOnly={!mayWrite}
              isWrong={isWrong}
              onWrong={setWrong}
            />
          )}
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

interface EditingProps {
  place: AssetPlace
  view: View
  /** What it names, in the field that somebody was led to. */
  at: string | undefined
  draft: Draft
  document: Doc
  readOnly: boolean
  /** Whether what is written as text can be read. */
  isWrong: boolean
  onWrong: (isWrong: boolean) => void
}

function Editing({ place, view, at, draft, document, readOnly, isWrong, onWrong }: EditingProps) {
  const { locationId, kind } = place
  const broken = useBroken(place)
  const aim = useMemo(() => (at === undefined ? undefined : { value: at, isTaken: false }), [at])
  const editor = editorOf(kind)
  const form = useMemo(
    () => editor && { locationId, kind, editor, document, readOnly, broken, aim },
    [locationId, kind, editor, document, readOnly, broken, aim],
  )
  if (editor === null || form === null) return <JsonView value={document} label={texts.json.label} />
  return (
    <FormContext value={form}>
      {view === 'json' ? (
        <JsonEditor
          key={draft.beginning}
          document={document}
          onChange={draft.edit}
          isWrong={isWrong}
          onWrong={onWrong}
          readOnly={readOnly}
        />
      ) : view === 'graph' ? (
        <Suspense fallback={<Skeleton height={420} />}>
          <Graph document={document} onChange={draft.edit} />
        </Suspense>
      ) : (
        <Stack maw={760} key={draft.beginning}>
          <Properties
            schema={editor.schema}
            path=""
            value={document}
            onChange={draft.edit}
            without={kind === 'calendars' ? ['openHours'] : []}
          />
          {kind === 'calendars' && <Hours document={document} onChange={draft.edit} />}
        </Stack>
      )}
      {!readOnly && (draft.isDirty || isWrong) && (
        <Saving
          faults={isWrong ? [texts.json.invalid] : faultsNow(kind, draft, document)}
          fault={draft.fault}
          isSaving={draft.isSaving}
          onSave={draft.save}
          onDiscard={draft.discard}
        />
      )}
    </FormContext>
  )
}

const NOTHING: Broken = new Map()

/** What an asset names and is not there. */
function useBroken({ locationId, kind, assetId }: AssetPlace): Broken {
  const { data } = useQuery(reads('locations.brokenReferences', { locationId }))
  return useMemo(() => {
    const own = data?.brokenReferences.filter((one) => one.kind === kind && one.id === assetId) ?? []
    return own.length === 0 ? NOTHING : new Map(own.map(({ value, missingName }) => [value, missingName]))
  }, [data, kind, assetId])
}

/** Of what has been changed: what was stored as it is, stays. */
function faultsNow(kind: string, { changed }: Draft, document: Doc): string[] {
  const editor = editorOf(kind)
  return editor === null ? [] : faultsIn(editor, changed, document)
}
