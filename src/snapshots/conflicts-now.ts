import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { getBlobs } from '../store/assets/index.ts'
import { targetNow } from './conflict-fields.ts'
import type { OpenConflict } from './conflicts.ts'
import type { Json } from './diff.ts'
import { nameOf } from './identity.ts'
import { loadNames } from './load-names.ts'

/** Documents that are read at once. */
const AT_ONCE = 50

/**
 * With what the target says by now: whoever decides gives up that, and not what it said when the two sides met. Looks
 * into assets alone that were written since.
 */
export async function withTargetsNow(db: Db, conflicts: readonly OpenConflict[]): Promise<OpenConflict[]> {
  const asked = conflicts.filter(({ fields, candidates }) => fields.length > 0 && candidates === null)
  if (asked.length === 0) return [...conflicts]
  const locationIds = texts([...new Set(asked.map((one) => one.locationId))])
  const moved = await query(
    db,
    sql<{ locationId: string; kind: string; lineage: string; hash: string }>`
      select k.location_id as "locationId", k.kind, k.lineage, encode(a.hash, 'hex') as hash
      from unnest(${texts(asked.map((one) => one.locationId))}, ${texts(asked.map((one) => one.kind))},
        ${texts(asked.map((one) => one.lineage))}, ${texts(asked.map((one) => one.openedAt.toISOString()))})
        k(location_id, kind, lineage, opened_at)
      left join asset_alias l on l.location_id = k.location_id and l.kind = k.kind and l.lineage = k.lineage
        and l.location_id = any(${locationIds})
      join asset a on a.location_id = k.location_id and a.kind = k.kind
        and case when l.id is null then a.lineage = k.lineage else a.id = l.id end
      where a.location_id = any(${locationIds}) and a.updated_at > k.opened_at::timestamptz
      order by 1`,
  )
  const now = new Map<string, Json>()
  for (let start = 0; start < moved.length; start += AT_ONCE) {
    const some = moved.slice(start, start + AT_ONCE)
    const blobs = await getBlobs(
      db,
      some.map(({ hash }) => hash),
    )
    const names = await loadNames(db, [...new Set(some.map(({ locationId }) => locationId))])
    for (const one of some)
      now.set(nameOf(one), JSON.parse(names.internal(one.locationId, blobs.get(one.hash)?.text ?? 'null')))
  }
  return conflicts.map((conflict) => {
    const target = now.get(nameOf(conflict))
    return target === undefined || target === null
      ? conflict
      : { ...conflict, fields: conflict.fields.map((field) => targetNow(field, target)) }
  })
}
