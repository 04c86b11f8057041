import { sql } from 'kysely'
import { json, type Tx } from '../db/pool.ts'
import type { Outcome } from './options.ts'

/** What became of an asset, where the change log alone cannot tell. */
export interface OutcomeRow {
  locationId: string
  kind: string
  lineage: string
  id: string | null
  name: string
  outcome: Outcome
  reason: string | null
  detail: unknown
}

export async function storeOutcomes(tx: Tx, pushId: string, outcomes: readonly OutcomeRow[]): Promise<void> {
  if (outcomes.length === 0) return
  await sql`
    insert into push_outcome (location_id, push_id, kind, lineage, id, name, outcome, reason, detail)
    select o->>'locationId', ${pushId}, o->>'kind', o->>'lineage', o->>'id', o->>'name', o->>'outcome', o->>'reason', nullif(o->'detail', 'null')
    from jsonb_array_elements(${json(outcomes)}) o
    on conflict (location_id, push_id, kind, lineage) do update set id = excluded.id, outcome = excluded.outcome, reason = excluded.reason, detail = excluded.detail`.execute(
    tx,
  )
}
