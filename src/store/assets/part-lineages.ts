import { sql } from 'kysely'
import { type Db, query, texts } from '../../db/pool.ts'
import { MOST_IDS } from './ids-of-document.ts'
import { partsMatched } from './lineages.ts'
import { findPartLineage, toPartId } from './parts.ts'

/**
 * Parts that a document goes on naming by the lineage they came with (`used`): from the id in the location to that
 * lineage. All other parts are named by the lineage that their id tells.
 */
export async function findPartAliases(
  db: Db,
  locationId: string,
  used: readonly string[],
): Promise<Map<string, string>> {
  if (used.length === 0) return new Map()
  const rows = await query(
    db,
    sql<{ id: string; lineage: string }>`
      select m.id, m.lineage from ${partsMatched(sql`= ${locationId}`, used)} m`,
  )
  return new Map(
    rows.filter(({ id }) => !used.includes(findPartLineage(id, locationId) ?? '')).map((row) => [row.id, row.lineage]),
  )
}

/** All part lineages that assets of a kind hold in a location. */
export async function partsOfKind(db: Db, locationId: string, kind: string): Promise<Set<string>> {
  const rows = await query(
    db,
    sql<{ lineage: string }>`
      select distinct unnest(b.parts) as lineage from blob b
      where b.hash = any(select hash from asset where location_id = ${locationId} and kind = ${kind})`,
  )
  return new Set(rows.map((row) => row.lineage))
}

/** Which of these words are ids of parts that assets of the location hold: id -> lineage. */
export async function findHeldParts(
  db: Db,
  locationId: string,
  ids: readonly string[],
  aliases: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const maybe = new Map<string, string>()
  for (const id of ids.slice(0, MOST_IDS)) {
    const lineage = aliases.get(id) ?? findPartLineage(id, locationId)
    if (lineage !== null) maybe.set(id, lineage)
  }
  if (maybe.size === 0) return maybe
  const rows = await query(
    db,
    sql<{ lineage: string }>`
      select distinct p.lineage from blob b cross join unnest(b.parts) p(lineage)
      where b.hash = any(select hash from asset where location_id = ${locationId})
        and p.lineage = any(${texts([...maybe.values()])})`,
  )
  const held = new Set(rows.map((row) => row.lineage))
  return new Map([...maybe].filter(([, lineage]) => held.has(lineage)))
}

/**
 * Which of these parts an asset has had before, and no other asset of its location has now. What was matched to another
 * part since is read as that one.
 */
export async function findEarlierParts(
  db: Db,
  { locationId, kind, id }: { locationId: string; kind: string; id: string },
  parts: readonly string[],
): Promise<Set<string>> {
  if (parts.length === 0) return new Set()
  const rows = await query(
    db,
    sql<{ lineage: string }>`
      select p.lineage from unnest(${texts(parts)}, ${texts(parts.map((part) => toPartId(part, locationId)))})
        p(lineage, id)
      where not exists (
        select 1 from ${partsMatched(sql`= ${locationId}`, parts)} m where m.lineage = p.lineage and m.id <> p.id)
      and exists (
        select 1 from change c join blob b on b.hash = c.before_hash
        where c.location_id = ${locationId} and c.kind = ${kind} and c.entity_id = ${id} and p.lineage = any(b.parts))
      and not exists (
        select 1 from asset a join blob b on b.hash = a.hash
        where a.location_id = ${locationId} and a.kind = ${kind} and a.id <> ${id} and p.lineage = any(b.parts))`,
  )
  return new Set(rows.map((row) => row.lineage))
}
