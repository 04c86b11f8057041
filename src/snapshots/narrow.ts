import type { OutcomeRow } from './outcomes.ts'
import { emptyResult, type Piece, type PieceResult } from './piece.ts'

/**
 * Target by target; then what leaves, which may free keys, asset by asset, and what leaves once others took its
 * opportunities. Null: there is nothing narrower.
 */
export function narrower(piece: Piece, error: unknown): Piece[] | null {
  const { scope, removals } = piece
  if (scope.targets.length > 1) {
    return scope.targets.map((target) => ({
      ...piece,
      removals: removals.filter(({ locationId }) => locationId === target.locationId),
      scope: { ...scope, targets: [target] },
    }))
  }
  if (scope.entries.length + removals.length <= 1) return null
  const alone = { ...piece, brokenBy: (error as Error).message }
  const removed = (some: typeof removals) =>
    some.map((removal) => ({ ...alone, removals: [removal], scope: { ...scope, entries: [] } }))
  return [
    ...removed(removals.filter(({ leavingStages }) => leavingStages === undefined)),
    ...scope.entries.map((entry) => ({ ...alone, removals: [], scope: { ...scope, entries: [entry] } })),
    ...removed(removals.filter(({ leavingStages }) => leavingStages !== undefined)),
  ]
}

/** One asset that cannot be written, or taken away. */
export function failedPiece({ scope, removals }: Piece, error: unknown): PieceResult {
  const locationId = scope.targets[0]?.locationId as string
  const [removal] = removals
  const { lineage, name } = removal ?? scope.entries[0] ?? { lineage: '', name: '' }
  const concerned = scope.only?.some((pair) => pair.locationId === locationId && pair.lineage === lineage) ?? true
  if (!concerned) return emptyResult()
  const reason = (error as Error).message
  const outcome: OutcomeRow = {
    locationId,
    kind: scope.kind,
    lineage,
    id: removal?.id ?? null,
    name,
    outcome: 'failed',
    reason,
    detail: null,
  }
  const failed = new Map([[locationId, { failed: 1 }]])
  return {
    ...emptyResult(),
    ...(removal === undefined ? { totals: failed } : { removals: failed }),
    outcomes: [outcome],
  }
}
