import { type RawBuilder, sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { shownRecordName } from '../store/records/index.ts'
import { shownName } from './ref-names.ts'

export interface RecentPage {
  agencyId: string
  /** Which locations are looked at: a condition on `l`. */
  within: RawBuilder<unknown>
  /** Only these kinds of assets and records; null: all. */
  kinds: readonly string[] | null
  /** What is a contact's and has no name of its own is told by the contact's. */
  namesContacts: boolean
  limit: number
  /** Id of the oldest change of the page before. */
  before?: string | undefined
}

interface RecentChange {
  id: string
  locationId: string
  locationName: string
  kind: string
  entityId: string
  /** As it is called now or was called last; null where nothing says. */
  name: string | null
  op: string
  actor: string
  cause: string | null
  at: Date
}

/** What one request, or one push, did. */
export interface RecentGroup {
  /** Of the newest change. */
  at: Date
  actor: string
  cause: string | null
  /** Changes of this page that belong to it. */
  changes: number
  kinds: Record<string, number>
  locations: { locationId: string; locationName: string }[]
  /** The newest few. */
  sample: Omit<RecentChange, 'actor' | 'cause' | 'at'>[]
}

const MOST_SAMPLES = 5

/**
 * The newest changes of many locations, put together by who made them in one go. A look into the log for each location,
 * and into those of them that changed last for what happened: whatever the logs hold, at most `limit` rows are shown.
 */
export async function readRecent(db: Db, page: RecentPage): Promise<{ groups: RecentGroup[]; after: string | null }> {
  const before = page.before ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'
  const isMeant = page.kinds === null ? sql`true` : sql`c.kind = any(${texts(page.kinds)})`
  const rows = await query(
    db,
    sql<RecentChange>`
      with newest as materialized (
        select l.id, l.name, (select c.id from change c where c.location_id = l.id and c.id < ${before} and ${isMeant}
          order by c.id desc limit 1) as last
        from location l where l.agency_id = ${page.agencyId} and l.deleted_at is null and ${page.within}
      ), moved as materialized (
        select * from newest where last is not null order by last desc limit ${page.limit}
      ), found as (
        select m.name as location_name, c.* from moved m cross join lateral (
          select * from change c where c.location_id = m.id and c.id < ${before} and ${isMeant}
          order by c.id desc limit ${page.limit}
        ) c order by c.id desc limit ${page.limit}
      )
      select f.id, f.location_id as "locationId", f.location_name as "locationName", f.kind,
        f.entity_id as "entityId", f.op, f.actor, f.cause, f.at,
        coalesce(
          (select a.name from asset a where a.location_id = f.location_id and a.kind = f.kind and a.id = f.entity_id),
          (select z.name from asset_tombstone z where z.location_id = f.location_id and z.kind = f.kind
            and z.id = f.entity_id order by z.deleted_at desc limit 1),
          (select b.doc->>'name' from blob b where b.hash = coalesce(f.after_hash, f.before_hash)),
          ${shownRecordName('r')}, ${shownRecordName('p')}) as name
      from found f
        left join record r on r.location_id = f.location_id and r.kind = f.kind and r.id = f.entity_id
        left join record p on ${page.namesContacts} and p.location_id = f.location_id and p.kind = 'contacts'
          and p.id = r.doc->>'contactId'
      order by f.id desc`,
  )
  const shown = rows.map((row) => ({ ...row, name: row.name === null ? null : shownName(row.name, new Map()) }))
  const groups = [...Map.groupBy(shown, ({ actor, cause }) => `${actor} ${cause}`).values()].map(toGroup)
  return { groups, after: rows.length < page.limit ? null : (rows.at(-1)?.id ?? null) }
}

function toGroup(changes: RecentChange[]): RecentGroup {
  const [{ at, actor, cause }] = changes as [RecentChange]
  const kinds: Record<string, number> = {}
  for (const { kind } of changes) kinds[kind] = (kinds[kind] ?? 0) + 1
  const locations = new Map(changes.map(({ locationId, locationName }) => [locationId, { locationId, locationName }]))
  return {
    at,
    actor,
    cause,
    changes: changes.length,
    kinds,
    locations: [...locations.values()],
    sample: changes.slice(0, MOST_SAMPLES).map(({ actor: _by, cause: _of, at: _then, ...change }) => change),
  }
}
