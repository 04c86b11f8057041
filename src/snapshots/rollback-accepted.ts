import { createHash, type Hash } from 'node:crypto'
import { sql } from 'kysely'
import { query, type Tx } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { tellMoved } from './moved.ts'
import type { Action, Totals } from './options.ts'
import type { BatchTarget, PushRow } from './push.ts'
import { isUndone } from './rollback-rest.ts'
import { planUndoing, type Undoing, type UndoOptions } from './undoing.ts'

const TARGETS_AT_ONCE = 100

const ACTION_OF: Record<Undoing['act'], Action> = {
  remove: 'delete',
  return: 'create',
  restore: 'update',
  revive: 'create',
  unpair: 'unchanged',
  unbury: 'keep',
  leave: 'keep',
}

/** What a roll-back does about an asset, as its plan calls it. */
export const actionOf = ({ act, outcome }: Undoing): Action => (outcome === 'unchanged' ? 'unchanged' : ACTION_OF[act])

/**
 * What an accepted plan of a roll-back holds each target to: what is done about which asset, and what is lost by it.
 * What is left alone may go on changing.
 */
export function digestsOf(undoings: readonly Undoing[], locationIds: readonly string[]): Map<string, string> {
  const hashes = new Map(locationIds.map((locationId) => [locationId, createHash('sha256')]))
  for (const undoing of undoings) {
    const { kind, id, now, lastEdit, locationId } = undoing.trace
    const lost = undoing.act === 'leave' ? '' : ` ${now} ${lastEdit}`
    hashes.get(locationId)?.update(`${kind} ${id} ${actionOf(undoing)}${lost}\n`)
  }
  return new Map([...hashes].map(([locationId, hash]) => [locationId, hash.digest('hex')]))
}

interface Planning {
  push: PushRow
  options: UndoOptions
  resources: ReadonlyMap<string, AssetResource>
}

export interface Planned {
  locationIds: readonly string[]
  undoings: readonly Undoing[]
  digests: ReadonlyMap<string, string>
}

/** Plans a roll-back, some targets at a time. Returns the hash of the whole plan. */
export async function planTargetsBack(
  tx: Tx,
  { push, options, resources }: Planning,
  onPlanned: (planned: Planned) => Promise<void> | void,
): Promise<string> {
  const rows = await query(
    tx,
    sql<{
      id: string
    }>`select location_id as id from push_target t where ${isUndone(push, options)} order by location_id`,
  )
  const hash: Hash = createHash('sha256').update(`roll back ${push.id}\n`)
  for (let start = 0; start < rows.length; start += TARGETS_AT_ONCE) {
    const locationIds = rows.slice(start, start + TARGETS_AT_ONCE).map((row) => row.id)
    const undoings = await planUndoing(tx, { push, options, locationIds, resources })
    const digests = digestsOf(undoings, locationIds)
    for (const [locationId, digest] of digests) hash.update(`${locationId} ${digest}\n`)
    await onPlanned({ locationIds, undoings, digests })
  }
  return hash.digest('hex')
}

/** What the plan of a roll-back that the caller has accepted says of each target. 409 when it is another one by now. */
export async function acceptRollback(tx: Tx, planning: Planning, accepted: string): Promise<Map<string, string>> {
  const all = new Map<string, string>()
  const hash = await planTargetsBack(tx, planning, ({ digests }) => {
    for (const [locationId, digest] of digests) all.set(locationId, digest)
  })
  if (hash !== accepted) throw new AppError('plan_stale', { hash })
  return all
}

/** Fails the targets that are no longer as the accepted plan saw them. Returns them, with their totals. */
export async function refuseMoved(
  tx: Tx,
  { push, targets, undoings }: { push: PushRow; targets: readonly BatchTarget[]; undoings: readonly Undoing[] },
): Promise<{ moved: ReadonlySet<string>; totals: Totals }> {
  const accepted = targets.filter(({ planDigest }) => planDigest !== null)
  const ids = accepted.map(({ locationId }) => locationId)
  const digests = digestsOf(undoings, ids)
  const moved = new Set(
    accepted.filter(({ locationId, planDigest }) => digests.get(locationId) !== planDigest).map((t) => t.locationId),
  )
  const touched = Map.groupBy(
    undoings.filter(({ act }) => act !== 'leave'),
    ({ trace }) => trace.locationId,
  )
  const told = [...moved].map((locationId) => ({
    locationId,
    assets: (touched.get(locationId) ?? []).map(({ trace: { kind, lineage }, name }) => ({ kind, lineage, name })),
  }))
  return { moved, totals: await tellMoved(tx, push, told) }
}
