import { createHash, type Hash } from 'node:crypto'
import type { Db } from '../db/pool.ts'
import { getBlobs } from '../store/assets/index.ts'
import { Consequences } from './consequences.ts'
import { findBusyKinds, isMet } from './decide.ts'
import { diffDocuments, type FieldDiff, type Json } from './diff.ts'
import { identify } from './identify.ts'
import type { Identities, IdentityTarget } from './identity.ts'
import { judge } from './judge.ts'
import type { Names } from './names.ts'
import type { Action } from './options.ts'
import { completeParts, type PartNames } from './part-names.ts'
import { GONE } from './push-decisions.ts'
import { completeNames, type RefNames, showRefs } from './ref-names.ts'
import { showAssets } from './same-texts.ts'
import type { Verdict } from './settle.ts'
import { isQuiet, type Wanted, type WantedKind } from './wanted.ts'

export interface PlannedAsset {
  kind: string
  lineage: string
  name: string
  action: Action
  /**
   * What would change; for a conflict both values, with whose was decided on (`take`), and beside them what is written
   * all the same.
   */
  fields?: (FieldDiff | { path: string; base?: Json; target?: Json; source?: Json })[]
  reason?: string
  /** Names what collides, or did before it was decided: equal where the same does. */
  conflict?: string
}

export type ActionTotals = Partial<Record<Action, number>>

export interface PlanWarning {
  kind: string
  lineage: string
  name: string
  why: string
  /** Records that it concerns. */
  records?: { kind: string; count: number }
  /** What a document would refer to, though it is not there: an asset by its kind, or a `part`. */
  missing?: { kind: string; lineage: string; name?: string }
}

/** What a push would do to one target. */
export interface PlannedTarget {
  locationId: string
  totals: ActionTotals
  /** Everything but what is unchanged, unless that was asked for. */
  assets: PlannedAsset[]
  /** What the target loses, or might not expect, although every asset can be written. */
  warnings: PlanWarning[]
  /** Equal as long as everything that the push would touch here is equal. */
  digest: string
}

export interface PlanScope {
  targets: readonly IdentityTarget[]
  /** With fields and names, as people read it. */
  describes: boolean
  /** With what is unchanged. */
  unchanged?: boolean
  nowMs?: number
}

interface Draft {
  totals: ActionTotals
  assets: PlannedAsset[]
  warnings: PlanWarning[]
  digest: Hash
}

/** The push's own decisions, read instead of written. */
export async function planTargets(
  db: Db,
  wanted: Wanted,
  { targets, describes, unchanged = false, nowMs = 0 }: PlanScope,
): Promise<PlannedTarget[]> {
  const drafts = new Map(
    targets.map(({ locationId }): [string, Draft] => [
      locationId,
      { totals: {}, assets: [], warnings: [], digest: createHash('sha256') },
    ]),
  )
  const add = (locationId: string, asset: PlannedAsset, state: string | null) => {
    const draft = drafts.get(locationId)
    if (draft === undefined) return
    draft.totals[asset.action] = (draft.totals[asset.action] ?? 0) + 1
    if (asset.action === 'unchanged') return
    if (state !== null) draft.digest.update(`${asset.kind} ${asset.lineage} ${asset.action} ${state}\n`)
    draft.assets.push(asset)
  }
  const identities = await identify(db, { targets, wanted })
  const scope = () => identities.scope(targets)
  const consequences = new Consequences(wanted, identities, nowMs)
  const busy = await findBusyKinds(db, scope())
  for (const kind of wanted.kinds) {
    const counted = new Map<string, Set<string>>()
    if (!(isQuiet(kind) && !busy.has(kind.kind) && !identities.waits(kind.kind) && identities.areCurrent(targets))) {
      const { verdicts, leavingStages, removals } = await judge(db, { wanted, kind, targets, identities })
      if (describes) consequences.note({ kind, verdicts, removals, leavingStages })
      const fieldsOf = describes ? await describe(db, verdicts, identities) : () => undefined
      for (const verdict of verdicts) {
        const { decision } = verdict
        if (verdict.action !== 'unchanged')
          counted.set(decision.locationId, (counted.get(decision.locationId) ?? new Set()).add(decision.lineage))
        if (verdict.action !== 'unchanged')
          add(decision.locationId, toPlanned(kind, verdict, fieldsOf(verdict)), stateOf(verdict))
      }
      for (const { locationId, lineage, name, action, reason, id, mine } of removals) {
        add(
          locationId,
          { kind: kind.kind, lineage, name, action, reason },
          action === 'delete' ? `${id} ${mine}` : action === 'release' ? id : null,
        )
      }
    }
    for (const [locationId, { totals, assets }] of drafts) {
      const seen = counted.get(locationId)
      const left = kind.entries.length - (seen?.size ?? 0)
      if (left > 0) totals.unchanged = (totals.unchanged ?? 0) + left
      if (!unchanged) continue
      for (const { lineage, name } of kind.entries)
        if (!seen?.has(lineage)) assets.push({ kind: kind.kind, lineage, name, action: 'unchanged' })
    }
  }
  if (describes) {
    for (const [locationId, warnings] of await consequences.tell(db)) drafts.get(locationId)?.warnings.push(...warnings)
    await nameReferences(db, wanted, { drafts, parts: consequences.parts, own: identities.names })
  }
  return [...drafts].map(([locationId, { digest, ...draft }]) => ({
    locationId,
    ...draft,
    digest: digest.digest('hex'),
  }))
}

/**
 * What a plan's hash covers of an asset; null: the push does not touch it, whatever its client makes of it. What is
 * skipped, and matched all the same, is touched in that.
 */
function stateOf({ decision, action, combined }: Verdict): string | null {
  const { id, mine, hash } = decision
  if (action === 'keep' || action === 'ambiguous') return null
  if (action === 'skip' && combined !== null && combined.matchedParts.length > 0) return `${id} ${mine} ${hash}`
  if (action === 'skip') return isMet(decision) ? `${id} ${hash}` : null
  return `${id} ${mine} ${hash}`
}

function toPlanned(
  kind: WantedKind,
  { decision, action, reason, combined }: Verdict,
  fields: PlannedAsset['fields'],
): PlannedAsset {
  const isGone = decision.wasRemoved && (decision.action === 'conflict' || decision.settled !== null)
  const conflict = isGone ? GONE : action === 'ambiguous' || combined?.fault ? null : (combined?.conflict ?? null)
  return {
    kind: kind.kind,
    lineage: decision.lineage,
    name: decision.name,
    action,
    ...(fields === undefined || (fields.length === 0 && action !== 'update') ? {} : { fields }),
    ...(reason === null ? {} : { reason }),
    ...(conflict === null ? {} : { conflict }),
  }
}

/** Fields of merges and updates. Equal pairs of documents are compared once, however many targets have them. */
async function describe(
  db: Db,
  verdicts: readonly Verdict[],
  { texts }: Identities,
): Promise<(verdict: Verdict) => PlannedAsset['fields']> {
  const updates = verdicts.flatMap(({ decision, combined }) =>
    combined === null && decision.action === 'update' ? [decision] : [],
  )
  const blobs = await getBlobs(
    db,
    updates.flatMap(({ mine, hash }) => [mine as string, ...(texts.has(hash) ? [] : [hash])]),
  )
  const parse = (hash: string) => JSON.parse(texts.get(hash) ?? blobs.get(hash)?.text ?? 'null') as Json
  const memo = new Map<string, FieldDiff[]>()
  return ({ decision, combined, action }) => {
    if (combined !== null) {
      if (action === 'ambiguous' || combined.fault !== null) return undefined
      return [
        ...([...combined.conflicts, ...combined.decided].map(
          ({ at: _, ...conflict }) => conflict,
        ) as PlannedAsset['fields'] & object),
        ...diffDocuments(combined.before, combined.after),
      ]
    }
    if (action !== 'update') return undefined
    const name = `${decision.mine}/${decision.hash}`
    const fields = memo.get(name) ?? diffDocuments(parse(decision.mine as string), parse(decision.hash))
    memo.set(name, fields)
    return fields
  }
}

interface Naming {
  drafts: ReadonlyMap<string, Draft>
  parts: PartNames
  own: Names
}

/** References are shown by name, and parts by their labels: as the snapshot has them, else as the targets have them. */
async function nameReferences(db: Db, wanted: Wanted, { drafts, parts, own }: Naming): Promise<void> {
  const names: RefNames = new Map(wanted.entries.map((entry) => [`${entry.kind}:${entry.lineage}`, entry.name]))
  const locationIds = [...drafts.keys()]
  const value = [...drafts.values()].map(({ assets, warnings }) => ({ assets, warnings }))
  await completeNames(db, locationIds, names, value)
  await completeParts(db, { snapshotId: wanted.snapshotId, locationIds }, { names, value, parts, own })
  const shown = await showAssets(
    db,
    [...drafts].map(([locationId, { assets }]) => ({ locationId, assets })),
    names,
  )
  for (const [index, draft] of [...drafts.values()].entries()) {
    draft.assets = shown[index] as PlannedAsset[]
    draft.warnings = showRefs(draft.warnings, names)
  }
}
