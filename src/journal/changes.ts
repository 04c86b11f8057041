import type { Tx } from '../db/pool.ts'
import {
  type AssociationEvent,
  isOfType,
  loadPortals,
  type ObjectType,
  type Portal,
  type PropertyMap,
  TYPES,
} from '../objects/index.ts'
import type { RecordDocument } from '../store/records/index.ts'
import { associationsOf } from './associations.ts'
import type { Happening } from './happenings.ts'
import { type Committed, deletedBefore, keyOf, laterDeltas, undone } from './inbox.ts'
import { listHappenings } from './lists.ts'
import { appHappenings } from './lives.ts'
import type { Listener } from './subscriptions.ts'
import { isOfUser, userAction } from './users.ts'

const ACTIONS: Readonly<Record<string, string>> = {
  create: 'CREATE',
  update: 'UPDATE',
  delete: 'DELETE',
  merge: 'MERGE',
  restore: 'RESTORE',
  gdpr_delete: 'GDPR_DELETE',
}

/** What has committed, as it can be told: in its order. */
export async function happeningsOf(
  tx: Tx,
  { rows, isMore }: { rows: readonly Committed[]; isMore: boolean },
  listeners: readonly Listener[],
  onFault: (error: Error) => void,
): Promise<Happening[]> {
  const changes = rows.filter(({ event }) => event === null)
  const portals = await loadPortals(
    tx,
    changes.map(({ locationId }) => locationId),
  )
  const filtered = listeners.some(({ filters }) => filters.length > 0)
  const states = await statesAfter(tx, filtered ? changes : changes.filter(isOfUser), isMore)
  const associated = await associationsOf(tx, changes)
  const lists = await listHappenings(tx, changes, portals)
  const lives = await appHappenings(tx, rows)
  const goneBefore = await deletedBefore(tx, changes)
  return rows.flatMap((row): Happening[] => {
    if (row.event !== null) return lives.get(row) ?? []
    const portal = portals.get(row.locationId)
    if (portal === undefined) return []
    return [
      ...typesOf(portal, row).flatMap((type) =>
        objectHappening(row, portal, portal.mapOf(type), states.get(row), onFault).filter(
          ({ action }) => action !== 'DELETE' || !goneBefore.has(row),
        ),
      ),
      ...associated(row).map((one, number) => associationHappening(row, portal, one, number)),
      ...(lists.get(row) ?? []),
    ]
  })
}

/** The types whose objects a record is: an appointment is a meeting as well. */
function typesOf(portal: Portal, { kind, document }: Committed): ObjectType[] {
  if (document === null) return []
  const types = kind === 'object_records' ? portal.types : TYPES
  return types.filter((type) => type.kind === kind && isOfType(type, document))
}

function objectHappening(
  row: Committed,
  { portalId }: Portal,
  map: PropertyMap,
  state: RecordDocument | undefined,
  onFault: (error: Error) => void,
): Happening[] {
  const action = isOfUser(row) ? userAction(row, state ?? {}, ACTIONS[row.op]) : ACTIONS[row.op]
  if (!action || row.objectId === null) return []
  const delta = (row.delta ?? {}) as Record<string, [unknown, unknown]>
  // Whoever comes to the portal is new there, with all that they are.
  const told = action === 'CREATE' && row.op === 'update' ? wholeOf(state ?? {}) : delta
  const changes = action === 'DELETE' || action === 'GDPR_DELETE' ? {} : readable(() => map.changed(told), onFault)
  // What has changed is nothing that this wire knows of.
  if (action === 'UPDATE' && changes !== null && Object.keys(changes).length === 0) return []
  const merged = (delta.mergedObjectIds?.[1] ?? null) as number[] | null
  let values: Record<string, string | null> | undefined
  const happening: Happening = {
    type: 'crmObject',
    action,
    seq: row.seq,
    eventId: row.id as string,
    locationId: row.locationId,
    portalId,
    at: row.at,
    actor: row.actor,
    subject: {
      objectTypeId: map.type.typeId,
      objectId: row.objectId,
      ...(merged === null ? {} : { mergedObjectIds: merged }),
    },
    objectTypeId: map.type.typeId,
    objectId: String(row.objectId),
    tellsOf: [map.type.typeId],
    changes: changes ?? {},
    hasSeveral: (property) => map.find(property)?.fieldType === 'checkbox',
    propertyOf(property) {
      if (state === undefined) return changes?.[property]?.[1] ?? null
      values ??= map.read(
        {
          objectId: row.objectId as number,
          document: state,
          createdAt: row.createdAt ?? row.at,
          updatedAt: row.at,
          deletedAt: null,
        },
        'all',
      )
      return values[property] ?? null
    },
  }
  // Whoever follows deletions is told of this one as well, once.
  return action === 'GDPR_DELETE'
    ? [happening, { ...happening, action: 'DELETE', eventId: `${row.id}:delete` }]
    : [happening]
}

const wholeOf = (document: RecordDocument) =>
  Object.fromEntries(Object.entries(document).map(([field, value]) => [field, [null, value]] as const))

/** A record that cannot be read must not keep all others from being told: that it has changed is told, at least. */
function readable<T>(read: () => T, onFault: (error: Error) => void): T | null {
  try {
    return read()
  } catch (error) {
    onFault(error as Error)
    return null
  }
}

function associationHappening(
  row: Committed,
  { portalId }: Portal,
  { type, action, ...subject }: AssociationEvent,
  number: number,
): Happening {
  return {
    type,
    action,
    seq: row.seq,
    eventId: `${row.id}:${number + 1}`,
    locationId: row.locationId,
    portalId,
    at: row.at,
    actor: row.actor,
    subject,
    objectTypeId: subject.fromObjectTypeId,
    objectId: String(subject.fromObjectId),
    tellsOf: [subject.fromObjectTypeId, subject.toObjectTypeId],
    otherTypeId: subject.toObjectTypeId,
  }
}

/** Each record as it was after each of its changes: what it is now, led back. */
export async function statesAfter(
  tx: Tx,
  changes: readonly Committed[],
  isMore: boolean,
): Promise<Map<Committed, RecordDocument>> {
  const later = isMore && changes.length > 0 ? await laterDeltas(tx, changes) : new Map<string, never[]>()
  const now = new Map<string, RecordDocument>()
  const states = new Map<Committed, RecordDocument>()
  for (const change of changes.toReversed()) {
    if (change.document === null) continue
    const key = keyOf(change)
    const state = now.get(key) ?? (later.get(key) ?? []).toReversed().reduce(undone, change.document)
    states.set(change, state)
    now.set(key, change.op === 'delete' ? state : undone(state, change.delta ?? {}))
  }
  return states
}
