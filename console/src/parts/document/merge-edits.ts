import { changedNames, type Doc, type Editor, isSame } from './editors.ts'

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
