import { useRef, useState } from 'react'
import { forget } from '../../api/query.ts'
import { useDeed } from '../../parts/act.ts'
import { type Doc, isSame } from '../../parts/document/editors.ts'
import { isClear, type Merged } from '../../parts/document/merge-edits.ts'
import { hideDone, showDone } from '../../parts/notices.tsx'
import { fromParts, mergeDefinitions, tellPart } from './definition-parts.ts'
import { finished, type Mapping, withKeys } from './mapping/model.ts'
import { texts } from './mapping/texts.ts'
import { ChangedMeanwhile, saveOn } from './save-on.ts'
import type { Definition, Whole } from './standing.tsx'

interface Merge extends Merged {
  present: Whole
  said: string
}

/** What somebody is about to make of a connection: it stays while they look at another of its tabs. */
export function useDraft(connection: Whole) {
  const [draft, keep] = useState<Definition | null>(null)
  const typed = useRef(draft)
  typed.current = draft
  // What it was when editing began: what others do meanwhile does not change what somebody looks at.
  const [opened, open] = useState(connection)
  const [merge, setMerge] = useState<Merge | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const next = useRef<(() => void) | undefined>(undefined)
  const isDirty = draft !== null && !isSame(draft, opened.definition)
  const base = isDirty ? opened : connection
  const definition = isDirty ? draft : connection.definition
  const edit = (edited: Definition) => {
    if (!isDirty) open(connection)
    keep(edited)
  }
  const merged = (present: Whole, mine: Definition) =>
    mergeDefinitions({ base: base.definition, theirs: present.definition, mine })
  const save = useDeed({
    onMutate: hideDone,
    mutationFn: (sent: Definition) =>
      saveOn(base, { definition: { ...sent, mapping: finished(sent.mapping) } }, (present) =>
        isClear(merged(present, sent)),
      ),
    onSuccess: async ({ saved, before }, sent) => {
      void forget('connections.list', 'connections.listAll', 'connections.versions')
      await forget('connections.get')
      open(saved)
      // What was typed meanwhile is not saved yet.
      keep(typed.current === null || isSame(typed.current, sent) ? null : typed.current)
      if (saved.version !== before.version) showDone(texts.saved(saved.version))
      next.current?.()
    },
    onError: (error, sent) => {
      if (!(error instanceof ChangedMeanwhile)) return setFault(error)
      const { present, message: said } = error
      setMerge({ present, said, ...merged(present, typed.current ?? sent) })
      void forget('connections.get', 'connections.versions')
    },
  })
  return {
    definition,
    isDirty,
    setMapping: (mapping: Mapping) => edit({ ...definition, mapping: withKeys(definition.mapping, mapping) }),
    setSource: (source: Definition['source']) => edit({ ...definition, source }),
    /** As the next version. `then`: once it is kept. */
    save: (then?: () => void) => {
      setFault(null)
      next.current = then
      save.mutate(definition)
    },
    isSaving: save.isPending,
    fault,
    merge: merge && { ...merge, tell: tellPart(definition.mapping.object) },
    /** What both made of it, on top of what is there now: to be saved like any other edit. */
    settle: (parts: Doc | null) => {
      if (parts !== null && merge !== null) {
        open(merge.present)
        keep(fromParts(parts))
      }
      setMerge(null)
    },
    discard: () => {
      setFault(null)
      keep(null)
    },
  }
}

export type Draft = ReturnType<typeof useDraft>
