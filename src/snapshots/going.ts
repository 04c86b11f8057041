import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { countStanding } from '../store/records/index.ts'
import { assetOf } from './identity.ts'
import type { PlanWarning } from './planner.ts'

/** Names shown of the assets that a warning is about; the others are counted. */
const MOST_NAMES = 3

/** Something of a location that a push, or a roll-back, takes away: an asset, or a part of one that stays. */
export interface Going {
  locationId: string
  /** Where it is told. */
  kind: string
  lineage: string
  name: string
  /** The asset, or the one that holds the part. */
  id: string
  /** The location's own lineage of a part; null: the asset itself goes. */
  part: string | null
  /** How people read it: `the tag`, or `the stage "Won"`. */
  what: string
  /** Opportunities that name it and go elsewhere. */
  moved?: number
}

export interface Told {
  locationId: string
  warning: PlanWarning
}

/** Ids of the assets among what goes: `location/kind/id`. */
export const goneOf = (going: readonly Going[]): Set<string> =>
  new Set(going.filter(({ part }) => part === null).map(assetOf))

/** Records that name what goes. */
export async function tellRecords(db: Db, going: readonly Going[], nowMs: number): Promise<Told[]> {
  const assets = going.filter(({ part }) => part === null)
  if (assets.length === 0) return []
  const standing = await countStanding(db, assets, { nowMs })
  return assets.flatMap(({ locationId, kind, lineage, name, what, moved = 0 }, index) =>
    (standing[index]?.records ?? [])
      .map(({ kind: of, count }) => ({ kind: of, count: of === 'opportunities' ? count - moved : count }))
      .filter(({ count }) => count > 0)
      .map(({ kind: of, count }) => ({
        locationId,
        warning: { kind, lineage, name, why: `${what} goes, and records name it`, records: { kind: of, count } },
      })),
  )
}

/** So many parts are looked for one by one in a text; of more, all that it names are found at once. */
const FEW_PARTS = 20

/**
 * Documents that stay as they are and name what goes: an asset by its own lineage, or by one that reaches it, or by a
 * part of it. `written`: `location/kind/id` of those that do not stay as they are. A text that names parts is read
 * once, in however many locations it stands.
 */
export async function tellReferences(db: Db, going: readonly Going[], written: ReadonlySet<string>): Promise<Told[]> {
  if (going.length === 0) return []
  const gone = goneOf(going)
  const rows = await query(
    db,
    sql<{ index: number; locationId: string; kind: string; id: string; name: string }>`
      with going as materialized (
        select * from unnest(${texts(going.map((g) => g.locationId))}, ${texts(going.map((g) => g.kind))},
          ${texts(going.map((g) => g.id))}, ${texts(going.map((g) => (g.part === null ? null : `.${g.part}⟧`)))})
            with ordinality g(location_id, kind, id, marker, index)
      ), goes as materialized (
        select g.index, g.location_id, array(
          select g.kind || ':' || a.lineage from asset a
          where a.location_id = g.location_id and a.kind = g.kind and a.id = g.id
          union all select g.kind || ':' || l.lineage from asset_alias l
          where l.location_id = g.location_id and l.kind = g.kind and l.id = g.id
            and not exists (select 1 from asset n where n.location_id = l.location_id and n.kind = l.kind
              and n.lineage = l.lineage)
        ) as refs from going g where g.marker is null
      ), part as materialized (
        select index, location_id, marker from going where marker is not null
        union all select g.index, g.location_id, '.' || p.lineage || '⟧' from going g
        join asset a on a.location_id = g.location_id and a.kind = g.kind and a.id = g.id
        join blob b on b.hash = a.hash cross join unnest(b.parts) p(lineage) where g.marker is null
      ), held as materialized (
        select distinct hash from asset where location_id in (select location_id from part)
      ), sought as materialized (
        select distinct marker from part
      ), naming as materialized (
        select b.hash, m.marker from held h join blob b on b.hash = h.hash
        join sought m on position(m.marker in b.doc::text) > 0
        where (select count(*) from sought) <= ${FEW_PARTS}::int
        union all
        select b.hash, m.marker from held h join blob b on b.hash = h.hash
        cross join lateral (
          select distinct n[1] as marker from regexp_matches(b.doc::text, '\\.[A-Za-z0-9-]+⟧', 'g') n
        ) n join sought m on m.marker = n.marker
        where (select count(*) from sought) > ${FEW_PARTS}::int
      )
      select (g.index - 1)::int as index, a.location_id as "locationId", a.kind, a.id, a.name
      from (select distinct location_id from goes) p join asset a on a.location_id = p.location_id
      join blob b on b.hash = a.hash
      join goes g on g.location_id = a.location_id and b.refs && g.refs
      union
      select (p.index - 1)::int, a.location_id, a.kind, a.id, a.name
      from part p join asset a on a.location_id = p.location_id join naming n on n.marker = p.marker and n.hash = a.hash
      order by 1, 3, 5, 4`,
  )
  const left = rows.filter((row) => !gone.has(assetOf(row)) && !written.has(assetOf(row)))
  return [...Map.groupBy(left, (row) => row.index)].map(([index, referring]) => {
    const { locationId, kind, lineage, name, what } = going[index] as Going
    return {
      locationId,
      warning: { kind, lineage, name, why: `${what} goes, and ${namesOf(referring)} would refer to nothing` },
    }
  })
}

/** The first few, and how many more. */
export function namesOf(assets: readonly { kind: string; name: string }[]): string {
  const names = assets.slice(0, MOST_NAMES).map(({ kind, name }) => `${kind} "${name}"`)
  const more = assets.length > MOST_NAMES ? ` and ${assets.length - MOST_NAMES} more` : ''
  return `${names.join(', ')}${more}`
}
