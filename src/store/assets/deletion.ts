import { sql } from 'kysely'
import { query } from '../../db/pool.ts'
import { appendChange } from '../changes/index.ts'
import { type Asset, getAsset } from './reads.ts'
import type { AssetResource } from './resource.ts'
import { type AssetScope, lockLocation, notBefore } from './scope.ts'

/**
 * Removes an asset. It is remembered: a pushed one was removed on purpose, and whatever comes back comes back as it was
 * known.
 */
export async function deleteAsset(scope: AssetScope, resource: AssetResource, id: string): Promise<Asset> {
  await lockLocation(scope.tx, scope.locationId)
  const current = await getAsset(scope.tx, resource, scope.locationId, id)
  const author = notBefore(scope.author, current)
  const where = sql`location_id = ${scope.locationId} and kind = ${resource.kind} and id = ${id}`
  const aliases = await query(
    scope.tx,
    sql<{
      alias: object
    }>`select to_jsonb(l) - 'location_id' - 'kind' - 'hash' - 'drift_push' as alias from asset_alias l where ${where}`,
  )
  // Its lineages may have led to another one that is deleted: that is known again once nothing knows this one by them.
  const covers = await query(
    scope.tx,
    sql<{ tombstone: object }>`
      select to_jsonb(z) as tombstone from asset_tombstone z
      where location_id = ${scope.locationId} and kind = ${resource.kind} and id <> ${id}
        and lineage = any(array(select lineage from asset_alias where ${where} union all select lineage from asset
          where ${where}))`,
  )
  await sql`
    with gone as (delete from asset where ${where} returning *),
      aliases as (delete from asset_alias where ${where} returning lineage, base_hash, source_push, part_aliases),
      kept as (
    insert into asset_tombstone (location_id, kind, lineage, id, name, base_hash, source_push, part_aliases,
      own_lineage, local, deleted_at)
    select g.location_id, g.kind, l.lineage, g.id, g.name, l.base_hash, l.source_push, l.part_aliases, g.lineage,
      g.local, ${new Date(author.atMs)}
    from gone g cross join lateral (
      select lineage, base_hash, source_push, part_aliases from aliases
      union all select g.lineage, g.base_hash, g.source_push, g.part_aliases where not
        exists (select 1 from aliases where lineage = g.lineage)
    ) l
    on conflict (location_id, kind, lineage) do update
      set id = excluded.id, name = excluded.name, base_hash = excluded.base_hash, source_push = excluded.source_push,
      part_aliases = excluded.part_aliases, own_lineage = excluded.own_lineage, local = excluded.local,
        deleted_at = excluded.deleted_at)
    select where false`.execute(scope.tx)
  await appendChange(scope.tx, author, {
    locationId: scope.locationId,
    kind: resource.kind,
    entityId: id,
    op: 'delete',
    beforeHash: current.hash,
    afterHash: null,
    delta: {
      local: [current.local, null],
      lineage: current.lineage,
      base: current.baseHash,
      ...(aliases.length === 0 ? {} : { aliases: aliases.map((row) => row.alias) }),
      ...(covers.length === 0 ? {} : { covers: covers.map((row) => row.tombstone) }),
    },
  })
  return current
}
