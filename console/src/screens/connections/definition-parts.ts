import type { TellPart } from '../../parts/document/both-edited.tsx'
import type { Doc } from '../../parts/document/editors.ts'
import { type Merged, mergeEdits } from '../../parts/document/merge-edits.ts'
import type { Field } from './mapping/model.ts'
import type { Definition } from './standing.tsx'
import { readable } from './version-words.ts'

const FIELD = 'mapping.fields.'

/** A definition as what two people change without being in each other's way: field by field of ours, and the rest. */
function toParts({ source, mapping: { fields, ...mapping } }: Definition): Doc {
  return Object.fromEntries([
    ...Object.entries(source).map(([name, value]) => [`source.${name}`, value]),
    ...Object.entries(mapping).map(([name, value]) => [`mapping.${name}`, value]),
    ...fields.map((field) => [`${FIELD}${field.to}`, field]),
  ])
}

export function fromParts(parts: Doc): Definition {
  const given = Object.entries(parts).filter(([, value]) => value !== undefined)
  const of = (prefix: string) =>
    Object.fromEntries(
      given
        .filter(([name]) => name.startsWith(prefix) && !name.startsWith(FIELD))
        .map(([name, value]) => [name.slice(prefix.length), value]),
    )
  const fields = given.filter(([name]) => name.startsWith(FIELD)).map(([, field]) => field as Field)
  return { source: of('source.'), mapping: { ...of('mapping.'), fields } } as Definition
}

/** Two edits of one definition put together, as parts. */
export function mergeDefinitions(edits: Record<'base' | 'theirs' | 'mine', Definition>): Merged {
  const [base, theirs, mine] = [toParts(edits.base), toParts(edits.theirs), toParts(edits.mine)]
  return mergeEdits(namedIn(base, theirs, mine), { base, theirs, mine })
}

/** All that is named in one of these may be another. */
export const namedIn = (...documents: readonly Doc[]) => ({
  schema: { properties: Object.fromEntries(documents.flatMap((one) => Object.keys(one)).map((name) => [name, {}])) },
})

/** What differs in a part, in the words of the screen. */
export const tellPart =
  (object: string): TellPart =>
  (name, sides) => {
    const isField = name.startsWith(FIELD)
    const given = Object.entries(sides).filter(([, value]) => value !== undefined)
    const told = Object.fromEntries(given.map(([side, value]) => [side, isField ? [value] : value]))
    return readable([{ path: isField ? FIELD.slice(0, -1) : name, ...told }], object)
  }
