import { sql } from 'kysely'
import { Type } from 'typebox'
import { type Db, query, texts } from '../../db/pool.ts'

/** A snapshot that stands in a location, by the push that brought it whole. */
export interface Held {
  locationId: string
  pushId: string
}

interface Other {
  version: number
  assets: number
}

export const OtherVersions = () =>
  Type.Array(Type.Object({ version: Type.Integer(), assets: Type.Integer() }), {
    description:
      'What stands there of other versions: how many assets were pushed there singly (`only`) since, and differ from ' +
      'those of `version`. Newest first.',
  })

interface MixedRow extends Held {
  others: Other[]
}

/**
 * What came singly (`only`) after the whole, from another version, is there still and differs in it: for all that is
 * asked in one statement. It begins at the agency's pushes of single assets and looks each of these assets up by its
 * key: nothing else of a location is read.
 */
export async function readOthers(db: Db, agencyId: string, held: readonly Held[]): Promise<(held: Held) => Other[]> {
  const rows = await query(
    db,
    sql<MixedRow>`
      with single as materialized (
        select p.id, p.snapshot_id, p.version, p.created_at, p.options->'only' as only from push p
        where p.agency_id = ${agencyId} and p.reverts is null and p.options->'only' is not null
      ), later as materialized (
        select h.location_id, h.push_id, s.id, s.snapshot_id, s.version, whole.version as held, s.only
        from unnest(${texts(held.map(({ locationId }) => locationId))}, ${texts(held.map(({ pushId }) => pushId))})
            h(location_id, push_id)
          join push whole on whole.id = h.push_id
          join single s on s.snapshot_id = whole.snapshot_id and s.version <> whole.version
            and (s.created_at, s.id) > (whole.created_at, whole.id)
          join push_target t on t.location_id = h.location_id and t.push_id = s.id
        where t.state in ('completed', 'partial')
      ), counted as (
        select l.location_id, l.push_id, l.version, count(*)::int as assets
        from later l cross join lateral jsonb_to_recordset(l.only) o(kind text, lineage text)
          left join snapshot_entry its on its.snapshot_id = l.snapshot_id and its.version = l.version
            and its.kind = o.kind and its.lineage = o.lineage
          left join snapshot_entry ours on ours.snapshot_id = l.snapshot_id and ours.version = l.held
            and ours.kind = o.kind and ours.lineage = o.lineage
        where its.hash is distinct from ours.hash and (
          exists (select 1 from asset a where a.location_id = l.location_id and a.kind = o.kind
            and a.lineage = o.lineage and a.source_push = l.id)
          or exists (select 1 from asset_alias n where n.location_id = l.location_id and n.kind = o.kind
            and n.lineage = o.lineage and n.source_push = l.id))
        group by l.location_id, l.push_id, l.version
      )
      select location_id as "locationId", push_id as "pushId",
        jsonb_agg(jsonb_build_object('version', version, 'assets', assets) order by version desc) as others
      from counted group by location_id, push_id`,
  )
  const found = new Map(rows.map(({ others, ...row }) => [nameOf(row), others]))
  return (one) => found.get(nameOf(one)) ?? []
}

const nameOf = ({ locationId, pushId }: Held): string => `${locationId}/${pushId}`
