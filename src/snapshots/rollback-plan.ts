import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { query, type Tx } from '../db/pool.ts'
import { type AssetResource, getBlobs } from '../store/assets/index.ts'
import { diffDocuments, type FieldDiff, type Json } from './diff.ts'
import type { Action } from './options.ts'
import { completeParts, type PartNames } from './part-names.ts'
import type { Plan } from './plan.ts'
import type { ActionTotals, PlannedAsset, PlannedTarget } from './planner.ts'
import type { PushRow } from './push.ts'
import { completeNames, type RefNames, showRefs } from './ref-names.ts'
import { planUndoing, type Undoing, type UndoOptions } from './rollback.ts'
import { allowRollback, isUndone } from './rollback-rest.ts'
import { showAssets } from './same-texts.ts'
import { tellUndoing } from './undo-consequences.ts'

const TARGETS_AT_ONCE = 100

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
  const rows = await query(
    tx,
    sql<{
      id: string
    }>`select location_id as id from push_target t where ${isUndone(push, options)} order by location_id`,
  )
  const totals: ActionTotals = {}
  const hash = createHash('sha256').update(`roll back ${push.id}\n`)
  for (let start = 0; start < rows.length; start += TARGETS_AT_ONCE) {
    const locationIds = rows.slice(start, start + TARGETS_AT_ONCE).map((row) => row.id)
    const undoings = await planUndoing(tx, { push, options, locationIds, resources })
    for (const target of await describe(tx, undoings, { push, locationIds, options, resources })) {
      hash.update(`${target.locationId} ${target.digest}\n`)
      for (const [action, count] of Object.entries(target.totals) as [Action, number][])
        totals[action] = (totals[action] ?? 0) + count
      onTarget(target)
    }
  }
  return { hash: hash.digest('hex'), version: push.version, totals, brokenReferences: [] }
}

const ACTION_OF: Record<Undoing['act'], Action> = {
  remove: 'delete',
  return: 'create',
  restore: 'update',
  revive: 'create',
  unpair: 'unchanged',
  unbury: 'keep',
  leave: 'keep',
}
const actionOf = ({ act, outcome }: Undoing): Action => (outcome === 'unchanged' ? 'unchanged' : ACTION_OF[act])

interface Describing {
  push: PushRow
  locationIds: readonly string[]
  options: UndoOptions
  resources: ReadonlyMap<string, AssetResource>
}

async function describe(
  tx: Tx,
  undoings: readonly Undoing[],
  { push, locationIds, options, resources }: Describing,
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
    const digest = createHash('sha256')
    for (const undoing of byLocation.get(locationId) ?? []) {
      const { trace, name, reason } = undoing
      const action = actionOf(undoing)
      totals[action] = (totals[action] ?? 0) + 1
      digest.update(`${trace.kind} ${trace.id} ${action} ${trace.now}\n`)
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
    return { locationId, totals, assets, warnings: [], digest: digest.digest('hex') }
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
