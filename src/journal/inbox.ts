import { sql } from 'kysely'
import { query, type Tx, texts } from '../db/pool.ts'
import type { RecordDocument } from '../store/records/index.ts'

/** Rows of one round. */
export const MOST_ROWS = 5_000

/** Something that has committed and was not yet told: a change with its record, or the life of an app. */
export interface Committed {
  seq: number
  /** In which it is told; a user stands under the agency. */
  locationId: string
  event: AppLife | null
  /** Null where `event` says it. */
  id: string | null
  kind: string
  entityId: string
  op: string
  delta: Record<string, [unknown, unknown]> | null
  actor: string
  /** The request or the push behind it. */
  cause: string | null
  at: Date
  objectId: number | null
  document: RecordDocument | null
  createdAt: Date | null
}

export interface AppLife {
  appId: string
  agencyId: string
  /** Empty: in the agency, with its locations. */
  locationId: string
  action: 'APP_INSTALL' | 'APP_UNINSTALL'
}

/** Takes what is to be told next, in order. What this transaction tells is told for good; else it is there again. */
export function takeCommitted(tx: Tx, kinds: readonly string[]): Promise<Committed[]> {
  return query(
    tx,
    sql<Committed>`
      with taken as (
        delete from journal_inbox i using (select location_id, seq from journal_inbox order by seq limit ${MOST_ROWS}) n
        where i.location_id = n.location_id and i.seq = n.seq
        returning i.location_id, i.seq, i.change_id, i.event, coalesce(i.stands_under, i.location_id) as under
      )
      select t.seq, t.location_id as "locationId", t.event, c.id, c.kind, c.entity_id as "entityId", c.op, c.delta,
        c.actor, c.cause, coalesce(c.at, now()) as at, r.object_id as "objectId", r.doc as document, r.created_at as "createdAt"
      from taken t
        left join change c on c.location_id = t.under and c.id = t.change_id
        left join record r on r.location_id = c.location_id and r.kind = c.kind and r.id = c.entity_id
      where t.event is not null or c.kind = any(${texts(kinds)})
      order by t.seq`,
  )
}

/** What happened to these records later, and waits for another round: oldest first. */
export async function laterDeltas(
  tx: Tx,
  rows: readonly Committed[],
): Promise<Map<string, Record<string, [unknown, unknown]>[]>> {
  const later = await query(
    tx,
    sql<{ locationId: string; kind: string; entityId: string; delta: Record<string, [unknown, unknown]> }>`
      select i.location_id as "locationId", c.kind, c.entity_id as "entityId", c.delta
      from journal_inbox i
        join change c on c.location_id = coalesce(i.stands_under, i.location_id) and c.id = i.change_id
      where c.delta is not null and (i.location_id, c.kind, c.entity_id) in (select * from unnest(
        ${texts(rows.map((row) => row.locationId))}, ${texts(rows.map((row) => row.kind))},
        ${texts(rows.map((row) => row.entityId))}))
      order by i.seq`,
  )
  const found = new Map<string, Record<string, [unknown, unknown]>[]>()
  for (const row of later) found.set(keyOf(row), [...(found.get(keyOf(row)) ?? []), row.delta])
  return found
}

export const keyOf = ({ locationId, kind, entityId }: Pick<Committed, 'locationId' | 'kind' | 'entityId'>) =>
  `${locationId} ${kind} ${entityId}`

/** A document as it was before a change. */
export function undone(document: RecordDocument, delta: Record<string, [unknown, unknown]>): RecordDocument {
  const before = { ...document }
  for (const [name, [value]] of Object.entries(delta))
    if (value === null) delete before[name]
    else before[name] = value
  return before
}
