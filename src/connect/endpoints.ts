import { type RawBuilder, sql } from 'kysely'
import type { Caller } from '../auth/caller.ts'
import { isLetInto } from '../auth/installs.ts'
import { addWebhookSecret } from '../auth/webhook-secrets.ts'
import { announce } from '../db/announce.ts'
import { holdsText } from '../db/folded-text.ts'
import { type Db, json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { AppError, invalid } from '../errors.ts'
import { newId } from '../ids.ts'
import { JOURNAL_WORK, MARK } from '../journal/index.ts'

/** Whose endpoints: a location's own, or those of an app, wherever it is installed. */
export type EndpointOwner = { locationId: string; appId: null } | { locationId: ''; appId: string }

/** An event that is told; of changes, only where one of these fields is another. */
export interface EventWish {
  type: string
  fields?: string[]
}

/** Why an endpoint is not called: somebody said so, it answered 410, or all that was tried failed. */
export type Off = 'person' | 'gone' | 'failing'

export interface Endpoint {
  locationId: string
  id: string
  appId: string | null
  agencyId: string
  name: string
  url: string
  /** None: all. */
  events: EventWish[]
  scopes: string[]
  ordered: boolean
  off: Off | null
  heldUntil: Date | null
  since: number
  createdAt: Date
  updatedAt: Date
}

export type EndpointChanges = Partial<Pick<Endpoint, 'name' | 'url' | 'events' | 'scopes' | 'ordered' | 'off'>>

/** Of a location, or of an app. */
export const MOST_ENDPOINTS = 100

export const ENDPOINT = sql`e.location_id as "locationId", e.id, e.app_id as "appId", e.agency_id as "agencyId", e.name,
    e.url, e.events, e.scopes, e.ordered, e.off, e.held_until as "heldUntil", e.since, e.created_at as "createdAt",
    e.updated_at as "updatedAt"`

const isOwn = ({ locationId, appId }: EndpointOwner): RawBuilder<unknown> =>
  sql`e.location_id = ${locationId} and e.app_id is not distinct from ${appId}`

/** Its secret can be read from this answer only. */
export async function createEndpoint(
  tx: Tx,
  owner: EndpointOwner,
  wish: Pick<Endpoint, 'agencyId' | 'name' | 'url' | 'events' | 'scopes' | 'ordered'>,
  atMs: number,
): Promise<{ endpoint: Endpoint; secret: string }> {
  const at = new Date(atMs)
  const row = await queryOne(
    tx,
    sql<Endpoint>`
      with mark as (${MARK})
      insert into webhook_endpoint as e (location_id, id, app_id, agency_id, name, url, events, scopes, ordered, since,
        created_at, updated_at)
      values (${owner.locationId}, ${newId()}, ${owner.appId}, ${wish.agencyId}, ${wish.name}, ${wish.url},
        ${json(wish.events)}, ${texts(wish.scopes)}, ${wish.ordered}, (select seq from mark), ${at}, ${at})
      returning ${ENDPOINT}`,
  )
  const endpoint = row as Endpoint
  // Whoever writes the journal looks less often where nobody listens.
  await announce(tx, JOURNAL_WORK)
  return { endpoint, secret: await addWebhookSecret(tx, endpoint, { atMs, overlapMs: 0 }) }
}

export function listEndpoints(db: Db, owner: EndpointOwner): Promise<Endpoint[]> {
  return query(
    db,
    sql<Endpoint>`select ${ENDPOINT} from webhook_endpoint e where ${isOwn(owner)} order by e.created_at, e.id`,
  )
}

export interface EndpointFilter {
  /** Part of its name, its address, or what its location or app is called. */
  text?: string | undefined
  isOn?: boolean | undefined
  /** The last of the page before. */
  after?: string | undefined
  limit: number
}

export interface PlacedEndpoint extends Endpoint {
  locationName: string | null
  appName: string | null
}

/** Those of all locations of the caller's agency that they were let into, and of the agency's apps; the newest first. */
export async function listAllEndpoints(
  db: Db,
  caller: Caller,
  { text, isOn, after, limit }: EndpointFilter,
): Promise<PlacedEndpoint[]> {
  const { agencyId, oauth } = caller
  const last =
    after === undefined
      ? null
      : await queryOne(
          db,
          sql<{ at: Date }>`select created_at as at from webhook_endpoint
            where id = ${after} and agency_id = ${agencyId}`,
        )
  if (after !== undefined && last === null) throw invalid([`after: ${after} is no webhook of the agency`])
  const conditions = [
    sql`e.agency_id = ${agencyId}`,
    sql`((l.id is not null and l.agency_id = e.agency_id and l.deleted_at is null and ${isLetInto(caller)})
      or (p.id is not null and p.agency_id = e.agency_id and (${oauth?.appId ?? null}::text is null or p.id = ${oauth?.appId ?? null})))`,
    ...(isOn === undefined ? [] : [sql`(e.off is null) = ${isOn}`]),
    ...(text === undefined ? [] : [holdsText(sql`concat_ws(' ', e.name, e.url, l.name, p.name)`, text)]),
    ...(last === null ? [] : [sql`(e.created_at, e.id) < (${last.at}, ${after})`]),
  ]
  return query(
    db,
    sql<PlacedEndpoint>`
      select ${ENDPOINT}, l.name as "locationName", p.name as "appName" from webhook_endpoint e
      left join location l on l.id = e.location_id left join app p on p.id = e.app_id
      where ${sql.join(conditions, sql` and `)} order by e.created_at desc, e.id desc limit ${limit}`,
  )
}

export async function countEndpoints(db: Db, owner: EndpointOwner): Promise<number> {
  const row = await queryOne(
    db,
    sql<{ n: number }>`select count(*)::int as n from webhook_endpoint e where ${isOwn(owner)}`,
  )
  return row?.n ?? 0
}

/** Into which of these locations something comes, and of which somebody is told. */
export async function findConnected(db: Db, locationIds: readonly string[]): Promise<Set<string>> {
  const rows = await query(
    db,
    sql<{ id: string }>`
      select l.id from unnest(${texts(locationIds)}) l(id)
      where exists (select 1 from connection c where c.location_id = l.id)
        or exists (select 1 from webhook_endpoint e where e.location_id = l.id and e.app_id is null)`,
  )
  return new Set(rows.map(({ id }) => id))
}

/** What one of an agency is called, be it of an app or of a location. */
export async function findEndpointName(db: Db, agencyId: string, id: string): Promise<string | null> {
  const row = await queryOne(
    db,
    sql<{ name: string }>`
      select e.name from (select '' as id union all select id from location where agency_id = ${agencyId}) l
      join webhook_endpoint e on e.location_id = l.id and e.id = ${id} where e.agency_id = ${agencyId}`,
  )
  return row?.name ?? null
}

/** The location of the caller's agency that has this endpoint: for agency tokens that name an id only. */
export async function locateEndpoint(db: Db, caller: Caller, id: string): Promise<EndpointOwner> {
  const row = await queryOne(
    db,
    sql<{ locationId: string }>`
      select l.id as "locationId" from location l join webhook_endpoint e on e.location_id = l.id and e.id = ${id}
      where l.agency_id = ${caller.agencyId} and l.deleted_at is null and ${isLetInto(caller)}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'webhook', id })
  return { locationId: row.locationId, appId: null }
}

export async function getEndpoint(
  db: Db,
  owner: EndpointOwner,
  id: string,
  { hold = false }: { hold?: boolean } = {},
): Promise<Endpoint> {
  const row = await queryOne(
    db,
    sql<Endpoint>`select ${ENDPOINT} from webhook_endpoint e where ${isOwn(owner)} and e.id = ${id}
      ${hold ? sql`for update` : sql``}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'webhook', id })
  return row
}

/**
 * One that is switched on again, or is somewhere else now, is called at once with what has waited: a pause was asked for
 * by whoever was there before.
 */
export async function updateEndpoint(
  tx: Tx,
  { locationId, id, ...known }: Endpoint,
  changes: EndpointChanges,
  atMs: number,
): Promise<Endpoint> {
  const next = { ...known, ...changes }
  const isBack = (known.off !== null && next.off === null) || next.url !== known.url
  const row = await queryOne(
    tx,
    sql<Endpoint>`
      update webhook_endpoint e set name = ${next.name}, url = ${next.url}, events = ${json(next.events)},
        scopes = ${texts(next.scopes)}, ordered = ${next.ordered}, off = ${next.off},
        held_until = ${isBack ? null : next.heldUntil}, updated_at = ${new Date(atMs)}
      where e.location_id = ${locationId} and e.id = ${id} returning ${ENDPOINT}`,
  )
  if (isBack) {
    await sql`update webhook_delivery set due_at = ${new Date(atMs)} where location_id = ${locationId}
        and endpoint_id = ${id} and state = 'waiting' and lease is null`.execute(tx)
    await announce(tx, JOURNAL_WORK)
  }
  return row as Endpoint
}

/** With its log. */
export async function deleteEndpoint(tx: Tx, { locationId, id }: Endpoint): Promise<void> {
  await sql`
    with gone as (delete from webhook_endpoint where location_id = ${locationId} and id = ${id}),
      secrets as (delete from webhook_secret where location_id = ${locationId} and endpoint_id = ${id})
    delete from webhook_delivery where location_id = ${locationId} and endpoint_id = ${id}`.execute(tx)
}
