import { type RawBuilder, sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'

/** A row of `asset_tombstone` that another one took the place of, as the change log keeps it. */
export interface Covered {
  location_id: string
  kind: string
  lineage: string
  id: string
  own_lineage: string
  base_hash: string | null
  part_aliases: Record<string, string> | null
}

/**
 * The newest deletion of an asset `w` (location_id, kind, id) that took the place of what was known of a lineage `w`:
 * its change, and that.
 */
export const coveredSql = (before: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select c.id, t as covered from change c cross join jsonb_array_elements(c.delta->'covers') t
  where c.location_id = w.location_id and c.kind = w.kind and c.entity_id = w.id and c.op = 'delete' and ${before}
    and t->>'lineage' = w.lineage
  order by c.id desc limit 1)`

interface Alias {
  locationId: string
  kind: string
  lineage: string
  /** What it led to, and the own lineage of that. */
  id: string
  own: string
  /** Its lineage is a living asset's own. */
  isNative: boolean
}

type Asked = Omit<Alias, 'own' | 'isNative'> & { before: string | null }

/**
 * What the target had deleted by the own lineage of an alias, before that led to something else that was deleted: it is
 * that again where the alias gives way, and stays deleted.
 */
export async function readCovered(db: Db, aliases: readonly Alias[]): Promise<Covered[]> {
  const found: Covered[] = []
  let asked = aliases
    .filter(({ isNative, lineage, own }) => !isNative && lineage !== own)
    .map((alias): Asked => ({ ...alias, before: null }))
  // What took its place may have taken that of an alias which had taken it before.
  while (asked.length > 0) {
    const rows = await query(
      db,
      sql<{ before: string; covered: Covered }>`
        select c.id as before, c.covered
        from unnest(${texts(asked.map((one) => one.locationId))}, ${texts(asked.map((one) => one.kind))},
          ${texts(asked.map((one) => one.lineage))}, ${texts(asked.map((one) => one.id))},
          ${texts(asked.map((one) => one.before))}::uuid[]) w(location_id, kind, lineage, id, before)
        cross join lateral ${coveredSql(sql`(w.before is null or c.id < w.before)`)} c
        where not exists (
            select 1 from asset a where a.location_id = w.location_id and a.kind = w.kind and a.lineage = w.lineage)
          and not exists (
            select 1 from asset_tombstone z where z.location_id = w.location_id and z.kind = w.kind
              and z.lineage = w.lineage and z.own_lineage = z.lineage)`,
    )
    found.push(...rows.map(({ covered }) => covered).filter((row) => row.own_lineage === row.lineage))
    asked = rows.flatMap(({ before, covered: { location_id: locationId, own_lineage: own, ...row } }) =>
      own === row.lineage ? [] : [{ ...row, locationId, before }],
    )
  }
  return found
}
