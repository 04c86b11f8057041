import { sql } from 'kysely'
import { query, texts } from '../../db/pool.ts'
import { allOf, anyOf, type Condition, isOneOf } from './conditions.ts'
import { deleteRecords } from './deletion.ts'
import { updateRecords } from './edits.ts'
import { deleteFiles } from './files.ts'
import { allMatching } from './reads.ts'
import type { RecordDocument, RecordResource } from './resource.ts'
import type { RecordScope } from './statements.ts'
import { hasTerm } from './terms.ts'

/*
 * What is deleted leaves nothing that hangs in the air: each kind of record says in `refs` what becomes of it. Every
 * statement writes a batch, so memory stays the same however much hangs on one contact, and each row has its own
 * change.
 */

/** Rows of one statement. */
const BATCH = 2000
/** Ids that one statement looks for: each is a probe of the index. */
const PROBES = 100

export type Removal = RecordScope & { records: ReadonlyMap<string, RecordResource> }

/** Deletes the records that the condition names and settles what referred to them. */
export async function removeRecords(scope: Removal, resource: RecordResource, where: Condition): Promise<void> {
  for (;;) {
    const ids = await deleteRecords(scope, resource, where, BATCH)
    if (resource.hasBytes) await deleteFiles(scope.tx, scope.locationId, ids)
    await settleRefs(scope, resource.kind, ids)
    if (ids.length < BATCH) return
  }
}

/** Settles what refers to these things of a kind (of record, of asset, or `locations`), which are deleted. */
export async function settleRefs(scope: Removal, kind: string, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += PROBES) {
    const gone = ids.slice(from, from + PROBES)
    for (const resource of scope.records.values()) {
      for (const [field, ref] of Object.entries(resource.refs)) {
        if (!ref.to.includes(kind)) continue
        const where = names(scope.locationId, field, gone)
        if (ref.gone === 'delete') await removeRecords(scope, resource, where)
        else await clearField(scope, resource, { field, where, gone })
      }
    }
  }
}

async function clearField(
  scope: Removal,
  resource: RecordResource,
  { field, where, gone }: { field: string; where: Condition; gone: string[] },
): Promise<void> {
  const without = (value: unknown) => (Array.isArray(value) ? value.filter((id) => !gone.includes(id)) : null)
  const edit = ({ document }: { document: RecordDocument }) => ({ ...document, [field]: without(document[field]) })
  const some = sql<boolean>`id = any(array(select id from record
      where ${allMatching(resource.kind, scope.locationId, where)} order by id limit ${BATCH}))`
  while ((await updateRecords(scope, resource, some, edit)).length === BATCH);
}

/** Locations that one statement looks into. */
const LOCATIONS = 50

/** In which of these locations records name this thing, which belongs to all of them. */
export async function locationsNaming(
  { tx, records }: Removal,
  kind: string,
  id: string,
  locationIds: readonly string[],
): Promise<string[]> {
  const fields = new Set(
    [...records.values()].flatMap(({ refs }) => Object.keys(refs).filter((field) => refs[field]?.to.includes(kind))),
  )
  const found: string[] = []
  for (let from = 0; from < locationIds.length; from += LOCATIONS) {
    const some = locationIds.slice(from, from + LOCATIONS)
    const named = anyOf(
      some.flatMap((locationId) => [...fields].flatMap((field) => hasTerm(locationId, field, id) ?? [])),
    )
    const rows = await query(
      tx,
      sql<{ locationId: string }>`
        select distinct location_id as "locationId" from record where location_id = any(${texts(some)})
          and deleted_at is null and ${named}`,
    )
    found.push(...rows.map(({ locationId }) => locationId))
  }
  return found.sort()
}

/** The field is, or holds, one of these ids. The term has the index, and does not tell upper case from lower. */
export function names(locationId: string, field: string, ids: readonly string[]): Condition {
  if (field === 'contactId') return isOneOf(field, ids)
  const terms = ids.flatMap((id) => hasTerm(locationId, field, id) ?? [])
  return allOf([anyOf(terms), sql<boolean>`doc->${sql.lit(field)} ?| ${texts(ids)}`])
}
