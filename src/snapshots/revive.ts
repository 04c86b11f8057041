import { sql } from 'kysely'
import type { Tx } from '../db/pool.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { numberedChangeId } from '../store/changes/index.ts'
import type { PushAuthor } from './piece.ts'
import type { Undoing } from './undoing.ts'

/**
 * Brings back, with the content and the pair it had before a push, what a person has deleted since: under its id and
 * lineage, with its local values, and by every lineage that reached it.
 */
export async function reviveAssets(
  tx: Tx,
  undoings: readonly Undoing[],
  author: PushAuthor,
  resources: ReadonlyMap<string, AssetResource>,
): Promise<void> {
  if (undoings.length === 0) return
  const rows = undoings.map(({ trace, name, key }) => ({
    location_id: trace.locationId,
    kind: trace.kind,
    id: trace.id,
    incoming: trace.lineage,
    hash: trace.before,
    name,
    key,
    unique_key: resources.get(trace.kind)?.unique == null ? null : key,
    by_alias: trace.delta?.byAlias === true,
    left_push: trace.leftPush,
    base: trace.delta?.base ?? null,
    source_push: trace.delta?.sourcePush ?? null,
    parts: trace.delta?.parts ?? null,
    alias: trace.delta?.alias ?? null,
  }))
  const at = new Date(author.atMs)
  await sql`
    with wanted as materialized (
      select location_id, kind, id, incoming, decode(hash, 'hex') as hash, name, key, unique_key, by_alias, left_push,
        decode(base, 'hex') as base, source_push, nullif(parts, 'null') as parts, nullif(alias, 'null') as alias
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) w(location_id text, kind text, id text, incoming text,
        hash text, name text, key text, unique_key text, by_alias boolean, left_push text, base text, source_push text,
        parts jsonb, alias jsonb)
    ), grave as materialized (
      -- What another push has told of the pair since is that one's business.
      select z.*, w.hash, z.lineage = w.incoming and z.source_push is not distinct from w.left_push as is_ours,
        w.by_alias, w.incoming, w.base as old_base, w.source_push as old_push, w.parts as old_parts
      from wanted w join asset_tombstone z on z.location_id = w.location_id and z.kind = w.kind and z.id = w.id
    ), self as (
      select distinct on (location_id, kind, id) location_id, kind, id, own_lineage, local,
        case when lineage = own_lineage then
          case when is_ours and not by_alias then old_base else base_hash end end as base_hash,
        case when lineage = own_lineage then
          case when is_ours and not by_alias then old_push else source_push end end as source_push,
        case when lineage = own_lineage then
          case when is_ours and not by_alias then old_parts else part_aliases end end as part_aliases
      from grave order by location_id, kind, id, lineage = own_lineage desc
    ), made as (
      insert into asset (location_id, kind, id, lineage, name, key, unique_key, hash, base_hash, local, source_push,
        part_aliases, created_at, updated_at)
      select w.location_id, w.kind, w.id, s.own_lineage, w.name, w.key, w.unique_key, w.hash, s.base_hash,
        coalesce(s.local, '{}'), s.source_push, s.part_aliases, ${at}, ${at}
      from wanted w join self s on s.location_id = w.location_id and s.kind = w.kind and s.id = w.id
    ), linked as (
      insert into asset_alias (location_id, kind, lineage, id, base_hash, source_push, hash, part_aliases, created_at)
      select location_id, kind, lineage, id, base_hash, source_push, hash, part_aliases, ${at} from grave
      where lineage <> own_lineage and not (is_ours and by_alias)
      union all
      -- Whoever deleted it may have found no such alias any more: a roll-back had taken it away.
      select w.location_id, w.kind, w.incoming, w.id, (w.alias->>'base_hash')::bytea, w.alias->>'source_push', w.hash,
        nullif(w.alias->'part_aliases', 'null'), (w.alias->>'created_at')::timestamptz
      from wanted w where w.by_alias and w.alias->>'id' = w.id and not exists (
        select 1 from asset_tombstone z
        where z.location_id = w.location_id and z.kind = w.kind and z.lineage = w.incoming
          and (z.id <> w.id or z.source_push is distinct from w.left_push))
      on conflict (location_id, kind, lineage) do nothing
    ), unburied as (
      delete from asset_tombstone z using wanted w where z.location_id = w.location_id and z.kind = w.kind
        and z.id = w.id
    )
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select w.location_id, ${numberedChangeId(author.atMs)}, w.kind, w.id, 'create',
      jsonb_build_object('lineage', w.incoming, 'named', w.name,
        'left', jsonb_build_object('push', case when w.by_alias then w.alias->>'source_push' else w.source_push end),
        'tombstones', (
          select coalesce(jsonb_agg(to_jsonb(z) - 'location_id' - 'kind'), '[]') from asset_tombstone z
          where z.location_id = w.location_id and z.kind = w.kind and z.id = w.id)),
      null, w.hash, ${author.actor}, ${author.pushId}, ${at}
    from wanted w`.execute(tx)
}
