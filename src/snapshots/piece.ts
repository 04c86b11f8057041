import type { Scope } from './decide.ts'
import type { Identities } from './identity.ts'
import { addTotals, type Policy, type PushOptions, type Totals } from './options.ts'
import type { OutcomeRow } from './outcomes.ts'
import type { Deciding } from './push-decisions.ts'
import type { PlannedRemoval } from './remove.ts'

/** What a push writes as. */
export interface PushAuthor {
  pushId: string
  actor: string
  atMs: number
}

/** One kind in some targets. */
export interface Piece {
  author: PushAuthor
  scope: Scope
  identities: Identities
  /** What becomes of assets of these targets that left the snapshot. */
  removals: readonly PlannedRemoval[]
  /** Where records go whose stage leaves. */
  stages: PushOptions['stages']
  /**
   * Why its assets are tried one by one: the error of all together. A key that one of the others might free is not
   * taken for good then.
   */
  brokenBy?: string
  policyFor: (lineage: string, locationId: string) => Policy
  takesFor: (lineage: string, locationId: string) => ReadonlyMap<string, 'source' | 'target'>
  decidingFor: (lineage: string, locationId: string) => Deciding
}

export interface PieceResult {
  /** Of the entries, by location. */
  totals: Map<string, Totals>
  /** Of assets that left the snapshot, by location. */
  removals: Map<string, Totals>
  outcomes: OutcomeRow[]
}

export const emptyResult = (): PieceResult => ({ totals: new Map(), removals: new Map(), outcomes: [] })

/** Adds what a part of a piece did to the whole. */
export function addResult(whole: PieceResult, part: PieceResult): void {
  for (const [locationId, totals] of part.totals) addTo(whole.totals, locationId, totals)
  for (const [locationId, totals] of part.removals) addTo(whole.removals, locationId, totals)
  whole.outcomes.push(...part.outcomes)
}

export function addTo(totals: Map<string, Totals>, locationId: string, more: Totals): void {
  totals.set(locationId, addTotals(totals.get(locationId) ?? {}, more))
}
