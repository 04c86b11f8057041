import { type MarkerReplacer, missingAsset, replaceMarkers } from '../markers.ts'
import { type LocalValues, placeLocal } from './local-values.ts'
import { toPartId } from './parts.ts'
import type { AssetDocument, AssetResource } from './resource.ts'

export interface FromPortable {
  resource: AssetResource
  locationId: string
  /** The portable document as JSON text. */
  text: string
  local: LocalValues
  /** Id of the asset in this location; null when it is not there. */
  idOf: (kind: string, lineage: string) => string | null
  /** Id of a part whose lineage was matched to one already there; null for all others. */
  partAlias: (lineage: string) => string | null
}

/** How a location reads markers. */
export function readingOf({
  locationId,
  idOf,
  partAlias,
}: Pick<FromPortable, 'locationId' | 'idOf' | 'partAlias'>): MarkerReplacer {
  return {
    asset: (kind, lineage) => idOf(kind, lineage) ?? missingAsset(kind, lineage),
    part: (lineage) => partAlias(lineage) ?? toPartId(lineage, locationId),
    self: locationId,
    literal: '⟦',
  }
}

/** Reads a portable document as its location sees it: ids in place of lineages, local values in place. */
export function fromPortable(options: FromPortable): AssetDocument {
  const reading = readingOf(options)
  const document = JSON.parse(replaceMarkers(options.text, reading)) as AssetDocument
  for (const [path, field] of Object.entries(options.resource.local)) {
    if (field.initial !== undefined && !path.includes('.') && !path.includes('[')) document[path] ??= field.initial
  }
  placeLocal({ document, portable: options.text, local: options.local, reading })
  return document
}
