import type { Db } from '../db/pool.ts'
import { type AssetResource, getBlobs, keyOf, misfitsOfPortable, type NewBlob, titleOf } from '../store/assets/index.ts'
import { partOfMarker, readMarkers } from '../store/markers.ts'
import type { Decision } from './decide.ts'
import type { Json } from './diff.ts'
import { type Conflict, type MergeResult, mergeDocuments } from './merge.ts'
import { type PartPair, renameParts } from './merge-match.ts'
import type { Redirection } from './merge-steps.ts'
import { type Names, toCanonical } from './names.ts'
import type { Policy } from './options.ts'
import { type DecidedField, type Deciding, decidedOf, nameConflict, sideOf } from './push-decisions.ts'
import { STAGED } from './stages-after.ts'

/** A merge in code: both sides changed, or there is no common history. */
export interface Combined {
  decision: Decision
  /**
   * merge: the target gets a new document; update: the snapshot's; keep: its own; unchanged: the two say the same; skip:
   * it is left alone, and only its parts are matched.
   */
  action: 'merge' | 'update' | 'keep' | 'conflict' | 'unchanged' | 'skip'
  /** The target's document before, as it names things. */
  before: Json
  after: Json
  /** What was pushed last, and what comes in, as the target names things. */
  base: Json | null
  wanted: Json
  hash: string
  name: string
  key: string | null
  /**
   * What becomes the pair's base: the snapshot's document as this target names things, with the parts that wait to be
   * taken away. Null: none yet.
   */
  baseHash: string | null
  conflicts: Conflict[]
  /** Names what collided before anything was decided; null: nothing did. */
  conflict: string | null
  /** What of that this push was told about. */
  decided: DecidedField[]
  warnings: { path: string; why: string }[]
  matchedParts: { target: string; source: string }[]
  blobs: NewBlob[]
  /** Why the result cannot stand; nothing of it is written then. */
  fault: string | null
}

export interface CombineInput {
  resource: AssetResource
  decisions: readonly Decision[]
  names: Names
  /** Documents of entries as a target names things, by their hashes (identity.ts). */
  texts: ReadonlyMap<string, string>
  policyFor: (lineage: string, locationId: string) => Policy
  takesFor: (lineage: string, locationId: string) => ReadonlyMap<string, 'source' | 'target'>
  decidingFor: (lineage: string, locationId: string) => Deciding
}

/**
 * Merges what `decided` could not decide by hashes alone. Equal triples of documents are merged once, however many
 * targets have them.
 */
export async function combine(
  db: Db,
  { resource, decisions, names, texts, policyFor, takesFor, decidingFor }: CombineInput,
): Promise<Combined[]> {
  if (decisions.length === 0) return []
  const hashes = decisions.flatMap(({ mine, base, hash }) => [mine, base, hash].filter((value) => value !== null))
  const blobs = await getBlobs(
    db,
    hashes.filter((hash) => !texts.has(hash)),
  )
  const memo = new Map<string, Omit<Combined, 'decision'>>()
  return decisions.map((decision) => {
    const { locationId, lineage, mine, base, hash } = decision
    const policy = policyFor(lineage, locationId)
    const takes = takesFor(lineage, locationId)
    const skips = policy === 'skip' && takes.size === 0 && mine !== base && base !== hash
    const rules = { replace: policy === 'override', skips }
    const decisions = decidingFor(lineage, locationId)
    const isEverywhere = takes.size === 0 && decisions.every((one) => one.locationId === undefined)
    const triple = `${mine}/${base}/${hash}/${policy}/${decisions.length === 0 ? '' : lineage}`
    const name = names.isPlain(locationId) && isEverywhere ? triple : null
    const known = name === null ? undefined : memo.get(name)
    const stored = (of: string) => texts.get(of) ?? blobs.get(of)?.text ?? 'null'
    const inside = (of: string | null) => (of === null ? null : names.internal(locationId, stored(of)))
    const source = texts.get(hash) ?? names.incoming(locationId, { kind: resource.kind, lineage }, stored(hash))
    const asCame = (text: string, parts: PartPair[]) => names.asCame(locationId, text, parts)
    const sides = { mine: inside(mine) as string, base: inside(base), source }
    const result = known ?? combineTexts(resource, { ...sides, ...rules, takes, decisions, asCame })
    if (name !== null) memo.set(name, result)
    return { ...result, ...(result.action === 'skip' && { baseHash: base }), decision }
  })
}

interface Texts {
  mine: string
  base: string | null
  source: string
  /** The snapshot's side stands; parts of the target that bear the same names keep their ids. */
  replace: boolean
  /** What both sides have changed is left alone. */
  skips: boolean
  takes: ReadonlyMap<string, 'source' | 'target'>
  decisions: Deciding
  /** Names things as they came, `parts` among them that the merge has matched. */
  asCame: (text: string, parts: PartPair[]) => string
}

function combineTexts(
  resource: AssetResource,
  { mine, base, source, replace, skips, ...told }: Texts,
): Omit<Combined, 'decision'> {
  const target = toCanonical(mine)
  const [before, theirs, last] = [
    JSON.parse(target.text) as Json,
    JSON.parse(source) as Json,
    JSON.parse(base ?? 'null') as Json | null,
  ]
  const remade = resource.kind === STAGED.kind
  const { merged, ...decided } = mergeDecided(
    (takes) => mergeDocuments({ base: last, target: before, source: theirs, resource, replace, takes, remade }),
    told,
  )
  const wanted = toCanonical(JSON.stringify(renameParts(theirs, merged.matchedParts)))
  const pushed = last === null ? null : renameParts(last, merged.matchedParts)
  const isLeft = skips && target.hash !== wanted.hash && target.hash !== toCanonical(JSON.stringify(pushed)).hash
  const after = isLeft ? before : merged.document
  const result = toCanonical(JSON.stringify(after))
  const document = after as Record<string, unknown>
  const faults = result.hash === target.hash || result.hash === wanted.hash ? [] : misfitsOfPortable(resource, document)
  return {
    action: isLeft
      ? 'skip'
      : actionOf(merged.conflicts.length, { target: target.hash, wanted: wanted.hash, result: result.hash }),
    before,
    after,
    base: pushed,
    wanted: JSON.parse(wanted.text) as Json,
    hash: result.hash,
    name: titleOf(resource, document),
    key: keyOf(resource, document),
    baseHash: wanted.hash,
    conflicts: isLeft ? [] : merged.conflicts,
    ...decided,
    warnings: isLeft ? [] : [...merged.warnings, ...merged.redirected.map(toWarning)],
    matchedParts: merged.matchedParts,
    blobs: [result, wanted].map((version) => toBlob(version.text, version.hash)),
    fault: faults.length === 0 ? null : `The merged document would not be valid: ${faults.slice(0, 5).join('; ')}`,
  }
}

/** Each decision about a field may bring to light what else collides: they are about that as well. */
const MAX_ROUNDS = 12

/** Merges, and again with what is decided about what collides. */
function mergeDecided(
  merge: (takes: Texts['takes']) => MergeResult,
  { takes: given, decisions, asCame }: Pick<Texts, 'takes' | 'decisions' | 'asCame'>,
): { merged: MergeResult; conflict: string | null; decided: DecidedField[] } {
  let merged = merge(given)
  const collided = merged.conflicts
  if (collided.length === 0) return { merged, conflict: null, decided: [] }
  const { matchedParts } = merged
  const conflict = nameConflict(collided, (text) => asCame(text, matchedParts))
  const takes = new Map(given)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = takes.size
    for (const { path, at = path } of merged.conflicts) {
      const take = sideOf(decisions, { conflict, path })
      if (take !== null && !takes.has(at)) takes.set(at, take)
    }
    if (takes.size === before) break
    merged = merge(takes)
  }
  const decided = decidedOf(collided, { open: merged.conflicts, takes, document: merged.document })
  return { merged, conflict, decided }
}

const toWarning = ({ path, from, to }: Redirection) => ({
  path,
  why:
    to === null
      ? `led to "${from}", which is gone, and ends here now`
      : `led to "${from}", which is gone, and leads to "${to}" now`,
})

/** The same with another result and another base, and what is in conflict in it. */
export function recombine(
  item: Combined,
  { after, base, conflicts }: { after: Json; base: Json; conflicts: Conflict[] },
): Combined {
  const [result, pushed] = [toCanonical(JSON.stringify(after)), toCanonical(JSON.stringify(base))]
  const blobs = [result, pushed].map((version) => toBlob(version.text, version.hash))
  return {
    ...item,
    action: 'conflict',
    after: JSON.parse(result.text) as Json,
    hash: result.hash,
    baseHash: pushed.hash,
    conflicts,
    blobs,
  }
}

function actionOf(conflicts: number, hashes: { target: string; wanted: string; result: string }): Combined['action'] {
  if (conflicts > 0) return 'conflict'
  if (hashes.target === hashes.wanted) return 'unchanged'
  if (hashes.result === hashes.wanted) return 'update'
  return hashes.result === hashes.target ? 'keep' : 'merge'
}

export function toBlob(text: string, hash: string): NewBlob {
  return { text, hash: hash as NewBlob['hash'], refs: readMarkers(text).refs, parts: partsIn(JSON.parse(text)).sort() }
}

/** Lineages of the parts a document contains: its markers that stand as an `id`. */
export function partsIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  const own = partOfMarker((value as { id?: unknown }).id)
  const inner = Object.values(value).flatMap(partsIn)
  return own === null ? inner : [own, ...inner]
}
