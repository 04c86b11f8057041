import { scanIds } from '../ids-in-text.ts'
import { isRecord, type Json, join } from './document-paths.ts'
import { type AssetDocument, type AssetResource, propertyNamesOf } from './resource.ts'

/** More words than this that may be ids: whoever looks them up asks for all ids of the location instead. */
export const MOST_IDS = 2_000

/**
 * Words in a document that may be ids of its location: what `lineageOf` will be asked for. `loose`: those of them that
 * are ids of parts only if the location holds such a part (`heldPart`). Both end a little after `MOST_IDS`.
 */
export function collectIds(resource: AssetResource, document: AssetDocument): { ids: string[]; loose: string[] } {
  const ids = new Set<string>()
  const loose = new Set<string>()
  const collect = (text: string, local: boolean) =>
    scanIds(text, ({ id, glued }) => {
      if (ids.size <= MOST_IDS) ids.add(id)
      if ((glued || local) && loose.size <= MOST_IDS) loose.add(id)
      return false
    })
  const visit = (value: Json, pattern: string, local: boolean) => {
    if (typeof value === 'string') {
      if (pattern in resource.refs) ids.add(value)
      else collect(value, local)
    } else if (isRecord(value)) {
      for (const [name, child] of Object.entries(value)) {
        if (mayHoldId(resource, name)) collect(name, local)
        visit(child as Json, join(pattern, name), local || join(pattern, name) in resource.local)
      }
    } else if (Array.isArray(value)) for (const element of value) visit(element, `${pattern}[]`, local)
  }
  visit(document as Json, '', false)
  return { ids: [...ids], loose: [...loose] }
}

/** Names that a kind of asset gives its own properties hold no ids; in free objects any may. */
export const mayHoldId = (resource: AssetResource, name: string) =>
  name.length >= 20 && !propertyNamesOf(resource).has(name)
