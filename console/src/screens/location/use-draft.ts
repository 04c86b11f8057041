import { useQuery } from '@tanstack/react-query'
import { useEffect, useReducer, useRef, useState } from 'react'
import { CallError, call, send } from '../../api/call.ts'
import { forget, reads } from '../../api/query.ts'
import { useDeed } from '../../parts/act.ts'
import { changedNames, type Doc, type Editor } from '../../parts/document/editors.ts'
import { type Merged, mergeEdits, onTop } from '../../parts/document/merge-edits.ts'
import { hideDone, showDone, showFailure } from '../../parts/notices.tsx'
import { type AssetState, changeOf } from './draft.ts'
import { texts } from './texts.ts'

export interface AssetPlace {
  locationId: string
  kind: string
  assetId: string
}

interface Merge extends Merged {
  present: AssetState
}

/** An asset and what somebody is about to make of it. */
export function useDraft(place: AssetPlace, editor: Editor | null) {
  const query = useQuery(reads('locations.asset', place))
  const present = query.data?.asset
  // What it was when editing began: what others do meanwhile does not change what somebody looks at.
  const [opened, open] = useState<AssetState>()
  const [draft, setDraft] = useState<Doc>()
  const typed = useRef(draft)
  typed.current = draft
  const [merge, setMerge] = useState<Merge | null>(null)
  const changed = editor === null || !opened || !draft ? [] : changedNames(editor, opened.document, draft)
  const isDirty = changed.length > 0
  // Fields that keep a text of their own begin anew with it, unless what they say has just been saved.
  const [beginning, beginAnew] = useReducer((count: number) => count + 1, 0)
  const begin = (asset: AssetState, document: Doc = asset.document) => {
    open(asset)
    setDraft(document)
  }
  const restart = (asset: AssetState, document?: Doc) => {
    begin(asset, document)
    beginAnew()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: an edit is kept until it is saved or given up
  useEffect(() => {
    if (present !== undefined && !isDirty) (present.revision === opened?.revision ? begin : restart)(present)
  }, [present])
  const read = async () => (await call('locations.asset', place)).asset
  const save = useDeed({
    onMutate: hideDone,
    mutationFn: async (next: Doc) => {
      if (editor === null || opened === undefined) return
      const base = opened.document
      const { locationId, assetId: id } = place
      const { path, body } = changeOf(editor, { locationId, id, base, draft: next })
      for (let { revision } = opened; ; ) {
        try {
          return await send('PUT', path, body, { locationId, ...(revision === null ? {} : { ifMatch: revision }) })
        } catch (error) {
          if (!isChangedMeanwhile(error)) throw error
          const present = await read()
          const edits = mergeEdits(editor, { base, theirs: present.document, mine: typed.current ?? next })
          const isSame = edits.clashes.length + edits.others.length === 0
          if (!isSame || present.revision === revision) {
            setMerge({ present, ...edits })
            throw error
          }
          revision = present.revision
        }
      }
    },
    onSuccess: async (_, sent) => {
      const asset = await read().catch(showFailure)
      const now = typed.current ?? sent
      // Where it cannot be read, the next save is of what was typed on top of this, and merged with what is there.
      if (asset === undefined) open((before) => before && { ...before, document: sent })
      else begin(asset, editor === null ? asset.document : onTop(editor, { sent, saved: asset.document, typed: now }))
      showDone(texts.saved)
      void forget(
        ...(['locations.asset', 'locations.assets', 'locations.assetHistory', 'locations.assetUsage'] as const),
        'locations.brokenReferences',
      )
    },
  })
  return {
    query,
    asset: opened,
    draft,
    beginning,
    edit: setDraft,
    /** All of it at once. */
    replace: (document: Doc) => {
      setDraft(document)
      beginAnew()
    },
    changed,
    isDirty,
    discard: () => {
      save.reset()
      if (present !== undefined) restart(present)
    },
    save: () => draft !== undefined && save.mutate(draft),
    isSaving: save.isPending,
    fault: isChangedMeanwhile(save.error) ? null : save.error,
    merge,
    /** What both made of it, on top of what is there now: to be saved like any other edit. */
    settle: (document: Doc | null) => {
      save.reset()
      if (document !== null && merge !== null) restart(merge.present, document)
      setMerge(null)
    },
  }
}

export type Draft = ReturnType<typeof useDraft>

const isChangedMeanwhile = (error: unknown) => error instanceof CallError && error.status === 409
