import type { Db } from '../db/pool.ts'
import { getBlobs, type NewBlob } from '../store/blobs.ts'
import { partOfMarker, readMarkers } from '../store/markers.ts'
import { misfitsOfPortable } from '../store/portable-faults.ts'
import { type AssetResource, keyOf, titleOf } from '../store/resource.ts'
import type { Decision } from './decide.ts'
import type { Json } from './diff.ts'
import { type Conflict, matchParts, mergeDocuments } from './merge.ts'
import { type Preferences, toCanonical } from './normalise.ts'
import type { Policy } from './options.ts'

/** A merge in code: both sides changed, or there is no common history. */
export interface Combined {
  decision: Decision
  /** merge: the target gets a new document; update: the snapshot's; keep: its own; unchanged: the two say the same. */
  action: 'merge' | 'update' | 'keep' | 'conflict' | 'unchanged'
  /** The target's document before, in preferred lineages. */
  before: Json
  after: Json
  hash: string
  name: string
  key: string | null
  /** What becomes `base_hash`: the snapshot's document as this target names things. */
  baseHash: string
  conflicts: Conflict[]
  matchedParts: { target: string; source: string }[]
  blobs: NewBlob[]
  /** Why the result cannot stand; nothing of it is written then. */
  fault: string | null
}

export interface CombineInput {
  resource: AssetResource
  decisions: readonly Decision[]
  preferences: Preferences
  policyFor: (lineage: string) => Policy
}

/**
 * Merges what `decided` could not decide by hashes alone. Equal triples of documents are merged once, however many
 * targets have them.
 */
export async function combine(db: Db, { resource, decisions, preferences, policyFor }: CombineInput): Promise<Combined[]> {
  if (decisions.length === 0) return []
  const hashes = decisions.flatMap(({ mine, base, hash }) => [mine, base, hash].filter((value) => value !== null))
  const blobs = await getBlobs(db, hashes)
  const memo = new Map<string, Omit<Combined, 'decision'>>()
  return decisions.map((decision) => {
    const { locationId, lineage, mine, base, hash } = decision
    const replace = policyFor(lineage) === 'override'
    const name = preferences.isPlain(locationId) ? `${mine}/${base}/${hash}/${replace}` : null
    const known = name === null ? undefined : memo.get(name)
    const textOf = (of: string | null) => (of === null ? null : preferences.normalise(locationId, blobs.get(of)?.text ?? 'null'))
    const result = known ?? combineTexts(resource, { mine: textOf(mine) as string, base: textOf(base), source: textOf(hash) as string, replace })
    if (name !== null) memo.set(name, result)
    return { ...result, decision, action: result.action === 'unchanged' && result.hash !== mine ? 'update' : result.action }
  })
}

interface Texts {
  mine: string
  base: string | null
  source: string
  /** The snapshot's side stands; parts of the target that bear the same names keep their ids. */
  replace: boolean
}

function combineTexts(resource: AssetResource, { mine, base, source, replace }: Texts): Omit<Combined, 'decision'> {
  const [target, wanted] = [toCanonical(mine), toCanonical(source)]
  const [before, theirs] = [JSON.parse(target.text) as Json, JSON.parse(wanted.text) as Json]
  const seeds = Object.values(resource.local).flatMap((field) => field.seed ?? [])
  const merged = replace
    ? { document: theirs, conflicts: [], matchedParts: matchParts(before, theirs) }
    : mergeDocuments({ base: base === null ? null : (JSON.parse(base) as Json), target: before, source: theirs, seeds })
  const result = toCanonical(JSON.stringify(merged.document))
  const document = merged.document as Record<string, unknown>
  const faults = result.hash === target.hash || result.hash === wanted.hash ? [] : misfitsOfPortable(resource, document)
  return {
    action: actionOf(merged.conflicts.length, { target: target.hash, wanted: wanted.hash, result: result.hash }),
    before,
    after: merged.document,
    hash: result.hash,
    name: titleOf(resource, document),
    key: keyOf(resource, document),
    baseHash: wanted.hash,
    conflicts: merged.conflicts,
    matchedParts: merged.matchedParts,
    blobs: [result, wanted].map((version) => toBlob(version.text, version.hash)),
    fault: faults.length === 0 ? null : `The merged document would not be valid: ${faults.slice(0, 5).join('; ')}`,
  }
}

function actionOf(conflicts: number, hashes: { target: string; wanted: string; result: string }): Combined['action'] {
  if (conflicts > 0) return 'conflict'
  if (hashes.target === hashes.wanted) return 'unchanged'
  if (hashes.result === hashes.wanted) return 'update'
  return hashes.result === hashes.target ? 'keep' : 'merge'
}

function toBlob(text: string, hash: string): NewBlob {
  return { text, hash: hash as NewBlob['hash'], refs: readMarkers(text).refs, parts: partsIn(JSON.parse(text)).sort() }
}

/** Lineages of the parts a document contains: its markers that stand as an `id`. */
export function partsIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  const own = partOfMarker((value as { id?: unknown }).id)
  const inner = Object.values(value).flatMap(partsIn)
  return own === null ? inner : [own, ...inner]
}
