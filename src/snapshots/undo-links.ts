import { sql } from 'kysely'
import { json, query, type Tx } from '../db/pool.ts'
import type { AliasRow, Trace } from './traces.ts'
import type { Undoing } from './undoing.ts'

/**
 * Aliases of assets that are deleted, as far as nothing else is remembered of their lineages. Answers those that are
 * remembered now.
 */
export async function rememberAliases(tx: Tx, aliases: readonly (AliasRow & { locationId: string; kind: string })[]) {
  if (aliases.length === 0) return []
  return query(
    tx,
    sql<{ locationId: string; kind: string; lineage: string; id: string }>`
      insert into asset_tombstone (location_id, kind, lineage, id, name, base_hash, source_push, own_lineage, local,
        part_aliases, deleted_at)
      select z.location_id, z.kind, l->>'lineage', z.id, z.name, (l->>'base_hash')::bytea, l->>'source_push',
        z.own_lineage, z.local, nullif(l->'part_aliases', 'null'), z.deleted_at
      from jsonb_array_elements(${json(aliases)}) l
      join asset_tombstone z on z.location_id = l->>'locationId' and z.kind = l->>'kind' and z.id = l->>'id'
        and z.lineage = z.own_lineage
      on conflict (location_id, kind, lineage) do nothing returning location_id as "locationId", kind, lineage, id`,
  )
}

/** The alias by which the lineage of an asset led to another one before the push. */
export const formerAlias = ({ id, delta }: Pick<Trace, 'id' | 'delta'>): AliasRow | null =>
  delta?.alias && delta.alias.id !== id ? delta.alias : null

/** An alias that the push had taken away for another asset leads again where it led, or did before that was deleted. */
export async function linkAgain(tx: Tx, undoings: readonly Undoing[]): Promise<void> {
  const rows = undoings.flatMap(({ trace }) => {
    const alias = formerAlias(trace)
    return alias === null ? [] : [{ ...alias, locationId: trace.locationId, kind: trace.kind }]
  })
  if (rows.length === 0) return
  await sql`
    insert into asset_alias (location_id, kind, lineage, id, base_hash, source_push, hash, part_aliases, created_at)
    select a.location_id, a.kind, l->>'lineage', a.id, (l->>'base_hash')::bytea, l->>'source_push', a.hash,
      nullif(l->'part_aliases', 'null'), (l->>'created_at')::timestamptz
    from jsonb_array_elements(${json(rows)}) l join asset a on a.location_id = l->>'locationId' and a.kind = l->>'kind'
      and a.id = l->>'id'
    on conflict (location_id, kind, lineage) do nothing`.execute(tx)
  await rememberAliases(tx, rows)
}

/** What a roll-back had linked again leads there no more when that is undone. */
export async function unlinkAgain(tx: Tx, undoings: readonly Undoing[]): Promise<void> {
  const rows = undoings.flatMap(({ trace: { locationId, kind, delta } }) =>
    delta?.linked === undefined ? [] : [{ ...delta.linked, locationId, kind }],
  )
  if (rows.length === 0) return
  await sql`
    delete from asset_alias a using jsonb_array_elements(${json(rows)}) l
    where a.location_id = l->>'locationId' and a.kind = l->>'kind' and a.lineage = l->>'lineage' and a.id = l->>'id'
      and a.source_push is not distinct from l->>'source_push'`.execute(tx)
  await sql`
    delete from asset_tombstone z using jsonb_array_elements(${json(rows)}) l
    where z.location_id = l->>'locationId' and z.kind = l->>'kind' and z.lineage = l->>'lineage' and z.id = l->>'id'
      and z.lineage <> z.own_lineage
      and z.source_push is not distinct from l->>'source_push'`.execute(tx)
}
