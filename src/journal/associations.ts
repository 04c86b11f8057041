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
  const told = new Map<Committed, AssociationEvent[]>()
  for (const change of changes) {
    const events = associationEventsOf(change, (kind, id) => known.get(`${change.locationId} ${kind} ${id}`))
    if (events.length > 0) told.set(change, events)
  }
  const idle = idleIn(told)
  return (change) => told.get(change)?.filter((event) => !idle.has(event)) ?? []
}

/**
 * What one request took away and put back, as when a field says from now on what a record said before, was never gone:
 * of what it tells of two objects and a type as much is left as has changed in the end. A request that is told in two
 * rounds may tell both; whoever follows comes to the same.
 */
function idleIn(told: ReadonlyMap<Committed, readonly AssociationEvent[]>): Set<AssociationEvent> {
  const idle = new Set<AssociationEvent>()
  const all = [...told].flatMap(([{ locationId, cause }, events]) =>
    cause === null ? [] : events.map((event) => ({ event, key: keyOf(`${locationId} ${cause}`, event) })),
  )
  for (const some of Map.groupBy(all, ({ key }) => key).values()) {
    if (some.length === 1) continue
    const added = some.filter(({ event }) => event.action === 'ASSOCIATION_ADDED')
    const removed = some.filter(({ event }) => event.action === 'ASSOCIATION_REMOVED')
    const left = added.length === removed.length ? null : (added.length > removed.length ? added : removed).at(-1)
    for (const one of some) if (one !== left) idle.add(one.event)
  }
  return idle
}

const keyOf = (
  request: string,
  { fromObjectTypeId, fromObjectId, toObjectTypeId, toObjectId, ...type }: AssociationEvent,
) =>
  `${request} ${fromObjectTypeId}/${fromObjectId} ${toObjectTypeId}/${toObjectId} ${type.associationCategory} ${type.associationTypeId}`
