import { sql } from 'kysely'
import { updateRecords } from './edits.ts'
import { allMatching } from './reads.ts'
import { names, type Removal } from './removal.ts'
import type { RecordDocument } from './resource.ts'

const BATCH = 2000

/** What named one record names another from now on: notes, deals and whatever else hung on one that was merged. */
export async function moveRefs(scope: Removal, kind: string, fromId: string, toId: string): Promise<void> {
  for (const resource of scope.records.values()) {
    // These name their ends twice, by our ids and by numbers: who merges ties them anew.
    if (resource.kind === 'object_associations') continue
    for (const [field, ref] of Object.entries(resource.refs)) {
      if (!ref.to.includes(kind)) continue
      const where = names(scope.locationId, field, [fromId])
      const moved = (value: unknown) =>
        Array.isArray(value) ? [...new Set(value.map((id) => (id === fromId ? toId : id)))] : toId
      const edit = ({ document }: { document: RecordDocument }) => ({ ...document, [field]: moved(document[field]) })
      const some = sql<boolean>`id = any(array(select id from record
        where ${allMatching(resource.kind, scope.locationId, where)} order by id limit ${BATCH}))`
      while ((await updateRecords(scope, resource, some, edit)).length === BATCH);
    }
  }
}
