import { sql } from 'kysely'
import { type Db, query, texts } from '../../db/pool.ts'
import type { Change } from './append.ts'

export interface ChangeRow extends Change {
  id: string
  actor: string
  cause: string | null
  at: Date
}

/** History of one asset, newest first. */
export function listChanges(
  db: Db,
  options: { locationId: string; kind: string; entityId: string; limit: number; before?: string | undefined },
): Promise<ChangeRow[]> {
  return query(
    db,
    sql<ChangeRow>`
      select location_id as "locationId", id, kind, entity_id as "entityId", op, delta, before_hash as "beforeHash",
        after_hash as "afterHash", actor, cause, at
      from change
      where location_id = ${options.locationId} and kind = ${options.kind} and entity_id = ${options.entityId}
        and id < ${options.before ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'}
      order by id desc limit ${options.limit}`,
  )
}

/** Histories of several things of a kind, newest first, of each at most so many: one statement, whatever the number. */
export function listChangesOf(
  db: Db,
  {
    locationId,
    kind,
    entityIds,
    most,
  }: { locationId: string; kind: string; entityIds: readonly string[]; most: number },
): Promise<ChangeRow[]> {
  return query(
    db,
    sql<ChangeRow>`
      select c.* from unnest(${texts(entityIds)}) wanted(id) cross join lateral (
        select location_id as "locationId", id, kind, entity_id as "entityId", op, delta, before_hash as "beforeHash",
          after_hash as "afterHash", actor, cause, at
        from change where location_id = ${locationId} and kind = ${kind} and entity_id = wanted.id
        order by id desc limit ${most}
      ) c order by c.id desc`,
  )
}

/** What was deleted of a kind, newest first: of each thing the last time. */
export function listDeletions(
  db: Db,
  { locationId, kind, limit }: { locationId: string; kind: string; limit: number },
): Promise<Pick<ChangeRow, 'entityId' | 'beforeHash' | 'at'>[]> {
  return query(
    db,
    sql<Pick<ChangeRow, 'entityId' | 'beforeHash' | 'at'>>`
      select entity_id as "entityId", before_hash as "beforeHash", at from change
      where location_id = ${locationId} and kind = ${kind} and op = 'delete' and before_hash is not null
      order by id desc limit ${limit}`,
  )
}

/** In which of these locations something has been written. */
export async function findWritten(db: Db, locationIds: readonly string[]): Promise<Set<string>> {
  const rows = await query(
    db,
    sql<{ id: string }>`select l.id from unnest(${texts(locationIds)}) l(id)
      where exists (select 1 from change c where c.location_id = l.id)`,
  )
  return new Set(rows.map(({ id }) => id))
}
