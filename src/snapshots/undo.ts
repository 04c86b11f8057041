import { sql } from 'kysely'
import type { Tx } from '../db/pool.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { numberedChangeId } from '../store/changes/index.ts'
import type { PushAuthor } from './piece.ts'
import { endedOf, swapEnded } from './release.ts'
import { deleteAssets } from './remove.ts'
import { reviveAssets } from './revive.ts'
import type { Trace } from './traces.ts'
import { buryAgain, unbury } from './undo-buried.ts'
import { formerAlias, linkAgain, unlinkAgain } from './undo-links.ts'
import type { Undoing } from './undoing.ts'

interface Undo {
  undoings: readonly Undoing[]
  author: PushAuthor
  resources: ReadonlyMap<string, AssetResource>
}

/** Carries a roll-back out: content, names, pairs, aliases and tombstones are as they were before the push. */
export async function undo(tx: Tx, { undoings, author, resources }: Undo): Promise<void> {
  const of = (...acts: Undoing['act'][]) => undoings.filter(({ act }) => acts.includes(act))
  // What a person has set in it is work: it comes back with the asset, should it be pushed again.
  const removed = of('remove').map(({ trace }) => ({ ...trace, linked: formerAlias(trace) }))
  for (const remember of [true, false])
    await deleteAssets(tx, { author, assets: removed.filter((trace) => trace.isEdited === remember), remember })
  await restoreAssets(tx, of('restore', 'unpair'), author, resources)
  await unlinkAgain(tx, of('restore', 'unpair', 'return', 'unbury'))
  await returnAssets(tx, of('return'), author)
  await reviveAssets(tx, of('revive'), author, resources)
  await buryAgain(tx, of('remove', 'restore', 'unpair'))
  await unbury(tx, of('unbury'), author)
  await linkAgain(tx, [...of('remove', 'unbury'), ...of('restore', 'unpair').filter(({ trace }) => hasPair(trace))])
}

/** A pair that another push has written since is that one's business. */
const hasPair = ({ pairPush, leftPush }: Trace) => pairPush === leftPush

/** Gives assets back the content, name and pair they had before the push. */
async function restoreAssets(
  tx: Tx,
  undoings: readonly Undoing[],
  author: PushAuthor,
  resources: ReadonlyMap<string, AssetResource>,
): Promise<void> {
  const ended = await swapEnded(tx, undoings)
  const rows = undoings
    .filter(({ trace }) => trace.now !== null)
    .map(({ trace, act, name, key }) => ({
      location_id: trace.locationId,
      kind: trace.kind,
      id: trace.id,
      lineage: trace.lineage,
      restores: act === 'restore',
      hash: act === 'restore' ? trace.before : trace.now,
      name: act === 'restore' ? name : null,
      key: act === 'restore' ? key : null,
      is_unique: resources.get(trace.kind)?.unique != null,
      pairs: hasPair(trace),
      by_alias: trace.delta?.byAlias === true,
      base: trace.delta?.base ?? null,
      source_push: trace.delta?.sourcePush ?? null,
      parts: trace.delta?.parts ?? null,
      alias: trace.delta?.alias ?? null,
      linked: trace.delta?.linked ?? null,
      ended: endedOf(ended, trace),
    }))
  if (rows.length === 0) return
  const at = new Date(author.atMs)
  await sql`
    with wanted as materialized (
      select location_id, kind, id, lineage, restores, decode(hash, 'hex') as hash, name, key, is_unique, pairs,
        by_alias, decode(base, 'hex') as base, source_push, nullif(parts, 'null') as parts,
        nullif(alias, 'null') as alias, nullif(linked, 'null') as linked, nullif(ended, 'null') as ended
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) w(location_id text, kind text, id text, lineage text,
        restores boolean, hash text, name text, key text, is_unique boolean, pairs boolean, by_alias boolean, base text,
        source_push text, parts jsonb, alias jsonb, linked jsonb, ended jsonb)
    ), old as materialized (
      select w.*, a.hash as old_hash, a.name as old_name, a.key as old_key, a.base_hash as old_base,
        a.source_push as old_push, a.part_aliases as old_parts,
        to_jsonb(l) - 'location_id' - 'kind' - 'hash' - 'drift_push' as old_alias,
        -- Where the alias led, as that will be: it may be restored in this statement, too.
        coalesce(
          (select t.hash from wanted t
            where t.location_id = w.location_id and t.kind = w.kind and t.id = w.alias->>'id'),
          (select b.hash from asset b
            where b.location_id = w.location_id and b.kind = w.kind and b.id = w.alias->>'id')) as led
      from wanted w join asset a on a.location_id = w.location_id and a.kind = w.kind and a.id = w.id
      left join asset_alias l on w.by_alias and l.location_id = w.location_id and l.kind = w.kind
        and l.lineage = w.lineage
    ), written as (
      update asset a set hash = o.hash, name = coalesce(o.name, a.name),
        key = case when o.restores then o.key else a.key end,
        unique_key = case when o.restores and o.is_unique then o.key else a.unique_key end,
        base_hash = case when o.pairs and not o.by_alias then o.base else a.base_hash end,
        source_push = case when o.pairs and not o.by_alias then o.source_push else a.source_push end,
        part_aliases = case when o.pairs and not o.by_alias then o.parts else a.part_aliases end,
        updated_at = case when a.hash = o.hash then a.updated_at else ${at} end
      from old o where a.location_id = o.location_id and a.kind = o.kind and a.id = o.id
    ), unlinked as (
      delete from asset_alias l using old o where o.pairs and o.by_alias and o.led is null
        and l.location_id = o.location_id and l.kind = o.kind and l.lineage = o.lineage
    ), linked as (
      insert into asset_alias (location_id, kind, lineage, id, base_hash, source_push, hash, part_aliases, created_at)
      select o.location_id, o.kind, o.lineage, o.alias->>'id', (o.alias->>'base_hash')::bytea, o.alias->>'source_push', o.led,
        nullif(o.alias->'part_aliases', 'null'), (o.alias->>'created_at')::timestamptz
      from old o where o.pairs and o.led is not null
      on conflict (location_id, kind, lineage) do update set id = excluded.id, base_hash = excluded.base_hash,
        source_push = excluded.source_push, hash = excluded.hash, part_aliases = excluded.part_aliases,
        created_at = excluded.created_at
    ), followed as (
      update asset_alias l set hash = o.hash from old o
      where o.hash is distinct from o.old_hash and l.location_id = o.location_id and l.kind = o.kind and l.id = o.id
        -- A row is written once in a statement: what is linked or unlinked here says all.
        and (l.location_id, l.kind, l.lineage) not in (
          select p.location_id, p.kind, p.lineage from old p where p.pairs and (p.by_alias or p.alias is not null))
    )
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select o.location_id, ${numberedChangeId(author.atMs)}, o.kind, o.id,
      case when o.old_hash = o.hash then 'adopt' else 'update' end,
      jsonb_build_object('lineage', o.lineage, 'name', o.old_name, 'key', o.old_key,
          'named', coalesce(o.name, o.old_name), 'left', jsonb_build_object('push',
            case when not o.pairs then '-' when o.by_alias then o.alias->>'source_push' else o.source_push end))
        || case when o.by_alias then jsonb_build_object('byAlias', true, 'alias', o.old_alias)
          else jsonb_build_object('base', encode(o.old_base, 'hex'), 'sourcePush', o.old_push, 'parts', o.old_parts)
            -- An alias that the push had taken away for its own leads again where it led, or does so no more.
            || case when o.pairs and o.alias is not null then jsonb_build_object('linked', o.alias) else '{}' end
            || case when o.linked is null then '{}' else jsonb_build_object('alias', o.linked) end end
        || case when o.ended is null then '{}' else jsonb_build_object('ended', o.ended) end,
      o.old_hash, o.hash, ${author.actor}, ${author.pushId}, ${at}
    from old o`.execute(tx)
}

/**
 * Brings back what the push had deleted, as it was: its id, its dates, and whatever reached it. Its local values are
 * those that it had last: it may have been there since, and gone again.
 */
async function returnAssets(tx: Tx, undoings: readonly Undoing[], author: PushAuthor): Promise<void> {
  if (undoings.length === 0) return
  const rows = undoings.map(({ trace }) => ({
    locationId: trace.locationId,
    kind: trace.kind,
    id: trace.id,
    hash: trace.before,
    incoming: trace.lineage,
    ...trace.delta,
  }))
  await sql`
    with wanted as materialized (
      select r->>'locationId' as location_id, r->>'kind' as kind, r->>'id' as id,
        coalesce(r->>'own', r->>'lineage') as lineage, r->>'incoming' as incoming, r->>'name' as name,
        r->>'key' as key, r->>'uniqueKey' as unique_key, decode(r->>'hash', 'hex') as hash,
        decode(r->>'base', 'hex') as base, coalesce((
          select z.local from asset_tombstone z
          where z.location_id = r->>'locationId' and z.kind = r->>'kind' and z.id = r->>'id'
          order by z.lineage = z.own_lineage desc limit 1), r->'local') as local, r->>'sourcePush' as source_push,
        nullif(r->'parts', 'null') as parts, (r->>'createdAt')::timestamptz as created_at,
        (r->>'updatedAt')::timestamptz as updated_at, r->'aliases' as aliases, r->'linked' as linked
      from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) r
    ), made as (
      insert into asset (location_id, kind, id, lineage, name, key, unique_key, hash, base_hash, local, source_push,
        part_aliases, created_at, updated_at)
      select location_id, kind, id, lineage, name, key, unique_key, hash, base, local, source_push, parts, created_at,
        updated_at from wanted
    ), unburied as (
      delete from asset_tombstone z using wanted w where z.location_id = w.location_id and z.kind = w.kind
        and (z.id = w.id or z.lineage = w.lineage)
    ), linked as (
      insert into asset_alias (location_id, kind, lineage, id, base_hash, source_push, hash, part_aliases, created_at)
      select w.location_id, w.kind, l->>'lineage', w.id, (l->>'base_hash')::bytea, l->>'source_push', w.hash,
        nullif(l->'part_aliases', 'null'), (l->>'created_at')::timestamptz
      from wanted w, jsonb_array_elements(w.aliases) l on conflict do nothing
    )
    insert into change (location_id, id, kind, entity_id, op, delta, before_hash, after_hash, actor, cause, at)
    select location_id, ${numberedChangeId(author.atMs)}, kind, id, 'create',
      jsonb_build_object('lineage', incoming, 'named', name, 'left', jsonb_build_object('push',
          case when incoming = lineage then source_push
            else (select l->>'source_push' from jsonb_array_elements(aliases) l where l->>'lineage' = incoming) end),
        'tombstones', (
        select coalesce(jsonb_agg(to_jsonb(z) - 'location_id' - 'kind'), '[]') from asset_tombstone z
        where z.location_id = wanted.location_id and z.kind = wanted.kind
          and (z.id = wanted.id or z.lineage = wanted.lineage)))
        || case when linked is null then '{}' else jsonb_build_object('alias', linked) end, null, hash,
      ${author.actor}, ${author.pushId}, ${new Date(author.atMs)}
    from wanted`.execute(tx)
}
