/**
 * References in portable documents. Inside any string:
 *   ⟦kind:lineage⟧  an asset      ⟦.lineage⟧  a part of an asset      ⟦@⟧  the location itself      ⟦⟦  a literal ⟦
 * Ids and lineages are JSON-safe, so markers can be replaced in a document's text without parsing it.
 */
const MARKER = /⟦⟦|⟦(?:(@)|\.([A-Za-z0-9-]+)|([a-z_]+):([A-Za-z0-9-]+))⟧/g
const ID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24}|[A-Za-z0-9]{20}'
/** Words that may be ids: 20 letters and digits, 24 hex digits, or a UUID. An escape such as %2F is no part of a word. */
const CANDIDATE = new RegExp(`(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}))(?:${ID})(?![A-Za-z0-9])`, 'g')
const MISSING_IN_TEXT = new RegExp(`missing:(?:part:(${ID})|([a-z_]+):(${ID}))(?![A-Za-z0-9])`, 'g')
const MISSING = new RegExp(`^${MISSING_IN_TEXT.source}$`)

export const SELF_MARKER = '⟦@⟧'
export const assetMarker = (kind: string, lineage: string) => `⟦${kind}:${lineage}⟧`
export const partMarker = (lineage: string) => `⟦.${lineage}⟧`

/** How a reference that cannot be resolved is shown to callers; they may send it back unchanged. */
export const missingAsset = (kind: string, lineage: string) => `missing:${kind}:${lineage}`

export interface MarkerReplacer {
  asset(kind: string, lineage: string): string
  part(lineage: string): string
  self: string
  /** What a literal ⟦ becomes. */
  literal: string
}

export function replaceMarkers(text: string, to: MarkerReplacer): string {
  if (!text.includes('⟦')) return text
  return text.replace(MARKER, (marker, self, part, kind, lineage) => {
    if (marker === '⟦⟦') return to.literal
    if (self !== undefined) return to.self
    return part !== undefined ? to.part(part) : to.asset(kind, lineage)
  })
}

export interface Markers {
  /** `kind:lineage`, each once, sorted. */
  refs: string[]
  /** Part lineages that the text names, each once, sorted. */
  parts: string[]
}

export function readMarkers(text: string): Markers {
  const refs = new Set<string>()
  const parts = new Set<string>()
  if (text.includes('⟦')) {
    for (const [, , part, kind, lineage] of text.matchAll(MARKER)) {
      if (part !== undefined) parts.add(part)
      else if (kind !== undefined) refs.add(`${kind}:${lineage}`)
    }
  }
  return { refs: [...refs].sort(), parts: [...parts].sort() }
}

/** The lineage of a part marker that is the whole string; null for anything else. */
export function partOfMarker(value: unknown): string | null {
  return typeof value === 'string' && value.startsWith('⟦.') && value.endsWith('⟧') ? value.slice(2, -1) : null
}

export function candidatesIn(text: string): string[] {
  return text.length < 20 ? [] : (text.match(CANDIDATE) ?? [])
}

/** Turns the ids in a text into markers. `markerOf` knows which candidates are ids of this location. */
export function markText(text: string, markerOf: (candidate: string) => string | null): string {
  let marked = text.includes('⟦') ? text.replaceAll('⟦', '⟦⟦') : text
  if (marked.includes('missing:')) {
    marked = marked.replace(MISSING_IN_TEXT, (_, part, kind, lineage) => (part !== undefined ? partMarker(part) : assetMarker(kind, lineage)))
  }
  return marked.length < 20
    ? marked
    : marked.replace(CANDIDATE, (candidate, offset: number) =>
        marked[offset - 1] === ':' || marked[offset - 1] === '.' ? keepInMarker(marked, offset, candidate, markerOf) : (markerOf(candidate) ?? candidate),
      )
}

/** A candidate inside a marker made a moment ago (from `missing:`) stays; a colon or dot in plain text means nothing. */
function keepInMarker(text: string, offset: number, candidate: string, markerOf: (candidate: string) => string | null): string {
  const opening = text.lastIndexOf('⟦', offset)
  const inside = opening >= 0 && text[opening - 1] !== '⟦' && text.indexOf('⟧', opening) === offset + candidate.length
  return inside ? candidate : (markerOf(candidate) ?? candidate)
}

/** The marker of a `missing:` value that a caller sent back; null for anything else. */
export function markerOfMissing(value: string): string | null {
  const match = MISSING.exec(value)
  if (match === null) return null
  return match[1] !== undefined ? partMarker(match[1]) : assetMarker(match[2] as string, match[3] as string)
}
