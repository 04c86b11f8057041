import { markerOfMissing, partMarker, partOfMarker } from '../markers.ts'
import { clip, isRecord, type Json, join } from './document-paths.ts'
import { findPartLineage, isPartLineage, newPartLineage } from './parts.ts'
import type { AssetDocument, AssetResource } from './resource.ts'

/** Which asset of the location an id means. `kind` null: any kind (an id found in a text). */
export type LineageLookup = (kind: string | null, id: string) => { kind: string; lineage: string } | null

export interface ToPortable {
  resource: AssetResource
  locationId: string
  document: AssetDocument
  lineageOf: LineageLookup
  /** A part lineage that an asset of `kind` in this location holds: checked for declared part references only. */
  hasPart: (kind: string, lineage: string) => boolean
  /**
   * Lineage of a part that any asset of this location holds, by its id: asked where the id stands glued to other
   * letters, and in local values.
   */
  heldPart: (id: string) => string | null
  /**
   * A part lineage that this asset has, or has had. A part that bears the id of any other is a new one: no two assets
   * share a part.
   */
  isOwn: (lineage: string) => boolean
  /** Part ids of this location that documents know by another lineage than the one the id itself tells. */
  partAliases: ReadonlyMap<string, string>
}

/** An array's own `id`, of the arrays whose elements have one: written by `namePartsIn`. */
export const isPartId = (resource: AssetResource, pattern: string) =>
  pattern.endsWith('[].id') && resource.parts[pattern.slice(0, -5)] !== undefined

export function findPart(options: Pick<ToPortable, 'partAliases' | 'locationId'>, id: string): string | null {
  return options.partAliases.get(id) ?? findPartLineage(id, options.locationId)
}

/** The lineages of parts that a document gives with their ids. */
export function givenParts(
  options: Pick<ToPortable, 'resource' | 'locationId' | 'document' | 'partAliases'>,
): string[] {
  const { parts } = options.resource
  const find = (value: Json, pattern: string): string[] => {
    if (Array.isArray(value))
      return value.flatMap((element) => {
        const id = pattern in parts && isRecord(element) ? element.id : undefined
        const lineage = typeof id === 'string' ? findPart(options, id) : null
        return [...(lineage === null ? [] : [lineage]), ...find(element, `${pattern}[]`)]
      })
    return isRecord(value)
      ? Object.entries(value).flatMap(([name, child]) => find(child as Json, join(pattern, name)))
      : []
  }
  return Object.keys(parts).length === 0 ? [] : find(options.document as Json, '')
}

/** Gives every part a lineage: its own where its id is one that this asset has had, a new one where it is new. */
export function namePartsIn(
  options: ToPortable,
  symbols: Map<string, string>,
  own: Set<string>,
  faults: string[],
): AssetDocument {
  const { resource } = options
  if (Object.keys(resource.parts).length === 0) return options.document
  const name = (value: Json, pattern: string, path: string): Json => {
    if (Array.isArray(value)) {
      const format = resource.parts[pattern]
      return value.map((element, index) => {
        const inner = name(element, `${pattern}[]`, `${path}[${index}]`)
        if (format === undefined || inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner
        const id = typeof inner.id === 'string' && inner.id !== '' ? inner.id : null
        const missing = id === null ? null : partOfMarker(markerOfMissing(id))
        const known =
          id === null ? null : missing !== null && isPartLineage(missing, format) ? missing : findPart(options, id)
        const isKept = known !== null && isPartLineage(known, format) && (missing !== null || options.isOwn(known))
        const lineage = isKept ? known : newPartLineage(format)
        if (own.has(lineage) || (id !== null && symbols.has(id)))
          faults.push(`${path}[${index}].id: ${clip(id ?? '')} is used twice`)
        own.add(lineage)
        if (id !== null) symbols.set(id, lineage)
        return { ...inner, id: partMarker(lineage) }
      })
    }
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [key, name(child as Json, join(pattern, key), join(path, key))]),
    )
  }
  return name(options.document as Json, '', '') as AssetDocument
}
