import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { getBlobs } from '../store/assets/index.ts'
import type { Covered } from './covered.ts'
import type { Link } from './identity.ts'
import { type NamedPart, Names, type NativePart, namedPartsOf } from './names.ts'

export type AliasRow = Pick<Link, 'locationId' | 'kind' | 'lineage' | 'id' | 'own' | 'parts'> & { isNative: boolean }

/**
 * Newest first: those that lead to an asset, and what led to one that was deleted, as far as nothing else is reached; of
 * these what was pushed last, before what was only met.
 */
export async function readAliases(
  db: Db,
  locationIds: readonly string[],
): Promise<{ living: AliasRow[]; buried: AliasRow[] }> {
  const rows = await query(
    db,
    sql<AliasRow & { isBuried: boolean }>`
      select l.location_id as "locationId", l.kind, l.lineage, l.id, a.lineage as own, l.part_aliases as parts,
        exists (select 1 from asset n where n.location_id = l.location_id and n.kind = l.kind
          and n.lineage = l.lineage) as "isNative", false as "isBuried", l.created_at as at
      from asset_alias l join asset a on a.location_id = l.location_id and a.kind = l.kind and a.id = l.id
      where l.location_id = any(${texts(locationIds)})
      union all
      select z.location_id, z.kind, z.lineage, z.id, z.own_lineage, z.part_aliases, false, true, p.created_at
      from asset_tombstone z left join push p on p.id = z.source_push and z.base_hash is not null
      where z.location_id = any(${texts(locationIds)}) and z.own_lineage <> z.lineage
        and not exists (select 1 from asset n where n.location_id = z.location_id and n.kind = z.kind
          and n.lineage = z.lineage)
        and not exists (select 1 from asset_alias l where l.location_id = z.location_id and l.kind = z.kind
          and l.lineage = z.lineage)
      order by at desc nulls last, lineage`,
  )
  const rowsOf = (isBuried: boolean) =>
    rows.filter((row) => row.isBuried === isBuried).map(({ isBuried: _, ...alias }) => alias)
  return { living: rowsOf(false), buried: rowsOf(true) }
}

/** Which of these lineages reached an asset that was deleted since: by an alias, or as its own. */
export function readBuried(
  db: Db,
  lineages: readonly { locationId: string; kind: string; lineage: string }[],
): Promise<AliasRow[]> {
  if (lineages.length === 0) return Promise.resolve([])
  return query(
    db,
    sql<AliasRow>`
      select z.location_id as "locationId", z.kind, z.lineage, z.id, z.own_lineage as own, z.part_aliases as parts,
        false as "isNative"
      from unnest(${texts(lineages.map((one) => one.locationId))}, ${texts(lineages.map((one) => one.kind))},
        ${texts(lineages.map((one) => one.lineage))}) w(location_id, kind, lineage)
      join asset_tombstone z on z.location_id = w.location_id and z.kind = w.kind and z.lineage = w.lineage`,
  )
}

/** What was pushed last of deleted assets with these lineages; `covered` goes before what took its place. */
export async function readRemoved(
  db: Db,
  {
    kind,
    targets,
    lineages,
    covered,
  }: {
    kind: string
    targets: readonly { locationId: string }[]
    lineages: readonly string[]
    covered: readonly Covered[]
  },
): Promise<{ locationId: string; lineage: string; text: string }[]> {
  const inPlace = covered.filter((row) => row.kind === kind && lineages.includes(row.lineage))
  const found = await query(
    db,
    sql<{ locationId: string; lineage: string; hash: string }>`
      select location_id as "locationId", lineage, base_hash as hash from asset_tombstone
      where location_id = any(${texts(targets.map(({ locationId }) => locationId))}) and kind = ${kind}
        and lineage = any(${texts(lineages)}) and base_hash is not null`,
  )
  const rows = [
    ...found.filter(
      (row) => !inPlace.some(({ location_id, lineage }) => location_id === row.locationId && lineage === row.lineage),
    ),
    ...inPlace.flatMap(({ location_id: locationId, lineage, base_hash }) =>
      base_hash === null ? [] : [{ locationId, lineage, hash: base_hash.replace('\\x', '') }],
    ),
  ]
  const blobs = await getBlobs(
    db,
    rows.map(({ hash }) => hash),
  )
  return rows.map(({ hash, ...row }) => ({ ...row, text: blobs.get(hash)?.text ?? 'null' }))
}

interface Known {
  /** Of these locations, where they were read already. */
  aliases: readonly AliasRow[]
  /** Lineages that no longer mean what was deleted, nor their parts what it had: `location/kind/lineage`. */
  forgotten: ReadonlySet<string>
}

/** How these locations name things as they are: what was deleted, too, as it may come back. */
export async function loadNames(db: Db, locationIds: readonly string[], known?: Known): Promise<Names> {
  const names = new Names()
  const buried = await query(
    db,
    sql<{ locationId: string; kind: string; lineage: string; own: string; parts: Record<string, string> | null }>`
      select z.location_id as "locationId", z.kind, z.lineage, z.own_lineage as own,
        case when l.id is null then z.part_aliases end as parts
      from asset_tombstone z
      left join asset_alias l on l.location_id = z.location_id and l.kind = z.kind and l.lineage = z.lineage
      left join asset a on a.location_id = z.location_id and a.kind = z.kind and a.lineage = z.lineage
      where z.location_id = any(${texts(locationIds)}) and a.id is null
        and (z.own_lineage <> z.lineage or z.part_aliases is not null)`,
  )
  for (const row of buried) {
    if (known?.forgotten.has(`${row.locationId}/${row.kind}/${row.lineage}`)) continue
    names.addAsset(row.locationId, row)
    names.addParts(row.locationId, row)
  }
  const own = await query(
    db,
    sql<{ locationId: string; kind: string; lineage: string; parts: Record<string, string> }>`
      select location_id as "locationId", kind, lineage, part_aliases as parts from asset
      where location_id = any(${texts(locationIds)}) and part_aliases is not null`,
  )
  for (const row of own) names.addParts(row.locationId, row)
  const aliases = known?.aliases ?? (await readAliases(db, locationIds)).living
  for (const alias of aliases) names.addAlias(alias.locationId, alias)
  await addNativeParts(db, names, namedPartsOf([...buried, ...aliases, ...own]))
  return names
}

/**
 * Of incoming lineages that mean another part in their location: those under which some asset there holds a part of its
 * own. It came into it before an answer was corrected, say; documents of the location go on meaning that one.
 */
export async function addNativeParts(db: Db, names: Names, parts: readonly NamedPart[]): Promise<void> {
  if (parts.length === 0) return
  const natives = await query(
    db,
    sql<NativePart>`
      with named as materialized (
        select location_id, kind, jsonb_object_agg(part, true) as parts
        from unnest(${texts(parts.map((one) => one.locationId))}, ${texts(parts.map((one) => one.kind))},
          ${texts(parts.map((one) => one.part))}) n(location_id, kind, part)
        group by location_id, kind
      )
      select n.location_id as "locationId", n.kind, p.part, a.lineage as holder
      from named n join asset a using (location_id, kind) join blob b on b.hash = a.hash
      cross join unnest(b.parts) p(part) where n.parts ? p.part`,
  )
  for (const native of natives) names.addNativePart(native)
}

/**
 * Where an entry of a version holds such a part, and reaches the very asset that does, what comes in means that asset's:
 * a location's own version pushed back on to it, say. Another entry that holds it goes on meaning what was matched in
 * its own asset.
 */
export async function keepHeldParts(
  db: Db,
  names: Names,
  entries: readonly { kind: string; lineage: string; hash: string }[],
): Promise<void> {
  const natives = Map.groupBy(names.nativeParts, ({ kind, part }) => `${kind}/${part}`)
  if (natives.size === 0) return
  const kinds = new Set(names.nativeParts.map(({ kind }) => kind))
  const asked = entries.filter(({ kind }) => kinds.has(kind))
  const blobs = await getBlobs(
    db,
    asked.map(({ hash }) => hash),
  )
  for (const { kind, lineage, hash } of asked)
    for (const part of blobs.get(hash)?.parts ?? [])
      for (const native of natives.get(`${kind}/${part}`) ?? [])
        if (names.ownOf(native.locationId, kind, lineage) === native.holder) names.keepPart(native, lineage)
}
