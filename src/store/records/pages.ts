import { restAfter } from '../../db/fair-pool.ts'
import { hasId } from './conditions.ts'
import { appendCounts, CountSum } from './counts.ts'
import { updateRecords } from './edits.ts'
import type { RecordResource } from './resource.ts'
import type { Edit, RecordScope } from './statements.ts'

/**
 * Records that are in memory at a time, however many are asked for: each may be as long as its schema lets it. Of long
 * ones few, so that they are gone before the garbage collector takes them for something that stays.
 */
const PAGE = 100
const PAGE_CHARACTERS = 200_000
const FIRST_PAGE = 10

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
  const sum = new CountSum()
  let size = FIRST_PAGE
  for (let start = 0; start < wanted.length; ) {
    const sinceMs = performance.now()
    const page = await updateRecords(scope, resource, hasId(wanted.slice(start, start + size)), edit, sum)
    for (const { id } of page) found.add(id)
    start += size
    const [one] = page
    const length = one === undefined ? 0 : JSON.stringify(one.document).length
    size = Math.max(1, Math.min(PAGE, Math.floor(PAGE_CHARACTERS / Math.max(1, length))))
    await restAfter(performance.now() - sinceMs)
  }
  await appendCounts(scope.tx, { locationId: scope.locationId, kind: resource.kind }, sum.take(), scope.author.atMs)
  return found
}
