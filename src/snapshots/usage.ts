import { sql } from 'kysely'
import { type Db, query } from '../db/pool.ts'
import { partsMatched, showNames } from '../store/assets/index.ts'
import { countStanding, type RecordsStanding } from '../store/records/index.ts'

export interface Usage {
  /** Whose documents, or values beside them, name the asset or a part of it. */
  assets: { kind: string; id: string; name: string }[]
  /** Records that hang on it. */
  records: RecordsStanding[]
}

/**
 * What names an asset of a location: by its own lineage, by one that reaches it, or by a part of it, also as what was
 * matched to that.
 */
export async function readUsage(
  db: Db,
  { locationId, kind, id }: { locationId: string; kind: string; id: string },
  nowMs: number,
): Promise<Usage> {
  const rows = await query(
    db,
    sql<{ kind: string; id: string; name: string }>`
      with known as materialized (
        select a.lineage, b.parts from asset a join blob b on b.hash = a.hash
        where a.location_id = ${locationId} and a.kind = ${kind} and a.id = ${id}
      ), alias as materialized (
        select l.lineage from asset_alias l
        where l.location_id = ${locationId} and l.kind = ${kind} and l.id = ${id}
          and not exists (select 1 from asset n where n.location_id = l.location_id and n.kind = l.kind
            and n.lineage = l.lineage)
      ), ref as materialized (
        select ${kind} || ':' || lineage as name from known union select ${kind} || ':' || lineage from alias
      ), marker as materialized (
        select name || '⟧' as text from ref union all select '.' || p || '⟧' from known, unnest(parts) p
        union all select '.' || m.lineage || '⟧' from ${partsMatched(sql`= ${locationId}`)} m
        where m.kind = ${kind} and m.holder = ${id}
      )
      select a.kind, a.id, a.name from asset a join blob b on b.hash = a.hash
      where a.location_id = ${locationId} and not (a.kind = ${kind} and a.id = ${id})
        and (b.refs && array(select name from ref)
          or exists (select 1 from marker m where position(m.text in b.doc::text) > 0)
          or (a.local <> '{}' and exists (select 1 from marker m where position(m.text in a.local::text) > 0)))
      order by a.kind, a.name, a.id`,
  )
  const [standing] = await countStanding(db, [{ locationId, kind, id }], { nowMs })
  return { assets: await showNames(db, locationId, rows), records: standing?.records ?? [] }
}
