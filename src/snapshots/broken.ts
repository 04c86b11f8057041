import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { getBlobs, readMatchedParts, showNames, toPartId } from '../store/assets/index.ts'
import { missingAsset, readMarkers } from '../store/markers.ts'
import { findLostParts } from './part-names.ts'
import { completeNames, findLostNames, type RefNames, shownName, splitRefs } from './ref-names.ts'

export interface BrokenReference {
  kind: string
  id: string
  name: string
  /** Kind of what is missing; `part` for a stage, step or page. */
  missingKind: string
  missingLineage: string
  /** What it was called, where that is remembered: by the location, or by a snapshot of its agency. */
  missingName?: string
  /** How the reference reads in the document. */
  value: string
}

/**
 * References of a location's assets, and of what it keeps beside them, that lead nowhere. `partKinds`: those whose
 * assets have parts.
 */
export async function findBrokenReferences(
  db: Db,
  locationId: string,
  partKinds: readonly string[],
): Promise<BrokenReference[]> {
  const rows = await query(
    db,
    sql<{ kind: string; id: string; name: string; hash: string; local: Record<string, unknown> }>`
      select kind, id, name, hash, local from asset where location_id = ${locationId} order by kind, name, id`,
  )
  const blobs = await getBlobs(
    db,
    rows.map((row) => row.hash),
  )
  const assets = (await showNames(db, locationId, rows)).map(({ hash, local, ...asset }) => {
    const blob = blobs.get(hash)
    const beside = readMarkers(JSON.stringify(local))
    const inText = readMarkers(blob?.text ?? '')
    return {
      asset,
      refs: [...new Set([...(blob?.refs ?? []), ...beside.refs])],
      parts: [...new Set([...inText.parts, ...beside.parts])],
    }
  })
  const [kinds, lineages] = splitRefs([...new Set(assets.flatMap(({ refs }) => refs))])
  const missing = await query(
    db,
    sql<{ kind: string; lineage: string }>`
      select w.kind, w.lineage from unnest(${texts(kinds)}, ${texts(lineages)}) w(kind, lineage)
      where not exists (select 1 from asset a where a.location_id = ${locationId} and a.kind = w.kind
        and a.lineage = w.lineage)
        and not exists (select 1 from asset_alias l where l.location_id = ${locationId} and l.kind = w.kind
          and l.lineage = w.lineage)`,
  )
  const gone = new Map(missing.map((row) => [`${row.kind}:${row.lineage}`, row]))
  const names = await findLostNames(db, locationId, [...gone.keys()])
  const held = new Set([...blobs.values()].flatMap((blob) => blob.parts))
  const readAs = new Map((await readMatchedParts(db, [locationId])).map(({ lineage, own }) => [lineage, own]))
  const isLost = (part: string) => !held.has(readAs.get(part) ?? part)
  const lostParts = [...new Set(assets.flatMap(({ parts }) => parts.filter(isLost)))]
  const partNames = await findLostParts(db, { locationId, kinds: partKinds }, lostParts)
  const named: RefNames = new Map(names)
  await completeNames(
    db,
    [locationId],
    named,
    [...partNames.values()].map(({ label }) => label),
  )
  return assets.flatMap(({ asset, refs, parts }) => [
    ...refs.flatMap((ref) => {
      const lost = gone.get(ref)
      if (lost === undefined) return []
      const name = names.get(ref)
      const known = name === undefined ? {} : { missingName: name }
      return {
        ...asset,
        missingKind: lost.kind,
        missingLineage: lost.lineage,
        ...known,
        value: missingAsset(lost.kind, lost.lineage),
      }
    }),
    ...parts.filter(isLost).map((part) => {
      const label = partNames.get(part)?.label
      const known = label === undefined ? {} : { missingName: shownName(label, named) }
      const value = toPartId(readAs.get(part) ?? part, locationId)
      return { ...asset, missingKind: 'part', missingLineage: part, ...known, value }
    }),
  ])
}
