import type { Entry, Snapshot } from './model.ts'

export type Policy = 'merge' | 'override' | 'skip'
export type Outcome =
  | 'created'
  | 'updated'
  | 'merged'
  | 'unchanged'
  | 'kept'
  | 'conflict'
  | 'ambiguous'
  | 'deleted'
  | 'released'
  | 'skipped'

export interface Options {
  policy: Policy
  policies: { kind: string; token?: string; policy: Policy }[]
  deletions: boolean | 'all'
  /** Incoming lineage -> the own lineage of the asset it is, or null for a new one. */
  matches: { incoming: string; own: string | null }[]
  only: string[] | null
}

/** What becomes of one asset. Where decision 11 leaves the word open, several are right; what is written never is. */
export interface Line {
  kind: string
  incoming: string
  own: string
  outcomes: Outcome[]
}

export interface Pushed {
  snapshot: Snapshot
  /** From 1. */
  version: number
  options: Options
  /** Pipelines of the location that deals stand in, and their places in these (people.ts). */
  deals?: ReadonlySet<string>
  /** Snapshots that count as holders: those that were not deleted. */
  snapshots: readonly Snapshot[]
}

export const isActed = ({ options: { only } }: Pushed, token: string): boolean => only === null || only.includes(token)

export function policyFor({ options: { policy, policies } }: Pushed, { kind, token }: Entry): Policy {
  const named = policies.filter((one) => one.kind === kind && (one.token === undefined || one.token === token))
  return (named.find((one) => one.token === token) ?? named[0])?.policy ?? policy
}
