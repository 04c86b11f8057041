import type { Output } from '../../api/call.ts'
import { changedNames, type Doc, type Editor, isSame } from '../../parts/document/editors.ts'

export type AssetState = Output<'locations.asset'>['asset']

export interface Clash {
  name: string
  theirs: unknown
  mine: unknown
}

/**
 * Two edits of one document that both began at `base`, put together: what one of them changed is taken from it, what
 * both changed otherwise clashes (and is `theirs` until somebody chooses).
 */
export function mergeEdits(editor: Editor, { base, theirs, mine }: Record<'base' | 'theirs' | 'mine', Doc>) {
  const changed = changedNames(editor, base, mine)
  const clashes = changed
    .filter((name) => !isSame(base[name], theirs[name]) && !isSame(mine[name], theirs[name]))
    .map((name): Clash => ({ name, theirs: theirs[name], mine: mine[name] }))
  const clashing = new Set(clashes.map(({ name }) => name))
  const own = Object.fromEntries(changed.filter((name) => !clashing.has(name)).map((name) => [name, mine[name]]))
  return { merged: { ...theirs, ...own } as Doc, clashes }
}

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
  const path = editor.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(name === 'locationId' ? locationId : name === editor.param ? id : String(base[name] ?? '')),
  )
  return { path, body: Object.fromEntries([...names].map((name) => [name, draft[name] ?? null])) }
}
