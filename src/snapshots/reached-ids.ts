import { sql } from 'kysely'
import { type Db, texts } from '../db/pool.ts'
import { queryPlanned } from '../db/prepared.ts'
import { deriveId } from '../ids.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { firstIdAt } from '../store/changes/index.ts'
import type { Entry } from './capture.ts'

interface Then {
  pushId: string
  locationId: string
  /** When the push came to the location. */
  startedAt: Date
}

interface Found {
  kind: string
  lineage: string
  id: string | null
}

/**
 * Which assets entries reached that a push found unchanged and so wrote nothing of: their ids by `kind:lineage`. The
 * first later change of a pair tells what it was before; a pair that nothing has touched since is as it stands.
 */
export async function idsReached(
  db: Db,
  { entries, resources, ...then }: Then & { entries: readonly Entry[]; resources: ReadonlyMap<string, AssetResource> },
): Promise<Map<string, string>> {
  if (entries.length === 0) return new Map()
  const [touched, standing] = await Promise.all([readTouched(db, then, entries), readStanding(db, then, entries)])
  const ids = new Map<string, string>()
  for (const { kind, lineage } of entries) {
    const key = `${kind}:${lineage}`
    const first = touched.get(key)
    const now = standing.filter((row) => row.kind === kind && row.lineage === lineage)
    const own =
      now.find((row) => row.isOwn)?.id ??
      deriveId(resources.get(kind)?.idFormat ?? 'id20', then.locationId, kind, lineage)
    ids.set(key, first === undefined ? (now.find((row) => !row.isOwn)?.id ?? own) : (first ?? own))
  }
  return ids
}

/** By the first change since: the asset that the lineage reached until then, or null where it was its own. */
async function readTouched(
  db: Db,
  { pushId, locationId, startedAt }: Then,
  entries: readonly Entry[],
): Promise<Map<string, string | null>> {
  const rows = await queryPlanned(
    db,
    sql<Found>`
      with wanted as (
        select * from unnest(${texts(entries.map((e) => e.kind))}, ${texts(entries.map((e) => e.lineage))})
          w(kind, lineage)
      ), later as materialized (
        select id, kind, entity_id, op, delta, actor from change
        where location_id = ${locationId} and id >= ${firstIdAt(startedAt)} and cause is distinct from ${pushId}
          and kind = any(${texts([...new Set(entries.map((e) => e.kind))])}) and delta ? 'lineage'
      ), touched as (
        select kind, delta->>'lineage' as lineage, id as at, case
            when jsonb_typeof(delta->'alias') = 'object' then delta->'alias'->>'id'
            when coalesce((delta->>'byAlias')::boolean, false) or (op = 'create' and not delta ? 'tombstones') then null
            else entity_id end as id
        -- Who deletes an asset says nothing of what reached it, but for the aliases.
        from later where op <> 'delete' or actor like 'push:%'
        union all
        select kind, l->>'lineage', later.id, entity_id
        from later, jsonb_array_elements(coalesce(nullif(delta->'aliases', 'null'), '[]')) l
      )
      select distinct on (kind, lineage) kind, lineage, t.id from touched t join wanted using (kind, lineage)
      order by kind, lineage, at, t.id`,
  )
  return new Map(rows.map(({ kind, lineage, id }) => [`${kind}:${lineage}`, id]))
}

/** What the lineages reach now, or reached when it was deleted: through an alias, and as their own. */
function readStanding(
  db: Db,
  { locationId }: Then,
  entries: readonly Entry[],
): Promise<(Found & { id: string; isOwn: boolean })[]> {
  return queryPlanned(
    db,
    sql<Found & { id: string; isOwn: boolean }>`
      with wanted as (
        select * from unnest(${texts(entries.map((e) => e.kind))}, ${texts(entries.map((e) => e.lineage))})
          w(kind, lineage)
      )
      select kind, lineage, l.id, false as "isOwn" from asset_alias l join wanted using (kind, lineage)
      where l.location_id = ${locationId}
      union all
      select kind, lineage, a.id, true from asset a join wanted using (kind, lineage)
      where a.location_id = ${locationId}
      union all
      select kind, lineage, z.id, z.own_lineage = z.lineage from asset_tombstone z join wanted using (kind, lineage)
      where z.location_id = ${locationId}
        and not exists (select 1 from asset a where a.location_id = z.location_id and a.kind = z.kind
          and a.lineage = z.lineage)`,
  )
}
