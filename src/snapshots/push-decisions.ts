import { createHash } from 'node:crypto'
import { canonicalJson } from '../store/hash.ts'
import type { ConflictField } from './conflicts.ts'
import { isSame, type Json } from './diff.ts'
import { valueAt } from './merge-decided.ts'
import type { Side } from './merge-takes.ts'
import type { AssetName, PushDecision } from './options.ts'

/** The conflict of an asset that the target has deleted, and the snapshot changed. */
export const GONE = 'gone'

/** What a plan says where a decision leaves the target's side as it is. */
export const LEFT = "decided: the target's side stands"

/** A field that collided, and whose side was decided on. */
export type DecidedField = ConflictField & { take: Side }

/** Decisions about an asset in a target, those first that say most exactly what they mean. */
export type Deciding = readonly PushDecision[]

const NOTHING: Deciding = []

/** What a push was told about the conflicts that it meets, by asset. */
export class PushDecisions {
  readonly #byAsset: ReadonlyMap<string, readonly PushDecision[]>

  constructor(decisions: readonly PushDecision[]) {
    const exactest = decisions.toSorted((one, other) => exactness(other) - exactness(one))
    this.#byAsset = Map.groupBy(exactest, ({ kind, lineage }) => `${kind}/${lineage}`)
  }

  of({ kind, lineage }: AssetName, locationId: string): Deciding {
    const all = this.#byAsset.get(`${kind}/${lineage}`)
    return all?.filter((one) => one.locationId === undefined || one.locationId === locationId) ?? NOTHING
  }

  /** Whose side stands wherever the target has deleted the asset. */
  ifGone({ kind, lineage }: AssetName): Side | null {
    const all = this.#byAsset.get(`${kind}/${lineage}`) ?? NOTHING
    return sideOf(
      all.filter((one) => one.locationId === undefined),
      { conflict: GONE },
    )
  }

  /** The same, where decisions of this kind name the target. */
  *ifGoneThere(kind: string): Iterable<{ locationId: string; lineage: string; take: Side }> {
    for (const all of this.#byAsset.values())
      for (const { kind: of, lineage, locationId } of all) {
        if (of !== kind || locationId === undefined) continue
        const take = sideOf(this.of({ kind, lineage }, locationId), { conflict: GONE })
        if (take !== null) yield { locationId, lineage, take }
      }
  }
}

const exactness = ({ path, locationId, conflict }: PushDecision) =>
  (path === undefined ? 0 : 4) + (locationId === undefined ? 0 : 2) + (conflict === undefined ? 0 : 1)

/** Whose side was decided on, of a field or (without a path) of the whole asset; null: nobody's yet. */
export function sideOf(decisions: Deciding, at: { conflict: string; path?: string }): Side | null {
  const isMeant = ({ path, conflict }: PushDecision) =>
    (path === undefined || path === at.path) && (conflict === undefined || conflict === at.conflict)
  return decisions.find(isMeant)?.take ?? null
}

/**
 * Names what collides: equal where the same fields do, with the same sides. `asCame`: a text that names things as the
 * snapshot does, whatever the target calls them.
 */
export function nameConflict(fields: readonly ConflictField[], asCame: (text: string) => string): string {
  const told = fields.map(({ path, base = null, target = null, source = null }) => [path, base, target, source])
  return createHash('sha256')
    .update(asCame(canonicalJson(told)))
    .digest('base64url')
    .slice(0, 22)
}

/** What collided and does so no longer, with the side that stands. Of fields that hang together, one decides for all. */
export function decidedOf(
  collided: readonly ConflictField[],
  { open, takes, document }: { open: readonly ConflictField[]; takes: ReadonlyMap<string, Side>; document: Json },
): DecidedField[] {
  const atOf = ({ path, at = path }: ConflictField) => at
  const left = new Set(open.map(atOf))
  return collided
    .filter((field) => !left.has(atOf(field)))
    .map((field) => {
      const at = atOf(field)
      const stands = isSame(valueAt(document, at), field.source) ? 'source' : 'target'
      return { ...field, take: takes.get(at) ?? stands }
    })
}
