import { sql } from 'kysely'
import { json, query, type Tx, texts } from '../db/pool.ts'
import { numberedChangeId } from '../store/changes/index.ts'
import { assetOf } from './identity.ts'
import type { PushAuthor } from './piece.ts'
import type { Undoing } from './undoing.ts'

interface Released {
  locationId: string
  kind: string
  id: string
  lineage: string
  byAlias: boolean
  /** Other pairs of the same snapshot with the asset: they end with it. */
  older: readonly { lineage: string; byAlias: boolean }[]
}

/**
 * Ends pairs: the assets stay, and nothing is known any more of what was pushed to them. Who they are stays: what names
 * them still means them.
 */
export async function releaseAssets(tx: Tx, author: PushAuthor, assets: readonly Released[]): Promise<void> {
  if (assets.length === 0) return
  const older = assets.flatMap(({ older: pairs, ...asset }) => pairs.map((pair) => ({ ...asset, ...pair })))
  const columns = (rows: readonly Omit<Released, 'older'>[]) => sql`
    unnest(${texts(rows.map((a) => a.locationId))}, ${texts(rows.map((a) => a.kind))}, ${texts(rows.map((a) => a.id))},
      ${texts(rows.map((a) => a.lineage))},
      ${rows.map((a) => a.byAlias)}::boolean[])`
  await sql`
    with freed as (select * from ${columns(assets)} f(location_id, kind, id, lineage, by_alias)),
    older as (select * from ${columns(older)} f(location_id, kind, id, lineage, by_alias)),
    ending as (select * from freed union all select * from older),
    before as (
      select f.*, a.hash, a.name, a.key, a.base_hash, a.source_push, a.part_aliases,
        to_jsonb(l) - 'location_id' - 'kind' - 'hash' - 'drift_push' as alias, (
        select jsonb_agg(jsonb_build_object('lineage', o.lineage,
          'base', encode(case when o.by_alias then x.base_hash else a.base_hash end, 'hex'),
          'push', case when o.by_alias then x.source_push else a.source_push end, 'left', null))
        from older o left join asset_alias x on o.by_alias and x.location_id = o.location_id and x.kind = o.kind
          and x.lineage = o.lineage
        where o.location_id = f.location_id and o.kind = f.kind and o.id = f.id) as ended
      from freed f join asset a on a.location_id = f.location_id and a.kind = f.kind and a.id = f.id
      left join asset_alias l on f.by_alias and l.location_id = f.location_id and l.kind = f.kind
        and l.lineage = f.lineage
    ), untracked as (
      update asset a set base_hash = null, source_push = null from ending f
      where not f.by_alias and a.location_id = f.location_id and a.kind = f.kind and a.id = f.id
    ), unlinked as (
      update asset_alias l set base_hash = null, source_push = null from ending f
      where f.by_alias and l.location_id = f.location_id and l.kind = f.kind and l.lineage = f.lineage
    )
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select location_id, ${numberedChangeId(author.atMs)}, kind, id, 'adopt',
      jsonb_build_object('lineage', lineage, 'name', name, 'key', key, 'left', '{"push":null}'::jsonb)
        || case when by_alias then jsonb_build_object('byAlias', true, 'alias', alias)
          else jsonb_build_object(
            'base', encode(base_hash, 'hex'), 'sourcePush', source_push, 'parts', part_aliases) end
        || case when ended is null then '{}' else jsonb_build_object('ended', ended) end,
      hash, hash, ${author.actor}, ${author.pushId}, ${new Date(author.atMs)}
    from before`.execute(tx)
}

/**
 * A pair that ended with another one of its asset, as a change row keeps it: what it was, and the push that it is known
 * by since.
 */
export interface EndedPair {
  lineage: string
  base: string | null
  push: string | null
  left: string | null
}

/**
 * Pairs that had ended with the one that is given back come back, or end again. Answers what they were, by
 * `location/kind/id`.
 */
export async function swapEnded(tx: Tx, undoings: readonly Undoing[]): Promise<Map<string, EndedPair[]>> {
  const pairs = undoings.flatMap(({ trace: { locationId, kind, id, now, delta } }) =>
    now === null ? [] : (delta?.ended ?? []).map((pair) => ({ ...pair, locationId, kind, id })),
  )
  if (pairs.length === 0) return new Map()
  const rows = await query(
    tx,
    sql<EndedPair & { locationId: string; kind: string; id: string }>`
      with wanted as materialized (
        select p->>'locationId' as location_id, p->>'kind' as kind, p->>'id' as id, p->>'lineage' as lineage,
          decode(p->>'base', 'hex') as base, p->>'push' as push, p->>'left' as known_by
        from jsonb_array_elements(${json(pairs)}) p
      ), old as materialized (
        select w.*, coalesce(l.base_hash, a.base_hash) as old_base, coalesce(l.source_push, a.source_push) as old_push
        from wanted w
        left join asset_alias l on l.location_id = w.location_id and l.kind = w.kind and l.lineage = w.lineage
          and l.id = w.id
        left join asset a on l.id is null and a.location_id = w.location_id and a.kind = w.kind and a.id = w.id
          and a.lineage = w.lineage
        -- A pair that another push has written since is that one's business.
        where (l.id is not null or a.id is not null)
          and coalesce(l.source_push, a.source_push) is not distinct from w.known_by
      ), aliases as (
        update asset_alias l set base_hash = o.base, source_push = o.push from old o
        where l.location_id = o.location_id and l.kind = o.kind and l.lineage = o.lineage and l.id = o.id
      ), owns as (
        update asset a set base_hash = o.base, source_push = o.push from old o
        where a.location_id = o.location_id and a.kind = o.kind and a.id = o.id and a.lineage = o.lineage
      )
      select location_id as "locationId", kind, id, lineage, encode(old_base, 'hex') as base, old_push as push,
        push as left
      from old`,
  )
  return new Map(
    [...Map.groupBy(rows, assetOf)].map(([name, group]) => [
      name,
      group.map(({ lineage, base, push, left }) => ({ lineage, base, push, left })),
    ]),
  )
}

export const endedOf = (
  ended: ReadonlyMap<string, EndedPair[]>,
  trace: { locationId: string; kind: string; id: string },
) => ended.get(assetOf(trace)) ?? null
