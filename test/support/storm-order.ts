import { sql } from 'kysely'
import { type Db, query, texts } from '../../src/db/pool.ts'

/**
 * Which of two writes came first. A number is drawn for every row of the change log, and when a push begins and ends
 * with a target; all of it happens while the location is held, so within a location the numbers are in the order of the
 * commits. Only for the databases of tests.
 */
export async function watchOrder(db: Db): Promise<void> {
  for (const statement of [
    'create sequence storm_order',
    `alter table change add column storm_order bigint not null default nextval('storm_order')`,
    'alter table push_target add column storm_order bigint, add column storm_end bigint',
    `create function storm_push() returns trigger language plpgsql as $$ begin
      if old.state = 'pending' and new.state = 'processing' then new.storm_order := nextval('storm_order'); end if;
      if old.totals is distinct from new.totals then new.storm_end := nextval('storm_order'); end if;
      return new; end $$`,
    'create trigger storm_push before update on push_target for each row execute function storm_push()',
    'create table storm_job_failure (error text not null)',
    'grant usage on sequence storm_order to public',
    'grant select, insert, delete on storm_job_failure to public',
    `create function storm_job_failure() returns trigger language plpgsql as $$ begin insert into storm_job_failure
        values (new.last_error); return new; end $$`,
    `create trigger storm_job_failure after update on graphile_worker._private_jobs for each row
        when (new.last_error is distinct from old.last_error and new.last_error is not null)
      execute function storm_job_failure()`,
  ])
    await sql.raw(statement).execute(db)
}

/** Something that was done in a location: by a request (its trace id) or a push (its id). */
export interface Point {
  locationId: string
  cause: string
  first: number
  last: number
  /** It wrote configuration, so it held the location. */
  holds: boolean
}

/**
 * What was done in these locations, in order. Who puts an opportunity into a stage does not hold the location, and sees
 * nothing of a push under way: so it comes before.
 */
export async function readPoints(db: Db, locationIds: readonly string[]): Promise<Point[]> {
  const points = await query(
    db,
    sql<Point>`
      with point as (
        select location_id, cause, storm_order as first, storm_order as last,
          kind not in ('contacts', 'opportunities') as holds
        from change where location_id = any(${texts(locationIds)})
        union all select location_id, push_id, storm_order, coalesce(storm_end, storm_order), true
        from push_target where location_id = any(${texts(locationIds)}) and storm_order is not null
      )
      select location_id as "locationId", cause, min(first) as first, max(last) as last, bool_or(holds) as holds
        from point group by 1, 2 order by min(first)`,
  )
  const holders = points.filter((point) => point.holds && point.last > point.first)
  const placeOf = (point: Point) =>
    (point.holds
      ? undefined
      : holders.find(
          ({ locationId, first, last }) => locationId === point.locationId && first < point.first && point.first < last,
        )
    )?.first ?? point.first
  return points.toSorted((a, b) => placeOf(a) - placeOf(b) || Number(a.holds) - Number(b.holds))
}

/**
 * Changes of one asset whose ids, by which its history is told, are in another order than they happened. Adoptions
 * change nothing in it.
 */
export function readMisplaced(
  db: Db,
  locationIds: readonly string[],
): Promise<{ kind: string; id: string; op: string }[]> {
  return query(
    db,
    sql<{ kind: string; id: string; op: string }>`
      select kind, entity_id as id, op from (
        select *, lag(id) over (partition by location_id, kind, entity_id order by storm_order) as before from change
        where location_id = any(${texts(locationIds)}) and op <> 'adopt' and kind not in ('contacts', 'opportunities')
      ) c where c.before > c.id`,
  )
}

export interface Trouble {
  deadlocks: number
  /** What jobs failed with, whether or not the next try went well. */
  jobFailures: string[]
}

export async function readTrouble(db: Db): Promise<Trouble> {
  const [row] = await query(
    db,
    sql<{ deadlocks: number }>`select deadlocks from pg_stat_database where datname = current_database()`,
  )
  const failures = await query(db, sql<{ error: string }>`select error from storm_job_failure`)
  return { deadlocks: row?.deadlocks ?? 0, jobFailures: failures.map(({ error }) => error) }
}
