import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { takeTurns } from '../clock.ts'
import { type Db, query, texts } from '../db/pool.ts'
import type { AssetResource } from '../store/assets/index.ts'
import { canonicalJson } from '../store/hash.ts'
import { readMarkers } from '../store/markers.ts'
import { type Action, looksAtAll, type PushOptions } from './options.ts'
import { findPartNames, type PartNames } from './part-names.ts'
import { type ActionTotals, type PlannedTarget, type PlanScope, planTargets } from './planner.ts'
import { findLostNames, type RefNames, shownName } from './ref-names.ts'
import type { SnapshotRow } from './snapshots.ts'
import { readWanted, type Wanted } from './wanted.ts'

/**
 * Of decisions in one answer of the database: four times as many stop the process four times as long, and are no
 * faster.
 */
const ROWS_A_QUERY = 5_000
const MOST_TARGETS = 500
const PART = 'part:'

export interface Plan {
  /** Equal as long as the version, the options and everything the push would touch are equal. */
  hash: string
  version: number
  totals: ActionTotals
  /** References inside the snapshot to what it does not hold. */
  brokenReferences: { kind: string; lineage: string; name: string; reference: string; missingName?: string }[]
}

export interface PlanInput {
  snapshot: SnapshotRow
  version: number
  root: string
  locationIds: readonly string[]
  options: PushOptions
  resources: ReadonlyMap<string, AssetResource>
}

export interface PlanReading extends Omit<PlanScope, 'targets'> {
  onTarget: (target: PlannedTarget) => void
}

/**
 * What a push would do, without doing it. Targets are handed over as they are planned, some hundred at a time: a fleet
 * is not held in memory.
 */
export async function planPush(db: Db, input: PlanInput, { onTarget, ...reading }: PlanReading): Promise<Plan> {
  const { snapshot, version, options, resources } = input
  const standing = await query(
    db,
    sql<{ locationId: string; fromVersion: number | null }>`
      select t.id as "locationId", s.version as "fromVersion" from unnest(${texts(input.locationIds)}) t(id)
      left join location_applied s on s.location_id = t.id and s.snapshot_id = ${snapshot.id} order by t.id`,
  )
  const digests: [locationId: string, digest: string][] = []
  const totals: ActionTotals = {}
  let broken: Plan['brokenReferences'] | null = null
  for (const [fromVersion, group] of Map.groupBy(standing, (row) =>
    looksAtAll(options, row.locationId) ? null : row.fromVersion,
  )) {
    const wanted = await readWanted(db, { snapshotId: snapshot.id, version, fromVersion, options, resources })
    broken ??= await findBroken(db, wanted, snapshot.sourceLocationId ?? (input.locationIds[0] as string))
    const size =
      fromVersion === null
        ? Math.min(MOST_TARGETS, Math.max(1, Math.floor(ROWS_A_QUERY / Math.max(1, wanted.entries.length))))
        : MOST_TARGETS
    for (let start = 0; start < group.length; start += size) {
      const some = group
        .slice(start, start + size)
        .map(({ locationId }) => ({ locationId, isCurrent: fromVersion !== null }))
      const turns = takeTurns()
      for (const target of await planTargets(db, wanted, { targets: some, ...reading })) {
        if (turns.isOver()) await turns.next()
        digests.push([target.locationId, target.digest])
        for (const [action, count] of Object.entries(target.totals) as [Action, number][])
          totals[action] = (totals[action] ?? 0) + count
        onTarget(target)
      }
    }
  }
  return { hash: hashOf(input, digests), version, totals, brokenReferences: broken ?? [] }
}

function hashOf({ version, root, options }: PlanInput, digests: readonly (readonly [string, string])[]): string {
  const hash = createHash('sha256').update(`${version} ${root} ${canonicalJson(options)}\n`)
  for (const [locationId, digest] of digests.toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${locationId} ${digest}\n`)
  return hash.digest('hex')
}

/**
 * References that lead out of the version: to assets, or to parts of none of its assets. `locationId`: where the
 * missing ones may be known by name.
 */
async function findBroken(db: Db, wanted: Wanted, locationId: string): Promise<Plan['brokenReferences']> {
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
          .map((part) => `${PART}${part}`),
      ],
    ]),
  )
  const named = [...new Set([...lost.values()].flat())]
  const isPart = (ref: string) => ref.startsWith(PART)
  const missing = await findLostNames(
    db,
    locationId,
    named.filter((ref) => !isPart(ref)),
  )
  const labels: PartNames = new Map()
  const gone = named.filter(isPart).map((ref) => ref.slice(PART.length))
  await findPartNames(db, { snapshotId: wanted.snapshotId, locationIds: [locationId] }, labels, gone)
  const names: RefNames = new Map(wanted.entries.map((entry) => [`${entry.kind}:${entry.lineage}`, entry.name]))
  for (const part of gone) {
    const label = labels.get(part)?.label
    if (label !== undefined) missing.set(`${PART}${part}`, shownName(label, names))
  }
  return wanted.entries.flatMap(({ kind, lineage, name, hash }) =>
    (lost.get(hash) ?? []).map((reference) => {
      const missingName = missing.get(reference)
      return {
        kind,
        lineage,
        name: shownName(name, names),
        reference,
        ...(missingName === undefined ? {} : { missingName }),
      }
    }),
  )
}
