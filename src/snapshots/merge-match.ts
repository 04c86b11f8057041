import { canonicalJson } from '../store/hash.ts'
import { assetMarker, partMarker, partOfMarker, replaceMarkers, SELF_MARKER } from '../store/markers.ts'
import { foldedText } from '../store/natural-key.ts'
import { hasParts, isObject, type Json, labelOf, type Part } from './diff.ts'
import { indexParts } from './merge-walk.ts'

export interface PartPair {
  target: string
  source: string
}

/**
 * Parts that both sides have made since they last agreed, in the same list and under the same name, are one part; so
 * are those without a name that say the same. Without a base every part is one of these. `remade`: a part that one side
 * has dropped and made anew under its name is the one that the other side still has, too. `decided`: parts that
 * somebody decides about. One of them that the target alone has is asked about as itself, and is no other one.
 */
export function matchNewParts(
  base: Json | null,
  target: Json,
  source: Json,
  { remade = false, decided = new Set() }: { remade?: boolean | undefined; decided?: ReadonlySet<string> } = {},
): PartPair[] {
  const [known, mine, theirs] = [indexParts(base), indexParts(target), indexParts(source)]
  const pairs: PartPair[] = []
  const visit = (a: Json | undefined, b: Json | undefined): void => {
    if (hasParts(a) && hasParts(b)) {
      const bById = new Map(b.map((part) => [part.id, part]))
      const pair = (part: Part, other: Part) => {
        pairs.push({ target: partOfMarker(part.id) as string, source: partOfMarker(other.id) as string })
        visit(part, other)
      }
      for (const part of a) visit(part, bById.get(part.id))
      const alone = a.filter(({ id }) => !theirs.has(id) && !decided.has(id))
      const mineByLabel = byLabel(alone.filter(({ id }) => !known.has(id)))
      const theirsByLabel = byLabel(b.filter(({ id }) => !known.has(id) && !mine.has(id)))
      for (const [label, candidates] of mineByLabel) {
        const others = theirsByLabel.get(label) ?? []
        if (label === '') for (const [part, other] of alike(candidates, others)) pair(part, other)
        else if (candidates.length === 1 && others.length === 1) pair(candidates[0] as Part, others[0] as Part)
      }
      if (!remade) return
      const isPaired = (side: keyof PartPair, { id }: Part) => pairs.some((one) => one[side] === partOfMarker(id))
      const left = byLabel(alone.filter((part) => !isPaired('target', part)))
      const comers = byLabel(b.filter((part) => !mine.has(part.id) && !isPaired('source', part)))
      for (const [label, [part, ...more]] of left) {
        const [other, ...others] = comers.get(label) ?? []
        const isClear = label !== '' && part !== undefined && other !== undefined && more.length + others.length === 0
        if (isClear && !(known.has(part.id) && known.has(other.id))) pair(part, other)
      }
    } else if (isObject(a) && isObject(b)) {
      for (const name of Object.keys(a)) if (Object.hasOwn(b, name)) visit(a[name], b[name])
    }
  }
  visit(target, source)
  return pairs
}

const byLabel = (parts: Part[]) => Map.groupBy(parts, (part) => foldedText(labelOf(part) ?? ''))

/**
 * Parts that say the same, whatever their ids and those they lead to are: the first with the first, the second with the
 * second.
 */
function alike(mine: Part[], theirs: Part[]): [Part, Part][] {
  const others = Map.groupBy(theirs, withoutIds)
  return mine.flatMap((part) => {
    const other = others.get(withoutIds(part))?.shift()
    return other === undefined ? [] : [[part, other] as [Part, Part]]
  })
}

const withoutIds = (part: Part) =>
  replaceMarkers(canonicalJson(part), {
    asset: assetMarker,
    part: () => partMarker('one'),
    self: SELF_MARKER,
    literal: '⟦⟦',
  })

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
