import { type RawBuilder, sql } from 'kysely'
import { IS_INSTALLED } from '../auth/app-portals.ts'
import type { Caller } from '../auth/caller.ts'
import { isLetInto } from '../auth/installs.ts'
import { type Db, query, queryOne } from '../db/pool.ts'
import { invalid } from '../errors.ts'
import { SUBSCRIPTION, type Subscription } from './subscriptions.ts'

/** Files of one journal that are counted. */
export const MOST_FILES = 1_000

export interface Overview {
  caller: Pick<Caller, 'agencyId' | 'oauth' | 'person'>
  /** Only what is told of this one. */
  locationId?: string | undefined
  appId?: string | undefined
  limit: number
}

/** Locations `l` that the caller was let into, of those that are asked for. */
const reachOf = ({ caller, locationId }: Overview): RawBuilder<unknown> =>
  sql`l.agency_id = ${caller.agencyId} and l.deleted_at is null and ${isLetInto(caller)}
    and ${locationId === undefined ? sql`true` : sql`l.id = ${locationId}`}`

/** Apps `a` that are asked for: an app sees itself. */
const appsOf = ({ caller: { oauth }, appId }: Overview): RawBuilder<unknown> =>
  sql.join(
    [sql`true`, ...[appId, oauth?.appId].flatMap((id) => (id === undefined ? [] : sql`a.id = ${id}`))],
    sql` and `,
  )

export interface PlacedSubscription extends Subscription {
  appName: string
  locationName: string | null
  filterCount: number
  isInstalled: boolean
}

/** Who has what told of the caller's locations, and of the life of the agency's own apps; the newest first. */
export async function listListeners(
  db: Db,
  { after, ...overview }: Overview & { after?: number | undefined },
): Promise<PlacedSubscription[]> {
  const { caller, locationId = null, limit } = overview
  const meant = sql`journal_subscription s join app a on a.id = s.app_id left join location l on l.id = s.location_id
      where ${appsOf(overview)}
        and ((l.id is not null and ${reachOf(overview)})
          or (s.location_id = '' and a.agency_id = ${caller.agencyId} and ${locationId}::text is null))`
  const last =
    after === undefined
      ? null
      : await queryOne(db, sql<{ at: Date }>`select s.created_at as at from ${meant} and s.id = ${after}`)
  if (after !== undefined && last === null) throw invalid([`after: there is no subscription ${after}`])
  return query(
    db,
    sql<PlacedSubscription>`
      select ${SUBSCRIPTION}, a.name as "appName", l.name as "locationName",
        (select count(*)::int from journal_filter f where f.subscription_id = s.id) as "filterCount",
        case when l.id is null then a.withdrawn_at is null else ${IS_INSTALLED} end as "isInstalled"
      from ${meant} ${last === null ? sql`` : sql`and (s.created_at, s.id) < (${last.at}, ${after})`}
      order by s.created_at desc, s.id desc limit ${limit}`,
  )
}

/** Apps that are told of what happens in a location, and are there still. */
export function listeningApps(db: Db, locationId: string): Promise<{ id: string; name: string }[]> {
  return query(
    db,
    sql<{ id: string; name: string }>`
      select a.id, a.name from app a join location l on l.id = ${locationId} and l.deleted_at is null
      where ${IS_INSTALLED} and a.id in (select app_id from journal_subscription where location_id = ${locationId})
      order by a.name, a.id`,
  )
}

export interface Reader {
  appId: string
  appName: string
  /** Null: it reads the journal of all places where the app is. */
  locationId: string | null
  locationName: string | null
  /** Null: it keeps its place itself. */
  name: string | null
  offset: string | null
  /** Null: nobody has read yet. */
  at: Date | null
  files: number
  events: number
  /** The first that it has not read; null: it has read all. */
  nextOffset: string | null
}

/**
 * Who reads what is told of the caller's locations, and how much each has still to read: of its journal, where that is
 * the agency's own app's, or else of these locations alone. Apps that listen, and have never read, are among them.
 */
export function listReaders(db: Db, overview: Overview & { skip: number }): Promise<Reader[]> {
  const { caller, locationId = null, skip, limit } = overview
  return query(
    db,
    sql<Reader>`
      with reach as materialized (select l.id, l.name from location l where ${reachOf(overview)}),
      listening as materialized (
        select distinct s.app_id, s.location_id from journal_subscription s join reach on reach.id = s.location_id),
      known as materialized (
        select a.id, a.name, a.agency_id = ${caller.agencyId} as own from app a
        where ${appsOf(overview)} and (a.agency_id = ${caller.agencyId} or a.id in (select app_id from listening))),
      found as materialized (
        select k.id as app_id, k.name as app_name, k.own, c.location_id, r.name as location_name, c.name, c."offset",
          c.updated_at
        from known k join journal_consumer c on c.app_id = k.id left join reach r on r.id = c.location_id
        where r.id is not null or (c.location_id = ''
          and (${locationId}::text is null or k.id in (select app_id from listening)))
        union all
        select k.id, k.name, k.own, '', null, null, null, null from known k
        where not exists (select 1 from journal_consumer c where c.app_id = k.id
            and (c.location_id = '' or c.location_id in (select id from reach)))
          and (k.id in (select app_id from listening) or (${locationId}::text is null and k.own
            and exists (select 1 from journal_subscription s where s.app_id = k.id and s.location_id = '')))
        order by updated_at desc nulls last, app_id, location_id, name limit ${limit} offset ${skip})
      select f.app_id as "appId", f.app_name as "appName", nullif(f.location_id, '') as "locationId",
        f.location_name as "locationName", nullif(f.name, '') as name, f."offset", f.updated_at as at,
        unread.files, unread.events, unread.next as "nextOffset"
      from found f cross join lateral (
        select count(*)::int as files, coalesce(sum(u.event_count), 0)::int as events,
          (array_agg(u."offset" order by u."offset"))[1] as next
        from (
          (select s.event_count, s."offset" from journal_segment s
            where f.own and f.location_id = '' and ${locationId}::text is null and s.app_id = f.app_id
              and s."offset" > coalesce(f."offset", ${NOWHERE}::uuid)
            order by s."offset" limit ${MOST_FILES})
          union all
          select one.event_count, one."offset"
          from (
            select n.location_id from listening n where n.app_id = f.app_id and f.location_id = ''
              and not (f.own and ${locationId}::text is null)
            union all
            select f.location_id where f.location_id <> ''
          ) place cross join lateral (
            select l.event_count, l."offset" from journal_segment_location l
            where l.app_id = f.app_id and l.location_id = place.location_id
              and l."offset" > coalesce(f."offset", ${NOWHERE}::uuid)
            order by l."offset" limit ${MOST_FILES}
          ) one
        ) u
      ) unread
      order by f.updated_at desc nulls last, f.app_id, f.location_id, f.name`,
  )
}

/** Before every offset. */
const NOWHERE = '00000000-0000-0000-0000-000000000000'
