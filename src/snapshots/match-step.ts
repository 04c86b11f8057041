import { sql } from 'kysely'
import { query, type Tx, texts } from '../db/pool.ts'
import { ambiguityReason, comersOf, matchByKey } from './match.ts'
import { storeOutcomes } from './outcomes.ts'
import type { BatchTarget, PushRow } from './push.ts'
import type { Wanted } from './wanted.ts'

interface MatchStep {
  push: PushRow
  wanted: Wanted
  targets: readonly BatchTarget[]
  atMs: number
}

/** Starts the targets: matches by natural key, and takes back the claim to be current where it no longer holds. */
export async function matchStep(tx: Tx, { push, wanted, targets, atMs }: MatchStep): Promise<void> {
  const ids = targets.map((target) => target.locationId)
  const current = await query(
    tx,
    sql<{
      locationId: string
      version: number
    }>`delete from location_applied where location_id = any(${texts(ids)}) returning location_id as "locationId", case when snapshot_id = ${push.snapshotId} then version end as version`,
  )
  const standing = new Map(current.map((row) => [row.locationId, row.version]))
  const stale = targets
    .filter((target) => target.fromVersion !== null && standing.get(target.locationId) !== target.fromVersion)
    .map((target) => target.locationId)
  await sql`
    update push_target set state = 'processing', started_at = coalesce(started_at, ${new Date(atMs)}), from_version = case when location_id = any(${texts(stale)}) then null else from_version end
    where push_id = ${push.id} and location_id = any(${texts(ids)})`.execute(tx)
  const isCurrent = (target: BatchTarget) => target.fromVersion !== null && !stale.includes(target.locationId)
  const { entries, options } = wanted
  const idsOf = (list: readonly BatchTarget[]) => list.map((target) => target.locationId)
  const [full, currents] = [idsOf(targets.filter((target) => !isCurrent(target))), idsOf(targets.filter(isCurrent))]
  const results = [
    ...(await matchByKey(tx, { targets: full, entries, comers: entries, choices: options.matches })),
    ...(await matchByKey(tx, { targets: currents, entries, comers: await comersOf(tx, wanted, currents), choices: options.matches })),
  ]
  const matched = results.filter((result) => result.id !== null)
  await sql`
    insert into asset_alias (location_id, kind, lineage, id)
    select * from unnest(${texts(matched.map((m) => m.locationId))}, ${texts(matched.map((m) => m.kind))}, ${texts(matched.map((m) => m.lineage))}, ${texts(matched.map((m) => m.id))})
    on conflict do nothing`.execute(tx)
  const names = new Map(entries.map((entry) => [`${entry.kind}:${entry.lineage}`, entry.name]))
  await storeOutcomes(
    tx,
    push.id,
    results
      .filter((result) => result.id === null)
      .map((result) => ({
        locationId: result.locationId,
        kind: result.kind,
        lineage: result.lineage,
        id: null,
        name: names.get(`${result.kind}:${result.lineage}`) ?? '',
        outcome: 'ambiguous',
        reason: ambiguityReason(result),
        detail: { candidates: result.candidates },
      })),
  )
}
