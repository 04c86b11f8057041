import type { Output } from '../../api/call.ts'
import { changedNames, type Doc, type Editor } from '../../parts/document/editors.ts'

export type AssetState = Output<'locations.asset'>['asset']

/** What its PUT is sent: what has changed, and what it always wants. Where it is sent: its path, filled in. */
export function changeOf(
  editor: Editor,
  {
    locationId,
    id,
    base,
    draft,
  }: {
    locationId: string
    id: string
    base: Doc
    draft: Doc
  },
): { path: string; body: Doc } {
  const names = new Set([...changedNames(editor, base, draft), ...(editor.schema.required ?? [])])
  return {
    path: pathOf(editor, { locationId, id, base }),
    body: Object.fromEntries([...names].map((name) => [name, draft[name] ?? null])),
  }
}

/** The address of an operation about one asset. */
export const pathOf = (editor: Editor, { locationId, id, base }: { locationId: string; id: string; base: Doc }) =>
  editor.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(name === 'locationId' ? locationId : name === editor.param ? id : String(base[name] ?? '')),
  )
