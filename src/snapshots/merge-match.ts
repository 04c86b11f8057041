import { assetMarker, partMarker, partOfMarker, replaceMarkers, SELF_MARKER } from '../store/markers.ts'
import { hasParts, isObject, type Json, labelOf, type Part } from './diff.ts'
import { indexParts } from './merge-walk.ts'

export interface PartPair {
  target: string
  source: string
}

/**
 * Parts that both sides have made since they last agreed, in the same list and under the same name, are one part.
 * Without a base every part is one of these.
 */
export function matchNewParts(base: Json | null, target: Json, source: Json): PartPair[] {
  const [known, mine, theirs] = [indexParts(base), indexParts(target), indexParts(source)]
  const pairs: PartPair[] = []
  const visit = (a: Json | undefined, b: Json | undefined): void => {
    if (hasParts(a) && hasParts(b)) {
      const bById = new Map(b.map((part) => [part.id, part]))
      for (const part of a) visit(part, bById.get(part.id))
      const mineByLabel = byLabel(a.filter(({ id }) => !known.has(id) && !theirs.has(id)))
      const theirsByLabel = byLabel(b.filter(({ id }) => !known.has(id) && !mine.has(id)))
      for (const [label, candidates] of mineByLabel) {
        const [part, other] = [only(candidates), only(theirsByLabel.get(label))]
        if (label === '' || part === null || other === null) continue
        pairs.push({ target: partOfMarker(part.id) as string, source: partOfMarker(other.id) as string })
        visit(part, other)
      }
    } else if (isObject(a) && isObject(b)) {
      for (const name of Object.keys(a)) if (Object.hasOwn(b, name)) visit(a[name], b[name])
    }
  }
  visit(target, source)
  return pairs
}

const only = (parts: Part[] | undefined) => (parts?.length === 1 ? (parts[0] as Part) : null)

const byLabel = (parts: Part[]) => Map.groupBy(parts, (part) => (labelOf(part) ?? '').normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase())

/** The source's document in the target's words. */
export function renameParts(source: Json, pairs: readonly PartPair[]): Json {
  if (pairs.length === 0) return source
  const names = new Map(pairs.map((pair) => [pair.source, pair.target]))
  return JSON.parse(
    replaceMarkers(JSON.stringify(source), {
      asset: assetMarker,
      part: (lineage) => partMarker(names.get(lineage) ?? lineage),
      self: SELF_MARKER,
      literal: '⟦⟦',
    }),
  ) as Json
}
