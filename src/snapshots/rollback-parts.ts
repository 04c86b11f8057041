import { sql } from 'kysely'
import { query, queryOne, type Tx, texts } from '../db/pool.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { firstChangeOf } from '../store/changes/index.ts'
import type { PushRow } from './push.ts'
import { readTraces } from './traces.ts'
import type { UndoOptions } from './undoing.ts'
import { keepsTo } from './wanted.ts'

/** Single assets of a push that a roll-back of them alone has undone, and nothing has redone. */
export interface UndoneParts {
  /** True for what another roll-back of the push is about. */
  isOpen: (asset: { locationId: string; kind: string; lineage: string }) => boolean
  /** The newest of these roll-backs. */
  by: string
}

interface PartRow {
  id: string
  reverts: string
  name: string
}

/**
 * What roll-backs of single assets have undone of a push in these targets; null: nothing. Whoever has changed it since
 * did not change what the push had brought, so another roll-back of the push is not about it. `before`: of roll-backs
 * that began before this one.
 */
export async function readParts(
  tx: Tx,
  push: PushRow,
  locationIds: readonly string[],
  before?: string,
): Promise<UndoneParts | null> {
  const rows = await query(
    tx,
    sql<PartRow>`
      with recursive part as (
        select r.id, r.reverts, r.options, r.created_at from push r
        where r.snapshot_id = ${push.snapshotId} and r.reverts = ${push.id} and r.options ? 'only'
          and r.state <> 'rolled_back'
          and (${before ?? null}::text is null
            or (r.created_at, r.id) < (select b.created_at, b.id from push b where b.id = ${before ?? null}))
        union all
        select r.id, r.reverts, r.options, r.created_at from part p join push r on r.snapshot_id = ${push.snapshotId}
          and r.reverts = p.id
        where r.options ? 'only' and r.state <> 'rolled_back'
      )
      select p.id, p.reverts, t.location_id || '/' || o.kind || '/' || o.lineage as name
      from part p cross join lateral jsonb_to_recordset(p.options->'only') o(kind text, lineage text)
      join push_target t on t.push_id = p.id and t.location_id = any(${texts(locationIds)})
        and t.state in ('pending', 'processing', 'completed')
      -- One that was left out itself, as an earlier one had undone it, has left no trace.
      where (t.state <> 'completed' or exists (
          select 1 from change c where c.location_id = t.location_id and c.cause = p.id and c.kind = o.kind
            and c.delta->>'lineage' = o.lineage and c.id >= ${firstChangeOf(push)}))
        and not exists (
          select 1 from push_outcome k where k.location_id = t.location_id and k.push_id = p.id and k.kind = o.kind
            and k.lineage = o.lineage and k.outcome = 'kept')
      order by p.created_at desc, p.id desc`,
  )
  const [first] = rows.filter(({ reverts }) => reverts === push.id)
  if (first === undefined) return null
  const parts = [...Map.groupBy(rows, ({ id }) => id).values()].map((group) => ({
    ...(group[0] as PartRow),
    names: new Set(group.map(({ name }) => name)),
  }))
  const isUndone = (of: string, name: string): boolean =>
    parts.some(({ id, reverts, names }) => reverts === of && names.has(name) && !isUndone(id, name))
  return {
    by: first.id,
    isOpen: ({ locationId, kind, lineage }) => !isUndone(push.id, `${locationId}/${kind}/${lineage}`),
  }
}

const TARGETS_AT_ONCE = 100

/**
 * The roll-back of single assets after which these options leave nothing of a push to undo, in whatever target; null:
 * something is left.
 */
export async function findExhausting(
  tx: Tx,
  push: PushRow,
  { options, resources }: { options: UndoOptions; resources: ReadonlyMap<string, AssetResource> },
): Promise<string | null> {
  const any = await queryOne(
    tx,
    sql`
      select 1 from push where snapshot_id = ${push.snapshotId} and reverts = ${push.id} and options ? 'only'
        and state <> 'rolled_back' limit 1`,
  )
  if (any === null) return null
  const targets = await query(
    tx,
    sql<{
      id: string
    }>`select location_id as id from push_target where push_id = ${push.id} and started_at is not null order by 1`,
  )
  let by: string | null = null
  for (let start = 0; start < targets.length; start += TARGETS_AT_ONCE) {
    const locationIds = targets.slice(start, start + TARGETS_AT_ONCE).map(({ id }) => id)
    const parts = await readParts(tx, push, locationIds)
    const traces = (await readTraces(tx, push, locationIds, resources)).filter(keepsTo(options))
    if (traces.some((trace) => parts?.isOpen(trace) ?? true)) return null
    by ??= parts?.by ?? null
  }
  return by
}
