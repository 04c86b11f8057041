import { sql } from 'kysely'
import { json, type Tx } from '../../src/db/pool.ts'
import type { Conflict, ConflictKey } from '../../src/snapshots/conflicts.ts'

/** Writes what waits for somebody as a push would have: one stands for each asset of a snapshot in a location. */
export async function openConflicts(tx: Tx, conflicts: readonly Conflict[], atMs: number): Promise<void> {
  await sql`
    insert into conflict (location_id, snapshot_id, kind, lineage, version, push_id, name, fields, reason, candidates,
      opened_at)
    select c->>'locationId', c->>'snapshotId', c->>'kind', c->>'lineage', (c->>'version')::integer, c->>'pushId',
      c->>'name', c->'fields', c->>'reason', nullif(c->'candidates', 'null'), ${new Date(atMs)}
    from jsonb_array_elements(${json(conflicts)}) c
    on conflict (location_id, snapshot_id, kind, lineage) do update set version = excluded.version,
      push_id = excluded.push_id, name = excluded.name, fields = excluded.fields, reason = excluded.reason,
      candidates = excluded.candidates, opened_at = excluded.opened_at`.execute(tx)
}

export async function closeConflict(tx: Tx, { locationId, snapshotId, kind, lineage }: ConflictKey): Promise<void> {
  await sql`
    delete from conflict where location_id = ${locationId} and snapshot_id = ${snapshotId} and kind = ${kind}
      and lineage = ${lineage}`.execute(tx)
}
