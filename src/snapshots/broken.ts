import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { getBlobs } from '../store/blobs.ts'
import { missingAsset } from '../store/markers.ts'

export interface BrokenReference {
  kind: string
  id: string
  name: string
  /** Kind of what is missing. */
  missingKind: string
  missingLineage: string
  /** How the reference reads in the document. */
  value: string
}

/** References of a location's assets that lead nowhere. */
export async function findBrokenReferences(db: Db, locationId: string): Promise<BrokenReference[]> {
  const assets = await query(db, sql<{ kind: string; id: string; name: string; hash: string }>`select kind, id, name, hash from asset where location_id = ${locationId} order by kind, name, id`)
  const blobs = await getBlobs(db, assets.map((asset) => asset.hash))
  const refs = [...new Set([...blobs.values()].flatMap((blob) => blob.refs))]
  const [kinds, lineages] = [refs.map((ref) => ref.slice(0, ref.indexOf(':'))), refs.map((ref) => ref.slice(ref.indexOf(':') + 1))]
  const missing = await query(
    db,
    sql<{ kind: string; lineage: string }>`
      select w.kind, w.lineage from unnest(${texts(kinds)}, ${texts(lineages)}) w(kind, lineage)
      where not exists (select 1 from asset a where a.location_id = ${locationId} and a.kind = w.kind and a.lineage = w.lineage)
        and not exists (select 1 from asset_alias l where l.location_id = ${locationId} and l.kind = w.kind and l.lineage = w.lineage)`,
  )
  const gone = new Set(missing.map((row) => `${row.kind}:${row.lineage}`))
  return assets.flatMap((asset) =>
    (blobs.get(asset.hash)?.refs ?? [])
      .filter((ref) => gone.has(ref))
      .map((ref) => {
        const [missingKind, missingLineage] = [ref.slice(0, ref.indexOf(':')), ref.slice(ref.indexOf(':') + 1)]
        return { kind: asset.kind, id: asset.id, name: asset.name, missingKind, missingLineage, value: missingAsset(missingKind, missingLineage) }
      }),
  )
}
