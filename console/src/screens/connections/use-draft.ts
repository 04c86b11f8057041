import { useRef, useState } from 'react'
import { forget } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { isSame } from '../../parts/document/editors.ts'
import { showDone } from '../../parts/notices.tsx'
import { finished, type Mapping, withKeys } from './mapping/model.ts'
import { texts } from './mapping/texts.ts'
import { type Definition, ofConnection, type Whole } from './standing.tsx'

/** What somebody is about to make of a connection: it stays while they look at another of its tabs. */
export function useDraft(connection: Whole) {
  const [draft, keep] = useState<Definition | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const next = useRef<(() => void) | undefined>(undefined)
  const definition = draft ?? connection.definition
  const save = useAct('connections.update', {
    changes: ['connections.list', 'connections.listAll', 'connections.versions'],
    onFault: setFault,
    onDone: async ({ connection: { version } }) => {
      await forget('connections.get')
      keep(null)
      if (version !== connection.version) showDone(texts.saved(version))
      next.current?.()
    },
  })
  const toSave = { ...definition, mapping: finished(definition.mapping) }
  return {
    definition,
    isDirty: draft !== null && !isSame(draft, connection.definition),
    setMapping: (mapping: Mapping) => keep({ ...definition, mapping: withKeys(definition.mapping, mapping) }),
    setSource: (source: Definition['source']) => keep({ ...definition, source }),
    /** As the next version. `then`: once it is kept. */
    save: (then?: () => void) => {
      setFault(null)
      next.current = then
      save.mutate({ ...ofConnection(connection), definition: toSave })
    },
    isSaving: save.isPending,
    fault,
    discard: () => {
      setFault(null)
      keep(null)
    },
  }
}

export type Draft = ReturnType<typeof useDraft>
