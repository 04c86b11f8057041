import { sql } from 'kysely'
import { type Db, json, query, type Tx, texts } from '../db/pool.ts'
import type { Attempt } from './deliveries.ts'
import type { Off } from './endpoints.ts'
import type { Outcome } from './outcomes.ts'

/** A delivery that this worker has under way. */
export interface Leased {
  locationId: string
  id: string
  endpointId: string
  url: string
  body: string
  tries: number
}

/** More than patience: whoever does not come back in time is no more. */
const LEASE_MS = 30_000

export interface Room {
  locationId: string
  id: string
  /** How many more may be under way. */
  free: number
}

/**
 * Takes what is due: of each endpoint as much as there is room for, the longest due first; of an ordered one what waits
 * for nothing of the same record. `rooms`: endpoints that have something under way; others have room for `first`.
 */
export function lease(
  db: Db,
  {
    rooms,
    first,
    most,
    nowMs,
    name,
  }: { rooms: readonly Room[]; first: number; most: number; nowMs: number; name: string },
): Promise<Leased[]> {
  const now = new Date(nowMs)
  return query(
    db,
    sql<Leased>`
      with room as (
        select * from unnest(${texts(rooms.map((one) => one.locationId))}, ${texts(rooms.map((one) => one.id))},
          ${rooms.map(({ free }) => free)}::int[]) r(location_id, id, free)
      ), ready as (
        select e.location_id, e.id, e.url, e.ordered, coalesce(r.free, ${first}::int) as free
        from webhook_endpoint e left join room r on r.location_id = e.location_id and r.id = e.id
        where e.off is null and (e.held_until is null or e.held_until <= ${now}) and coalesce(r.free, 1) > 0
          and exists (select 1 from webhook_delivery d where d.location_id = e.location_id and d.endpoint_id = e.id
            and d.state = 'waiting' and d.due_at <= ${now})
        -- Nobody is always the last one where there is not room for all.
        order by random()
      ), taken as (
        select d.location_id, d.id, e.url from ready e cross join lateral (
          select d.location_id, d.id from webhook_delivery d
          where d.location_id = e.location_id and d.endpoint_id = e.id and d.state = 'waiting' and d.due_at <= ${now}
            and (not e.ordered or not exists (select 1 from webhook_delivery p
              where p.location_id = d.location_id and p.endpoint_id = d.endpoint_id and p.subject = d.subject
                and p.state = 'waiting' and p.seq < d.seq))
          order by d.due_at, d.seq limit e.free for update skip locked
        ) d limit ${most}
      )
      update webhook_delivery d set lease = ${name}::uuid, due_at = ${new Date(nowMs + LEASE_MS)}
      from taken t where d.location_id = t.location_id and d.id = t.id
      returning d.location_id as "locationId", d.id, d.endpoint_id as "endpointId", t.url, d.body, d.tries`,
  )
}

export interface Ended extends Outcome {
  leased: Leased
  attempt: Attempt
}

/** Writes down what came of deliveries. What was taken over by another worker is that one's, unless it has arrived. */
export async function settle(tx: Tx, ended: readonly Ended[], { name, nowMs }: { name: string; nowMs: number }) {
  const rows = ended.map(({ leased, attempt, state, dueAtMs }) => ({
    locationId: leased.locationId,
    id: leased.id,
    state,
    dueAt: new Date(dueAtMs).toISOString(),
    attempt,
  }))
  await sql`
    update webhook_delivery d set state = r->>'state', lease = null, tries = d.tries + 1,
      due_at = (r->>'dueAt')::timestamptz, attempts = d.attempts || jsonb_build_array(r->'attempt'),
      ended_at = case when r->>'state' <> 'waiting' then ${new Date(nowMs)}::timestamptz end
    from jsonb_array_elements(${json(rows)}) r
    where d.location_id = r->>'locationId' and d.id = (r->>'id')::uuid and d.state = 'waiting'
      and (d.lease = ${name}::uuid or r->>'state' = 'delivered')`.execute(tx)
  const held = ended.flatMap(({ leased, heldUntilMs }) =>
    heldUntilMs === null ? [] : [{ ...placeOf(leased), until: new Date(heldUntilMs).toISOString() }],
  )
  if (held.length > 0)
    await sql`
      update webhook_endpoint e set held_until = greatest(e.held_until, h.until)
      from (select h->>'locationId' as location_id, h->>'id' as id, h->>'url' as url,
          max((h->>'until')::timestamptz) as until
        from jsonb_array_elements(${json(held)}) h group by 1, 2, 3) h
      where e.location_id = h.location_id and e.id = h.id and e.url = h.url`.execute(tx)
}

/** What an address said is of no account for an endpoint that has got another one since. */
const placeOf = ({ locationId, endpointId, url }: Leased) => ({ locationId, id: endpointId, url })

export interface SwitchedOff {
  id: string
  locationId: string
  appId: string | null
  agencyId: string
  name: string
  off: Off
}

/** Switches endpoints off that are on. Answers those that were. */
export function switchOff(tx: Tx, ended: readonly Ended[], nowMs: number): Promise<SwitchedOff[]> {
  const gone = ended.flatMap(({ leased, off }) => (off === null ? [] : [{ ...placeOf(leased), off }]))
  if (gone.length === 0) return Promise.resolve([])
  return query(
    tx,
    sql<SwitchedOff>`
      update webhook_endpoint e set off = g.off, updated_at = ${new Date(nowMs)}
      from (select distinct on (1, 2, 3) g->>'locationId' as location_id, g->>'id' as id, g->>'url' as url,
          g->>'off' as off
        from jsonb_array_elements(${json(gone)}) g order by 1, 2, 3) g
      where e.location_id = g.location_id and e.id = g.id and e.url = g.url and e.off is null
      returning e.id, e.location_id as "locationId", e.app_id as "appId", e.agency_id as "agencyId", e.name, e.off`,
  )
}
