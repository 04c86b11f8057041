import { AppError } from '../errors.ts'

export type Policy = 'merge' | 'override' | 'skip'

/** How a push decides. Stored with the push. */
export interface PushOptions {
  policy: Policy
  /** By kind, or for one asset by `kind/lineage`. */
  policies: Record<string, Policy>
  /**
   * Assets that left the snapshot since it was pushed are removed from the targets too; `all`: also those the client
   * had before.
   */
  deletions: boolean | 'all'
  /** Answers to ambiguities: this incoming asset is that one of the target (null: a new one). */
  matches: Match[]
  /** Nothing but these assets is touched. */
  only?: AssetName[]
  /** Where records go whose stage, or other part, leaves: its lineage or id -> the new one's, or null. */
  stages?: Record<string, string | null>
  /** Sides that somebody took in conflicts of this snapshot. */
  takes?: Take[]
  /** Whose side stands where this push meets a conflict. */
  decisions?: PushDecision[]
}

/** An asset of a snapshot. */
export interface AssetName {
  kind: string
  lineage: string
}

/** Whose side stands in a conflict: of one field, or (without a path) of all of the asset's. */
export interface Take extends AssetName {
  locationId: string
  path?: string | undefined
  /** null: neither, the asset is told who it is (`matches`). */
  take: 'source' | 'target' | null
}

/** Whose side stands where both sides changed the same thing: of one field, or (without a path) of all that collide. */
export interface PushDecision extends AssetName {
  /** Only in this target; every target when it is missing. */
  locationId?: string | undefined
  /** Only where it is this conflict, as a plan names it. */
  conflict?: string | undefined
  path?: string | undefined
  take: 'source' | 'target'
}

export interface Match {
  kind: string
  lineage: string
  /** Only in this target; every target when it is missing. */
  locationId?: string | undefined
  id: string | null
}

export function policyOf(options: PushOptions, kind: string, lineage: string): Policy {
  return options.policies[`${kind}/${lineage}`] ?? options.policies[kind] ?? options.policy
}

/** What somebody decided about conflicts, by target and asset. */
export class Decided {
  readonly #byAsset: ReadonlyMap<string, readonly Take[]>

  constructor(takes: readonly Take[]) {
    this.#byAsset = Map.groupBy(takes, (take) => `${take.locationId}/${take.kind}/${take.lineage}`)
  }

  get isEmpty(): boolean {
    return this.#byAsset.size === 0
  }

  /** Somebody took a side of it there. */
  isAbout({ locationId, kind, lineage }: AssetName & { locationId: string }): boolean {
    return this.#byAsset.get(`${locationId}/${kind}/${lineage}`)?.some(({ take }) => take !== null) ?? false
  }

  /** Of this kind, with what is taken of each. */
  of(kind: string): { locationId: string; lineage: string; takes: readonly Take[] }[] {
    return [...this.#byAsset.values()]
      .filter((takes) => takes[0]?.kind === kind)
      .map((takes) => ({ ...(takes[0] as Take), takes }))
  }

  /** Paths of an asset's document -> whose value stands there; '': the whole of it. */
  pathsOf(kind: string, lineage: string, locationId: string): ReadonlyMap<string, 'source' | 'target'> {
    const takes = this.#byAsset.get(`${locationId}/${kind}/${lineage}`) ?? []
    return new Map(
      takes.flatMap(({ path = '', take }) =>
        take === null || (path === '' && take === 'source') ? [] : [[path, take] as const],
      ),
    )
  }

  /** The snapshot's side of the whole asset. */
  overrides(kind: string, lineage: string, locationId: string): boolean {
    return (
      this.#byAsset
        .get(`${locationId}/${kind}/${lineage}`)
        ?.some(({ path, take }) => path === undefined && take === 'source') ?? false
    )
  }
}

/** A person answered something for this target: what did not change since its version is looked at, too. */
export const looksAtAll = ({ matches, takes = [] }: PushOptions, locationId: string) =>
  takes.length > 0 || matches.some((match) => match.locationId === undefined || match.locationId === locationId)

/** What a plan says of one asset in one target. */
export const ACTIONS = [
  'create',
  'update',
  'merge',
  'unchanged',
  'keep',
  'conflict',
  'ambiguous',
  'delete',
  'release',
  'skip',
] as const
export type Action = (typeof ACTIONS)[number]

/** What became of it. */
export const OUTCOMES = [
  'created',
  'updated',
  'merged',
  'unchanged',
  'kept',
  'conflict',
  'ambiguous',
  'deleted',
  'released',
  'skipped',
  'failed',
] as const
export type Outcome = (typeof OUTCOMES)[number]

export const OUTCOME_OF: Record<Action, Outcome> = {
  create: 'created',
  update: 'updated',
  merge: 'merged',
  unchanged: 'unchanged',
  keep: 'kept',
  conflict: 'conflict',
  ambiguous: 'ambiguous',
  delete: 'deleted',
  release: 'released',
  skip: 'skipped',
}

/** States of a push and of a target. */
export const STATES = ['pending', 'processing', 'completed', 'partial', 'failed', 'cancelled', 'rolled_back'] as const
export type State = (typeof STATES)[number]

export const isRunning = (state: State) => state === 'pending' || state === 'processing'

export type Totals = Partial<Record<Outcome, number>>

export function addTotals(sum: Totals, more: Totals): Totals {
  for (const [outcome, number] of Object.entries(more) as [Outcome, number][]) {
    const total = (sum[outcome] ?? 0) + number
    if (total === 0) delete sum[outcome]
    else sum[outcome] = total
  }
  return sum
}

/** 403 when an imported snapshot would leave the sub-accounts it was shared with. */
export function refuseOtherLocations(onlyLocations: readonly string[] | null, locationIds: readonly string[]): void {
  if (onlyLocations !== null && locationIds.some((id) => !onlyLocations.includes(id)))
    throw new AppError('snapshot_only_locations')
}
