import { type RawBuilder, sql } from 'kysely'
import { type Db, json, type Tx } from '../db/pool.ts'
import type { Conflict } from './merge.ts'
import type { Outcome } from './options.ts'
import { completeParts } from './part-names.ts'
import { completeNames, type RefNames, showRefs } from './ref-names.ts'

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

/** Of a row `o`: nothing of the asset was written, nor is anything known of it that the push had brought. */
export const isLeftAlone: RawBuilder<boolean> = sql`(
  o.outcome in ('failed', 'ambiguous', 'skipped') or o.detail ? 'fault')`

/** Reasons and conflicts as people read them: references and parts by the names they have at that moment. */
export async function showOutcomes(
  db: Db,
  outcomes: OutcomeRow[],
  { entries, snapshotId }: { entries: readonly { kind: string; lineage: string; name: string }[]; snapshotId: string },
): Promise<OutcomeRow[]> {
  const texts = outcomes.map(({ reason, detail }) => ({ reason, detail: withoutPlaces(detail) }))
  if (!JSON.stringify(texts).includes('⟦')) return outcomes
  const names: RefNames = new Map(entries.map((entry) => [`${entry.kind}:${entry.lineage}`, entry.name]))
  const locationIds = [...new Set(outcomes.map((outcome) => outcome.locationId))]
  await completeNames(db, locationIds, names, texts)
  await completeParts(db, { snapshotId, locationIds }, { names, value: texts })
  const shown = showRefs(texts, names)
  return outcomes.map((outcome, index) => ({ ...outcome, ...shown[index] }))
}

/** What conflicts mean by identity is for the inbox alone. */
function withoutPlaces(detail: unknown): unknown {
  const { conflicts } = (detail ?? {}) as { conflicts?: Conflict[] }
  return conflicts === undefined
    ? detail
    : { ...(detail as object), conflicts: conflicts.map(({ at: _, ...conflict }) => conflict) }
}

export async function storeOutcomes(tx: Tx, pushId: string, outcomes: readonly OutcomeRow[]): Promise<void> {
  if (outcomes.length === 0) return
  await sql`
    insert into push_outcome (location_id, push_id, kind, lineage, id, name, outcome, reason, detail)
    select o->>'locationId', ${pushId}, o->>'kind', o->>'lineage', o->>'id', o->>'name', o->>'outcome', o->>'reason',
      nullif(o->'detail', 'null')
    from jsonb_array_elements(${json(outcomes)}) o
    on conflict (location_id, push_id, kind, lineage) do update
      set id = excluded.id, outcome = excluded.outcome, reason = excluded.reason, detail = excluded.detail`.execute(tx)
}
