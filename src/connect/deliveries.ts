import { type RawBuilder, sql } from 'kysely'
import { announce } from '../db/announce.ts'
import { type Db, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { isUuid } from '../ids.ts'
import type { Endpoint } from './endpoints.ts'

/** The topic of notices that there is something to deliver. */
export const DELIVERIES_DUE = 'webhooks due'

export interface NewDelivery {
  locationId: string
  endpointId: string
  id: string
  event: string
  subject: string
  body: string
}

/** One time that a receiver was called. */
export interface Attempt {
  at: string
  url: string
  durationMs: number
  /** Null: there was no answer. */
  status: number | null
  /** The beginning of what was answered. */
  answer: string
  /** Why there was no answer. */
  error: string | null
}

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

export interface Delivery {
  id: string
  endpointId: string
  event: string
  /** Kind and id of what it tells of. */
  subject: string
  /** Where that is. */
  subjectLocation: string
  state: DeliveryState
  dueAt: Date
  isUnderWay: boolean
  attemptCount: number
  lastStatus: number | null
  createdAt: Date
  endedAt: Date | null
}

const AT_ONCE = 1_000

/** In their order. They are due at once. */
export async function addDeliveries(tx: Tx, deliveries: readonly NewDelivery[], atMs: number): Promise<void> {
  for (let from = 0; from < deliveries.length; from += AT_ONCE) {
    const some = deliveries.slice(from, from + AT_ONCE)
    const column = (name: keyof NewDelivery) => texts(some.map((one) => one[name]))
    await sql`
      insert into webhook_delivery (location_id, id, endpoint_id, event, subject, body, state, due_at, tries, attempts,
        created_at)
      select n.location_id, n.id::uuid, n.endpoint_id, n.event, n.subject, n.body, 'waiting', ${new Date(atMs)}, 0, '[]',
        ${new Date(atMs)}
      from unnest(${column('locationId')}, ${column('id')}, ${column('endpointId')}, ${column('event')},
        ${column('subject')}, ${column('body')}) with ordinality
        n(location_id, id, endpoint_id, event, subject, body, place)
      order by n.place`.execute(tx)
  }
  if (deliveries.length > 0) await announce(tx, DELIVERIES_DUE)
}

const DELIVERY = sql`d.id, d.endpoint_id as "endpointId", d.event, d.subject,
    coalesce(d.body::jsonb->>'locationId', d.location_id) as "subjectLocation", d.state, d.due_at as "dueAt",
    d.lease is not null as "isUnderWay", jsonb_array_length(d.attempts) as "attemptCount",
    (d.attempts->-1->>'status')::int as "lastStatus", d.created_at as "createdAt", d.ended_at as "endedAt"`

type Place = Pick<Endpoint, 'locationId' | 'id'>

const isOf = ({ locationId, id }: Place): RawBuilder<unknown> =>
  sql`d.location_id = ${locationId} and d.endpoint_id = ${id}`

export interface DeliveryFilter {
  state?: DeliveryState | undefined
  event?: string | undefined
  /** Made then or later. */
  since?: Date | undefined
  /** The last of the page before. */
  before?: string | undefined
  limit: number
}

/** The newest first. */
export function listDeliveries(
  db: Db,
  place: Place,
  { state, event, since, before, limit }: DeliveryFilter,
): Promise<Delivery[]> {
  return query(
    db,
    sql<Delivery>`
      select ${DELIVERY} from webhook_delivery d where ${isOf(place)}
        and (${state ?? null}::text is null or d.state = ${state ?? null})
        and (${event ?? null}::text is null or d.event = ${event ?? null})
        and (${since ?? null}::timestamptz is null or d.created_at >= ${since ?? null})
        and (${before ?? null}::uuid is null or d.id < ${before ?? null}::uuid)
      order by d.id desc limit ${limit}`,
  )
}

/** How many there are in each state. */
export async function countDeliveries(
  db: Db,
  place: Place,
  { event, since }: Pick<DeliveryFilter, 'event' | 'since'>,
): Promise<Record<DeliveryState, number>> {
  const rows = await query(
    db,
    sql<{ state: DeliveryState; count: number }>`
      select d.state, count(*)::int as count from webhook_delivery d where ${isOf(place)}
        and (${event ?? null}::text is null or d.event = ${event ?? null})
        and (${since ?? null}::timestamptz is null or d.created_at >= ${since ?? null})
      group by d.state`,
  )
  const counts = new Map(rows.map(({ state, count }) => [state, count]))
  const of = (state: DeliveryState) => counts.get(state) ?? 0
  return { waiting: of('waiting'), delivered: of('delivered'), failed: of('failed') }
}

/** With what is sent, and what came of it. */
export async function getDelivery(
  db: Db,
  place: Place,
  id: string,
): Promise<Delivery & { body: string; attempts: Attempt[] }> {
  const row = isUuid(id)
    ? await queryOne(
        db,
        sql<Delivery & { body: string; attempts: Attempt[] }>`
          select ${DELIVERY}, d.body, d.attempts from webhook_delivery d where ${isOf(place)} and d.id = ${id}::uuid`,
      )
    : null
  if (row === null) throw new AppError('not_found', { what: 'delivery', id })
  return row
}

export type Replay = { id: string } | { failed: true } | { since: Date }

/** Sends again, as if for the first time, under the same id. Answers how many. What is under way is left alone. */
export async function replay(tx: Tx, place: Place, which: Replay, atMs: number): Promise<number> {
  const meant =
    'id' in which
      ? sql`d.id = ${which.id}::uuid and d.lease is null`
      : 'failed' in which
        ? sql`d.state = 'failed'`
        : sql`d.state <> 'waiting' and d.created_at >= ${which.since}`
  const rows = await query(
    tx,
    sql`
      update webhook_delivery d set state = 'waiting', due_at = ${new Date(atMs)}, tries = 0, ended_at = null, lease = null
      where ${isOf(place)} and ${meant} returning 1`,
  )
  if (rows.length > 0) await announce(tx, DELIVERIES_DUE)
  return rows.length
}

/** Whatever became of them. */
export async function forgetDeliveries(db: Db, beforeMs: number): Promise<void> {
  await sql`delete from webhook_delivery where created_at < ${new Date(beforeMs)}`.execute(db)
}
