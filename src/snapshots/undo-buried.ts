import { sql } from 'kysely'
import { json, query, type Tx, texts } from '../db/pool.ts'
import { numberedChangeId } from '../store/changes/index.ts'
import { type Covered, coveredSql } from './covered.ts'
import type { PushAuthor } from './piece.ts'
import type { AliasRow } from './traces.ts'
import { formerAlias, rememberAliases } from './undo-links.ts'
import type { Undoing } from './undoing.ts'

/** What the target itself had deleted, before the push brought it back or told of it, is known again. */
export async function buryAgain(tx: Tx, undoings: readonly Undoing[]): Promise<void> {
  // What came back and what was new beside it may both tell of an alias that had led to it.
  const rows = new Map(
    undoings.flatMap(({ trace: { locationId, kind, delta } }) =>
      (delta?.tombstones ?? []).map((one) => [`${locationId}/${kind}/${one.lineage}`, { ...one, locationId, kind }]),
    ),
  )
  if (rows.size > 0) {
    await sql`
      insert into asset_tombstone (location_id, kind, lineage, id, name, base_hash, source_push, own_lineage, local,
        part_aliases, deleted_at)
      select t->>'locationId', t->>'kind', t->>'lineage', t->>'id', t->>'name', (t->>'base_hash')::bytea,
        t->>'source_push', t->>'own_lineage', nullif(t->'local', 'null'), nullif(t->'part_aliases', 'null'),
        (t->>'deleted_at')::timestamptz
      from jsonb_array_elements(${json([...rows.values()])}) t
      -- What a person has set since in what goes now stays with it.
      on conflict (location_id, kind, lineage) do update set base_hash = excluded.base_hash,
        source_push = excluded.source_push, part_aliases = excluded.part_aliases,
        name = excluded.name, deleted_at = excluded.deleted_at
      where asset_tombstone.id = excluded.id and asset_tombstone.base_hash is null`.execute(tx)
  }
}

/**
 * What is known of a pair whose asset the target has deleted is as it was before the push, and so is who its lineage
 * is. What another push has told since stays.
 */
export async function unbury(tx: Tx, undoings: readonly Undoing[], author: PushAuthor): Promise<void> {
  if (undoings.length === 0) return
  const buried = undoings.filter(({ trace }) => trace.delta?.buried !== undefined)
  const covered = await coverAgain(tx, buried)
  await buryAgain(tx, buried)
  const rows = undoings.map(({ trace: { locationId, kind, lineage, id, leftPush, delta } }) => {
    const tombstone = delta?.tombstones?.find((one) => one.lineage === lineage)
    const before =
      delta?.buried ??
      // What the push brought back had been deleted before: that is known again as it was.
      (tombstone && { base: tombstone.base_hash?.replace('\\x', ''), push: tombstone.source_push }) ??
      (delta?.byAlias
        ? { base: delta.alias?.base_hash?.replace('\\x', ''), push: delta.alias?.source_push }
        : { base: delta?.base, push: delta?.sourcePush })
    // That it was matched to this asset is undone, too.
    const isMatch =
      delta?.byAlias === true && delta.buried === undefined && tombstone === undefined && delta.alias?.id !== id
    const linked = formerAlias({ id, delta })
    const told = {
      ...(linked === null ? {} : { linked }),
      ...(delta?.linked === undefined ? {} : { alias: delta.linked }),
      ...(delta?.buried && delta.tombstones ? { isKnownAgain: true } : {}),
      ...(covered.has(toName({ locationId, kind, lineage })) && {
        covered: covered.get(toName({ locationId, kind, lineage })),
      }),
    }
    const left = delta?.buried === undefined ? leftPush : null
    const alias = delta?.byAlias === true && delta.buried === undefined && delta.alias?.id === id ? delta.alias : null
    return {
      locationId,
      kind,
      lineage,
      left,
      base: before.base ?? null,
      push: before.push ?? null,
      forgets: isMatch || delta?.isKnownAgain === true,
      told,
      id,
      covered: delta?.covered ?? null,
      alias,
    }
  })
  const remembered = new Set((await buryByAlias(tx, rows, author)).map(toName))
  const known = rows.filter((row) => !remembered.has(toName(row)))
  await sql`
    with old as materialized (
      select z.*, to_jsonb(z) - 'location_id' - 'kind' as tombstone, decode(t->>'base', 'hex') as base,
        t->>'push' as push, (t->>'forgets')::boolean as forgets, t->'told' as told, t->>'id' as entity_id
      from jsonb_array_elements(${json(known)}) t
      join asset_tombstone z on z.location_id = t->>'locationId' and z.kind = t->>'kind' and z.lineage = t->>'lineage'
      where t->>'left' is null or z.source_push = t->>'left'
    ), written as (
      update asset_tombstone z set base_hash = o.base, source_push = case when o.base is not null then o.push end
      from old o where not o.forgets and z.location_id = o.location_id and z.kind = o.kind and z.lineage = o.lineage
    ), forgotten as (
      delete from asset_tombstone z using old o where o.forgets and z.location_id = o.location_id and z.kind = o.kind
        and z.lineage = o.lineage
    )
    insert into change (location_id, id, kind, entity_id, op, delta, actor, cause, at)
    select o.location_id, ${numberedChangeId(author.atMs)}, o.kind, o.entity_id, 'adopt',
      jsonb_build_object('lineage', o.lineage, 'buried',
        jsonb_build_object('base', encode(o.base_hash, 'hex'), 'push', o.source_push))
        || case when o.forgets then jsonb_build_object('tombstones', jsonb_build_array(o.tombstone)) else '{}' end
        || o.told,
      ${author.actor}, ${author.pushId}, ${new Date(author.atMs)}
    from old o`.execute(tx)
  await uncover(tx, rows)
}

const toName = ({ locationId, kind, lineage }: { locationId: string; kind: string; lineage: string }) =>
  `${locationId}/${kind}/${lineage}`

/** What their lineages had led to before, and that was deleted before them, is known again where they are forgotten. */
async function uncover(
  tx: Tx,
  rows: readonly {
    locationId: string
    kind: string
    lineage: string
    id: string
    forgets: boolean
    covered: Covered | null
  }[],
): Promise<void> {
  const forgotten = rows.filter(({ forgets }) => forgets)
  if (forgotten.length === 0) return
  await sql`
    insert into asset_tombstone
    select (jsonb_populate_record(null::asset_tombstone, coalesce(nullif(w.covered, 'null'), c.covered))).*
    from unnest(${texts(forgotten.map((one) => one.locationId))}, ${texts(forgotten.map((one) => one.kind))},
      ${texts(forgotten.map((one) => one.lineage))}, ${texts(forgotten.map((one) => one.id))},
      ${texts(forgotten.map((one) => JSON.stringify(one.covered)))}::jsonb[]) w(location_id, kind, lineage, id, covered)
    left join lateral ${coveredSql(sql`w.covered = 'null'`)} c on true
    where w.covered <> 'null' or c.covered is not null
    on conflict (location_id, kind, lineage) do nothing`.execute(tx)
}

/** The same the other way: what is to be known again was deleted last. Answers what it takes the place of, by name. */
async function coverAgain(tx: Tx, undoings: readonly Undoing[]): Promise<Map<string, Covered>> {
  const rows = undoings.flatMap(({ trace: { locationId, kind, delta } }) =>
    (delta?.tombstones ?? []).map(({ lineage, id }) => ({ locationId, kind, lineage, id })),
  )
  if (rows.length === 0) return new Map()
  const covered = await query(
    tx,
    sql<{ row: Covered }>`
      delete from asset_tombstone z using jsonb_array_elements(${json(rows)}) t
      where z.location_id = t->>'locationId' and z.kind = t->>'kind' and z.lineage = t->>'lineage'
        and z.id <> t->>'id' returning to_jsonb(z) as row`,
  )
  return new Map(covered.map(({ row }) => [toName({ ...row, locationId: row.location_id }), row]))
}

/**
 * A match that the push had ended, and that so was none when its asset was deleted, is remembered with it. Answers
 * those of which that is all there is to tell.
 */
async function buryByAlias(
  tx: Tx,
  rows: readonly { locationId: string; kind: string; lineage: string; id: string; alias: AliasRow | null }[],
  author: PushAuthor,
): Promise<{ locationId: string; kind: string; lineage: string }[]> {
  const buried = await rememberAliases(
    tx,
    rows.flatMap(({ locationId, kind, alias }) => (alias === null ? [] : [{ ...alias, locationId, kind }])),
  )
  if (buried.length === 0) return []
  await sql`
    insert into change (location_id, id, kind, entity_id, op, delta, actor, cause, at)
    select r->>'locationId', ${numberedChangeId(author.atMs)}, r->>'kind', r->>'id', 'adopt',
      jsonb_build_object('lineage', r->>'lineage', 'buried', '{"base":null,"push":null}'::jsonb, 'isKnownAgain', true),
      ${author.actor}, ${author.pushId}, ${new Date(author.atMs)}
    from jsonb_array_elements(${json(buried)}) r`.execute(tx)
  return buried
}
