import { type BlobHash, canonicalJson, hashText } from './hash.ts'
import {
  assetMarker,
  candidatesIn,
  markerOfMissing,
  markText,
  missingAsset,
  partMarker,
  partOfMarker,
  readMarkers,
  replaceMarkers,
  SELF_MARKER,
} from './markers.ts'
import { findPartLineage, newPartLineage, toPartId } from './parts.ts'
import type { AssetDocument, AssetResource } from './resource.ts'

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** What is stored of a document: the portable text, and what stays with the location. */
export interface PortableDocument {
  text: string
  hash: BlobHash
  refs: string[]
  parts: string[]
  local: Record<string, unknown>
}

/** Which asset of the location an id means. `kind` null: any kind (an id found in a text). */
export type LineageLookup = (kind: string | null, id: string) => { kind: string; lineage: string } | null

export interface ToPortable {
  resource: AssetResource
  locationId: string
  document: AssetDocument
  lineageOf: LineageLookup
  /** A part lineage that an asset of `kind` in this location holds: checked for declared part references only. */
  hasPart: (kind: string, lineage: string) => boolean
  /** Part ids of this location that documents know by another lineage than the one the id itself tells. */
  partAliases: ReadonlyMap<string, string>
}

/** Ids in a document that may be assets of its location: what `lineageOf` will be asked for. */
export function collectIds(resource: AssetResource, document: AssetDocument): string[] {
  const ids = new Set<string>()
  const visit = (value: Json, pattern: string) => {
    if (typeof value === 'string') {
      if (pattern in resource.refs) ids.add(value)
      else for (const candidate of candidatesIn(value)) ids.add(candidate)
    } else forEachChild(value, pattern, visit)
  }
  visit(document as Json, '')
  return [...ids]
}

/** Writes a location's document in portable form. Returns the faults instead when references lead nowhere. */
export function toPortable(options: ToPortable): { portable: PortableDocument } | { faults: string[] } {
  const faults: string[] = []
  const local: Record<string, unknown> = {}
  const symbols = new Map<string, string>()
  const own = new Set<string>()
  const { resource, locationId } = options
  const withParts = namePartsIn(options, symbols, own, faults)

  const markerOf = (candidate: string) => {
    if (candidate === locationId) return SELF_MARKER
    const found = options.lineageOf(null, candidate)
    if (found !== null) return assetMarker(found.kind, found.lineage)
    const part = findPart(options, candidate)
    return part === null ? null : partMarker(part)
  }

  const convert = (value: Json, pattern: string, path: string, localPath: string): Json | undefined => {
    if (pattern in resource.local) {
      local[localPath] = value
      return undefined
    }
    if (typeof value === 'string') {
      const kind = resource.refs[pattern]
      if (kind !== undefined) return convertRef(kind, value, path)
      const holder = resource.partRefs[pattern]
      if (holder !== undefined) return convertPartRef(holder, value, path)
      return partOfMarker(value) !== null && own.has(partOfMarker(value) as string) ? value : markText(value, markerOf)
    }
    if (Array.isArray(value)) {
      return value.map((element, index) => {
        const part = partOfMarker((element as { id?: Json })?.id)
        return convert(element, `${pattern}[]`, `${path}[${index}]`, `${localPath}[${part ?? index}]`) as Json
      })
    }
    if (value === null || typeof value !== 'object') return value
    const result: { [name: string]: Json } = {}
    for (const [name, child] of Object.entries(value)) {
      if (child === undefined) continue
      const converted = convert(child, join(pattern, name), join(path, name), join(localPath, name))
      if (converted !== undefined) result[name] = converted
    }
    return result
  }

  const convertRef = (kind: string, id: string, path: string): string => {
    if (id === '') return id
    const found = options.lineageOf(kind, id)
    if (found !== null) return assetMarker(found.kind, found.lineage)
    const missing = markerOfMissing(id)
    if (missing === null) faults.push(`${path}: there is no ${kind} with the id ${clip(id)} in this location`)
    return missing ?? id
  }

  const convertPartRef = (holder: string, id: string, path: string): string => {
    if (id === '') return id
    const symbol = symbols.get(id)
    if (symbol !== undefined && holder === resource.kind) return partMarker(symbol)
    const lineage = findPart(options, id)
    if (lineage !== null && (own.has(lineage) || options.hasPart(holder, lineage))) return partMarker(lineage)
    const missing = markerOfMissing(id)
    if (missing === null) faults.push(`${path}: there is no part of ${holder} with the id ${clip(id)} in this location`)
    return missing ?? id
  }

  const portable = convert(withParts as Json, '', '', '') as AssetDocument
  if (faults.length > 0) return { faults }
  const text = canonicalJson(portable)
  const { refs } = readMarkers(text)
  return { portable: { text, hash: hashText(text), refs, parts: [...own].sort(), local } }
}

function findPart(options: ToPortable, id: string): string | null {
  return options.partAliases.get(id) ?? findPartLineage(id, options.locationId)
}

/** Gives every part a lineage: its own where its id is one of this location, a new one where it is new. */
function namePartsIn(options: ToPortable, symbols: Map<string, string>, own: Set<string>, faults: string[]): AssetDocument {
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
        const lineage = (id === null ? null : (missing ?? findPart(options, id))) ?? newPartLineage(format)
        if (own.has(lineage) || (id !== null && symbols.has(id))) faults.push(`${path}[${index}].id: ${clip(id ?? '')} is used twice`)
        own.add(lineage)
        if (id !== null) symbols.set(id, lineage)
        return { ...inner, id: partMarker(lineage) }
      })
    }
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, name(child as Json, join(pattern, key), join(path, key))]))
  }
  return name(options.document as Json, '', '') as AssetDocument
}

export interface FromPortable {
  resource: AssetResource
  locationId: string
  /** The portable document as JSON text. */
  text: string
  local: Record<string, unknown>
  /** Id of the asset in this location; null when it is not there. */
  idOf: (kind: string, lineage: string) => string | null
  /** Id of a part whose lineage was matched to one already there; null for all others. */
  partAlias: (lineage: string) => string | null
}

/** Reads a portable document as its location sees it: ids in place of lineages, local values in place. */
export function fromPortable(options: FromPortable): AssetDocument {
  const { locationId } = options
  const partId = (lineage: string) => options.partAlias(lineage) ?? toPartId(lineage, locationId)
  const text = replaceMarkers(options.text, {
    asset: (kind, lineage) => options.idOf(kind, lineage) ?? missingAsset(kind, lineage),
    part: partId,
    self: locationId,
    literal: '⟦',
  })
  const document = JSON.parse(text) as AssetDocument
  for (const [path, field] of Object.entries(options.resource.local)) {
    if (field.initial !== undefined && !path.includes('.') && !path.includes('[')) document[path] ??= field.initial
  }
  for (const [path, value] of Object.entries(options.local)) place(document, path, value, partId)
  return document
}

/** Paths in a document that belong to a location; a document that travels must have none of them. */
export function localPathsIn(resource: AssetResource, document: AssetDocument): string[] {
  const found: string[] = []
  const visit = (value: Json, pattern: string) => {
    if (pattern in resource.local) found.push(pattern)
    else forEachChild(value, pattern, visit)
  }
  visit(document as Json, '')
  return found
}

/** What a push writes into `local` of an asset it creates. */
export function initialLocal(resource: AssetResource, document: AssetDocument): Record<string, unknown> {
  const local: Record<string, unknown> = {}
  for (const [path, field] of Object.entries(resource.local)) {
    const seeded = field.seed === undefined ? undefined : document[field.seed]
    const value = seeded ?? field.initial
    if (value !== undefined) local[path] = value
  }
  return local
}

/** Puts a local value back at its path; `steps[LINEAGE].userIds` finds the step by its lineage. A path that is gone is passed over. */
function place(document: AssetDocument, path: string, value: unknown, partId: (lineage: string) => string): void {
  const segments = path.match(/[^.[\]]+|\[[^\]]+\]/g) ?? []
  let holder: unknown = document
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1
    if (segment.startsWith('[')) {
      const lineage = segment.slice(1, -1)
      holder = Array.isArray(holder) ? (holder.find((element) => element?.id === partId(lineage)) ?? holder[Number(lineage)]) : undefined
    } else if (holder === null || typeof holder !== 'object') return
    else if (last) (holder as AssetDocument)[segment] = value
    else holder = (holder as AssetDocument)[segment]
  }
}

function forEachChild(value: Json, pattern: string, visit: (child: Json, pattern: string) => void): void {
  if (Array.isArray(value)) for (const element of value) visit(element, `${pattern}[]`)
  else if (value !== null && typeof value === 'object') for (const [name, child] of Object.entries(value)) visit(child as Json, join(pattern, name))
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`)
const clip = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
