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
  const targets = [...moved.values()].map(({ locationId, assets }) => {
    const unchanged = wanted.kinds.map(({ kind, entries }): [string, number] => {
      const lineages = new Set(entries.map((entry) => entry.lineage))
      const touched = assets.filter((asset) => asset.kind === kind && lineages.has(asset.lineage))
      return [kind, entries.length - touched.length]
    })
    return { locationId, assets, unchanged: Object.fromEntries(unchanged) }
  })
  return tellMoved(tx, push, targets)
}

interface MovedTarget {
  locationId: string
  /** What would have been written. */
  assets: readonly { kind: string; lineage: string; name: string }[]
  /** By kind, how many more. */
  unchanged?: Readonly<Record<string, number>>
}

/** Fails targets that are no longer as the accepted plan of a push or a roll-back saw them. Returns their totals. */
export async function tellMoved(tx: Tx, push: PushRow, targets: readonly MovedTarget[]): Promise<Totals> {
  const sum: Totals = {}
  if (targets.length === 0) return sum
  const rows = targets.map(({ locationId, assets, unchanged = {} }) => {
    const conflicts = Map.groupBy(assets, ({ kind }) => kind)
    const totals = Object.fromEntries(
      [...new Set([...Object.keys(unchanged), ...conflicts.keys()])].map((kind): [string, Totals] => [
        kind,
        addTotals({}, { conflict: conflicts.get(kind)?.length ?? 0, unchanged: unchanged[kind] ?? 0 }),
      ]),
    )
    for (const ofKind of Object.values(totals)) addTotals(sum, ofKind)
    return { locationId, totals }
  })
  const outcome = { id: null, outcome: 'conflict' as const, reason: MOVED, detail: null }
  await storeOutcomes(
    tx,
    push.id,
    targets.flatMap(({ locationId, assets }) =>
      assets.map(({ kind, lineage, name }) => ({ locationId, kind, lineage, name, ...outcome })),
    ),
  )
  await sql`
    update push_target t set totals = r->'totals', failed = ${texts(push.kinds)},
      error = ${`The sub-account has ${MOVED}; nothing was written. Retry plans it anew.`}
    from jsonb_array_elements(${json(rows)}) r
    where t.push_id = ${push.id} and t.location_id = r->>'locationId'`.execute(tx)
  return sum
}
