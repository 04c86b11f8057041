import { listChangesOf } from '../../store/changes/index.ts'
import type { RecordRow } from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import type { Shelf } from './shelf.ts'

/** Of each record so many changes are looked through, the newest ones. */
const MOST_CHANGES = 500

interface Version {
  value: string
  timestamp: string
  sourceType: string
  sourceId: string
}

/** What some properties of records were, newest first, by record: from the change log, in one statement. */
export async function historiesOf(
  { db }: Context,
  { map, resource, locationId }: Shelf,
  rows: readonly RecordRow[],
  names: readonly string[],
): Promise<Map<string, Record<string, Version[]>>> {
  const known = names.flatMap((name) => map.find(name)?.name ?? [])
  const entityIds = rows.map(({ id }) => id)
  const changes = await listChangesOf(db, { locationId, kind: resource.kind, entityIds, most: MOST_CHANGES })
  const histories = new Map(
    rows.map(({ id }) => [id, Object.fromEntries(known.map((name) => [name, [] as Version[]]))] as const),
  )
  for (const { entityId, op, delta, at, actor } of changes) {
    // What is archived keeps its values.
    if (op === 'delete' || delta === null) continue
    const changed = map.changed(delta)
    for (const name of known) {
      const pair = changed[name]
      if (pair === undefined) continue
      histories.get(entityId)?.[name]?.push({
        value: pair[1] ?? '',
        timestamp: at.toISOString(),
        sourceType: op === 'merge' ? 'MERGE_OBJECTS' : actor.startsWith('token:') ? 'INTEGRATION' : 'CRM_UI',
        sourceId: actor,
      })
    }
  }
  return histories
}
