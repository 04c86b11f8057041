import { partMarker, partOfMarker } from '../store/markers.ts'
import { hasParts, isObject, isSame, type Json, labelOf } from './diff.ts'

/** A field that both sides changed in different ways. The target's value stands. */
export interface Conflict {
  path: string
  base?: Json
  target?: Json
  source?: Json
}

export interface MergeInput {
  /** What was pushed last; null when the two have no common history. */
  base: Json | null
  /** The target's document. */
  target: Json
  /** The snapshot's document. */
  source: Json
  /** Fields that only seed a local value: the source's stands, and nothing of the target's is lost. */
  seeds: readonly string[]
}

export interface MergeResult {
  document: Json
  conflicts: Conflict[]
  /** Parts that were matched by their names: the target's lineage, and the source's that stands in the document. */
  matchedParts: { target: string; source: string }[]
}

/** Three-way merge, field by field. Pure. Arrays of parts merge by id; other arrays are one value. */
export function mergeDocuments(input: MergeInput): MergeResult {
  const matchedParts = input.base === null ? matchParts(input.target, input.source) : []
  const target = matchedParts.length === 0 ? input.target : renameParts(input.target, matchedParts)
  const merger = new Merger(new Set(input.seeds))
  const base = input.base ?? undefined
  return { document: merger.merge(base, target, input.source, '') as Json, conflicts: merger.conflicts, matchedParts }
}

class Merger {
  readonly conflicts: Conflict[] = []
  readonly #seeds: ReadonlySet<string>

  constructor(seeds: ReadonlySet<string>) {
    this.#seeds = seeds
  }

  merge(base: Json | undefined, target: Json | undefined, source: Json | undefined, path: string): Json | undefined {
    if (isSame(target, source) || isSame(base, source)) return target
    if (isSame(base, target)) return source
    if (this.#seeds.has(path)) return source ?? target
    if (isObject(target) && isObject(source)) return this.#mergeObjects(isObject(base) ? base : {}, target, source, path)
    if (hasParts(target) && hasParts(source)) return this.#mergeParts(hasParts(base) ? base : [], target, source, path)
    // Without a common history a value on one side only is no disagreement.
    if (base === undefined && (target === undefined || source === undefined)) return target ?? source
    this.conflicts.push({
      path,
      ...(base === undefined ? {} : { base }),
      ...(target === undefined ? {} : { target }),
      ...(source === undefined ? {} : { source }),
    })
    return target
  }

  #mergeObjects(base: { [name: string]: Json }, target: { [name: string]: Json }, source: { [name: string]: Json }, path: string): Json {
    const result: { [name: string]: Json } = {}
    for (const name of new Set([...Object.keys(target), ...Object.keys(source)])) {
      const value = this.merge(base[name], target[name], source[name], path === '' ? name : `${path}.${name}`)
      if (value !== undefined) result[name] = value
    }
    return result
  }

  #mergeParts(base: Parts, target: Parts, source: Parts, path: string): Json {
    const [inBase, inTarget, inSource] = [base, target, source].map((parts) => new Map(parts.map((part) => [part.id, part]))) as [PartMap, PartMap, PartMap]
    const merged = new Map<string, Json>()
    for (const id of new Set([...inTarget.keys(), ...inSource.keys()])) {
      const part = inTarget.get(id) ?? inSource.get(id)
      const value = this.merge(inBase.get(id), inTarget.get(id), inSource.get(id), `${path}[${(part && labelOf(part)) ?? partOfMarker(id)}]`)
      if (value !== undefined) merged.set(id, value)
    }
    return orderOf(base, target, source, merged).map((id) => merged.get(id) as Json)
  }
}

type Part = { [name: string]: Json; id: string }
type Parts = Part[]
type PartMap = Map<string, Part>

/** The order of the side that reordered (the target's when both did); what only the other side has follows its predecessor there. */
function orderOf(base: Parts, target: Parts, source: Parts, merged: ReadonlyMap<string, Json>): string[] {
  const ids = (parts: Parts, known: Parts) => parts.map((part) => part.id).filter((id) => known.some((part) => part.id === id))
  const targetKeptOrder = isSame(ids(target, base), ids(base, target))
  const [lead, follow] = base.length > 0 && targetKeptOrder ? [source, target] : [target, source]
  const order = lead.map((part) => part.id).filter((id) => merged.has(id))
  for (const [index, part] of follow.entries()) {
    if (!merged.has(part.id) || order.includes(part.id)) continue
    const before = follow.slice(0, index).findLast((earlier) => order.includes(earlier.id))
    order.splice(before === undefined ? 0 : order.indexOf(before.id) + 1, 0, part.id)
  }
  return order
}

/** Parts of two documents without common history that bear the same name in the same array. */
export function matchParts(target: Json, source: Json): { target: string; source: string }[] {
  const pairs: { target: string; source: string }[] = []
  const visit = (mine: Json | undefined, theirs: Json | undefined) => {
    if (hasParts(mine) && hasParts(theirs)) {
      const byLabel = (parts: Parts) => Map.groupBy(parts, (part) => labelOf(part)?.toLowerCase() ?? '')
      const theirsByLabel = byLabel(theirs)
      for (const [label, candidates] of byLabel(mine)) {
        const other = theirsByLabel.get(label)
        if (label === '' || candidates.length !== 1 || other?.length !== 1) continue
        const [a, b] = [candidates[0] as Part, other[0] as Part]
        if (a.id !== b.id) pairs.push({ target: partOfMarker(a.id) as string, source: partOfMarker(b.id) as string })
        visit(a, b)
      }
    } else if (isObject(mine) && isObject(theirs)) {
      for (const name of Object.keys(mine)) visit(mine[name], theirs[name])
    }
  }
  visit(target, source)
  return pairs
}

function renameParts(document: Json, pairs: readonly { target: string; source: string }[]): Json {
  let text = JSON.stringify(document)
  for (const { target, source } of pairs) text = text.replaceAll(partMarker(target), partMarker(source))
  return JSON.parse(text) as Json
}
