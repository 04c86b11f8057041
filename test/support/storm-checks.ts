import { sql } from 'kysely'
import { query, texts } from '../../src/db/pool.ts'
import type { StoredAsset, Story } from './stories.ts'
import type { Hand } from './storm-hand.ts'
import { readPoints } from './storm-order.ts'
import type { PushDeed } from './storm-replay.ts'

const EXPLAINED = new Set(['unchanged', 'keep', 'conflict', 'ambiguous', 'release', 'skip'])

const STOOD_IN_THE_WAY = /\d+ opportunit(y stands|ies stand) in it/

/** No two assets of a kind whose keys are unique share one, by whatever measure. */
export function sharedKeys({ server }: Story, assets: readonly StoredAsset[]): string[] {
  const faults: string[] = []
  for (const [kind, resource] of server.app.platform.resources) {
    if (resource.unique === null) continue
    const keys = assets
      .filter((asset) => asset.kind === kind)
      .map(({ document }) => resource.key?.(document as never) ?? '')
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
      if (status !== 'completed' && status !== 'rolled_back')
        faults.push(`push ${id}, ${locationId}: ${status} ${error}`)
      for (const [outcome, count] of Object.entries(totals as Record<string, number>))
        sum[outcome] = (sum[outcome] ?? 0) + count
      const { assets } = await agency.outcomes(id, locationId)
      const counted: Record<string, number> = {}
      for (const { outcome } of assets) counted[outcome] = (counted[outcome] ?? 0) + 1
      if (!isSame(counted, totals))
        faults.push(`push ${id}, ${locationId}: totals ${JSON.stringify(totals)}, listed ${JSON.stringify(counted)}`)
    }
    if (!isSame(sum, push.totals))
      faults.push(`push ${id}: totals ${JSON.stringify(push.totals)}, of its targets ${JSON.stringify(sum)}`)
    if (push.totals.failed) faults.push(`push ${id}: ${push.totals.failed} failed`)
  }
  return faults
}

const isSame = (one: Record<string, number>, other: Record<string, number>) =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => (one[name] ?? 0) === (other[name] ?? 0))

/** What a report names as written is there, unless it was deleted later. */
export async function missingAssets(
  { agency, server }: Story,
  push: PushDeed,
  locationId: string,
  assets: readonly StoredAsset[],
): Promise<string[]> {
  const there = new Set(assets.map(({ kind, id }) => `${kind} ${id}`))
  const told = (await agency.outcomes(push.id, locationId)).assets as {
    kind: string
    id: string | null
    outcome: string
    name: string
  }[]
  const missing = told.filter(
    ({ kind, id, outcome }) => ['created', 'updated', 'merged'].includes(outcome) && !there.has(`${kind} ${id}`),
  )
  if (missing.length === 0) return []
  const deleted = await query(
    server.app.platform.db,
    sql<{ name: string }>`
      select kind || ' ' || entity_id as name from change d where location_id = ${locationId} and op = 'delete' and not
        exists (
        select 1 from change c where c.location_id = d.location_id and c.kind = d.kind and c.entity_id = d.entity_id
          and c.op = 'create' and c.storm_order > d.storm_order)`,
  )
  const gone = new Set(deleted.map(({ name }) => name))
  return missing
    .filter(({ kind, id }) => !gone.has(`${kind} ${id}`))
    .map(({ kind, name, outcome }) => `push ${push.id}, ${locationId}: ${kind} ${name} was ${outcome} and is not there`)
}

/**
 * Pushing the same again would do what a look at all of the target tells, too. References that are written by another
 * lineage of the same thing are only seen in a look at all.
 */
export async function unseenWork(
  { agency, server }: Story,
  push: PushDeed,
  locationIds: readonly string[],
): Promise<string[]> {
  const { db } = server.app.platform
  const plan = () => agency.plan(push.snapshotId, [...locationIds], push.body)
  const before = linesOf(await plan())
  const standing = await query(
    db,
    sql`delete from location_applied where location_id = any(${texts(locationIds)}) returning *`,
  )
  const full = linesOf(await plan())
  await sql`insert into location_applied select *
      from jsonb_populate_recordset(null::location_applied, ${JSON.stringify(standing)}::jsonb)`.execute(db)
  const [unseen, seen] = [full.difference(before), before.difference(full)]
  return [
    ...[...unseen].map((line) => `looking at all of ${line}`),
    ...[...seen].map((line) => `not looking at all of ${line}`),
  ].map((line) => `push ${push.id} again, ${line}`)
}

interface Planned {
  kind: string
  name: string
  action: string
  fields?: { before?: unknown; after?: unknown }[]
}

/** What a plan would do, one line for each asset. */
function linesOf(plan: { targets: { locationId: string; assets: Planned[] }[] }): Set<string> {
  const bare = (value: unknown) => JSON.stringify(value ?? null).replace(/\[(\w+): [^\]]*\]/g, '[$1]')
  const isRenamed = ({ action, fields = [] }: Planned) =>
    action === 'update' && fields.every(({ before, after }) => bare(before) === bare(after))
  return new Set(
    plan.targets.flatMap(({ locationId, assets }) =>
      assets
        .filter((asset) => !isRenamed(asset))
        .map(({ kind, name, action }) => `${locationId}: ${action} ${kind} ${name}`),
    ),
  )
}

/** Who is said to have brought a target where it stands was the last to be there. */
export async function falseClaims({ server }: Story, locationIds: readonly string[]): Promise<string[]> {
  const rows = await query(
    server.app.platform.db,
    sql<{ locationId: string; said: string; last: string }>`
      select l.location_id as "locationId", l.push_id as said, t.push_id as last from location_applied l
      cross join lateral (select push_id from push_target t where t.location_id = l.location_id
        and storm_order is not null order by storm_order desc limit 1) t
      where l.location_id = any(${texts(locationIds)}) and l.push_id <> t.push_id`,
  )
  return rows.map(
    ({ locationId, said, last }) =>
      `${locationId} is said to stand where ${said} has brought it, and ${last} came later`,
  )
}

/** A push that nobody came after has nothing left to do but what somebody has to decide. */
export async function unfinishedWork(story: Story, push: PushDeed, { locationId }: Hand): Promise<string[]> {
  const points = (await readPoints(story.server.app.platform.db, [locationId])).filter((point) => point.holds)
  if (points.at(-1)?.cause !== push.id) return []
  const [target] = (await story.agency.plan(push.snapshotId, [locationId], push.body)).targets as {
    assets: (Planned & { lineage: string })[]
  }[]
  const left = (target?.assets ?? []).filter(({ action }) => !EXPLAINED.has(action))
  if (left.length === 0) return []
  const report = (await story.agency.outcomes(push.id, locationId)).assets as {
    kind: string
    lineage: string
    outcome: string
    reason?: string
  }[]
  return left.flatMap(({ action, kind, name, lineage }) => {
    const { outcome, reason = '' } = report.find((line) => line.kind === kind && line.lineage === lineage) ?? {
      outcome: 'not told of',
    }
    // Records come and go without a word to configuration: what stood in the way then may have left since.
    if (outcome === 'conflict' && STOOD_IN_THE_WAY.test(reason)) return []
    return [
      `push ${push.id} ${JSON.stringify(push.body)} was the last in ${locationId}, and would ${action} ${kind} ` +
        `${name} (${lineage}) again: it was ${outcome} ${reason}`,
    ]
  })
}

/** Opportunities in stages or pipelines that are not there, although no client has been at that pipeline. */
export async function orphans(
  { server }: Story,
  locationId: string,
  assets: readonly StoredAsset[],
  byHand: ReadonlySet<string>,
): Promise<string[]> {
  const there = new Set(
    assets
      .filter(({ kind }) => kind === 'pipelines')
      .flatMap(({ id, document }) => [id, ...((document.stages ?? []) as { id: string }[]).map((stage) => stage.id)]),
  )
  const rows = await query(
    server.app.platform.db,
    sql<{ id: string; pipelineId: string; stageId: string | null }>`
      select id, doc->>'pipelineId' as "pipelineId", doc->>'pipelineStageId' as "stageId" from record
        where location_id = ${locationId} and kind = 'opportunities' and deleted_at is null`,
  )
  const lost = rows.filter(
    ({ pipelineId, stageId }) =>
      !byHand.has(pipelineId) && !(there.has(pipelineId) && (stageId === null || there.has(stageId))),
  )
  return lost.map(
    ({ id, pipelineId, stageId }) =>
      `opportunity ${id} of ${locationId} stands in ${pipelineId}/${stageId}, which a push has taken away`,
  )
}
