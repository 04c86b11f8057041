import type { Db } from '../db/pool.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { type Combined, combine } from './combine.ts'
import { type Decision, keptBecause, reasonOf, SKIPPED } from './decide.ts'
import type { Identities } from './identity.ts'
import { findTaken } from './keys.ts'
import type { Action, Policy, PushOptions } from './options.ts'
import { type Deciding, LEFT } from './push-decisions.ts'
import { guardStages, type LeavingStage } from './stages.ts'
import { STAGED } from './stages-after.ts'

/** What becomes of one decision, merges and keys looked at. */
export interface Verdict {
  decision: Decision
  action: Action
  reason: string | null
  /** The merge behind it; what it says is written unless the verdict is ambiguous or a fault. */
  combined: Combined | null
  /**
   * Nothing of the merge can be written, nor does the pair's base move: a conflict that comes again until a side
   * changes. What was met is matched all the same.
   */
  isFault: boolean
}

export interface SettleInput {
  resource: AssetResource
  decisions: readonly Decision[]
  identities: Identities
  policyFor: (lineage: string, locationId: string) => Policy
  takesFor: (lineage: string, locationId: string) => ReadonlyMap<string, 'source' | 'target'>
  decidingFor: (lineage: string, locationId: string) => Deciding
  /** Ids of assets of this kind that the push takes away: `location/id`. */
  leaving: ReadonlySet<string>
  /** Where records go whose stage leaves. */
  stages: PushOptions['stages']
}

export interface Settled {
  verdicts: Verdict[]
  leavingStages: LeavingStage[]
}

/** The final word about decisions of one kind: what merges come to, and whether each may have the key it is to have. */
export async function settle(
  db: Db,
  { resource, decisions, identities, policyFor, takesFor, decidingFor, leaving, stages }: SettleInput,
): Promise<Settled> {
  const merges = decisions.filter((decision) => decision.action === 'merge')
  const merged = await combine(db, {
    resource,
    decisions: merges,
    names: identities.names,
    texts: identities.texts,
    policyFor,
    takesFor,
    decidingFor,
  })
  const { combined, leaving: leavingStages } =
    resource.kind === STAGED.kind
      ? await guardStages(db, { combined: merged, decisions, identities, stages, leaving })
      : { combined: merged, leaving: [] }
  const byDecision = new Map(combined.map((item) => [item.decision, item]))
  await identities.addParts(db, resource.kind, combined)
  const taken =
    resource.unique === null
      ? new Map<Decision, string>()
      : await takenKeys(db, { resource, decisions, byDecision, leaving })
  const verdicts = decisions.map((decision) =>
    verdictOf(decision, {
      resource,
      item: byDecision.get(decision) ?? null,
      taken: taken.get(decision),
      identities,
      isInsisted:
        policyFor(decision.lineage, decision.locationId) === 'override' ||
        takesFor(decision.lineage, decision.locationId).size > 0 ||
        decidingFor(decision.lineage, decision.locationId).some(({ take }) => take === 'source'),
    }),
  )
  return { verdicts, leavingStages }
}

interface Judging {
  resource: AssetResource
  item: Combined | null
  taken: string | undefined
  identities: Identities
  /** Somebody wants the snapshot's side: what is in its way is told again. */
  isInsisted: boolean
}

function verdictOf(decision: Decision, { resource, item, taken, identities, isInsisted }: Judging): Verdict {
  const verdict = (action: Action, reason: string | null = null, isFault = false): Verdict => ({
    decision,
    action,
    reason,
    combined: item,
    isFault,
  })
  if (taken !== undefined)
    return verdict('ambiguous', `the target has another ${resource.noun} with the key ${taken}: rename one of the two`)
  if (item !== null) {
    if (item.fault !== null) return verdict('conflict', item.fault, true)
    if (item.action === 'keep' && item.decided.length > 0) return verdict('keep', LEFT)
    if (item.action === 'keep')
      return verdict('keep', keptBecause('changed in the target only', identities.openSince(decision, resource.kind)))
    if (item.action === 'skip') return verdict('skip', SKIPPED)
    if (item.action !== 'conflict') return verdict(item.action)
    const paths = item.conflicts.map((conflict) => conflict.path).join(', ')
    const held = item.conflicts.find((conflict) => conflict.why !== undefined)
    if (held !== undefined) {
      const [why, open] = [`${held.path}: ${held.why}`, identities.openSince(decision, resource.kind)]
      const isSettled = item.hash === decision.mine && item.baseHash === decision.base
      return isSettled && open !== null && !isInsisted
        ? verdict('keep', `${keptBecause('', open)}: ${why}`)
        : verdict('conflict', why)
    }
    return verdict(
      'conflict',
      decision.base === null ? `differs from the target's own: ${paths}` : `changed on both sides: ${paths}`,
    )
  }
  if (decision.action === 'ambiguous') return verdict('ambiguous', identities.reasonFor(decision, resource.kind))
  if (decision.action === 'adopt' || decision.action === 'merge') return verdict('unchanged')
  return verdict(decision.action, reasonOf(decision, identities.openSince(decision, resource.kind)))
}

interface Keys {
  resource: AssetResource
  decisions: readonly Decision[]
  byDecision: ReadonlyMap<Decision, Combined>
  leaving: ReadonlySet<string>
}

/**
 * Decisions that cannot have the key they are to have, with that key. Only targets in which a key is contested, or
 * merges, are looked at.
 */
async function takenKeys(db: Db, { resource, decisions, byDecision, leaving }: Keys): Promise<Map<Decision, string>> {
  const suspects = new Set(
    decisions
      .filter((decision) => decision.contested || decision.action === 'merge')
      .map((decision) => decision.locationId),
  )
  const moves = decisions
    .filter(
      ({ action, locationId }) =>
        suspects.has(locationId) && (action === 'create' || action === 'update' || action === 'merge'),
    )
    .map((decision) => ({
      decision,
      locationId: decision.locationId,
      id: decision.id,
      from: decision.oldKey,
      to: keyAfter(decision, byDecision.get(decision)),
    }))
  const taken = await findTaken(db, resource.kind, moves, leaving)
  return new Map([...taken].map(({ decision, to }) => [decision, to as string]))
}

function keyAfter(decision: Decision, item: Combined | undefined): string | null {
  if (item === undefined) return decision.key
  return item.fault === null ? item.key : decision.oldKey
}
