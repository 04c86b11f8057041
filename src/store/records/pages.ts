import { hasId } from './conditions.ts'
import { updateRecords } from './edits.ts'
import type { RecordResource } from './resource.ts'
import type { Edit, RecordScope } from './statements.ts'

/** Records that are in memory at a time, however many are asked for: each may be as long as its schema lets it. */
const PAGE = 100

/**
 * Edits the records with these ids, those that are there, page by page, and answers which ones were. Locks in the order
 * of ids, as `updateRecords` does.
 */
export async function updateNamed(
  scope: RecordScope,
  resource: RecordResource,
  ids: readonly string[],
  edit: Edit,
): Promise<Set<string>> {
  const found = new Set<string>()
  const wanted = [...new Set(ids)].sort()
  for (let start = 0; start < wanted.length; start += PAGE)
    for (const { id } of await updateRecords(scope, resource, hasId(wanted.slice(start, start + PAGE)), edit))
      found.add(id)
  return found
}
