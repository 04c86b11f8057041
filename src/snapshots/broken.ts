import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { getBlobs } from '../store/blobs.ts'
import { missingAsset, readMarkers } from '../store/markers.ts'
import { toPartId } from '../store/parts.ts'

export interface BrokenReference {
  kind: string
  id: string
  name: string
  /** Kind of what is missing; `part` for a stage, step or page. */
  missingKind: string
  missingLineage: string
  /** How the reference reads in the document. */
  value: string
}

/** References of a location's assets that lead nowhere. */
export async function findBrokenReferences(db: Db, locationId: string): Promise<BrokenReference[]> {
  const assets = await query(
    db,
    sql<{
      kind: string
      id: string
      name: string
      hash: string
    }>`select kind, id, name, hash from asset where location_id = ${locationId} order by kind, name, id`,
  )
  const blobs = await getBlobs(
    db,
    assets.map((asset) => asset.hash),
  )
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
  const parts = new Set([...blobs.values()].flatMap((blob) => blob.parts))
  return assets.flatMap(({ hash, ...asset }) => {
    const blob = blobs.get(hash)
    const lostAssets = (blob?.refs ?? [])
      .filter((ref) => gone.has(ref))
      .map((ref) => ({ missingKind: ref.slice(0, ref.indexOf(':')), missingLineage: ref.slice(ref.indexOf(':') + 1) }))
    const lostParts = readMarkers(blob?.text ?? '').parts.filter((part) => !parts.has(part))
    return [
      ...lostAssets.map((lost) => ({ ...asset, ...lost, value: missingAsset(lost.missingKind, lost.missingLineage) })),
      ...lostParts.map((part) => ({ ...asset, missingKind: 'part', missingLineage: part, value: toPartId(part, locationId) })),
    ]
  })
}
