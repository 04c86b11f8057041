import { type RawBuilder, sql } from 'kysely'
import { json, type Tx, texts } from '../db/pool.ts'
import type { AssetName } from './options.ts'

/** A row of `conflict`, or of an expression that has its columns, as `conflict_change` keeps it: without its key. */
export const keptRow = (row: RawBuilder<unknown>) =>
  sql`to_jsonb(${row}) - 'location_id' - 'snapshot_id' - 'kind' - 'lineage'`

/**
 * Remembers what a push did to what waits, from an expression with the key, `push_id`, `at`, `before` and `after`. What
 * it did first and last counts.
 */
export const rememberSql = (changes: RawBuilder<unknown>) => sql`
  insert into conflict_change (location_id, push_id, snapshot_id, kind, lineage, at, before, after)
  select location_id, push_id, snapshot_id, kind, lineage, at, before, after from (${changes}) changed
  on conflict (location_id, push_id, snapshot_id, kind, lineage) do update set after = excluded.after, at = excluded.at`

interface Restoring {
  /** The push that is undone. */
  pushId: string
  /** What undoes it. */
  rollbackId: string
  locationIds: readonly string[]
  /** Nothing but these; undefined: all. */
  only: readonly AssetName[] | undefined
  /** Nothing but these, of their locations; undefined: all. */
  among: readonly (AssetName & { locationId: string })[] | undefined
  /** What the roll-back leaves as it is. */
  kept: readonly (AssetName & { locationId: string })[]
  atMs: number
}

/**
 * What waits for somebody is as it was before the push: what it opened goes, what it settled or overwrote is open
 * again. What stands otherwise by now, or was settled by a push that stands, is that one's business.
 */
export async function restoreConflicts(
  tx: Tx,
  { pushId, rollbackId, locationIds, only, among, kept, atMs }: Restoring,
): Promise<void> {
  const at = new Date(atMs)
  await sql`
    with mine as materialized (
      select m.* from conflict_change m
      where m.location_id = any(${texts(locationIds)}) and m.push_id = ${pushId} and m.before is distinct from m.after
        and (${only === undefined}::boolean
          or (m.kind, m.lineage) in (select o->>'kind', o->>'lineage' from jsonb_array_elements(${json(only ?? [])}) o))
        and (${among === undefined}::boolean or (m.location_id, m.kind, m.lineage) in (
          select k->>'locationId', k->>'kind', k->>'lineage' from jsonb_array_elements(${json(among ?? [])}) k))
        and (m.location_id, m.kind, m.lineage) not in (
          select k->>'locationId', k->>'kind', k->>'lineage' from jsonb_array_elements(${json(kept)}) k)
        and not exists (
          select 1 from conflict_change l join push p on p.id = l.push_id
          where l.snapshot_id = m.snapshot_id and l.location_id = m.location_id and l.kind = m.kind
            and l.lineage = m.lineage and l.at > m.at and l.push_id <> ${pushId}
            and p.reverts is null and p.state <> 'rolled_back')
    ), due as materialized (
      select m.* from mine m
      left join conflict c on c.location_id = m.location_id and c.snapshot_id = m.snapshot_id and c.kind = m.kind
        and c.lineage = m.lineage
      cross join lateral jsonb_populate_record(null::conflict, coalesce(m.after, '{}')) a
      where (c.version, c.push_id, c.fields, c.candidates, c.opened_at)
        is not distinct from (a.version, a.push_id, a.fields, a.candidates, a.opened_at)
    ), closed as (
      delete from conflict c using due d
      where d.before is null and c.location_id = d.location_id and c.snapshot_id = d.snapshot_id and c.kind = d.kind
        and c.lineage = d.lineage
    ), opened as (
      insert into conflict (location_id, snapshot_id, kind, lineage, version, push_id, name, fields, reason, candidates,
        opened_at)
      select d.location_id, d.snapshot_id, d.kind, d.lineage, b.version, b.push_id, b.name, b.fields, b.reason,
        b.candidates, b.opened_at
      from due d cross join lateral jsonb_populate_record(null::conflict, d.before) b where d.before is not null
      on conflict (location_id, snapshot_id, kind, lineage) do update set version = excluded.version,
        push_id = excluded.push_id, name = excluded.name, fields = excluded.fields, reason = excluded.reason,
        candidates = excluded.candidates, opened_at = excluded.opened_at
    )
    ${rememberSql(sql`
      select location_id, ${rollbackId}::text as push_id, snapshot_id, kind, lineage, ${at}::timestamptz as at,
        after as before, before as after from due`)}`.execute(tx)
}
