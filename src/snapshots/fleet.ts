import { type RawBuilder, sql } from 'kysely'
import { byFoldedText } from '../db/folded-text.ts'
import { type Db, query } from '../db/pool.ts'
import { driftedPairs, type Holder, isDriftOf, readHolder } from './drift.ts'

/** How a sub-account stands, the most pressing first. */
export const FLEET_STATES = ['running', 'failed', 'drifted', 'behind', 'current', 'none'] as const
export type FleetState = (typeof FLEET_STATES)[number]

export const FLEET_SORTS = ['name', 'state', 'drifted', 'behind', 'broken', 'lastPush', 'lastChange'] as const
export type FleetSort = (typeof FLEET_SORTS)[number]

/** Which locations are meant. */
export interface FleetFilter {
  agencyId: string
  /** Which are looked at: a condition on `l`. */
  within: RawBuilder<unknown>
  /** Only where this snapshot stands, and told of it alone. */
  snapshotId?: string | undefined
  state?: FleetState | undefined
  /** Only where references lead nowhere, or where none does. */
  hasBroken?: boolean | undefined
}

export interface FleetPage extends FleetFilter {
  sort: FleetSort
  order: 'asc' | 'desc'
  skip: number
  limit: number
}

export interface FleetRow {
  locationId: string
  locationName: string
  state: FleetState
  /** What stands there, by the snapshot's name; `latest` is the newest version that there is. */
  snapshots: {
    snapshotId: string
    name: string
    version: number
    latest: number
    status: string
    pushId: string
    pushedAt: string
  }[]
  /** Assets that the client edited or deleted since they were pushed. */
  drifted: number
  /** References that lead nowhere, as counted last; null: not counted yet. */
  broken: number | null
  lastPush: {
    pushId: string
    snapshotName: string | null
    version: number
    status: string
    isRollback: boolean
    at: string
  } | null
  lastChangeAt: Date | null
}

export interface Fleet {
  locations: FleetRow[]
  /** In each state, whatever state is asked for. */
  totals: Partial<Record<FleetState, number>>
  /** Those where references lead nowhere, in whichever state. */
  withBroken: number
}

/**
 * How each location stands. Whatever is asked for, the agency's targets and what has drifted are read once, in one
 * statement; the newest change of each is looked up for the rows of the page alone unless they are sorted by it.
 */
export async function readFleet(db: Db, page: FleetPage): Promise<Fleet> {
  const holder = await holderIn(db, page)
  const rows = await query(
    db,
    sql<Omit<FleetRow, 'locationId'> & { locationId: string | null } & Omit<Fleet, 'locations'>>`
      with ${statedSql(page, holder)}, total as (
        select coalesce(jsonb_object_agg(state, number), '{}') as totals,
          coalesce(sum(with_broken), 0)::int as with_broken
        from (select state, count(*) as number, count(*) filter (where broken > 0) as with_broken from stated
          group by state) counted
      ), page as (
        select s.*, row_number() over (order by ${orderSql(page)}) as position from stated s
        where ${page.state ?? null}::text is null or s.state = ${page.state ?? null}
        order by position limit ${page.limit} offset ${page.skip}
      )
      select p.id as "locationId", p.name as "locationName", p.state, p.drifted::int, p.broken,
        (select coalesce(jsonb_agg(${heldSql()} order by h.place), '[]')
          from unnest(p.push_ids) with ordinality h(id, place) join pushes b on b.id = h.id
          join push_target t on t.location_id = p.id and t.push_id = h.id) as snapshots,
        (select ${pushedSql()} from pushes b join push_target t on t.location_id = p.id and t.push_id = b.id
          where b.rank = p.last_rank) as "lastPush",
        ${newestChange(sql`p.id`)} as "lastChangeAt", total.totals, total.with_broken as "withBroken"
      from total left join page p on true order by p.position`,
  )
  const locations = rows.flatMap(({ totals: _, withBroken: __, locationId, ...row }) =>
    locationId === null ? [] : [{ locationId, ...row }],
  )
  return { locations, totals: rows[0]?.totals ?? {}, withBroken: rows[0]?.withBroken ?? 0 }
}

/** Whether the location `l` of an agency stands as somebody asks: a condition for lists of locations. */
export const isStanding = async (db: Db, meant: FleetFilter): Promise<RawBuilder<boolean>> => sql`l.id in (
  with ${statedSql(meant, await holderIn(db, meant))}
  select s.id from stated s where ${meant.state ?? null}::text is null or s.state = ${meant.state ?? null})`

/** The snapshot that is told of alone; null: all are. */
const holderIn = async (db: Db, { snapshotId }: FleetFilter): Promise<Holder | null> =>
  snapshotId === undefined ? null : readHolder(db, snapshotId)

/** Locations that are looked at, as `stated`: each with how it stands. */
const statedSql = (meant: FleetFilter, holder: Holder | null) => sql`
  loc as materialized (
    -- Who has no count never had an asset.
    select l.id, l.name, case when c.location_id is null then 0 else c.broken end as broken
    from (select id, name from location l where l.agency_id = ${meant.agencyId} and ${meant.within}) l
    left join broken_count c on c.location_id = l.id
    where ${meant.hasBroken ?? null}::boolean is null or (c.broken is not null and c.broken > 0) = ${meant.hasBroken ?? null}
  ), pushes as materialized (
    -- A rank of fixed width: the newest of many is the greatest text, whatever stands behind it.
    select p.id, p.snapshot_id, p.version, p.created_at, p.reverts, s.name, s.version as latest,
      lpad(row_number() over (order by p.created_at, p.id)::text, 9, '0') as rank,
      p.reverts is null and p.options->'only' is null and s.id is not null as may_stand
    from push p left join snapshot s on s.id = p.snapshot_id where p.agency_id = ${meant.agencyId}
  ), reached as materialized (
    select t.location_id, p.snapshot_id, max(p.rank || t.state) as newest,
      max(p.rank) filter (where p.may_stand and t.state in ('completed', 'partial')) as standing
    from push_target t join pushes p on p.id = t.push_id group by t.location_id, p.snapshot_id
  ), last as (
    select location_id, left(max(newest), 9) as rank, substr(max(newest), 10) as state from reached
    group by location_id
  ), standing as (
    select r.location_id, max(p.latest - p.version) as behind, array_agg(p.id order by p.name, p.id) as push_ids
    from reached r join pushes p on p.rank = r.standing
    where ${meant.snapshotId ?? null}::text is null or r.snapshot_id = ${meant.snapshotId ?? null}
    group by r.location_id
  ), drift as (${driftSql(holder)}), stated as (
    select l.id, l.name, l.broken, coalesce(d.drifted, 0) as drifted, coalesce(s.behind, 0) as behind, s.push_ids,
      n.rank as last_rank,
      case when n.state in ('pending', 'processing') then 'running'
        when n.state in ('failed', 'partial') then 'failed'
        when d.drifted > 0 then 'drifted'
        when s.behind > 0 then 'behind'
        when s.location_id is not null then 'current' else 'none' end as state
    from loc l left join drift d on d.location_id = l.id left join standing s on s.location_id = l.id
    left join last n on n.location_id = l.id
    where ${meant.snapshotId ?? null}::text is null or s.location_id is not null
  )`

const iso = (at: RawBuilder<unknown>) => sql`to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** When the push `b` came to its target `t`. */
const AT = sql`coalesce(t.finished_at, t.started_at, b.created_at)`
const heldSql = () => sql`jsonb_build_object('snapshotId', b.snapshot_id, 'name', b.name, 'version', b.version,
    'latest', b.latest, 'status', t.state, 'pushId', b.id, 'pushedAt', ${iso(AT)})`
const pushedSql = () => sql`jsonb_build_object('pushId', b.id, 'snapshotName', b.name, 'version', b.version,
    'status', t.state, 'isRollback', b.reverts is not null, 'at', ${iso(AT)})`

/** By the primary key: of the newest partition that holds one. */
const newestChange = (id: RawBuilder<unknown>) =>
  sql`(select c.at from change c where c.location_id = ${id} order by c.id desc limit 1)`

/**
 * Assets that differ from what a push of the agency brought last: of several that brought one, the newest. Of one
 * snapshot: what its list of drift names. Reads the partial indexes of what has drifted alone.
 */
const driftSql = (holder: Holder | null) => sql`
  select d.location_id, count(distinct (d.kind, d.id)) as drifted from (
    ${driftedPairs(() => sql`true`)}
  ) d join pushes brought on brought.id = d.source_push
  where d.location_id in (select id from loc)
    and ${holder === null ? sql`not ${broughtAgain}` : isDriftOf(holder)}
  group by d.location_id`

/** A later push than `brought` has brought the asset of `d`. */
const broughtAgain = sql`exists (
  select 1 from (
    select a.source_push from asset a where a.location_id = d.location_id and a.kind = d.kind and a.id = d.id
      and a.base_hash is not null
    union all
    select l.source_push from asset_alias l where l.location_id = d.location_id and l.kind = d.kind
      and l.id = d.id and l.base_hash is not null
  ) o join pushes later on later.id = o.source_push
  where (later.created_at, later.id) > (brought.created_at, brought.id))`

const STATE_ORDER = sql`array_position(${sql.raw(`array[${FLEET_STATES.map((state) => `'${state}'`)}]`)}, s.state)`

function orderSql({ sort, order }: FleetPage): RawBuilder<unknown> {
  const direction = sql.raw(order)
  const by = {
    name: byFoldedText(sql`s.name`),
    state: STATE_ORDER,
    drifted: sql`s.drifted`,
    behind: sql`s.behind`,
    broken: sql`s.broken`,
    lastPush: sql`s.last_rank`,
    lastChange: newestChange(sql`s.id`),
  }[sort]
  return sql`${by} ${direction} nulls last, ${byFoldedText(sql`s.name`)}, s.id`
}
