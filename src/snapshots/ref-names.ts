import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { readMarkers, replaceMarkers } from '../store/markers.ts'

/** What references are called: `kind:lineage` -> name. */
export type RefNames = Map<string, string>

/**
 * Shows references by name in anything made of JSON: a reference to the tag VIP reads `[tags: VIP]`. Parts are left as their
 * lineage; the location itself reads `[this location]`.
 */
export function showRefs<T>(value: T, names: RefNames): T {
  const text = JSON.stringify(value)
  if (text === undefined || !text.includes('⟦')) return value
  const quote = (name: string) => JSON.stringify(name).slice(1, -1)
  const shown = replaceMarkers(text, {
    asset: (kind, lineage) => `[${kind}: ${quote(names.get(`${kind}:${lineage}`) ?? lineage)}]`,
    part: (lineage) => lineage,
    self: '[this location]',
    literal: '⟦',
  })
  return JSON.parse(shown) as T
}

/** Adds the names of references in `value` that `names` lacks, as far as these locations know them. */
export async function completeNames(db: Db, locationIds: readonly string[], names: RefNames, value: unknown): Promise<void> {
  const text = JSON.stringify(value) ?? ''
  const unknown = readMarkers(text).refs.filter((ref) => !names.has(ref))
  if (unknown.length === 0 || locationIds.length === 0) return
  const parts = unknown.map((ref) => [ref.slice(0, ref.indexOf(':')), ref.slice(ref.indexOf(':') + 1)] as const)
  const rows = await query(
    db,
    sql<{ kind: string; lineage: string; name: string }>`
      select distinct on (a.kind, a.lineage) a.kind, a.lineage, a.name
      from unnest(${texts(parts.map((p) => p[0]))}, ${texts(parts.map((p) => p[1]))}) w(kind, lineage)
      join asset a on a.location_id = any(${texts(locationIds)}) and a.kind = w.kind and a.lineage = w.lineage`,
  )
  for (const row of rows) names.set(`${row.kind}:${row.lineage}`, row.name)
}
