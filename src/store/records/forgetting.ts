import { sql } from 'kysely'
import { query, texts } from '../../db/pool.ts'
import { emptyChanges, insertChanges } from '../changes/index.ts'
import { askForSum, countsOf, insertCounts } from './counts.ts'
import { deleteFiles } from './files.ts'
import { columns, type RecordRow } from './reads.ts'
import { type Removal, settleRefs } from './removal.ts'
import type { RecordResource } from './resource.ts'
import { alsoIf, type RecordScope } from './statements.ts'

/*
 * Forgetting somebody leaves nothing that they were: not in the record, nor in what hung on it, nor in what the change
 * log tells of either. That there was a record, and when it was written, stays.
 */

/** Forgets a record, deleted or not, with all that was a contact's own. False: there never was one. */
export async function forgetRecord(scope: Removal, resource: RecordResource, id: string): Promise<boolean> {
  const [row] = await query(
    scope.tx,
    sql<RecordRow>`select ${columns} from record
      where location_id = ${scope.locationId} and kind = ${sql.lit(resource.kind)} and id = ${id} for update`,
  )
  if (row === undefined) return false
  const own = await ownOf(scope, id)
  await settleRefs(scope, resource.kind, [id])
  await tellForgotten(scope, resource, row)
  for (const [kind, rows] of Map.groupBy([...own, { kind: resource.kind, id }], (one) => one.kind)) {
    const ids = rows.map((one) => one.id)
    await emptyRows(scope, kind, ids)
    await emptyChanges(scope.tx, { locationId: scope.locationId, kind, entityIds: ids })
  }
  if (resource.hasBytes) await deleteFiles(scope.tx, scope.locationId, [id])
  return true
}

/** What is, or was, a part of the contact. Those that are deleted have no index: this is asked once in a while. */
function ownOf({ tx, locationId, records }: Removal, contactId: string): Promise<{ kind: string; id: string }[]> {
  const kinds = [...records.values()].filter(({ refs }) => refs.contactId?.gone === 'delete').map(({ kind }) => kind)
  return query(
    tx,
    sql<{ kind: string; id: string }>`select kind, id from record
      where location_id = ${locationId} and kind = any(${texts(kinds)}) and doc->>'contactId' = ${contactId}`,
  )
}

async function tellForgotten(scope: RecordScope, resource: RecordResource, row: RecordRow): Promise<void> {
  const { locationId, author } = scope
  const { kind } = resource
  const at = new Date(Math.max(author.atMs, row.updatedAt.getTime() + 1))
  const counts = row.deletedAt === null ? countsOf(resource, [[row.document, undefined]]) : new Map()
  const change = { locationId, kind, entityId: row.id, op: 'gdpr_delete' as const, beforeHash: null, afterHash: null }
  await query(
    scope.tx,
    sql`
      with written as (
        update record set deleted_at = coalesce(deleted_at, ${at}), updated_at = ${at}
        where location_id = ${locationId} and kind = ${sql.lit(kind)} and id = ${row.id} returning id
      )${alsoIf(counts.size > 0, sql`counted as (${insertCounts({ locationId, kind }, counts, author.atMs)})`)},
      told as (${insertChanges(author, [{ ...change, delta: {}, atMs: at.getTime() }])})
      select where false`,
  )
  if (counts.size > 0) await askForSum(scope.tx, { locationId, kind })
}

async function emptyRows({ tx, locationId }: RecordScope, kind: string, ids: readonly string[]): Promise<void> {
  await sql`
    update record set doc = '{}', terms = ''
    where location_id = ${locationId} and kind = ${sql.lit(kind)} and id = any(${texts(ids)})
      and deleted_at is not null`.execute(tx)
}
