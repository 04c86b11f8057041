import type { AssetResource } from '../store/assets/index.ts'
import { assetMarker, partMarker, replaceMarkers, SELF_MARKER } from '../store/markers.ts'
import { isObject, isSame, type Json, labelOf, type Part, toPart } from './diff.ts'

/** One step of the way from a document to a value inside it. `path`: the way so far, parts by identity. */
export type Segment = { path: string } & (
  | { kind: 'field'; holder: { [name: string]: Json }; name: string }
  | { kind: 'part'; holder: Json[]; id: string }
  | { kind: 'element'; holder: Json[]; index: number; element: Json }
)

export interface Place {
  /** Parts by identity: `stages[⟦.4f…⟧].name`. `readable` says how people read it. */
  path: string
  /** The same way as a resource declares it: `steps[].next`. */
  pattern: string
  segments: readonly Segment[]
}

/** What a part is called where people read of it: its label, and its place where that does not tell it apart. */
export type PartNames = ReadonlyMap<string, string>

const ROOT: Place = { path: '', pattern: '', segments: [] }

/** Visits every value of a document that is neither an array nor an object. */
export function walk(document: Json, visit: (value: Json, place: Place) => void): void {
  const go = (value: Json, place: Place): void => {
    if (Array.isArray(value))
      for (const [index, element] of value.entries()) go(element, inElement(place, { holder: value, element, index }))
    else if (isObject(value)) for (const [name, child] of Object.entries(value)) go(child, inField(place, value, name))
    else visit(value, place)
  }
  go(document, ROOT)
}

/** Visits every element of a list that has an id. */
export function walkParts(document: Json, visit: (part: Part, place: Place) => void): void {
  const go = (value: Json, place: Place): void => {
    if (Array.isArray(value)) {
      for (const [index, element] of value.entries()) {
        const inner = inElement(place, { holder: value, element, index })
        const part = toPart(element)
        if (part !== null) visit(part, inner)
        go(element, inner)
      }
    } else if (isObject(value))
      for (const [name, child] of Object.entries(value)) go(child, inField(place, value, name))
  }
  go(document, ROOT)
}

/** A path as people read it: each part by what it is called. */
export const readable = (path: string, names: PartNames): string =>
  replaceMarkers(path, {
    asset: assetMarker,
    part: (lineage) => names.get(partMarker(lineage)) ?? lineage,
    self: SELF_MARKER,
    literal: '⟦⟦',
  })

export const joinPath = (path: string, name: string) => (path === '' ? name : `${path}.${name}`)

function inField({ path, pattern, segments }: Place, holder: { [name: string]: Json }, name: string): Place {
  const inner = joinPath(path, name)
  return {
    path: inner,
    pattern: joinPath(pattern, name),
    segments: [...segments, { kind: 'field', path: inner, holder, name }],
  }
}

function inElement({ path, pattern, segments }: Place, at: { holder: Json[]; element: Json; index: number }): Place {
  const { holder, element, index } = at
  const part = toPart(element)
  const inner = `${path}[${part?.id ?? index}]`
  const segment: Segment =
    part === null
      ? { kind: 'element', path: inner, holder, index, element }
      : { kind: 'part', path: inner, holder, id: part.id }
  return { path: inner, pattern: `${pattern}[]`, segments: [...segments, segment] }
}

/**
 * What stands at the same place of another document: parts are found by id, other elements of lists by what they hold.
 */
export function locate(document: Json | null, segments: readonly Segment[]): Json | undefined {
  let value: Json | undefined = document ?? undefined
  for (const segment of segments) {
    if (segment.kind === 'field') value = isObject(value) ? ownValue(value, segment.name) : undefined
    else if (!Array.isArray(value)) return undefined
    else if (segment.kind === 'part') value = value.find((element) => toPart(element)?.id === segment.id)
    else value = value.find((element) => isSame(element, segment.element))
  }
  return value
}

export function ownValue(object: { [name: string]: Json } | undefined, name: string): Json | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined
}

export interface IndexedPart {
  part: Part
  /** Way to its list: the ids of the parts it lies in, and the list's path. */
  home: string
  ancestors: string[]
}

/** Every part of a document by its id. */
export function indexParts(document: Json | null): Map<string, IndexedPart> {
  const found = new Map<string, IndexedPart>()
  const go = (value: Json, home: string, ancestors: string[]): void => {
    if (Array.isArray(value)) {
      for (const element of value) {
        const part = toPart(element)
        if (part !== null) found.set(part.id, { part, home, ancestors })
        go(
          element,
          part === null ? `${home}[]` : `${home}[${part.id}]`,
          part === null ? ancestors : [...ancestors, part.id],
        )
      }
    } else if (isObject(value))
      for (const [name, child] of Object.entries(value)) go(child, joinPath(home, name), ancestors)
  }
  if (document !== null) go(document, '', [])
  return found
}

/**
 * Names for the parts of documents that are merged; the first document that has a part says what it is called. Where
 * others of its list are called so, or it has no label, its place among the parts of all these lists tells it apart.
 */
export function namesOf(documents: readonly (Json | null)[]): PartNames {
  const labels = new Map<string, string>()
  const lists = new Map<string, Set<string>>()
  for (const document of documents) {
    for (const [id, { part, home }] of indexParts(document)) {
      if (!labels.has(id)) labels.set(id, labelOf(part) ?? '')
      lists.set(home, (lists.get(home) ?? new Set()).add(id))
    }
  }
  const names = new Map(labels)
  for (const list of lists.values()) {
    const places = new Map([...list].map((id, index) => [id, index]))
    for (const [label, bearers] of Map.groupBy(list, (id) => labels.get(id) ?? ''))
      if (label === '' || bearers.length > 1)
        for (const id of bearers) names.set(id, label === '' ? `${places.get(id)}` : `${label} (${places.get(id)})`)
  }
  return names
}

interface SchemaNode {
  properties?: Record<string, SchemaNode>
  items?: SchemaNode
  required?: string[]
  anyOf?: SchemaNode[]
  type?: string
}

function schemaAt(schema: SchemaNode, pattern: string): SchemaNode | undefined {
  let node: SchemaNode | undefined = schema
  for (const name of pattern.split(/\.|(?=\[\])/)) {
    if (name !== '') node = name === '[]' ? node?.items : node?.properties?.[name]
  }
  return node
}

export function isRequired(schema: AssetResource['schema'], pattern: string): boolean {
  const dot = pattern.lastIndexOf('.')
  const holder = schemaAt(schema as SchemaNode, dot < 0 ? '' : pattern.slice(0, dot))
  return holder?.required?.includes(pattern.slice(dot + 1)) ?? false
}

export function allowsNull(schema: AssetResource['schema'], pattern: string): boolean {
  return schemaAt(schema as SchemaNode, pattern)?.anyOf?.some((option) => option.type === 'null') ?? false
}
