import { sql } from 'kysely'
import { type Tx, texts } from '../db/pool.ts'
import { keptRow, rememberSql } from './conflict-changes.ts'
import { type Conflict, type ConflictField, holdsAgain, openConflicts } from './conflicts.ts'
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

/**
 * Conflicts of one kind stay listed until somebody settles them, or the two sides agree; ambiguities until they are
 * answered, or are none any more. What this push decided is settled.
 */
export async function noteConflicts(tx: Tx, { outcomes, ...noting }: Noting): Promise<void> {
  const { push, decided, atMs } = noting
  await settleAgreed(tx, noting)
  const conflicts = outcomes.filter(
    ({ outcome, reason }) => (outcome === 'conflict' && reason !== MOVED) || outcome === 'ambiguous',
  )
  await openConflicts(
    tx,
    conflicts.map(({ locationId, kind: of, lineage, name, outcome, reason, detail }) => ({
      locationId,
      snapshotId: push.snapshotId,
      kind: of,
      lineage,
      version: push.version,
      pushId: push.id,
      name,
      reason,
      keeps: !decided.isEmpty || policyOf(push.options, of, lineage) !== 'override',
      fields: (detail as Detail)?.conflicts ?? [],
      candidates: outcome === 'ambiguous' ? ((detail as Detail)?.candidates ?? []) : null,
    })),
    atMs,
  )
}

type Detail = { conflicts?: ConflictField[]; candidates?: Conflict['candidates'] } | null

async function settleAgreed(tx: Tx, { push, kind, targets, decided, atMs }: Omit<Noting, 'outcomes'>): Promise<void> {
  const at = new Date(atMs)
  const locationIds = targets.map((target) => target.locationId)
  const lineages = [...kind.entries.map((entry) => entry.lineage), ...kind.gone]
  const told = decided.of(kind.kind)
  const paths = told.flatMap(({ locationId, lineage, takes }) =>
    takes.map(({ path }) => ({ locationId, lineage, path: path ?? null })),
  )
  const toldAs = (...outcomes: string[]) => sql`exists (
    select 1 from push_outcome o where o.location_id = c.location_id and o.push_id = ${push.id} and o.kind = c.kind
      and o.lineage = c.lineage and o.outcome = any(${texts(outcomes)}))`
  // What nobody decided about goes on being open: base and target have met, so no merge will tell of it again.
  if (paths.length > 0) {
    await sql`
      with decided as (
        select * from unnest(${texts(paths.map((p) => p.locationId))}, ${texts(paths.map((p) => p.lineage))},
          ${texts(paths.map((p) => p.path))}) d(location_id, lineage, path)
      ), old as materialized (
        select c.* from conflict c
        where c.snapshot_id = ${push.snapshotId} and c.kind = ${kind.kind}
          and (c.location_id, c.lineage) in (select location_id, lineage from decided)
          and not ${toldAs('ambiguous', 'failed')}
      ), written as (
        update conflict c set fields = coalesce((
          select jsonb_agg(f order by n) from jsonb_array_elements(c.fields) with ordinality o(f, n)
          where not exists (select 1 from decided d where d.location_id = c.location_id and d.lineage = c.lineage
            and (d.path is null or d.path = f->>'path'))), '[]')
        from old o where o.location_id = c.location_id and o.snapshot_id = c.snapshot_id and o.kind = c.kind
          and o.lineage = c.lineage
        returning c.*
      )
      ${rememberSql(sql`
        select w.location_id, ${push.id}::text as push_id, w.snapshot_id, w.kind, w.lineage, ${at}::timestamptz as at,
          ${keptRow(sql`o`)} as before, ${keptRow(sql`w`)} as after
        from written w join old o on o.location_id = w.location_id and o.snapshot_id = w.snapshot_id and o.kind = w.kind
          and o.lineage = w.lineage`)}`.execute(tx)
  }
  await sql`
    with gone as (
      delete from conflict c
      where c.snapshot_id = ${push.snapshotId} and c.location_id = any(${texts(locationIds)}) and case
        when not (c.kind = ${kind.kind} and c.lineage = any(${texts(lineages)})) then
          -- Nothing of the version asks any more.
          c.candidates is not null and ${decided.isEmpty && push.options.only === undefined}::boolean and not exists (
            select 1 from snapshot_entry e where e.snapshot_id = ${push.snapshotId} and e.version = ${push.version}
              and e.kind = c.kind and e.lineage = c.lineage)
        when ${!decided.isEmpty}::boolean then c.fields = '[]' and not ${toldAs('ambiguous', 'failed')}
          and (c.location_id, c.lineage) in (
            select * from unnest(${texts(told.map((t) => t.locationId))}, ${texts(told.map((t) => t.lineage))}))
        else not ${toldAs('ambiguous', 'failed')}
          and (c.candidates is not null or not ${toldAs('kept', 'conflict', 'skipped')}
            or (not ${toldAs('conflict')} and ${holdsAgain(push)})) end
      returning c.*
    )
    ${rememberSql(sql`
      select g.location_id, ${push.id}::text as push_id, g.snapshot_id, g.kind, g.lineage, ${at}::timestamptz as at,
        ${keptRow(sql`g`)} as before, null::jsonb as after from gone g`)}`.execute(tx)
}
