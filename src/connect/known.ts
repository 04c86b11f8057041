import { sql } from 'kysely'
import { type Db, query, type Tx, texts } from '../db/pool.ts'
import { associations } from '../resources/associations.ts'
import { calendars } from '../resources/calendars.ts'
import { contacts } from '../resources/records/contacts.ts'
import { type AssetResource, listAssets, readFormer } from '../store/assets/index.ts'
import { listChangesOf } from '../store/changes/index.ts'
import { hasId, listRecords, type RecordDocument } from '../store/records/index.ts'
import type { Change, Known } from './events/index.ts'

/** What bodies tell beside the records, for those that were changed: a few statements for each location concerned. */
export async function loadKnown(tx: Tx, changes: readonly Change[]): Promise<Known> {
  const ofKind = (kind: string) => changes.filter(({ row }) => row.event === null && row.kind === kind)
  const ties = await documents(tx, associations, ofKind('object_associations'), 'labelId')
  const places = await documents(tx, calendars, ofKind('appointments'), 'calendarId')
  const people = await contactsOf(tx, ofKind('invoices'))
  const locations = await names(
    tx,
    'location',
    ofKind('invoices').map(({ row }) => row.locationId),
  )
  const agencies = await names(
    tx,
    'agency',
    changes.flatMap(({ row: { event } }) => event?.agencyId ?? []),
  )
  return {
    association: (locationId, id) => ties.get(`${locationId} ${id}`),
    groupOf: (locationId, id) => places.get(`${locationId} ${id}`)?.groupId,
    contact: (locationId, id) => people.get(`${locationId} ${id}`),
    locationName: (id) => locations.get(id),
    companyName: (id) => agencies.get(id),
  }
}

const byLocation = (changes: readonly Change[], field: string) =>
  [...Map.groupBy(changes, ({ row }) => row.locationId)].map(([locationId, some]) => ({
    locationId,
    ids: [...new Set(some.map(({ now }) => now[field]).filter((id) => typeof id === 'string'))],
  }))

async function documents(
  tx: Tx,
  resource: unknown,
  changes: readonly Change[],
  field: string,
): Promise<Map<string, RecordDocument>> {
  const found = new Map<string, RecordDocument>()
  for (const { locationId, ids } of byLocation(changes, field)) {
    for (const { id, document } of await listAssets(tx, resource as AssetResource, locationId, { ids }))
      found.set(`${locationId} ${id}`, document)
    const missing = ids.filter((id) => !found.has(`${locationId} ${id}`))
    for (const [id, document] of await former(tx, resource as AssetResource, locationId, missing))
      found.set(`${locationId} ${id}`, document)
  }
  return found
}

/** What is gone by now, as it was last: relations go with their association. */
async function former(
  tx: Tx,
  resource: AssetResource,
  locationId: string,
  entityIds: readonly string[],
): Promise<[string, RecordDocument][]> {
  if (entityIds.length === 0) return []
  const last = await listChangesOf(tx, { locationId, kind: resource.kind, entityIds, most: 1 })
  const hashes = last.flatMap(({ beforeHash }) => beforeHash ?? [])
  const documents = await readFormer(tx, resource, locationId, hashes)
  return last.flatMap(({ entityId, beforeHash }) => {
    const document = documents.get(beforeHash ?? '')
    return document === undefined ? [] : [[entityId, document] as [string, RecordDocument]]
  })
}

async function contactsOf(tx: Tx, changes: readonly Change[]): Promise<Map<string, RecordDocument>> {
  const found = new Map<string, RecordDocument>()
  for (const { locationId, ids } of byLocation(changes, 'contactId'))
    for (const { id, document } of await listRecords(tx, contacts, locationId, {
      where: hasId(ids),
      limit: ids.length,
    }))
      found.set(`${locationId} ${id}`, document)
  return found
}

async function names(db: Db, table: 'location' | 'agency', ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await query(
    db,
    sql<{ id: string; name: string }>`select id, name from ${sql.table(table)} where id = any(${texts(ids)})`,
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}
