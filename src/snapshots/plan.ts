import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { canonicalJson } from '../store/hash.ts'
import { readMarkers } from '../store/markers.ts'
import type { AssetResource } from '../store/resource.ts'
import { type Action, looksAtAll, type PushOptions } from './options.ts'
import { type ActionTotals, type PlannedTarget, planTargets } from './planner.ts'
import type { SnapshotRow } from './snapshots.ts'
import { readWanted, type Wanted } from './wanted.ts'

const ROWS_A_QUERY = 20_000
const MOST_TARGETS = 500

export interface Plan {
  /** Equal as long as the version, the options and everything the push would touch are equal. */
  hash: string
  version: number
  totals: ActionTotals
  targets: PlannedTarget[]
  /** References inside the snapshot to what it does not hold. */
  brokenReferences: { kind: string; lineage: string; name: string; reference: string }[]
}

export interface PlanInput {
  snapshot: SnapshotRow
  version: number
  root: string
  locationIds: readonly string[]
  options: PushOptions
  resources: ReadonlyMap<string, AssetResource>
}

/** What a push would do, without doing it. */
export async function planPush(db: Db, input: PlanInput): Promise<Plan> {
  const { snapshot, version, options, resources } = input
  const standing = await query(
    db,
    sql<{ locationId: string; fromVersion: number | null }>`
      select t.id as "locationId", s.version as "fromVersion" from unnest(${texts(input.locationIds)}) t(id)
      left join location_applied s on s.location_id = t.id and s.snapshot_id = ${snapshot.id} order by t.id`,
  )
  const targets: PlannedTarget[] = []
  let broken: Plan['brokenReferences'] = []
  for (const [fromVersion, group] of Map.groupBy(standing, (row) => (looksAtAll(options, row.locationId) ? null : row.fromVersion))) {
    const wanted = await readWanted(db, { snapshotId: snapshot.id, version, fromVersion, options, resources })
    broken = await findBroken(db, wanted)
    const size = fromVersion === null ? Math.min(MOST_TARGETS, Math.max(1, Math.floor(ROWS_A_QUERY / Math.max(1, wanted.entries.length)))) : MOST_TARGETS
    for (let start = 0; start < group.length; start += size) {
      const some = group.slice(start, start + size).map(({ locationId }) => ({ locationId, isCurrent: fromVersion !== null }))
      targets.push(...(await planTargets(db, wanted, { targets: some, describes: true })))
    }
  }
  targets.sort((a, b) => (a.locationId < b.locationId ? -1 : 1))
  return { ...summarise(input, targets), targets, brokenReferences: broken }
}

function summarise({ version, root, options }: PlanInput, targets: readonly PlannedTarget[]): Pick<Plan, 'hash' | 'version' | 'totals'> {
  const totals: ActionTotals = {}
  const digest = createHash('sha256').update(`${version} ${root} ${canonicalJson(options)}\n`)
  for (const target of targets) {
    digest.update(`${target.locationId} ${target.digest}\n`)
    for (const [action, count] of Object.entries(target.totals) as [Action, number][]) totals[action] = (totals[action] ?? 0) + count
  }
  return { hash: digest.digest('hex'), version, totals }
}

/** References that lead out of the version: to assets, or to parts of none of its assets. */
async function findBroken(db: Db, wanted: Wanted): Promise<Plan['brokenReferences']> {
  const inside = new Set(wanted.entries.map((entry) => `${entry.kind}:${entry.lineage}`))
  const rows = await query(
    db,
    sql<{ hash: string; refs: string[]; parts: string[]; text: string }>`
      select hash, refs, parts, doc::text as text from blob
      where hash = any(select decode(h, 'hex') from unnest(${texts(wanted.entries.map((entry) => entry.hash))}) h)`,
  )
  const parts = new Set(rows.flatMap((row) => row.parts))
  const lost = new Map(
    rows.map(({ hash, refs, text }) => [
      hash,
      [
        ...refs.filter((ref) => !inside.has(ref)),
        ...readMarkers(text)
          .parts.filter((part) => !parts.has(part))
          .map((part) => `part:${part}`),
      ],
    ]),
  )
  return wanted.entries.flatMap(({ kind, lineage, name, hash }) => (lost.get(hash) ?? []).map((reference) => ({ kind, lineage, name, reference })))
}
