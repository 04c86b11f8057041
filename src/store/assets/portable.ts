import { type BlobHash, canonicalJson, hashText } from '../hash.ts'
import { type IdInText, isFolderOfFile } from '../ids-in-text.ts'
import {
  assetMarker,
  assetOfMarker,
  markerOfMissing,
  markText,
  partMarker,
  partOfMarker,
  readMarkers,
  SELF_MARKER,
} from '../markers.ts'
import { clip, isRecord, type Json, join } from './document-paths.ts'
import { mayHoldId } from './ids-of-document.ts'
import { isNamedByContent, joinLocal, type LocalValues, namesByContent } from './local-values.ts'
import { toPartId } from './parts.ts'
import { findPart, isPartId, namePartsIn, type ToPortable } from './portable-parts.ts'
import { type AssetDocument, keyOf, titleOf } from './resource.ts'

/** What is stored of a document: the portable text, and what stays with the location. */
export interface PortableDocument {
  text: string
  hash: BlobHash
  refs: string[]
  parts: string[]
  local: LocalValues
  /** What the columns of lists and of matching hold, in portable form. */
  name: string
  key: string | null
}

/** Writes a location's document in portable form. Returns the faults instead when references lead nowhere. */
export function toPortable(options: ToPortable): { portable: PortableDocument } | { faults: string[] } {
  const faults: string[] = []
  const symbols = new Map<string, string>()
  const own = new Set<string>()
  const { resource, locationId } = options
  const withParts = namePartsIn(options, symbols, own, faults)
  /** What a text calls a part of this document that stood in another one goes with it. */
  const renamed = new Map([...symbols].filter(([id, lineage]) => (findPart(options, id) ?? lineage) !== lineage))
  const ownIds = memo(() => new Map([...own].map((lineage) => [toPartId(lineage, locationId), lineage])))

  const markerOf = (found: IdInText, text: string, isLocal: boolean) => {
    const { id, start, end, glued } = found
    if (id === locationId) return isFolderOfFile(text, start, end) ? null : SELF_MARKER
    const asset = options.lineageOf(null, id)
    if (asset !== null) return assetMarker(asset.kind, asset.lineage)
    // Whether a word looks like a part's id is worked out at some cost, and once in ten million words by chance.
    const part =
      renamed.get(id) ?? (glued || isLocal ? (ownIds().get(id) ?? options.heldPart(id)) : findPart(options, id))
    return part === null ? null : partMarker(part)
  }
  const mark = (text: string) => markText(text, (found) => markerOf(found, text, false))
  const markLocal = (value: Json): Json =>
    mapStrings(value, (text) => markText(text, (found) => markerOf(found, text, true)))

  const convert = (
    value: Json,
    pattern: string,
    path: string,
    localPath: string,
    local: LocalValues,
  ): Json | undefined => {
    if (pattern in resource.local) {
      local[localPath] = markLocal(value)
      return undefined
    }
    if (typeof value === 'string') {
      const kind = resource.refs[pattern]
      if (kind !== undefined) return convertRef(kind, value, path)
      const holder = resource.partRefs[pattern]
      if (holder !== undefined) return convertPartRef(holder, value, path)
      return isPartId(resource, pattern) ? value : mark(value)
    }
    if (Array.isArray(value)) return convertList(value, pattern, path, localPath, local)
    if (!isRecord(value)) return value
    const entries: [string, Json][] = []
    for (const [name, child] of Object.entries(value)) {
      if (child === undefined) continue
      const converted = convert(child, join(pattern, name), join(path, name), join(localPath, name), local)
      if (converted !== undefined)
        entries.push([mayHoldId(resource, name) || name.includes('⟦') ? mark(name) : name, converted])
    }
    return Object.fromEntries(entries)
  }

  const convertList = (list: Json[], pattern: string, path: string, localPath: string, local: LocalValues): Json[] => {
    const locals = list.map(() => ({}) as LocalValues)
    const converted = list.map(
      (element, index) =>
        convert(element, `${pattern}[]`, `${path}[${index}]`, '', locals[index] as LocalValues) as Json,
    )
    const names = isNamedByContent(resource, pattern)
      ? namesByContent(converted)
      : converted.map((element, index) => partOfMarker((element as { id?: Json } | null)?.id) ?? String(index))
    for (const [index, values] of locals.entries())
      for (const [inner, value] of Object.entries(values))
        local[joinLocal(localPath, names[index] as string, inner)] = value
    return converted
  }

  const convertRef = (kind: string, id: string, path: string): string => {
    if (id === '') return id
    const found = options.lineageOf(kind, id)
    if (found !== null) return assetMarker(found.kind, found.lineage)
    const missing = markerOfMissing(id)
    if (assetOfMarker(missing)?.kind === kind) return missing as string
    faults.push(`${path}: there is no ${kind} with the id ${clip(id)} in this location`)
    return id
  }

  const convertPartRef = (holder: string, id: string, path: string): string => {
    if (id === '') return id
    const symbol = symbols.get(id)
    if (symbol !== undefined && holder === resource.kind) return partMarker(symbol)
    const lineage = findPart(options, id)
    if (lineage !== null && (own.has(lineage) || options.hasPart(holder, lineage))) return partMarker(lineage)
    const missing = markerOfMissing(id)
    if (partOfMarker(missing) !== null) return missing as string
    faults.push(`${path}: there is no part of ${holder} with the id ${clip(id)} in this location`)
    return id
  }

  const local: LocalValues = {}
  const portable = convert(withParts as Json, '', '', '', local) as AssetDocument
  if (faults.length > 0) return { faults }
  const text = canonicalJson(portable)
  const { refs } = readMarkers(text)
  const columns = { name: titleOf(resource, portable), key: keyOf(resource, portable) }
  return { portable: { text, hash: hashText(text), refs, parts: [...own].sort(), local, ...columns } }
}

function mapStrings(value: Json, map: (text: string) => string): Json {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((element) => mapStrings(element, map))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [map(name), mapStrings(child as Json, map)]))
}

function memo<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
