import { sql } from 'kysely'
import { json, type Tx, texts } from '../db/pool.ts'
import { addTotals, type Totals } from './options.ts'
import { storeOutcomes } from './outcomes.ts'
import { type PlannedTarget, planTargets } from './planner.ts'
import { type BatchTarget, MOVED, type PushRow } from './push.ts'
import type { Wanted } from './wanted.ts'

/** Targets that are no longer as the accepted plan saw them, with what a push would do there now. */
export async function findMoved(
  tx: Tx,
  { wanted, targets, standing }: { wanted: Wanted; targets: readonly BatchTarget[]; standing: ReadonlySet<string> },
): Promise<Map<string, PlannedTarget>> {
  const asked = targets.filter((target) => target.planDigest !== null)
  if (asked.length === 0) return new Map()
  const planned = await planTargets(tx, wanted, {
    targets: asked.map(({ locationId }) => ({ locationId, isCurrent: standing.has(locationId) })),
    describes: false,
  })
  const digests = new Map(asked.map((target) => [target.locationId, target.planDigest]))
  return new Map(
    planned
      .filter((target) => target.digest !== digests.get(target.locationId))
      .map((target) => [target.locationId, target]),
  )
}

/** A target that moved fails as a whole: nothing of it is written, and what would have been is told. */
export async function reportMoved(
  tx: Tx,
  { push, wanted, moved }: { push: PushRow; wanted: Wanted; moved: ReadonlyMap<string, PlannedTarget> },
): Promise<Totals> {
  const sum: Totals = {}
  if (moved.size === 0) return sum
  const rows = [...moved.values()].map((target) => {
    const totals: Record<string, Totals> = {}
    for (const { kind, entries } of wanted.kinds) {
      const touched = target.assets.filter((asset) => asset.kind === kind)
      const lineages = new Set(entries.map((entry) => entry.lineage))
      const left = entries.length - touched.filter((asset) => lineages.has(asset.lineage)).length
      totals[kind] = addTotals({}, { conflict: touched.length, unchanged: left })
      addTotals(sum, totals[kind])
    }
    return { locationId: target.locationId, totals, failed: push.kinds }
  })
  await storeOutcomes(
    tx,
    push.id,
    [...moved.values()].flatMap((target) =>
      target.assets.map(({ kind, lineage, name }) => ({
        locationId: target.locationId,
        kind,
        lineage,
        id: null,
        name,
        outcome: 'conflict' as const,
        reason: MOVED,
        detail: null,
      })),
    ),
  )
  await sql`
    update push_target t set totals = r->'totals', failed = ${texts(push.kinds)},
      error = ${`The sub-account has ${MOVED}; nothing was written. Retry plans it anew.`}
    from jsonb_array_elements(${json(rows)}) r
    where t.push_id = ${push.id} and t.location_id = r->>'locationId'`.execute(tx)
  return sum
}
