import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { query, type Tx, texts } from '../db/pool.ts'
import type { Happening } from './happenings.ts'
import type { Committed } from './inbox.ts'

/** The objects that lists hold: contacts. */
export const LISTED_TYPE = '0-1'

/**
 * A tag is a list: whoever gets it is added, whoever loses it is removed. Lists have numbers on the HubSpot wire, which
 * follow from the location and the tag.
 */
export function listIdOf(locationId: string, tagId: string): string {
  return String(Number.parseInt(createHash('sha256').update(`${locationId}/${tagId}`).digest('hex').slice(0, 13), 16))
}

const tagsOf = (value: unknown) => (Array.isArray(value) ? (value as string[]) : [])

/** Contacts whose tags have changed, as members of lists. */
export async function listHappenings(
  tx: Tx,
  changes: readonly Committed[],
  portals: ReadonlyMap<string, { portalId: number }>,
): Promise<Map<Committed, Happening[]>> {
  const found = new Map<Committed, Happening[]>()
  const moved = changes.filter(({ kind, delta }) => kind === 'contacts' && delta?.tags !== undefined)
  if (moved.length === 0) return found
  const tags = await tagIds(tx, [...new Set(moved.map(({ locationId }) => locationId))])
  for (const row of moved) {
    const [before, after] = (row.delta?.tags ?? []).map((value) => new Set(tagsOf(value))) as [Set<string>, Set<string>]
    const added = [...after.difference(before)].map((name) => ['ADDED_TO_LIST', name] as const)
    const removed = [...before.difference(after)].map((name) => ['REMOVED_FROM_LIST', name] as const)
    const [[, gone] = []] = removed
    // A tag that got another name: its contacts carry it as before.
    if (added.length === 1 && removed.length === 1 && !tags.has(`${row.locationId} ${gone}`)) continue
    found.set(
      row,
      [...added, ...removed].flatMap(([action, name], number) => {
        const tagId = tags.get(`${row.locationId} ${name}`)
        if (tagId === undefined || row.objectId === null) return []
        const listId = listIdOf(row.locationId, tagId)
        return [
          {
            type: 'listMembership',
            action,
            seq: row.seq,
            eventId: `${row.id}:list${number + 1}`,
            locationId: row.locationId,
            portalId: portals.get(row.locationId)?.portalId ?? null,
            at: row.at,
            actor: row.actor,
            subject: { objectTypeId: LISTED_TYPE, objectId: row.objectId, listId: Number(listId), listName: name },
            objectTypeId: LISTED_TYPE,
            objectId: String(row.objectId),
            tellsOf: [LISTED_TYPE],
            listId,
          } satisfies Happening,
        ]
      }),
    )
  }
  return found
}

/** Tags by location and name, those that are gone included: whoever loses a tag may lose it because it goes. */
async function tagIds(tx: Tx, locationIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await query(
    tx,
    sql<{ locationId: string; name: string; id: string }>`
      select location_id as "locationId", name, id from asset_tombstone where location_id = any(${texts(locationIds)})
        and kind = 'tags'
      union all
      select location_id, name, id from asset where location_id = any(${texts(locationIds)}) and kind = 'tags'`,
  )
  return new Map(rows.map(({ locationId, name, id }) => [`${locationId} ${name}`, id]))
}
