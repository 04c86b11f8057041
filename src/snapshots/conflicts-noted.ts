import { sql } from 'kysely'
import { json, query, type Tx, texts } from '../db/pool.ts'
import { getBlobs } from '../store/assets/index.ts'
import { keptRow, rememberSql } from './conflict-changes.ts'
import { stillOpen, undecided } from './conflict-fields.ts'
import { type Conflict, type ConflictField, holdsAgain } from './conflicts.ts'
import { DELETED_THERE } from './decide.ts'
import type { Json } from './diff.ts'
import type { Names } from './names.ts'
import type { Decided, Take } from './options.ts'
import type { OutcomeRow } from './outcomes.ts'
import { type BatchTarget, MOVED, type PushRow } from './push.ts'
import type { WantedKind } from './wanted.ts'

interface Noting {
  push: PushRow
  kind: WantedKind
  outcomes: readonly OutcomeRow[]
  targets: readonly BatchTarget[]
  /** This try was about the asset. */
  isTried: (asset: { locationId: string; lineage: string }) => boolean
  decided: Decided
  names: Names
  atMs: number
}

/**
 * What waits for somebody, of one kind, after a push: conflicts go on being open, field by field, until somebody settles
 * them or the two sides agree, whatever else later versions bring; ambiguities until they are answered, or are none any
 * more. What this push decided is settled, unless it could not be done.
 */
export async function noteConflicts(tx: Tx, noting: Noting): Promise<void> {
  const told = toldOf(noting)
  const waiting = await readWaiting(tx, noting)
  if (waiting.length === 0 && told.size === 0) return
  const blobs = await getBlobs(
    tx,
    waiting.flatMap(({ fields, mine, base }) =>
      fields.length === 0 ? [] : [mine, base].filter((hash) => hash !== null),
    ),
  )
  const documentOf = (locationId: string, hash: string | null): Json | null =>
    hash === null ? null : JSON.parse(noting.names.internal(locationId, blobs.get(hash)?.text ?? 'null'))
  const changes = waiting.flatMap((row) => {
    const { locationId, mine, base } = row
    const sides = () => ({ target: documentOf(locationId, mine), source: documentOf(locationId, base) })
    const now = told.get(nameOf(row))
    told.delete(nameOf(row))
    const after = row.isAsked ? waitingAfter(row, now, { noting, sides }) : null
    return after === row ? [] : [{ ...keyOf(row), after }]
  })
  await write(tx, noting, [...changes, ...[...told.values()].map((one) => ({ ...keyOf(one), after: one }))])
}

/** What stands in the table of an asset. */
interface Waits extends Omit<Conflict, 'snapshotId'> {
  openedAt: string
}

interface Waiting extends Waits {
  /** What became of the asset by this push. */
  outcome: OutcomeRow['outcome'] | null
  /** False: nothing of the version asks any more. */
  isAsked: boolean
  /** The version has it again, which had been dropped. */
  isBack: boolean
  /** The version says something else of it than the one it is open with. */
  isNew: boolean
  /** What the target has, and what was pushed last. */
  mine: string | null
  base: string | null
}

const nameOf = ({ locationId, lineage }: { locationId: string; lineage: string }) => `${locationId}/${lineage}`
const keyOf = ({ locationId, kind, lineage }: Waits) => ({ locationId, kind, lineage })

type Detail = {
  conflicts?: ConflictField[]
  candidates?: Conflict['candidates']
  decided?: Pick<Take, 'path' | 'take'>[]
} | null

/** What this push tells of, by location and lineage. */
function toldOf({ push, outcomes, atMs }: Noting): Map<string, Waits> {
  const told = outcomes.filter(
    ({ outcome, reason }) => (outcome === 'conflict' && reason !== MOVED) || outcome === 'ambiguous',
  )
  return new Map(
    told.map(({ locationId, kind, lineage, name, outcome, reason, detail }) => [
      nameOf({ locationId, lineage }),
      {
        ...{ locationId, kind, lineage, name, reason, version: push.version, pushId: push.id },
        fields: (detail as Detail)?.conflicts ?? [],
        candidates: outcome === 'ambiguous' ? ((detail as Detail)?.candidates ?? []) : null,
        openedAt: new Date(atMs).toISOString(),
      },
    ]),
  )
}

async function readWaiting(tx: Tx, { push, kind, targets, decided, isTried }: Noting): Promise<Waiting[]> {
  const lineages = [...kind.entries.map((entry) => entry.lineage), ...kind.gone]
  const about = new Set(decided.of(kind.kind).map(nameOf))
  const rows = await query(
    tx,
    sql<Waiting>`
      select c.location_id as "locationId", c.kind, c.lineage, c.version, c.push_id as "pushId", c.name, c.fields,
        c.reason, c.candidates, to_jsonb(c.opened_at) #>> '{}' as "openedAt", o.outcome,
        (c.kind = ${kind.kind} and c.lineage = any(${texts(lineages)})) as "isAsked", ${holdsAgain(push)} as "isBack",
        e.hash is distinct from was.hash as "isNew", encode(coalesce(b.hash, a.hash), 'hex') as mine,
        encode(case when b.id is null then a.base_hash else l.base_hash end, 'hex') as base
      from conflict c
      left join push_outcome o on o.location_id = c.location_id and o.push_id = ${push.id} and o.kind = c.kind
        and o.lineage = c.lineage
      left join snapshot_entry e on e.snapshot_id = c.snapshot_id and e.version = ${push.version} and e.kind = c.kind
        and e.lineage = c.lineage
      left join snapshot_entry was on was.snapshot_id = c.snapshot_id and was.version = c.version and was.kind = c.kind
        and was.lineage = c.lineage
      left join asset_alias l on l.location_id = c.location_id and l.kind = c.kind and l.lineage = c.lineage
      left join asset b on b.location_id = c.location_id and b.kind = c.kind and b.id = l.id
      left join asset a on b.id is null and a.location_id = c.location_id and a.kind = c.kind
        and a.lineage = c.lineage
      where c.snapshot_id = ${push.snapshotId} and c.location_id = any(${texts(targets.map((one) => one.locationId))})
        and ((c.kind = ${kind.kind} and c.lineage = any(${texts(lineages)}))
          or (c.candidates is not null and e.hash is null
            and ${decided.isEmpty && push.options.only === undefined}::boolean))`,
  )
  return rows.filter((row) => !row.isAsked || (isTried(row) && (decided.isEmpty || about.has(nameOf(row)))))
}

interface Judged {
  noting: Noting
  sides: () => { target: Json | null; source: Json | null }
}

/** What waits of an asset after this push; null: nothing any more. The row itself: as before. */
function waitingAfter(row: Waiting, now: Waits | undefined, { noting, sides }: Judged): Waits | null {
  const { outcome } = row
  // Nothing of an open conflict would be told again; the same ambiguity goes on.
  if (now !== undefined && now.candidates !== null)
    return row.candidates === null ? row : { ...now, openedAt: row.openedAt }
  if (outcome === 'ambiguous' || outcome === 'failed') return row
  if (row.candidates !== null) return now ?? null
  const takes = takesOf(row, noting)
  const isGone = !noting.kind.entries.some(({ lineage }) => lineage === row.lineage)
  if (row.fields.length === 0 || isGone) {
    if (now !== undefined || takes !== undefined) return now ?? null
    // It is there again, whoever brought it: what was asked is answered.
    if (!isGone && row.mine !== null && row.reason?.startsWith(DELETED_THERE)) return null
    const stays = outcome === 'kept' || outcome === 'conflict' || outcome === 'skipped'
    return stays && (outcome === 'conflict' || !row.isBack) ? row : null
  }
  if (outcome === 'skipped') return row
  const isFault = noting.outcomes.some(
    (one) => nameOf(one) === nameOf(row) && (one.detail as { fault?: string } | null)?.fault !== undefined,
  )
  if (isFault && now !== undefined) return { ...now, fields: row.fields }
  const { target, source } = sides()
  const left = undecided(row.fields, { takes, target, source, together: noting.kind.resource.together })
  if (target === null || source === null) return deletedThere(row, { now, left, takes })
  const told = now?.fields ?? []
  const fields = [...told, ...stillOpen(left, { told, target, source, isKept: outcome === 'kept' })]
  if (fields.length === 0) return null
  if (now !== undefined) return { ...now, fields, reason: reasonOf(now.reason, fields) }
  const version = row.isNew ? noting.push.version : row.version
  const after = { ...row, fields, version, reason: reasonOf(row.reason, fields) }
  return JSON.stringify(after) === JSON.stringify(row) ? row : after
}

/** What somebody decided about the asset, of its inbox or with this push; undefined: nothing. */
function takesOf(row: Waiting, { decided, outcomes }: Noting): readonly Pick<Take, 'path' | 'take'>[] | undefined {
  const settled = decided.of(row.kind).find((one) => nameOf(one) === nameOf(row))?.takes
  const told = outcomes.find((one) => nameOf(one) === nameOf(row))?.detail as Detail | undefined
  return settled ?? told?.decided
}

/** The target has deleted the asset meanwhile: what is left to decide is the whole of it. */
function deletedThere(
  row: Waiting,
  { now, left, takes }: { now: Waits | undefined; left: readonly ConflictField[]; takes: ReturnType<typeof takesOf> },
): Waits | null {
  if (now !== undefined) return now
  const isAsked = takes?.some(({ path, take }) => path !== undefined && take === 'source') ?? false
  return isAsked || left.length > 0 ? { ...row, fields: [], reason: DELETED_THERE } : null
}

/** A reason that lists fields lists those that are open. */
const reasonOf = (reason: string | null, fields: readonly ConflictField[]) =>
  reason?.replace(
    /^(changed on both sides|differs from the target's own): .*$/s,
    (_, why) => `${why}: ${fields.map(({ path }) => path).join(', ')}`,
  ) ?? null

interface Change {
  locationId: string
  kind: string
  lineage: string
  after: Waits | null
}

async function write(tx: Tx, { push, atMs }: Noting, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return
  await sql`
    with wanted as materialized (
      select w->>'locationId' as location_id, w->>'kind' as kind, w->>'lineage' as lineage, nullif(w->'after', 'null') as a
      from jsonb_array_elements(${json(changes)}) w
    ), old as materialized (
      select c.* from conflict c join wanted w on w.location_id = c.location_id and w.kind = c.kind
        and w.lineage = c.lineage
      where c.snapshot_id = ${push.snapshotId}
    ), closed as (
      delete from conflict c using wanted w
      where w.a is null and c.location_id = w.location_id and c.snapshot_id = ${push.snapshotId} and c.kind = w.kind
        and c.lineage = w.lineage
    ), written as (
      insert into conflict (location_id, snapshot_id, kind, lineage, version, push_id, name, fields, reason, candidates,
        opened_at)
      select location_id, ${push.snapshotId}, kind, lineage, (a->>'version')::integer, a->>'pushId', a->>'name',
        a->'fields', a->>'reason', nullif(a->'candidates', 'null'), (a->>'openedAt')::timestamptz
      from wanted where a is not null
      on conflict (location_id, snapshot_id, kind, lineage) do update set version = excluded.version,
        push_id = excluded.push_id, name = excluded.name, fields = excluded.fields, reason = excluded.reason,
        candidates = excluded.candidates, opened_at = excluded.opened_at
      returning *
    )
    ${rememberSql(sql`
      select w.location_id, ${push.id}::text as push_id, ${push.snapshotId}::text as snapshot_id, w.kind, w.lineage,
        ${new Date(atMs)}::timestamptz as at, ${keptRow(sql`o`)} as before, ${keptRow(sql`n`)} as after
      from wanted w
      left join old o on o.location_id = w.location_id and o.kind = w.kind and o.lineage = w.lineage
      left join written n on n.location_id = w.location_id and n.kind = w.kind and n.lineage = w.lineage`)}`.execute(tx)
}
