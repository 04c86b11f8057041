import type { Tx } from '../db/pool.ts'
import { type AssociationEvent, associationEventsOf, recordsNamedBy } from '../objects/index.ts'
import { loadNumbers } from '../store/records/index.ts'
import type { Committed } from './inbox.ts'

/** What changes tell of associations. One statement for the numbers of the records at their ends. */
export async function associationsOf(
  tx: Tx,
  changes: readonly Committed[],
): Promise<(change: Committed) => AssociationEvent[]> {
  const known = await loadNumbers(
    tx,
    changes.flatMap((change) =>
      recordsNamedBy(change).map(({ kind, id }) => ({ locationId: change.locationId, kind, id })),
    ),
  )
  return (change) => associationEventsOf(change, (kind, id) => known.get(`${change.locationId} ${kind} ${id}`))
}
