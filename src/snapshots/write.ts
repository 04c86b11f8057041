import { type RawBuilder, sql } from 'kysely'
import type { AssetResource } from '../store/assets/index.ts'
import { numberedChangeId } from '../store/changes/index.ts'
import type { PushAuthor } from './piece.ts'

/**
 * Writes the rows of a common table expression `write` to assets of one kind: pointers, pairs, aliases, tombstones and
 * the change log, as further expressions that end in `logged`. Columns of `write`:
 * location_id, is_plain, lineage (the incoming one), id, own_lineage, op (create, update, adopt), name, key, hash (the
 * content from now on),
 * mine (the content before), base (what was pushed), by_alias, drops, local, parts (part aliases of the pair), and for
 * the log
 *   old_name, old_key, old_base, old_push, old_parts, alias (the alias row before), removed_id (whose tombstones go).
 * `keeps`: nothing was pushed, parts were matched alone; the pair goes on being known by the push that it was.
 * `spares`: of which tombstones `z` something else is done.
 */
export function writeSql(
  resource: AssetResource,
  author: PushAuthor,
  spares: RawBuilder<unknown> = sql`false`,
): RawBuilder<unknown> {
  const { kind } = resource
  const at = new Date(author.atMs)
  const pusher = sql`case when w.keeps then w.old_push else ${author.pushId} end`
  const ended = sql`(${ENDED} and not ${spares})`
  const uniqueKey = resource.unique === null ? sql`null` : sql`w.key`
  return sql`
    created as (
      insert into asset (location_id, kind, id, lineage, name, key, unique_key, hash, base_hash, source_push,
        part_aliases, local, created_at, updated_at)
      select w.location_id, ${kind}, w.id, w.own_lineage, w.name, w.key, ${uniqueKey}, w.hash,
        case when not w.by_alias then w.base else ${buriedPair(kind, 'base_hash')} end,
        case when not w.by_alias then ${author.pushId} else ${buriedPair(kind, 'source_push')} end,
        case when not w.by_alias then w.parts else ${buriedPair(kind, 'part_aliases')} end,
        w.local, ${at}, ${at}
      from write w where w.op = 'create'
    ), updated as (
      update asset a set name = w.name, key = w.key, unique_key = ${uniqueKey}, hash = w.hash,
        base_hash = case when w.by_alias then a.base_hash else w.base end,
        source_push = case when w.by_alias then a.source_push else ${pusher} end,
        part_aliases = case when w.by_alias then a.part_aliases else w.parts end,
        updated_at = case when w.op = 'adopt' then a.updated_at else ${at} end
      from write w where w.op <> 'create' and a.location_id = w.location_id and a.kind = ${kind} and a.id = w.id
    ), links as (
      insert into asset_alias (location_id, kind, lineage, id, base_hash, source_push, hash, part_aliases, created_at)
      select w.location_id, ${kind}, w.lineage, w.id, w.base, ${pusher}, w.hash, w.parts, ${at}
      from write w where w.by_alias
      on conflict (location_id, kind, lineage) do update set id = excluded.id, base_hash = excluded.base_hash,
        source_push = excluded.source_push, hash = excluded.hash, part_aliases = excluded.part_aliases,
        created_at = case when asset_alias.id = excluded.id then asset_alias.created_at else excluded.created_at end
    ), linked_again as (
      insert into asset_alias (location_id, kind, lineage, id, base_hash, source_push, hash, part_aliases, created_at)
      select z.location_id, z.kind, z.lineage, z.id, z.base_hash, z.source_push, w.hash, z.part_aliases, ${at}
      from write w join asset_tombstone z on z.location_id = w.location_id and z.kind = ${kind} and z.id = w.removed_id
      where w.removed_id is not null and z.lineage <> w.own_lineage
        -- Two entries of one version never reach one asset.
        and not exists (
          select 1 from push p join snapshot_entry e on e.snapshot_id = p.snapshot_id and e.version = p.version
            and e.kind = ${kind} and e.lineage = z.lineage
          where p.id = ${author.pushId})
      on conflict (location_id, kind, lineage) do nothing
    ), unlinked as (
      delete from asset_alias l using write w where w.drops and not w.by_alias and l.location_id = w.location_id
        and l.kind = ${kind} and l.lineage = w.lineage
    ), followed as (
      update asset_alias l set hash = w.hash from write w
      where w.hash is distinct from w.mine and not w.is_plain and w.op <> 'create' and l.location_id = w.location_id
        and l.kind = ${kind} and l.id = w.id and l.lineage <> w.lineage
        -- A row is written once in a statement: what is linked or unlinked here says all.
        and (l.location_id, l.lineage) not in (select o.location_id, o.lineage from write o where o.by_alias or o.drops)
    ), unburied as (
      delete from asset_tombstone z using write w where ${ENDS} and z.location_id = w.location_id and z.kind = ${kind}
        and ${ended}
    ), logged as (
      insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
      select w.location_id, ${numberedChangeId(author.atMs)}, ${kind}, w.id, w.op, case
          when w.op = 'create' and w.removed_id is null and not w.drops then null
          else jsonb_build_object('lineage', w.lineage, 'name', w.old_name, 'key', w.old_key)
            || case when w.by_alias or w.drops then jsonb_build_object('byAlias', w.by_alias, 'alias', w.alias)
              else '{}' end
            || case when w.by_alias then '{}' else jsonb_build_object(
                'base', encode(w.old_base, 'hex'), 'sourcePush', w.old_push, 'parts', w.old_parts) end
            || case when w.keeps then jsonb_build_object('left', jsonb_build_object('push', w.old_push)) else '{}' end
            || case when ${ENDS} then coalesce((
                select jsonb_build_object('tombstones', jsonb_agg(to_jsonb(z) - 'location_id' - 'kind'))
                from asset_tombstone z
                where z.location_id = w.location_id and z.kind = ${kind} and ${ended} having count(*) > 0), '{}')
              else '{}' end
        end, w.mine, w.hash, ${author.actor}, ${author.pushId}, ${at}
      from write w
    )`
}

/**
 * Tombstones `z` that end with what is written: of what comes back, and of what a new asset's lineage has led to by an
 * alias.
 */
const ENDS = sql`(w.removed_id is not null or (w.op = 'create' and w.drops))`
const ENDED = sql`(z.id = w.removed_id or (w.op = 'create' and w.drops and z.lineage = w.lineage))`

/** What comes back by another lineage than its own keeps the pair that it had by its own. */
const buriedPair = (kind: string, column: 'base_hash' | 'source_push' | 'part_aliases'): RawBuilder<unknown> => sql`(
  select z.${sql.ref(column)} from asset_tombstone z where z.location_id = w.location_id and z.kind = ${kind}
    and z.lineage = w.own_lineage and z.id = w.removed_id)`
