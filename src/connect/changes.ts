import type { Tx } from '../db/pool.ts'
import { type Committed, statesAfter } from '../journal/index.ts'
import { associations } from '../resources/associations.ts'
import { objects } from '../resources/objects.ts'
import { type AssetResource, readFormer } from '../store/assets/index.ts'
import type { RecordDocument } from '../store/records/index.ts'
import type { Change } from './events/index.ts'

const ASSETS = [associations, objects] as unknown as AssetResource[]
const ACTS: Readonly<Record<string, Change['act']>> = {
  create: 'create',
  restore: 'create',
  update: 'update',
  merge: 'update',
  adopt: 'update',
  delete: 'delete',
  gdpr_delete: 'delete',
}
const NOTHING: RecordDocument = {}

/** What has committed, with what it was about as it was then. */
export async function changesOf(tx: Tx, rows: readonly Committed[], isMore: boolean): Promise<Change[]> {
  const states = await statesAfter(
    tx,
    rows.filter(({ event }) => event === null),
    isMore,
  )
  const former = await contentsOf(tx, rows)
  return rows.flatMap((row): Change[] => {
    if (row.event !== null) {
      const { action } = row.event
      const changed = 'changed' in row.event ? row.event.changed : []
      const delta = Object.fromEntries(changed.map((name) => [name, [null, null]] as const))
      return [{ row, act: action === 'LOCATION_UPDATE' ? 'update' : 'create', now: NOTHING, delta }]
    }
    const act = ACTS[row.op]
    if (act === undefined) return []
    if (row.beforeHash === null && row.afterHash === null)
      return [{ row, act, now: states.get(row) ?? NOTHING, delta: row.delta ?? {} }]
    const [before, after] = [former(row, row.beforeHash), former(row, row.afterHash)]
    const delta = differing(before ?? NOTHING, after ?? NOTHING)
    // A push may take an asset over as it is.
    if (act === 'update' && Object.keys(delta).length === 0) return []
    return [{ row, act, now: after ?? before ?? NOTHING, delta }]
  })
}

function differing(before: RecordDocument, after: RecordDocument): Change['delta'] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, [before[name] ?? null, after[name] ?? null]] as const),
  )
}

/** What assets held, by the hashes that the change log tells. */
async function contentsOf(
  tx: Tx,
  rows: readonly Committed[],
): Promise<(row: Committed, hash: string | null) => RecordDocument | undefined> {
  const found = new Map<string, Map<string, RecordDocument>>()
  for (const resource of ASSETS) {
    const own = rows.filter(({ event, kind }) => event === null && kind === resource.kind)
    for (const [locationId, some] of Map.groupBy(own, (row) => row.locationId)) {
      const hashes = some.flatMap(({ beforeHash, afterHash }) => [beforeHash ?? [], afterHash ?? []].flat())
      found.set(`${locationId} ${resource.kind}`, await readFormer(tx, resource, locationId, hashes))
    }
  }
  return ({ locationId, kind }, hash) => (hash === null ? undefined : found.get(`${locationId} ${kind}`)?.get(hash))
}
