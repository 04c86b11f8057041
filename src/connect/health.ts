import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import type { Endpoint } from './endpoints.ts'

/** How it goes with an endpoint. */
export interface Health {
  /** Deliveries that wait, `MOST_COUNTED` at most. */
  waiting: number
  /** The next attempt of what waits; it may have passed. */
  nextAttemptAt: Date | null
  /** Deliveries that were given up, `MOST_COUNTED` at most. */
  failed: number
  /** When the newest delivery was tried last, and what it was answered; null: it was not called yet. */
  lastAttemptAt: Date | null
  lastStatus: number | null
}

/** Nobody reads more of a number, and counting takes as long as there are rows. */
export const MOST_COUNTED = 10_000
/** Of the newest deliveries, those that were not tried yet are passed over. */
const LOOKED_THROUGH = 100

const UNKNOWN: Health = { waiting: 0, nextAttemptAt: null, failed: 0, lastAttemptAt: null, lastStatus: null }

/** By `location endpoint`. Everything is asked of indexes that end where the answer does. */
export async function readHealth(
  db: Db,
  endpoints: readonly Pick<Endpoint, 'locationId' | 'id'>[],
): Promise<(endpoint: Pick<Endpoint, 'locationId' | 'id'>) => Health> {
  const rows = await query(
    db,
    sql<Health & { locationId: string; id: string }>`
      select e.location_id as "locationId", e.id, w.waiting, w.next as "nextAttemptAt", f.failed,
        (l.attempt->>'at')::timestamptz as "lastAttemptAt", (l.attempt->>'status')::int as "lastStatus"
      from unnest(${texts(endpoints.map((one) => one.locationId))}, ${texts(endpoints.map((one) => one.id))})
        e(location_id, id)
      cross join lateral (select count(*)::int as waiting, min(due_at) as next from (
        select d.due_at from webhook_delivery d where d.location_id = e.location_id and d.endpoint_id = e.id
          and d.state = 'waiting' order by d.due_at limit ${MOST_COUNTED}) d) w
      cross join lateral (select count(*)::int as failed from (
        select 1 from webhook_delivery d where d.location_id = e.location_id and d.endpoint_id = e.id
          and d.state = 'failed' limit ${MOST_COUNTED}) d) f
      left join lateral (select d.attempts->-1 as attempt from (
        select d.id, d.attempts from webhook_delivery d where d.location_id = e.location_id and d.endpoint_id = e.id
          order by d.id desc limit ${LOOKED_THROUGH}) d
        where d.attempts <> '[]' order by d.id desc limit 1) l on true`,
  )
  const known = new Map(rows.map(({ locationId, id, ...health }) => [`${locationId} ${id}`, health]))
  return ({ locationId, id }) => known.get(`${locationId} ${id}`) ?? UNKNOWN
}
