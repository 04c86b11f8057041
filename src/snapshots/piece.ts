import type { AssetResource } from '../store/resource.ts'
import type { Scope } from './decide.ts'
import { addTotals, type Policy, type Totals } from './options.ts'
import type { OutcomeRow } from './outcomes.ts'

/** What a push writes as. */
export interface PushAuthor {
  pushId: string
  actor: string
  atMs: number
}

export interface Piece {
  author: PushAuthor
  resource: AssetResource
  scope: Scope
  gone: Gone
  policyFor: (lineage: string) => Policy
}

/** Lineages that left the snapshot, when deletions travel. */
export interface Gone {
  snapshotId: string
  lineages: readonly string[]
  /** All lineages of the kind that the pushed version holds. */
  held: readonly string[]
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
