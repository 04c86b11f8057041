import { type RawBuilder, sql } from 'kysely'
import { type Db, query, queryOne, texts } from '../db/pool.ts'
import { queryPlanned } from '../db/prepared.ts'
import { invalid } from '../errors.ts'
import type { State, Totals } from './options.ts'
import { COLUMNS, type PushRow } from './push.ts'

export interface PushPage {
  agencyId: string
  /** Pushes with a target of which this is true (a condition on `l`) are left out. */
  beyond?: RawBuilder<unknown> | undefined
  snapshotId?: string | undefined
  /** Pushes with this target. */
  locationId?: string | undefined
  status?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
  limit: number
  /** Id of the last push of the page before. */
  after?: string | undefined
}

/**
 * Pushes of an agency, newest first. The next page begins after a push, so what others start meanwhile moves nothing.
 */
export async function listPushes(db: Db, page: PushPage): Promise<PushRow[]> {
  const { agencyId, after } = page
  const last =
    after === undefined
      ? null
      : await queryOne(
          db,
          sql<{
            createdAt: Date
          }>`select created_at as "createdAt" from push where id = ${after} and agency_id = ${agencyId}`,
        )
  if (after !== undefined && last === null) throw invalid([`after: ${after} is no push of the agency`])
  const conditions = [
    sql`agency_id = ${agencyId}`,
    ...(page.snapshotId === undefined ? [] : [sql`snapshot_id = ${page.snapshotId}`]),
    ...(page.status === undefined ? [] : [sql`state = ${page.status}`]),
    ...(page.from === undefined ? [] : [sql`created_at >= ${page.from}`]),
    ...(page.to === undefined ? [] : [sql`created_at <= ${page.to}`]),
    ...(last === null ? [] : [sql`(created_at, id) < (${last.createdAt}, ${after})`]),
    ...(page.beyond === undefined
      ? []
      : [
          sql`not exists (select 1 from push_target t join location l on l.id = t.location_id
            where t.push_id = push.id and ${page.beyond})`,
        ]),
    ...(page.locationId === undefined
      ? []
      : [sql`id in (select push_id from push_target where location_id = ${page.locationId})`]),
  ]
  return query(
    db,
    sql<PushRow>`select ${COLUMNS} from push where ${sql.join(
      conditions,
      sql`
        and `,
    )} order by created_at desc, id desc
      limit ${page.limit}`,
  )
}

/** What is told of a push beside its own row. */
export interface PushSummary {
  /** Null: the snapshot was deleted. */
  snapshotName: string | null
  versionName: string | null
  /** From its finished pieces: cheap however many targets there are. */
  totals: Totals
  /** How many targets are in which state. */
  targets: Partial<Record<State, number>>
}

/** Summaries of pushes by id, in one statement however many they are. */
export async function summarisePushes(db: Db, ids: readonly string[]): Promise<Map<string, PushSummary>> {
  const rows = await queryPlanned(
    db,
    sql<PushSummary & { id: string }>`
      with chosen as materialized (select id, snapshot_id, version from push where id = any(${texts(ids)})),
      outcome as (
        select push_id, jsonb_object_agg(key, total) as totals from (
          select p.push_id, t.key, sum(t.value::bigint)::bigint as total from push_piece p, jsonb_each_text(p.totals) t
          where p.push_id = any(${texts(ids)}) group by p.push_id, t.key having sum(t.value::bigint) <> 0
        ) summed group by push_id
      ), state as (
        select push_id, jsonb_object_agg(state, number) as targets from (
          select push_id, state, count(*) as number from push_target
          where push_id = any(${texts(ids)}) group by push_id, state
        ) counted group by push_id
      )
      select c.id, s.name as "snapshotName", v.name as "versionName", coalesce(o.totals, '{}') as totals,
        coalesce(t.targets, '{}') as targets
      from chosen c
      left join snapshot s on s.id = c.snapshot_id
      left join snapshot_version v on v.snapshot_id = c.snapshot_id and v.version = c.version
      left join outcome o on o.push_id = c.id
      left join state t on t.push_id = c.id`,
  )
  return new Map(rows.map(({ id, ...summary }) => [id, summary]))
}
