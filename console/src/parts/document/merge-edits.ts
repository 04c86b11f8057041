import { changedNames, type Doc, type Editor, isSame } from './editors.ts'

interface Clash {
  name: string
  theirs: unknown
  mine: unknown
}

/** What only the other one has changed. */
interface Other {
  name: string
  before: unknown
  theirs: unknown
}

/** What becomes of two edits of one document. */
export interface Merged {
  merged: Doc
  clashes: Clash[]
  others: Other[]
}

/** The other one has changed nothing that is not in mine, too. */
export const isClear = ({ clashes, others }: Merged): boolean => clashes.length + others.length === 0

type Named = Pick<Editor, 'schema'>

/**
 * Two edits of one document that both began at `base`, put together: what one of them changed is taken from it, what
 * both changed otherwise clashes (and is `theirs` until somebody chooses).
 */
export function mergeEdits(editor: Named, { base, theirs, mine }: Record<'base' | 'theirs' | 'mine', Doc>): Merged {
  const changed = changedNames(editor, base, mine)
  const clashes = changed
    .filter((name) => !isSame(base[name], theirs[name]) && !isSame(mine[name], theirs[name]))
    .map((name): Clash => ({ name, theirs: theirs[name], mine: mine[name] }))
  const clashing = new Set(clashes.map(({ name }) => name))
  const own = Object.fromEntries(changed.filter((name) => !clashing.has(name)).map((name) => [name, mine[name]]))
  const others = changedNames(editor, base, theirs)
    .filter((name) => !changed.includes(name))
    .map((name): Other => ({ name, before: base[name], theirs: theirs[name] }))
  return { merged: { ...theirs, ...own }, clashes, others }
}

/** What was typed while `sent` was under way, on top of what came of it: nothing of it is lost, and it is not saved yet. */
export function onTop(editor: Named, { sent, saved, typed }: Record<'sent' | 'saved' | 'typed', Doc>): Doc {
  const own = changedNames(editor, sent, typed).map((name) => [name, typed[name]])
  return own.length === 0 ? saved : { ...saved, ...Object.fromEntries(own) }
}
