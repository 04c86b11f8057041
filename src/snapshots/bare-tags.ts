import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { naturalKey } from '../store/natural-key.ts'
import { countStanding } from '../store/records/index.ts'
import type { Told } from './going.ts'

/** A tag that is to have a name from now on. */
export interface Naming {
  locationId: string
  lineage: string
  name: string
}

export const NAMED = 'tags'

/**
 * Contacts keep the name of a tag that is deleted. Whatever tag comes to have it next is theirs at once: whoever makes
 * or renames one should know. `gone`: what goes in the same step, `location/kind/id`.
 */
export async function tellBare(db: Db, namings: readonly Naming[], gone: ReadonlySet<string>): Promise<Told[]> {
  if (namings.length === 0) return []
  const standing = await countStanding(
    db,
    namings.map(({ locationId, name }) => ({ locationId, kind: NAMED, id: '', name })),
    { nowMs: 0 },
  )
  const carried = namings.flatMap((naming, index) => {
    const [records] = standing[index]?.records ?? []
    return records === undefined ? [] : [{ ...naming, records, key: naturalKey(naming.name) }]
  })
  if (carried.length === 0) return []
  const holders = await query(
    db,
    sql<{ name: string; id: string }>`
      select a.location_id || '/' || a.unique_key as name, a.id
      from unnest(${texts(carried.map((one) => one.locationId))}, ${texts(carried.map(({ key }) => key))})
        w(location_id, key)
      join asset a on a.location_id = w.location_id and a.kind = ${NAMED} and a.unique_key = w.key`,
  )
  const holderOf = new Map(holders.map(({ name, id }) => [name, id]))
  return carried.flatMap(({ locationId, lineage, name, records, key }) => {
    const holder = holderOf.get(`${locationId}/${key}`)
    if (holder !== undefined && !gone.has(`${locationId}/${NAMED}/${holder}`)) return []
    const why =
      `contacts carry "${name}" already, which no tag stands for${holder === undefined ? '' : ' any more'}: they ` +
      'come to have this one'
    return [{ locationId, warning: { kind: NAMED, lineage, name, why, records } }]
  })
}
