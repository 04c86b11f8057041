import type { Output } from '../../api/call.ts'
import type { Operations } from '../../api/operations.ts'

export type Conflict = Output<'snapshots.conflicts'>['conflicts'][number]

/** The same difference in any number of sub-accounts: it is decided once for all of them. */
export interface ConflictGroup {
  key: string
  first: Conflict
  members: Conflict[]
}

/**
 * Conflicts that are about the same asset, wait with the same version, and differ in the same way. An ambiguity is told
 * by its candidates, which are other assets in each sub-account: only those that can be new everywhere go together.
 */
export function groupConflicts(conflicts: readonly Conflict[]): ConflictGroup[] {
  const groups = Map.groupBy(conflicts, (conflict) =>
    JSON.stringify([
      conflict.kind,
      conflict.lineage,
      conflict.version,
      conflict.outcome,
      conflict.outcome === 'ambiguous' ? conflict.locationId : conflict.fields,
    ]),
  )
  return [...groups]
    .map(([key, all]) => {
      const members = all.toSorted((one, other) => one.locationName.localeCompare(other.locationName, 'en'))
      return { key, first: members[0] as Conflict, members }
    })
    .sort((one, other) => other.members.length - one.members.length)
}

/** Stands for all of an asset, where what collides is no field: one side has deleted it, say. */
export const WHOLE = ''

/** Paths that are to be decided about. */
export const pathsOf = ({ fields }: Conflict): string[] =>
  fields.length === 0 ? [WHOLE] : fields.map(({ path }) => path)

/** What somebody has decided about a group: by path, or (`match`) which asset it is, null for a new one. */
export type Decision = { take: Record<string, 'source' | 'target'> } | { match: string | null }

type Settling = Operations['snapshots.settleConflicts']['input']['decisions'][number]

/** The input of `snapshots.settleConflicts`: each decision in each sub-account of its group. */
export function toDecisions(groups: readonly ConflictGroup[], decided: ReadonlyMap<string, Decision>) {
  return groups.flatMap(({ key, members }) => {
    const decision = decided.get(key)
    if (decision === undefined) return []
    return members.flatMap(({ locationId, kind, lineage }): Settling[] =>
      'match' in decision
        ? [{ locationId, kind, lineage, match: decision.match }]
        : Object.entries(decision.take).map(([path, take]) => ({
            ...{ locationId, kind, lineage, take },
            ...(path === WHOLE ? {} : { path }),
          })),
    )
  })
}

/** Whether everything about a group has been decided. */
export const isWhole = ({ first }: ConflictGroup, decision: Decision | undefined): boolean =>
  decision !== undefined && ('match' in decision || pathsOf(first).every((path) => decision.take[path] !== undefined))
