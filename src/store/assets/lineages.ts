import { type RawBuilder, sql } from 'kysely'
import { type Db, query, texts } from '../../db/pool.ts'
import { queryPlanned } from '../../db/prepared.ts'
import { MOST_IDS } from './ids-of-document.ts'
import { findPartLineage } from './parts.ts'
import type { LineageLookup } from './portable-parts.ts'

/** Both directions between the ids of a location and lineages. */
export interface Resolver {
  idOf(kind: string, lineage: string): string | null
  partAlias(lineage: string): string | null
}

/**
 * Ids of everything that these documents refer to (`refs` are `kind:lineage`, `readParts` tells the parts and is only
 * asked where any goes by another name), as far as it is in the location. Its documents name things by its own
 * lineages; an alias helps where one was written before its asset was matched.
 */
export async function resolveLineages(
  db: Db,
  locationId: string,
  { refs, readParts }: { refs: Iterable<string>; readParts: () => readonly string[] },
): Promise<Resolver> {
  const kinds: string[] = []
  const lineages: string[] = []
  for (const ref of new Set(refs)) {
    const colon = ref.indexOf(':')
    kinds.push(ref.slice(0, colon))
    lineages.push(ref.slice(colon + 1))
  }
  const rows = await queryPlanned(
    db,
    sql<{ kind: string; lineage: string; id: string }>`
      with wanted as (select * from unnest(${texts(kinds)}, ${texts(lineages)}) w(kind, lineage))
      select l.kind, l.lineage, l.id from asset_alias l join wanted using (kind, lineage)
        where l.location_id = ${locationId}
      union all
      select a.kind, a.lineage, a.id from asset a join wanted using (kind, lineage) where a.location_id = ${locationId}
      union all
      select '', '', '' where exists (select 1 from ${partHolders(sql`= ${locationId}`)} h)`,
  )
  // Later rows win: an asset's own lineage before an alias.
  const ids = new Map(rows.map((row) => [`${row.kind}:${row.lineage}`, row.id]))
  const parts = ids.delete(':') ? await readPartAliases(db, locationId, readParts()) : new Map<string, string>()
  return {
    idOf: (kind, lineage) => ids.get(`${kind}:${lineage}`) ?? null,
    partAlias: (lineage) => parts.get(lineage) ?? null,
  }
}

async function readPartAliases(db: Db, locationId: string, parts: readonly string[]): Promise<Map<string, string>> {
  const rows = await query(
    db,
    sql<{ lineage: string; id: string }>`
      select m.lineage, m.id from ${partsMatched(sql`= ${locationId}`, parts)} m`,
  )
  return new Map(rows.map(({ lineage, id }) => [lineage, id]))
}

/** Parts that are read as those that they were matched to: lineage -> the location's own lineage. */
export async function readMatchedParts(
  db: Db,
  locationIds: readonly string[],
): Promise<{ locationId: string; lineage: string; own: string }[]> {
  const rows = await query(
    db,
    sql<{ locationId: string; lineage: string; id: string }>`
      select m.location_id as "locationId", m.lineage, m.id
      from ${partsMatched(sql`= any(${texts(locationIds)})`)} m`,
  )
  return rows.flatMap(({ locationId, lineage, id }) => {
    const own = findPartLineage(id, locationId)
    return own === null ? [] : [{ locationId, lineage, own }]
  })
}

/**
 * Parts of these locations that go by the lineage they came with as well: `(location_id, kind, holder, lineage, id)`,
 * `holder` the id of the asset; `among`: only these lineages. Where the lineage of an asset is another one's own as
 * well, its parts are that one's, too; and a part that an asset holds under its own lineage is never read as another,
 * whatever came in under it since.
 */
export const partsMatched = (locations: RawBuilder<unknown>, among?: readonly string[]) => {
  const [holders, parts] =
    among === undefined
      ? [sql`true`, sql`true`]
      : [sql`part_aliases ?| ${texts(among)}`, sql`p.key = any(${texts(among)})`]
  return sql`(
  with holder as materialized (select * from ${partHolders(locations)} h where ${holders}),
  native as materialized (
    select a.location_id, p.lineage from asset a join blob b on b.hash = a.hash, unnest(b.parts) p(lineage)
    where a.location_id ${locations} and a.kind = any(array(select distinct kind from holder))
  )
  select h.location_id, h.kind, h.id as holder, p.key as lineage, p.value as id
  from holder h, jsonb_each_text(h.part_aliases) p
  where ${parts} and (h.location_id, p.key) not in (select location_id, lineage from native)
)`
}

const partHolders = (locations: RawBuilder<unknown>) => sql`(
  select location_id, kind, id, part_aliases from asset where location_id ${locations} and part_aliases is not null
  union all
  select l.location_id, l.kind, l.id, l.part_aliases from asset_alias l
  where l.location_id ${locations} and l.part_aliases is not null and not exists (
    select 1 from asset a where a.location_id = l.location_id and a.kind = l.kind and a.lineage = l.lineage)
)`

/**
 * The lineage by which a document should name each of these ids: one that the document as it stands uses already
 * (`used`, as `kind:lineage`), so that saving it unchanged changes nothing; else the asset's own.
 */
export async function findLineages(
  db: Db,
  locationId: string,
  kinds: readonly string[],
  ids: readonly string[],
  used: readonly string[],
): Promise<LineageLookup> {
  if (ids.length === 0) return () => null
  const rows = await query(
    db,
    sql<{ kind: string; id: string; lineage: string; aliases: string[] }>`
      select a.kind, a.id, a.lineage, array(
        select l.lineage from asset_alias l where l.location_id = a.location_id and l.kind = a.kind and l.id = a.id
          order by l.created_at desc, l.lineage) as aliases
      from asset a where a.location_id = ${locationId} and a.kind = any(${texts(kinds)})
        and (${ids.length > MOST_IDS} or a.id = any(${texts(ids.slice(0, MOST_IDS))}))`,
  )
  const isUsed = (kind: string) => (lineage: string) => used.includes(`${kind}:${lineage}`)
  const named = rows.map(({ kind, id, lineage, aliases }) => ({
    kind,
    id,
    lineage: isUsed(kind)(lineage) ? lineage : (aliases.find(isUsed(kind)) ?? lineage),
  }))
  const exact = new Map(named.map((row) => [`${row.kind}:${row.id}`, row]))
  const any = new Map(named.map((row) => [row.id, row]))
  return (kind, id) => (kind === null ? any.get(id) : exact.get(`${kind}:${id}`)) ?? null
}
