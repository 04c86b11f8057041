import type { Tx } from '../db/pool.ts'
import type { Author } from './changes.ts'
import { eachOnce, naturalKey, toTags } from './natural-key.ts'
import { editEverywhere, findByTerms, type Part } from './record-sets.ts'
import { lockTagNames } from './tag-names.ts'

/** A tag of a location that has another name from now on. */
export interface TagRename {
  locationId: string
  from: string
  to: string
}

const TAGS_OF_CONTACTS: Part = { kind: 'contacts', fields: ['tags'], exact: ['tags'], counted: ['tags'] }

/**
 * Contacts bear tags by their names: whoever renames tags calls this in the same transaction. All renames of a location happen at once,
 * so names may be swapped or passed on. A contact that comes to have a tag twice keeps it once. Answers how many contacts were written.
 *
 * Nobody else writes tags to contacts of these locations until the transaction ends. Call `lockTagNames` before the locations are
 * locked; without it, one of two that wait for each other is tried again.
 */
export async function renameTagOnContacts(tx: Tx, author: Author, renames: readonly TagRename[]): Promise<{ locationId: string; count: number }[]> {
  const byLocation = new Map<string, Map<string, string>>()
  for (const { locationId, from, to } of renames) {
    const [name] = toTags([to])
    const known = byLocation.get(locationId) ?? new Map<string, string>()
    if (name !== undefined) known.set(naturalKey(from), name)
    byLocation.set(locationId, known)
  }
  const counts = new Map([...byLocation.keys()].map((locationId) => [locationId, 0]))
  const wanted = [...byLocation].flatMap(([locationId, names]) => [...names.keys()].map((value) => ({ locationId, field: 'tags', value })))
  if (wanted.length > 0) {
    await lockTagNames(tx, [...byLocation.keys()])
    await editEverywhere(tx, author, TAGS_OF_CONTACTS, findByTerms('contacts', wanted), ({ locationId, fields }) => {
      const before = (fields.tags ?? []) as string[]
      const names = byLocation.get(locationId)
      const tags = eachOnce(before.map((tag) => names?.get(naturalKey(tag)) ?? tag))
      if (tags.join('\n') === before.join('\n')) return fields
      counts.set(locationId, (counts.get(locationId) ?? 0) + 1)
      return { tags }
    })
  }
  return [...counts].map(([locationId, count]) => ({ locationId, count }))
}
