import { sql } from 'kysely'
import { query, texts } from '../../src/db/pool.ts'
import type { StoredAsset, Story } from './stories.ts'
import type { PushDeed } from './storm-replay.ts'

const EXPLAINED = new Set(['unchanged', 'keep', 'conflict', 'ambiguous', 'release', 'skip'])

/** No two assets of a kind whose keys are unique share one, by whatever measure. */
export function sharedKeys({ server }: Story, assets: readonly StoredAsset[]): string[] {
  const faults: string[] = []
  for (const [kind, resource] of server.app.platform.resources) {
    if (resource.unique === null) continue
    const keys = assets.filter((asset) => asset.kind === kind).map(({ document }) => resource.key?.(document as never) ?? '')
    if (new Set(keys.map(folded)).size < keys.length) faults.push(`${kind} share a key: ${keys.sort().join(', ')}`)
  }
  return faults
}

const folded = (key: string) => key.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()

/** Both pushes ended well, and say of each target what they say in sum. */
export async function unendedPushes({ agency }: Story, pushes: readonly PushDeed[]): Promise<string[]> {
  const faults: string[] = []
  for (const { id } of pushes) {
    const push = await agency.ended(id)
    const { targets } = await agency.get(`/pushes/${id}/targets`)
    const sum: Record<string, number> = {}
    for (const { locationId, totals, status, error } of targets) {
      if (status !== 'completed' && status !== 'rolled_back') faults.push(`push ${id}, ${locationId}: ${status} ${error}`)
      for (const [outcome, count] of Object.entries(totals as Record<string, number>)) sum[outcome] = (sum[outcome] ?? 0) + count
      const { assets } = await agency.outcomes(id, locationId)
      const counted: Record<string, number> = {}
      for (const { outcome } of assets) counted[outcome] = (counted[outcome] ?? 0) + 1
      if (!isSame(counted, totals)) faults.push(`push ${id}, ${locationId}: totals ${JSON.stringify(totals)}, listed ${JSON.stringify(counted)}`)
    }
    if (!isSame(sum, push.totals)) faults.push(`push ${id}: totals ${JSON.stringify(push.totals)}, of its targets ${JSON.stringify(sum)}`)
    if (push.totals.failed) faults.push(`push ${id}: ${push.totals.failed} failed`)
  }
  return faults
}

const isSame = (one: Record<string, number>, other: Record<string, number>) =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => (one[name] ?? 0) === (other[name] ?? 0))

/** What a report names as written is there, unless it was deleted later. */
export async function missingAssets({ agency, server }: Story, push: PushDeed, locationId: string, assets: readonly StoredAsset[]): Promise<string[]> {
  const there = new Set(assets.map(({ kind, id }) => `${kind} ${id}`))
  const told = (await agency.outcomes(push.id, locationId)).assets as { kind: string; id: string | null; outcome: string; name: string }[]
  const missing = told.filter(({ kind, id, outcome }) => ['created', 'updated', 'merged'].includes(outcome) && !there.has(`${kind} ${id}`))
  if (missing.length === 0) return []
  const deleted = await query(
    server.app.platform.db,
    sql<{ name: string }>`
      select kind || ' ' || entity_id as name from change d where location_id = ${locationId} and op = 'delete' and not exists (
        select 1 from change c where c.location_id = d.location_id and c.kind = d.kind and c.entity_id = d.entity_id and c.op = 'create' and c.storm_order > d.storm_order)`,
  )
  const gone = new Set(deleted.map(({ name }) => name))
  return missing
    .filter(({ kind, id }) => !gone.has(`${kind} ${id}`))
    .map(({ kind, name, outcome }) => `push ${push.id}, ${locationId}: ${kind} ${name} was ${outcome} and is not there`)
}

/**
 * Pushing the same again would do nothing that nobody can explain, and what is known of a target that stands at a version is what a look at all of it tells.
 * Only the last push of a target, after which no client has done anything, has nothing at all to do.
 */
export async function unexplainedActions({ agency, server }: Story, push: PushDeed, locationIds: string[]): Promise<string[]> {
  const { db } = server.app.platform
  const before = await agency.plan(push.snapshotId, locationIds, push.body)
  const standing = await query(db, sql`delete from location_applied where location_id = any(${texts(locationIds)}) returning *`)
  const full = await agency.plan(push.snapshotId, locationIds, push.body)
  await sql`insert into location_applied select * from jsonb_populate_recordset(null::location_applied, ${JSON.stringify(standing)}::jsonb)`.execute(db)
  if (isSame(before.totals, full.totals)) return []
  if (process.env.STORM_DEBUG) {
    const key = (plan: any) => new Map(plan.targets.flatMap((t: any) => t.assets.map((a: any) => [t.locationId + a.kind + a.lineage, a])))
    const b = key(before)
    for (const t of full.targets)
      for (const a of t.assets)
        if (JSON.stringify(b.get(t.locationId + a.kind + a.lineage)) !== JSON.stringify(a)) {
          console.log(
            'PUSH',
            JSON.stringify(push),
            'standing',
            JSON.stringify(standing),
            '\nFULL',
            t.locationId,
            JSON.stringify(a),
            '\nDIFF',
            JSON.stringify(b.get(t.locationId + a.kind + a.lineage)),
          )
          console.log(
            JSON.stringify(
              await query(
                db,
                sql`select lineage, name, key, encode(hash,'hex') as hash, encode(base_hash,'hex') as base_hash, source_push from asset where location_id=${t.locationId} and kind=${a.kind}`,
              ),
            ),
          )
          console.log(
            JSON.stringify(
              await query(
                db,
                sql`select kind, lineage, id, encode(base_hash,'hex') as base_hash, source_push, part_aliases from asset_alias where location_id=${t.locationId}`,
              ),
            ),
          )
        }
  }
  return [
    `what stands in ${locationIds.join(', ')} is not what is known of it: ${JSON.stringify(before.totals)}, looking at all ${JSON.stringify(full.totals)}`,
  ]
}

/** Actions of a plan that do not come to an end by themselves. */
export const unexplained = (totals: Record<string, number>): string[] => Object.keys(totals).filter((action) => !EXPLAINED.has(action))

/** Opportunities in stages or pipelines that are not there, although no client has been at that pipeline. */
export async function orphans({ server }: Story, locationId: string, assets: readonly StoredAsset[], byHand: ReadonlySet<string>): Promise<string[]> {
  const there = new Set(
    assets
      .filter(({ kind }) => kind === 'pipelines')
      .flatMap(({ id, document }) => [id, ...((document.stages ?? []) as { id: string }[]).map((stage) => stage.id)]),
  )
  const rows = await query(
    server.app.platform.db,
    sql<{ id: string; pipelineId: string; stageId: string | null }>`
      select id, doc->>'pipelineId' as "pipelineId", doc->>'pipelineStageId' as "stageId" from record where location_id = ${locationId} and kind = 'opportunities' and deleted_at is null`,
  )
  const lost = rows.filter(({ pipelineId, stageId }) => !byHand.has(pipelineId) && !(there.has(pipelineId) && (stageId === null || there.has(stageId))))
  return lost.map(({ id, pipelineId, stageId }) => `opportunity ${id} of ${locationId} stands in ${pipelineId}/${stageId}, which a push has taken away`)
}
