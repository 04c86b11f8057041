import { type RawBuilder, sql } from 'kysely'
import { type Caller, speaksForAll } from '../../auth/caller.ts'
import { isLetInto } from '../../auth/installs.ts'
import { byFoldedText, holdsText } from '../../db/folded-text.ts'
import { type Db, query, texts } from '../../db/pool.ts'
import { isReal } from '../runs/rows.ts'
import { RUN, type Run } from '../runs/runs.ts'
import { CONNECTION, type Connection } from './connection.ts'

/** How it goes with a connection, the most pressing first: one that is live and fails is `failing`. */
export const STANDINGS = ['needs_authorisation', 'failing', 'paused', 'live', 'test', 'draft'] as const
export type Standing = (typeof STANDINGS)[number]

export const CONNECTION_SORTS = ['name', 'location', 'standing', 'last'] as const
export type ConnectionSort = (typeof CONNECTION_SORTS)[number]

export interface ConnectionsAsked {
  locationId?: string | undefined
  /** Only the agency's own. */
  isOwn?: boolean
  /** A part of its name, or of what its location is called; or an id of either. */
  text?: string | undefined
  standing?: Standing | undefined
  sort: ConnectionSort
  order: 'asc' | 'desc'
  skip: number
  limit: number
}

export interface PlacedConnection {
  connection: Connection
  /** Null: it is the agency's own. */
  locationName: string | null
  standing: Standing
  /** Dead letters, `MOST_FAILED` at most. */
  failed: number
  /** The newest that was no dry run. */
  lastRun: Run | null
}

/** Nobody reads more of a number, and counting takes as long as there are rows. */
export const MOST_FAILED = 10_000

/**
 * Connections of all locations that the caller may reach, and of the agency itself. Reads each of the agency's connections
 * once; runs and dead letters of those on the page alone, from indexes that end where the answer does.
 */
export async function listAllConnections(
  db: Db,
  caller: Caller,
  asked: ConnectionsAsked,
): Promise<{ connections: PlacedConnection[]; totals: Partial<Record<Standing, number>> }> {
  const { standing = null, limit, skip } = asked
  const rows = await query(
    db,
    sql<Partial<Connection> & Omit<PlacedConnection, 'connection' | 'lastRun'> & { totals: Record<Standing, number> }>`
      with seen as materialized (
        select c.location_id, c.id, c.name, c.last_at, l.name as location_name,
          case when c.state = 'live' and c.failing_since is not null then 'failing' else c.state end as standing
        from connection c left join location l on l.id = c.location_id where ${isSeen(caller, asked)}
      ), total as (
        select coalesce(jsonb_object_agg(standing, number), '{}') as totals
        from (select standing, count(*) as number from seen group by standing) counted
      ), page as (
        select s.*, row_number() over (order by ${orderOf(asked)}) as position from seen s
        where ${standing}::text is null or s.standing = ${standing} order by position limit ${limit} offset ${skip}
      )
      select ${CONNECTION}, p.location_name as "locationName", p.standing, total.totals, (
        select count(*)::int from (select 1 from connection_row w where w.location_id = c.location_id
          and w.connection_id = c.id and w.state = 'failed' and ${isReal} limit ${MOST_FAILED}) f) as failed
      from total left join page p on true left join connection c on c.location_id = p.location_id and c.id = p.id
      order by p.position`,
  )
  const found = rows.filter((row): row is (typeof rows)[number] & Connection => row.id !== null)
  const runs = await newestRuns(db, found)
  const connections = found.map(({ locationName, standing: stands, failed, totals: _, ...connection }) => ({
    connection,
    locationName,
    standing: stands,
    failed,
    lastRun: runs.get(connection.id) ?? null,
  }))
  return { connections, totals: rows[0]?.totals ?? {} }
}

/** Of `c`, and its location `l`. */
function isSeen(caller: Caller, { locationId, isOwn = false, text }: ConnectionsAsked): RawBuilder<unknown> {
  const conditions = [
    sql`c.agency_id = ${caller.agencyId}`,
    sql`((${speaksForAll(caller)} and c.location_id = c.agency_id)
      or (l.agency_id = c.agency_id and l.deleted_at is null and ${isLetInto(caller)}))`,
    ...(locationId === undefined ? [] : [sql`c.location_id = ${locationId}`]),
    ...(isOwn ? [sql`c.location_id = c.agency_id`] : []),
    ...(text === undefined
      ? []
      : [sql`(${holdsText(sql`concat_ws(' ', c.name, l.name)`, text)} or c.id = ${text} or c.location_id = ${text})`]),
  ]
  return sql.join(conditions, sql` and `)
}

const PRESSING = sql`array_position(${sql.raw(`array[${STANDINGS.map((one) => `'${one}'`)}]`)}, s.standing)`

/** The agency's own have no location: they come last in either order. */
function orderOf({ sort, order }: ConnectionsAsked): RawBuilder<unknown> {
  const by = {
    name: byFoldedText(sql`s.name`),
    location: byFoldedText(sql`s.location_name`),
    standing: PRESSING,
    last: sql`s.last_at`,
  }[sort]
  return sql`${by} ${sql.raw(order)} nulls last, ${byFoldedText(sql`s.name`)}, s.location_id, s.id`
}

async function newestRuns(db: Db, connections: readonly Connection[]): Promise<Map<string, Run>> {
  const runs = await query(
    db,
    sql<Run>`
      select r.* from unnest(${texts(connections.map((one) => one.locationId))}, ${texts(connections.map(({ id }) => id))})
        c(location_id, id)
      cross join lateral (select ${RUN} from connection_run r where r.location_id = c.location_id
        and r.connection_id = c.id and not r.is_dry order by r.started_at desc, r.id limit 1) r`,
  )
  return new Map(runs.map((run) => [run.connectionId, run]))
}
