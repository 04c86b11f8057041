import { sql } from 'kysely'
import { type Tx, texts } from '../db/pool.ts'
import { type ConflictField, openConflicts } from './conflicts.ts'
import { type Decided, policyOf } from './options.ts'
import type { OutcomeRow } from './outcomes.ts'
import { type BatchTarget, MOVED, type PushRow } from './push.ts'
import type { WantedKind } from './wanted.ts'

interface Noting {
  push: PushRow
  kind: WantedKind
  outcomes: readonly OutcomeRow[]
  targets: readonly BatchTarget[]
  decided: Decided
  atMs: number
}

/** Conflicts of one kind stay listed until somebody settles them, or the two sides agree; what this push decided is settled. */
export async function noteConflicts(tx: Tx, { push, kind, outcomes, targets, decided, atMs }: Noting): Promise<void> {
  await settleAgreed(tx, { push, kind, targets, decided })
  const conflicts = outcomes.filter(({ outcome, reason }) => outcome === 'conflict' && reason !== MOVED)
  await openConflicts(
    tx,
    conflicts.map(({ locationId, kind: of, lineage, name, reason, detail }) => ({
      locationId,
      snapshotId: push.snapshotId,
      kind: of,
      lineage,
      version: push.version,
      pushId: push.id,
      name,
      reason,
      keeps: !decided.isEmpty || policyOf(push.options, of, lineage) !== 'override',
      fields: ((detail as { conflicts?: ConflictField[] } | null)?.conflicts ?? []) as ConflictField[],
    })),
    atMs,
  )
}

async function settleAgreed(tx: Tx, { push, kind, targets, decided }: Pick<Noting, 'push' | 'kind' | 'targets' | 'decided'>): Promise<void> {
  const locationIds = targets.map((target) => target.locationId)
  const lineages = [...kind.entries.map((entry) => entry.lineage), ...kind.gone]
  const told = decided.of(kind.kind)
  const paths = told.flatMap(({ locationId, lineage, takes }) => takes.map(({ path }) => ({ locationId, lineage, path: path ?? null })))
  // What nobody decided about goes on being open: base and target have met, so no merge will tell of it again.
  if (paths.length > 0) {
    await sql`
      with decided as (
        select * from unnest(${texts(paths.map((p) => p.locationId))}, ${texts(paths.map((p) => p.lineage))}, ${texts(paths.map((p) => p.path))}) d(location_id, lineage, path)
      )
      update conflict c set fields = coalesce((
        select jsonb_agg(f order by n) from jsonb_array_elements(c.fields) with ordinality o(f, n)
        where not exists (select 1 from decided d where d.location_id = c.location_id and d.lineage = c.lineage and (d.path is null or d.path = f->>'path'))), '[]')
      where c.snapshot_id = ${push.snapshotId} and c.kind = ${kind.kind} and (c.location_id, c.lineage) in (select location_id, lineage from decided)`.execute(
      tx,
    )
  }
  await sql`
    delete from conflict c
    where c.snapshot_id = ${push.snapshotId} and c.kind = ${kind.kind} and c.location_id = any(${texts(locationIds)}) and c.lineage = any(${texts(lineages)})
      and case when ${!decided.isEmpty}::boolean
        then c.fields = '[]' and (c.location_id, c.lineage) in (select * from unnest(${texts(told.map((t) => t.locationId))}, ${texts(told.map((t) => t.lineage))}))
        else not exists (
          select 1 from push_outcome o where o.location_id = c.location_id and o.push_id = ${push.id} and o.kind = c.kind and o.lineage = c.lineage
            and o.outcome in ('kept', 'conflict', 'skipped', 'ambiguous', 'failed')) end`.execute(tx)
}
