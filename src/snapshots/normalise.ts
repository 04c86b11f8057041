import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { canonicalJson, hashText } from '../store/hash.ts'
import { assetMarker, partMarker, replaceMarkers, SELF_MARKER } from '../store/markers.ts'
import { findPartLineage } from '../store/parts.ts'

/**
 * An asset that was matched has several lineages: its own and the incoming ones. Documents of such a location are
 * compared after every reference has been brought to the preferred one (the newest alias), so that two ways to
 * name one asset are not taken for a difference.
 */
export class Preferences {
  readonly #byLocation = new Map<string, Map<string, string>>()

  /** Every lineage of the same asset (or, with kind '', part) stands for `preferred` from now on. */
  add(locationId: string, kind: string, lineages: readonly string[], preferred: string): void {
    let map = this.#byLocation.get(locationId)
    if (map === undefined) {
      map = new Map()
      this.#byLocation.set(locationId, map)
    }
    for (const lineage of lineages) if (lineage !== preferred) map.set(`${kind}:${lineage}`, preferred)
  }

  /** True when a location has nothing to normalise: the common case. */
  isPlain(locationId: string): boolean {
    return !this.#byLocation.has(locationId)
  }

  preferred(locationId: string, kind: string, lineage: string): string {
    return this.#byLocation.get(locationId)?.get(`${kind}:${lineage}`) ?? lineage
  }

  /** A portable document in the location's preferred lineages. */
  normalise(locationId: string, text: string): string {
    const map = this.#byLocation.get(locationId)
    if (map === undefined) return text
    return replaceMarkers(text, {
      asset: (kind, lineage) => assetMarker(kind, map.get(`${kind}:${lineage}`) ?? lineage),
      part: (lineage) => partMarker(map.get(`:${lineage}`) ?? lineage),
      self: SELF_MARKER,
      literal: '⟦⟦',
    })
  }
}

/** The preferences of these locations. One query; most locations have none. */
export async function loadPreferences(db: Db, locationIds: readonly string[]): Promise<Preferences> {
  const rows = await query(
    db,
    sql<{ locationId: string; kind: string; lineage: string; id: string; own: string | null }>`
      select l.location_id as "locationId", l.kind, l.lineage, l.id, a.lineage as own
      from asset_alias l left join asset a on a.location_id = l.location_id and a.kind = l.kind and a.id = l.id
      where l.location_id = any(${texts(locationIds)})
      order by l.created_at, l.lineage desc`,
  )
  const groups = new Map<string, { locationId: string; kind: string; lineages: string[] }>()
  for (const row of rows) {
    const name = `${row.locationId}/${row.kind}/${row.id}`
    const group = groups.get(name) ?? { locationId: row.locationId, kind: row.kind, lineages: [] }
    const own = row.kind === '' ? findPartLineage(row.id, row.locationId) : row.own
    if (own !== null && !group.lineages.includes(own)) group.lineages.unshift(own)
    group.lineages.push(row.lineage)
    groups.set(name, group)
  }
  const preferences = new Preferences()
  for (const { locationId, kind, lineages } of groups.values()) preferences.add(locationId, kind, lineages, lineages.at(-1) as string)
  return preferences
}

/** Canonical text and hash of a portable document given as JSON text in any spacing. */
export function toCanonical(text: string): { text: string; hash: string } {
  const canonical = canonicalJson(JSON.parse(text))
  return { text: canonical, hash: hashText(canonical) }
}
