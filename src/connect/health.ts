import { sql } from 'kysely'
import { type Db, query, queryOne, texts } from '../db/pool.ts'
import type { Endpoint, Off } from './endpoints.ts'

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

/** Of all endpoints together, more is not counted one by one. */
const MOST_WATCHED = 100_000

/** How many deliveries wait, `MOST_WATCHED` at most. */
export async function countWaitingDeliveries(db: Db): Promise<number> {
  const row = await queryOne(
    db,
    sql<{ count: number }>`select count(*)::int as count from (
      select 1 from webhook_delivery where state = 'waiting' limit ${MOST_WATCHED}) d`,
  )
  return row?.count ?? 0
}

/** How long ago the delivery could have been sent that is due longest; 0 where none is due. */
export async function longestDeliveryDelay(db: Db): Promise<number> {
  const row = await queryOne(
    db,
    sql<{ seconds: number }>`
      select coalesce(extract(epoch from now() - min(d.due_at)), 0)::float as seconds
      from webhook_endpoint e cross join lateral (
        select w.due_at from (
          select d.location_id, d.endpoint_id, d.subject, d.seq, d.due_at from webhook_delivery d
          where d.location_id = e.location_id and d.endpoint_id = e.id and d.state = 'waiting' and d.due_at <= now()
          order by d.due_at, d.seq limit ${LOOKED_THROUGH}) w
        where not e.ordered or not exists (select 1 from webhook_delivery p where p.location_id = w.location_id
          and p.endpoint_id = w.endpoint_id and p.subject = w.subject and p.state = 'waiting' and p.seq < w.seq)
        order by w.due_at limit 1) d
      where e.off is null and (e.held_until is null or e.held_until <= now())`,
  )
  return row?.seconds ?? 0
}

/** How many are switched on, and how many off, by why. */
export async function countByState(db: Db): Promise<Record<'on' | Off, number>> {
  const rows = await query(
    db,
    sql<{ state: 'on' | Off; count: number }>`
      select coalesce(off, 'on') as state, count(*)::int as count from webhook_endpoint group by 1`,
  )
  const none = { on: 0, person: 0, gone: 0, failing: 0 }
  return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) }
}
