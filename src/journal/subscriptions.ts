import { type RawBuilder, sql } from 'kysely'
import { announce } from '../db/announce.ts'
import { type Db, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { newObjectId } from '../ids.ts'
import { JOURNAL_WORK } from './requests.ts'

export const SUBSCRIPTION_TYPES = [
  'OBJECT',
  'ASSOCIATION',
  'LIST_MEMBERSHIP',
  'GDPR_PRIVACY_DELETION',
  'APP_LIFECYCLE_EVENT',
] as const
export type SubscriptionType = (typeof SUBSCRIPTION_TYPES)[number]

/** What can be asked for, by type (wire/hubspot.md, "Shapes"). */
export const ACTIONS: Readonly<Record<SubscriptionType, readonly string[]>> = {
  OBJECT: ['CREATE', 'UPDATE', 'DELETE', 'MERGE', 'RESTORE', 'SNAPSHOT'],
  ASSOCIATION: ['ASSOCIATION_ADDED', 'ASSOCIATION_REMOVED'],
  LIST_MEMBERSHIP: ['ADDED_TO_LIST', 'REMOVED_FROM_LIST'],
  GDPR_PRIVACY_DELETION: ['GDPR_DELETE'],
  APP_LIFECYCLE_EVENT: ['APP_INSTALL', 'APP_UNINSTALL'],
}

/** What is to be told to an app. Empty lists: all. */
export interface Wish {
  appId: string
  /** Empty: the app's own life. */
  locationId: string
  type: SubscriptionType
  objectTypeId: string
  eventTypeId: string
  actions: readonly string[]
  properties: readonly string[]
  objectIds: readonly string[]
  associatedObjectTypeIds: readonly string[]
  listIds: readonly string[]
  excludesOwn: boolean
  /** The object scopes that whoever asked was narrowed to; null: those of the app. */
  scopes: readonly string[] | null
}

export interface Subscription extends Wish {
  id: number
  createdAt: Date
  updatedAt: Date
  /** Null: of no location. */
  portalId: number | null
}

export const SUBSCRIPTION = sql`s.id, s.app_id as "appId", s.location_id as "locationId", s.type, s.object_type_id as "objectTypeId",
    s.event_type_id as "eventTypeId", s.actions, s.properties, s.object_ids as "objectIds",
    s.associated_object_type_ids as "associatedObjectTypeIds", s.list_ids as "listIds",
    s.excludes_own as "excludesOwn", s.scopes, s.created_at as "createdAt", s.updated_at as "updatedAt",
    (select l.portal_id from location l where l.id = s.location_id) as "portalId"`

/** A number between those of what has happened before and after: no clock tells which was which. */
export const MARK = sql`insert into journal_inbox (location_id) values ('') returning seq`

/** The same app, portal, type and object type again: the one that is there becomes what is wished now. */
export async function upsertSubscription(tx: Tx, wish: Wish, atMs: number): Promise<Subscription> {
  const at = new Date(atMs)
  const row = await queryOne(
    tx,
    sql<Subscription>`
      with mark as (${MARK})
      insert into journal_subscription as s (id, app_id, location_id, type, object_type_id, event_type_id, actions,
        properties, object_ids, associated_object_type_ids, list_ids, excludes_own, scopes, since, created_at, updated_at)
      values (${newObjectId()}, ${wish.appId}, ${wish.locationId}, ${wish.type}, ${wish.objectTypeId},
        ${wish.eventTypeId}, ${texts(wish.actions)}, ${texts(wish.properties)}, ${texts(wish.objectIds)},
        ${texts(wish.associatedObjectTypeIds)}, ${texts(wish.listIds)}, ${wish.excludesOwn},
        ${wish.scopes === null ? null : texts(wish.scopes)}, (select seq from mark), ${at},
        ${at})
      on conflict (app_id, location_id, type, object_type_id, event_type_id) do update
        set actions = excluded.actions, properties = excluded.properties, object_ids = excluded.object_ids,
          associated_object_type_ids = excluded.associated_object_type_ids, list_ids = excluded.list_ids,
          excludes_own = excluded.excludes_own, scopes = excluded.scopes, updated_at = excluded.updated_at
      returning ${SUBSCRIPTION}`,
  )
  // Whoever writes the journal looks less often where nobody listens.
  await announce(tx, JOURNAL_WORK)
  return row as Subscription
}

const select = (condition: RawBuilder<unknown>) =>
  sql<Subscription>`select ${SUBSCRIPTION} from journal_subscription s where ${condition} order by s.created_at, s.id`

export function listSubscriptions(db: Db, appId: string): Promise<Subscription[]> {
  return query(db, select(sql`s.app_id = ${appId}`))
}

export function findSubscription(db: Db, appId: string, id: number): Promise<Subscription | null> {
  return queryOne(db, select(sql`s.app_id = ${appId} and s.id = ${id}`))
}

export function countSubscriptions(db: Db, appId: string): Promise<number> {
  return queryOne(
    db,
    sql<{ n: number }>`select count(*)::int as n from journal_subscription where app_id = ${appId}`,
  ).then((row) => row?.n ?? 0)
}

/** What goes, with its filters. Answers how many there were. */
async function deleteWhere(tx: Tx, condition: RawBuilder<unknown>): Promise<number> {
  const gone = await query(
    tx,
    sql<{ id: number }>`
      with gone as (delete from journal_subscription s where ${condition} returning id),
        filters as (delete from journal_filter where subscription_id in (select id from gone))
      select id from gone`,
  )
  return gone.length
}

export const deleteSubscription = (tx: Tx, appId: string, id: number): Promise<number> =>
  deleteWhere(tx, sql`s.app_id = ${appId} and s.id = ${id}`)

export const deleteSubscriptionsOf = (tx: Tx, appId: string, locationId: string): Promise<number> =>
  deleteWhere(tx, sql`s.app_id = ${appId} and s.location_id = ${locationId}`)

export interface Condition {
  filterType: 'CRM_OBJECT_PROPERTY'
  property: string
  operator: string
  value?: string
  values?: string[]
}

export interface Filter {
  id: number
  subscriptionId: number
  conditions: Condition[]
  createdAt: Date
}

const FILTER = sql`id, subscription_id as "subscriptionId", conditions, created_at as "createdAt"`

export async function createFilter(
  tx: Tx,
  { appId, id }: Pick<Subscription, 'appId' | 'id'>,
  conditions: readonly Condition[],
  atMs: number,
): Promise<Filter> {
  const row = await queryOne(
    tx,
    sql<Filter>`
      with mark as (${MARK})
      insert into journal_filter (id, subscription_id, app_id, conditions, since, created_at)
      values (${newObjectId()}, ${id}, ${appId}, ${JSON.stringify(conditions)}::jsonb, (select seq from mark),
        ${new Date(atMs)})
      returning ${FILTER}`,
  )
  return row as Filter
}

export function listFilters(db: Db, appId: string, subscriptionId: number): Promise<Filter[]> {
  return query(
    db,
    sql<Filter>`select ${FILTER} from journal_filter where app_id = ${appId} and subscription_id = ${subscriptionId}
      order by created_at, id`,
  )
}

export function findFilter(db: Db, appId: string, id: number): Promise<Filter | null> {
  return queryOne(db, sql<Filter>`select ${FILTER} from journal_filter where app_id = ${appId} and id = ${id}`)
}

export async function deleteFilter(tx: Tx, appId: string, id: number): Promise<boolean> {
  const gone = await query(tx, sql`delete from journal_filter where app_id = ${appId} and id = ${id} returning 1`)
  return gone.length > 0
}

/** A subscription as events are held against it. */
export interface Listener extends Wish {
  /** What has a lower number happened before. */
  since: number
  /** One of them is enough; none: everything passes. Of what happened before it was there, a filter says nothing. */
  filters: readonly { since: number; conditions: readonly Condition[] }[]
}

/** One whose app is where it listens. */
export interface Admitted extends Listener {
  /** What the app was granted there. */
  granted: readonly string[]
}

/** Who wants to know what happens in these locations (the empty one: to apps), where the app still is. */
export function listenersOf(db: Db, locationIds: readonly string[]): Promise<Listener[]> {
  return query(
    db,
    sql<Listener>`
      select ${SUBSCRIPTION}, s.since, coalesce((select jsonb_agg(jsonb_build_object('conditions', f.conditions,
        'since', f.since)) from journal_filter f
        where f.subscription_id = s.id), '[]') as filters
      from journal_subscription s where s.location_id = any(${texts(locationIds)}) order by s.id`,
  )
}
