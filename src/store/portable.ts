import { type BlobHash, canonicalJson, hashText } from './hash.ts'
import { type IdInText, isFolderOfFile, scanIds } from './ids-in-text.ts'
import { isNamedByContent, joinLocal, type LocalValues, namesByContent, placeLocal } from './local-values.ts'
import {
  assetMarker,
  assetOfMarker,
  type MarkerReplacer,
  markerOfMissing,
  markText,
  missingAsset,
  partMarker,
  partOfMarker,
  readMarkers,
  replaceMarkers,
  SELF_MARKER,
} from './markers.ts'
import { findPartLineage, isPartLineage, newPartLineage, toPartId } from './parts.ts'
import { type AssetDocument, type AssetResource, keyOf, propertyNamesOf, titleOf } from './resource.ts'

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

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

/** Which asset of the location an id means. `kind` null: any kind (an id found in a text). */
export type LineageLookup = (kind: string | null, id: string) => { kind: string; lineage: string } | null

export interface ToPortable {
  resource: AssetResource
  locationId: string
  document: AssetDocument
  lineageOf: LineageLookup
  /** A part lineage that an asset of `kind` in this location holds: checked for declared part references only. */
  hasPart: (kind: string, lineage: string) => boolean
  /** Lineage of a part that any asset of this location holds, by its id: asked where the id stands glued to other letters, and in local values. */
  heldPart: (id: string) => string | null
  /** A part lineage that this asset has, or has had. A part that bears the id of any other is a new one: no two assets share a part. */
  isOwn: (lineage: string) => boolean
  /** Part ids of this location that documents know by another lineage than the one the id itself tells. */
  partAliases: ReadonlyMap<string, string>
}

/** More words than this that may be ids: whoever looks them up asks for all ids of the location instead. */
export const MOST_IDS = 2_000

/**
 * Words in a document that may be ids of its location: what `lineageOf` will be asked for. `loose`: those of them that are ids of
 * parts only if the location holds such a part (`heldPart`). Both end a little after `MOST_IDS`.
 */
export function collectIds(resource: AssetResource, document: AssetDocument): { ids: string[]; loose: string[] } {
  const ids = new Set<string>()
  const loose = new Set<string>()
  const collect = (text: string, local: boolean) =>
    scanIds(text, ({ id, glued }) => {
      if (ids.size <= MOST_IDS) ids.add(id)
      if ((glued || local) && loose.size <= MOST_IDS) loose.add(id)
      return false
    })
  const visit = (value: Json, pattern: string, local: boolean) => {
    if (typeof value === 'string') {
      if (pattern in resource.refs) ids.add(value)
      else collect(value, local)
    } else if (isRecord(value)) {
      for (const [name, child] of Object.entries(value)) {
        if (mayHoldId(resource, name)) collect(name, local)
        visit(child as Json, join(pattern, name), local || join(pattern, name) in resource.local)
      }
    } else if (Array.isArray(value)) for (const element of value) visit(element, `${pattern}[]`, local)
  }
  visit(document as Json, '', false)
  return { ids: [...ids], loose: [...loose] }
}

/** Names that a kind of asset gives its own properties hold no ids; in free objects any may. */
const mayHoldId = (resource: AssetResource, name: string) => name.length >= 20 && !propertyNamesOf(resource).has(name)

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
    const part = renamed.get(id) ?? (glued || isLocal ? (ownIds().get(id) ?? options.heldPart(id)) : findPart(options, id))
    return part === null ? null : partMarker(part)
  }
  const mark = (text: string) => markText(text, (found) => markerOf(found, text, false))
  const markLocal = (value: Json): Json => mapStrings(value, (text) => markText(text, (found) => markerOf(found, text, true)))

  const convert = (value: Json, pattern: string, path: string, localPath: string, local: LocalValues): Json | undefined => {
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
      if (converted !== undefined) entries.push([mayHoldId(resource, name) || name.includes('⟦') ? mark(name) : name, converted])
    }
    return Object.fromEntries(entries)
  }

  const convertList = (list: Json[], pattern: string, path: string, localPath: string, local: LocalValues): Json[] => {
    const locals = list.map(() => ({}) as LocalValues)
    const converted = list.map((element, index) => convert(element, `${pattern}[]`, `${path}[${index}]`, '', locals[index] as LocalValues) as Json)
    const names = isNamedByContent(resource, pattern)
      ? namesByContent(converted)
      : converted.map((element, index) => partOfMarker((element as { id?: Json } | null)?.id) ?? String(index))
    for (const [index, values] of locals.entries())
      for (const [inner, value] of Object.entries(values)) local[joinLocal(localPath, names[index] as string, inner)] = value
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

/** An array's own `id`, of the arrays whose elements have one: written by `namePartsIn`. */
const isPartId = (resource: AssetResource, pattern: string) => pattern.endsWith('[].id') && resource.parts[pattern.slice(0, -5)] !== undefined

function findPart(options: Pick<ToPortable, 'partAliases' | 'locationId'>, id: string): string | null {
  return options.partAliases.get(id) ?? findPartLineage(id, options.locationId)
}

/** The lineages of parts that a document gives with their ids. */
export function givenParts(options: Pick<ToPortable, 'resource' | 'locationId' | 'document' | 'partAliases'>): string[] {
  const { parts } = options.resource
  const find = (value: Json, pattern: string): string[] => {
    if (Array.isArray(value))
      return value.flatMap((element) => {
        const id = pattern in parts && isRecord(element) ? element.id : undefined
        const lineage = typeof id === 'string' ? findPart(options, id) : null
        return [...(lineage === null ? [] : [lineage]), ...find(element, `${pattern}[]`)]
      })
    return isRecord(value) ? Object.entries(value).flatMap(([name, child]) => find(child as Json, join(pattern, name))) : []
  }
  return Object.keys(parts).length === 0 ? [] : find(options.document as Json, '')
}

/** Gives every part a lineage: its own where its id is one that this asset has had, a new one where it is new. */
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
        const known = id === null ? null : missing !== null && isPartLineage(missing, format) ? missing : findPart(options, id)
        const isKept = known !== null && isPartLineage(known, format) && (missing !== null || options.isOwn(known))
        const lineage = isKept ? known : newPartLineage(format)
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
  local: LocalValues
  /** Id of the asset in this location; null when it is not there. */
  idOf: (kind: string, lineage: string) => string | null
  /** Id of a part whose lineage was matched to one already there; null for all others. */
  partAlias: (lineage: string) => string | null
}

/** How a location reads markers. */
export function readingOf({ locationId, idOf, partAlias }: Pick<FromPortable, 'locationId' | 'idOf' | 'partAlias'>): MarkerReplacer {
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

/** Whether some local value begins as the document says. */
export const seedsLocal = ({ local }: Pick<AssetResource, 'local'>): boolean => Object.values(local).some(({ seed }) => seed !== undefined)

/** What a push writes into `local` of an asset it creates: of the portable document, for local values are portable too. */
export function initialLocal(resource: AssetResource, document: AssetDocument): LocalValues {
  const local: LocalValues = {}
  for (const [path, field] of Object.entries(resource.local)) {
    const seeded = field.seed === undefined ? undefined : document[field.seed]
    const value = seeded ?? field.initial
    if (value !== undefined) local[path] = value
  }
  return local
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

const isRecord = (value: unknown): value is { [name: string]: Json } => value !== null && typeof value === 'object' && !Array.isArray(value)
const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`)
const clip = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)
