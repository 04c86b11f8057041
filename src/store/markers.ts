import { type IdInText, scanIds } from './ids-in-text.ts'

/**
 * References in portable documents. Inside any string, and inside the names of properties:
 *   ⟦kind:lineage⟧  an asset      ⟦.lineage⟧  a part of an asset      ⟦@⟧  the location itself      ⟦⟦  a literal ⟦
 *   ⟦^...⟧  the same, its hex digits written in capital letters
 * Ids and lineages are JSON-safe, so markers can be replaced in a document's text without parsing it.
 */
const MARKER = /⟦⟦|⟦(?:(@)|(\^?)(?:\.([A-Za-z0-9-]+)|([a-z_]+):([A-Za-z0-9-]+)))⟧/g
const ID =
  '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24}|[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}|[0-9A-F]{24}|[A-Za-z0-9]{20}'
const MISSING_IN_TEXT = new RegExp(`missing:(?:part:(${ID})|([a-z_]+):(${ID}))`, 'g')
const MISSING = new RegExp(`^(?:${MISSING_IN_TEXT.source})$`)
const HEX_ID_AT_END = /(?:[0-9a-f-]{36}|[0-9a-f]{24})$/

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
  return text.replace(MARKER, (marker, self, upper, part, kind, lineage) => {
    if (marker === '⟦⟦') return to.literal
    if (self !== undefined) return to.self
    const result = part !== undefined ? to.part(part) : to.asset(kind, lineage)
    return upper === '^' ? inCapitals(result) : result
  })
}

/** An id in capital letters, or the marker of one. A name stays as it is. */
const inCapitals = (result: string) =>
  result.startsWith('⟦') ? `⟦^${result.slice(1)}` : result.replace(HEX_ID_AT_END, (id) => id.toUpperCase())

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
    for (const [, , , part, kind, lineage] of text.matchAll(MARKER)) {
      if (part !== undefined) parts.add(part)
      else if (kind !== undefined) refs.add(`${kind}:${lineage}`)
    }
  }
  return { refs: [...refs].sort(), parts: [...parts].sort() }
}

/** Whether every ⟦ of a text begins a marker or is written twice. */
export function isWellMarked(text: string): boolean {
  return !text.includes('⟦') || !text.replace(MARKER, '').includes('⟦')
}

/** The lineage of a part marker that is the whole string; null for anything else. */
export function partOfMarker(value: unknown): string | null {
  return typeof value === 'string' && value.startsWith('⟦.') && value.endsWith('⟧') ? value.slice(2, -1) : null
}

/** The asset that a marker names which is the whole string; null for anything else. */
export function assetOfMarker(value: unknown): { kind: string; lineage: string } | null {
  const match = typeof value === 'string' ? /^⟦([a-z_]+):([A-Za-z0-9-]+)⟧$/.exec(value) : null
  return match === null ? null : { kind: match[1] as string, lineage: match[2] as string }
}

/** A text as long as it was when what it names was there: `missing:kind:lineage` is longer than an id. */
export const withoutMissing = (text: string) =>
  text.replace(MISSING_IN_TEXT, (_, part, _kind, lineage) => part ?? lineage)

/** Turns the ids in a text into markers. `markerOf` knows which words are ids of this location. */
export function markText(text: string, markerOf: (found: IdInText, text: string) => string | null): string {
  const hits: { start: number; end: number; marker: string }[] = []
  let done = 0
  const scan = (to: number) =>
    scanIds(
      text,
      (found) => {
        const marker = markerOf(found, text)
        if (marker === null) return false
        hits.push({ start: found.start, end: found.end, marker: found.upper ? inCapitals(marker) : marker })
        return true
      },
      done,
      to,
    )
  if (text.length >= 20 && text.includes('missing:')) {
    for (const match of text.matchAll(MISSING_IN_TEXT)) {
      scan(match.index)
      done = match.index + match[0].length
      hits.push({ start: match.index, end: done, marker: markerOfMatch(match) })
    }
  }
  scan(text.length)
  if (hits.length === 0) return literal(text)
  hits.sort((a, b) => a.start - b.start)
  let marked = ''
  done = 0
  for (const { start, end, marker } of hits) {
    marked += literal(text.slice(done, start)) + marker
    done = end
  }
  return marked + literal(text.slice(done))
}

const literal = (text: string) => (text.includes('⟦') ? text.replaceAll('⟦', '⟦⟦') : text)

/** The marker of a `missing:` value that a caller sent back; null for anything else. */
export function markerOfMissing(value: string): string | null {
  const match = MISSING.exec(value)
  return match === null ? null : markerOfMatch(match)
}

function markerOfMatch([, part, kind, lineage]: RegExpExecArray | RegExpMatchArray): string {
  const written = (part ?? lineage) as string
  const id = written.length === 20 ? written : written.toLowerCase()
  const marker = part !== undefined ? partMarker(id) : assetMarker(kind as string, id)
  return id === written ? marker : inCapitals(marker)
}
