import type { Tx } from '../db/pool.ts'
import { type AssetResource, getBlobs } from '../store/assets/index.ts'
import { diffDocuments, type FieldDiff, type Json } from './diff.ts'
import type { Action } from './options.ts'
import { completeParts, type PartNames } from './part-names.ts'
import type { Plan } from './plan.ts'
import type { ActionTotals, PlannedAsset, PlannedTarget } from './planner.ts'
import type { PushRow } from './push.ts'
import { completeNames, type RefNames, showRefs } from './ref-names.ts'
import { actionOf, type Planned, planTargetsBack } from './rollback-accepted.ts'
import { allowRollback } from './rollback-rest.ts'
import { showAssets } from './same-texts.ts'
import { tellUndoing } from './undo-consequences.ts'
import type { Undoing, UndoOptions } from './undoing.ts'

interface Reading {
  resources: ReadonlyMap<string, AssetResource>
  onTarget: (target: PlannedTarget) => void
}

/**
 * What a roll-back of this push would do now, target by target: what comes back, what goes, and what is left alone and
 * why.
 */
export async function planRollback(
  tx: Tx,
  push: PushRow,
  asked: UndoOptions,
  { resources, onTarget }: Reading,
): Promise<Plan> {
  const options = await allowRollback(tx, push, { options: asked, resources })
  const totals: ActionTotals = {}
  const hash = await planTargetsBack(tx, { push, options, resources }, async (planned) => {
    for (const target of await describe(tx, planned, { push, options, resources })) {
      for (const [action, count] of Object.entries(target.totals) as [Action, number][])
        totals[action] = (totals[action] ?? 0) + count
      onTarget(target)
    }
  })
  return { hash, version: push.version, totals, brokenReferences: [] }
}

interface Describing {
  push: PushRow
  options: UndoOptions
  resources: ReadonlyMap<string, AssetResource>
}

async function describe(
  tx: Tx,
  { undoings, locationIds, digests }: Planned,
  { push, options, resources }: Describing,
): Promise<PlannedTarget[]> {
  const restored = undoings.filter(({ act }) => act === 'restore').map(({ trace }) => trace)
  const blobs = await getBlobs(
    tx,
    restored.flatMap(({ now, before }) => [now as string, before as string]),
  )
  const parse = (hash: string | null) => JSON.parse(blobs.get(hash as string)?.text ?? 'null') as Json
  const fieldsOf = ({ act, trace }: Undoing): { fields?: FieldDiff[] } =>
    act === 'restore' ? { fields: diffDocuments(parse(trace.now), parse(trace.before)) } : {}
  const names: RefNames = new Map(
    undoings.map(({ trace, name }) => [`${trace.kind}:${trace.delta?.own ?? trace.lineage}`, name]),
  )
  const byLocation = Map.groupBy(undoings, ({ trace }) => trace.locationId)
  const targets = locationIds.map((locationId): PlannedTarget => {
    const totals: ActionTotals = {}
    const assets: PlannedAsset[] = []
    for (const undoing of byLocation.get(locationId) ?? []) {
      const { trace, name, reason } = undoing
      const action = actionOf(undoing)
      totals[action] = (totals[action] ?? 0) + 1
      if (action === 'unchanged') continue
      assets.push({
        kind: trace.kind,
        lineage: trace.lineage,
        name,
        action,
        ...fieldsOf(undoing),
        ...(reason === null ? {} : { reason }),
      })
    }
    return { locationId, totals, assets, warnings: [], digest: digests.get(locationId) as string }
  })
  const parts: PartNames = new Map()
  const told = Map.groupBy(
    await tellUndoing(tx, { push, undoings, options, resources, names, parts }),
    ({ locationId }) => locationId,
  )
  const warned = targets.map((target) => ({
    ...target,
    warnings: (told.get(target.locationId) ?? []).map(({ warning }) => warning),
  }))
  const value = warned.map(({ assets, warnings }) => ({ assets, warnings }))
  await completeNames(tx, locationIds, names, value)
  await completeParts(tx, { snapshotId: push.snapshotId, locationIds }, { names, value, parts })
  const shown = await showAssets(tx, warned, names)
  return warned.map((target, index) => ({
    ...target,
    assets: shown[index] as PlannedAsset[],
    warnings: showRefs(target.warnings, names),
  }))
}
