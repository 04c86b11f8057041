import { sql } from 'kysely'
import { query, type Tx, texts } from '../db/pool.ts'
import type { RecordDocument } from '../store/records/index.ts'

/** Rows of one round. */
export const MOST_ROWS = 5_000

/** Something that has committed and was not yet told: a change with its record, or what is no change of one. */
export interface Committed {
  seq: number
  /** In which it is told; empty: in none, but to apps. */
  locationId: string
  /** Whose it is: that location, or the agency of a user. */
  under: string
  event: Life | null
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
  /** Of an asset: its contents. */
  beforeHash: string | null
  afterHash: string | null
  objectId: number | null
  document: RecordDocument | null
  createdAt: Date | null
}

/** The life of an app, or of a location. */
export type Life = AppLife | LocationLife

export interface AppLife {
  appId: string
  agencyId: string
  /** Empty: in the agency, with its locations. */
  locationId: string
  /** Who installed it. */
  userId?: string
  action: 'APP_INSTALL' | 'APP_UNINSTALL'
}

export interface LocationLife {
  agencyId: string
  locationId: string
  name: string
  email: string | null
  /** Names of what is another. */
  changed: string[]
  action: 'LOCATION_CREATE' | 'LOCATION_UPDATE'
}

export const isOfApp = (event: Life | null): event is AppLife => event !== null && 'appId' in event

/**
 * Takes what is to be told next, in order. What this transaction tells is told for good; else it is there again.
 * `isMore`: there is more than one round tells.
 */
export async function takeCommitted(tx: Tx, kinds: readonly string[]): Promise<{ rows: Committed[]; isMore: boolean }> {
  const rows = await query(
    tx,
    sql<Committed & { taken: number }>`
      with taken as (
        delete from journal_inbox i using (select location_id, seq from journal_inbox order by seq limit ${MOST_ROWS}) n
        where i.location_id = n.location_id and i.seq = n.seq
        returning i.location_id, i.seq, i.change_id, i.event, coalesce(i.stands_under, i.location_id) as under
      )
      select t.seq, t.location_id as "locationId", t.under, t.event, c.id, c.kind, c.entity_id as "entityId", c.op, c.delta,
        c.actor, c.cause, coalesce(c.at, now()) as at, encode(c.before_hash, 'hex') as "beforeHash",
        encode(c.after_hash, 'hex') as "afterHash", r.object_id as "objectId", r.doc as document, r.created_at as "createdAt",
        (select count(*) from taken)::int as taken
      from taken t
        left join change c on c.location_id = t.under and c.id = t.change_id
        left join record r on r.location_id = c.location_id and r.kind = c.kind and r.id = c.entity_id
      where t.event is not null or c.kind = any(${texts(kinds)})
      order by t.seq`,
  )
  return { rows, isMore: rows[0]?.taken === MOST_ROWS }
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

/** Of those that were forgotten: whose deletion has been told before. */
export async function deletedBefore(tx: Tx, rows: readonly Committed[]): Promise<ReadonlySet<Committed>> {
  const forgotten = rows.filter(({ op }) => op === 'gdpr_delete')
  if (forgotten.length === 0) return new Set()
  const found = await query(
    tx,
    sql<{ place: number }>`
      select f.place::int as place
      from unnest(${texts(forgotten.map(({ under }) => under))}, ${texts(forgotten.map(({ kind }) => kind))},
          ${texts(forgotten.map(({ entityId }) => entityId))}, ${texts(forgotten.map(({ id }) => id))}::uuid[])
          with ordinality as f (location_id, kind, entity_id, id, place),
        lateral (
          select op from change c
          where c.location_id = f.location_id and c.kind = f.kind and c.entity_id = f.entity_id and c.id < f.id
          order by c.id desc limit 1
        ) last
      where last.op = 'delete'`,
  )
  return new Set(found.map(({ place }) => forgotten[place - 1] as Committed))
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
