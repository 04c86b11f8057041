import { RESOURCES } from '../../src/resources/index.ts'
import type { Json } from '../../src/snapshots/diff.ts'
import { type MergeInput, type MergeRules, mergeDocuments } from '../../src/snapshots/merge.ts'

/** Small documents to merge: a part's lineage is its name. */
export type Doc = { [name: string]: Json }
export type Fields = Record<string, Json>

export const rulesOf = (kind: string) => RESOURCES.get(kind) as MergeRules
export const id = (name: string) => `⟦.${name}⟧`
export const part = (name: string, fields: Fields = {}): Doc => ({ id: id(name), name, ...fields })
/** A workflow step that sends `body` and goes on to `next`. */
export const step = (name: string, next: string | null = null, fields: Fields = {}): Doc =>
  part(name, { type: 'send_sms', body: `From ${name}`, next: next === null ? null : id(next), ...fields })
export const flow = (...steps: Doc[]): Doc => ({ name: 'Flow', steps })
/** Conflicts by the paths that people read alone. */
export const merge = (kind: string, docs: Pick<MergeInput, 'base' | 'target' | 'source'> & Partial<MergeInput>) => {
  const merged = mergeDocuments({ resource: rulesOf(kind), ...docs })
  return { ...merged, conflicts: merged.conflicts.map(({ at: _, ...conflict }) => conflict) }
}
export const field = (value: Json | undefined, name: string): Json | undefined => (value as Doc | undefined)?.[name]
export const named = (document: Json, list: string, name: string): Doc =>
  (field(document, list) as Doc[]).find((each) => each.name === name) as Doc
export const ids = (document: Json, list: string) =>
  (field(document, list) as Doc[]).map((each) => String(each.id).slice(2, -1))

export const formField = (name: string, fields: Fields = {}): Doc => ({
  id: id(name),
  type: 'text',
  label: name,
  ...fields,
})
export const condition = (on: string, to: string): Doc => ({
  fieldId: id(on),
  operator: 'is_not_empty',
  action: 'show',
  targetFieldId: id(to),
})
