import { type RawBuilder, sql } from 'kysely'
import { query } from '../../db/pool.ts'
import { AppError } from '../../errors.ts'
import { insertDeletions } from '../changes/index.ts'
import { type Condition, hasId } from './conditions.ts'
import { insertDeletedCounts } from './counts.ts'
import { allMatching, COLUMNS, livingRows, type RecordRow } from './reads.ts'
import type { RecordResource } from './resource.ts'
import { alsoIf, isCounted, type RecordScope } from './statements.ts'

/**
 * The record disappears; what it was can be read from its history. 404 when it is not there. What refers to it is left
 * alone: see removal.ts.
 */
export async function deleteRecord(scope: RecordScope, resource: RecordResource, id: string): Promise<RecordRow> {
  const [row] = await query(
    scope.tx,
    sql<RecordRow>`${deleting(scope, resource, hasId([id]))} select ${sql.raw(COLUMNS)} from written`,
  )
  if (row === undefined) throw new AppError('not_found', { what: resource.noun, id })
  return row
}

/** Deletes the records that the condition names, at most so many, without reading them, and answers their ids. */
export async function deleteRecords(
  scope: RecordScope,
  resource: RecordResource,
  where: Condition,
  most?: number,
): Promise<string[]> {
  return (
    await query(scope.tx, sql<{ id: string }>`${deleting(scope, resource, where, most)} select id from written`)
  ).map(({ id }) => id)
}

/** Worked out without the time zone of a session, on which a cluster could not rely. */
const MILLISECOND_LATER = sql`(updated_at at time zone 'UTC' + interval '1 millisecond') at time zone 'UTC'`

/** Locks in the order of ids, like `lockRows`; the moments are those of `nextRow`. */
function deleting(
  scope: RecordScope,
  resource: RecordResource,
  where: Condition,
  most: number | null = null,
): RawBuilder<unknown> {
  const at = sql`greatest(${new Date(scope.author.atMs)}::timestamptz, ${MILLISECOND_LATER})`
  const { kind, counted } = resource
  const living = livingRows(kind, scope.locationId)
  const place = { locationId: scope.locationId, kind }
  return sql`
    with locked as materialized (select id as locked_id from record where ${allMatching(kind, scope.locationId, where)}
      order by id limit ${most} for update),
      written as (
        update record set deleted_at = ${at}, updated_at = ${at} from locked where ${living} and id = locked_id
        returning id, object_id, doc, terms, created_at, updated_at, deleted_at
      ),
      told as (${insertDeletions(scope.author, place)})${alsoIf(
        isCounted(resource),
        sql`gone as
          (${insertDeletedCounts(place, counted, scope.author.atMs)})`,
      )}`
}
