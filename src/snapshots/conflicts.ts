import { type RawBuilder, sql } from 'kysely'
import { type Db, json, query, type Tx, texts } from '../db/pool.ts'
import { keptRow, rememberSql } from './conflict-changes.ts'
import type { Json } from './diff.ts'
import type { AssetName } from './options.ts'
import { completeParts } from './part-names.ts'
import { completeNames, type RefNames, showRefs } from './ref-names.ts'
import { namesOfEntries, type SnapshotRow } from './snapshots.ts'

/** Which asset of which location is in conflict with which snapshot. */
export interface ConflictKey extends AssetName {
  locationId: string
  snapshotId: string
}

/** One field that both sides changed. A missing side is absent. */
export interface ConflictField {
  path: string
  base?: Json
  target?: Json
  source?: Json
}

/** A conflict, or an ambiguity, that waits for somebody: the target's side stands meanwhile. */
export interface Conflict extends ConflictKey {
  /** The version that met the target's own side. */
  version: number
  pushId: string
  name: string
  reason: string | null
  /** References as markers where they are written, by name where they are listed. */
  fields: ConflictField[]
  /** Which assets of the target it could be; null: it is no ambiguity. */
  candidates: { id: string; name: string }[] | null
}

export interface OpenConflict extends Conflict {
  locationName: string
  openedAt: Date
}

/**
 * Notes conflicts and ambiguities, or what they have become: one stands for each asset of a snapshot in a location. An
 * ambiguity takes no open conflict's place, as nothing of that would be told again; the same ambiguity goes on.
 * `keeps`: fields that are open with the same version stay so, since base and target have met in them and no merge
 * tells of them again; what has a `why` is told whenever it stands.
 */
export async function openConflicts(
  tx: Tx,
  conflicts: readonly (Conflict & { keeps?: boolean })[],
  atMs: number,
): Promise<void> {
  if (conflicts.length === 0) return
  const at = new Date(atMs)
  await sql`
    with wanted as materialized (
      select c->>'locationId' as location_id, c->>'snapshotId' as snapshot_id, c->>'kind' as kind,
        c->>'lineage' as lineage, (c->>'version')::integer as version, c->>'pushId' as push_id, c->>'name' as name,
        c->>'reason' as reason, nullif(c->'candidates', 'null') as candidates, c->'fields' || case
          when (c->>'keeps')::boolean then coalesce((
            select jsonb_agg(f order by n) from conflict o
            cross join jsonb_array_elements(o.fields) with ordinality e(f, n)
            where o.location_id = c->>'locationId' and o.snapshot_id = c->>'snapshotId' and o.kind = c->>'kind'
              and o.lineage = c->>'lineage' and o.version = (c->>'version')::integer
              and not f ? 'why'
              and not exists (select 1 from jsonb_array_elements(c->'fields') told where told->'path' = f->'path')
          ), '[]')
          else '[]' end as fields
      from jsonb_array_elements(${json(conflicts)}) c
    ), old as materialized (
      select c.* from conflict c join wanted w on w.location_id = c.location_id and w.snapshot_id = c.snapshot_id
        and w.kind = c.kind and w.lineage = c.lineage
    ), written as (
      insert into conflict (location_id, snapshot_id, kind, lineage, version, push_id, name, fields, reason, candidates,
        opened_at)
      select location_id, snapshot_id, kind, lineage, version, push_id, name, fields, reason, candidates, ${at}
      from wanted
      on conflict (location_id, snapshot_id, kind, lineage) do update set version = excluded.version,
        push_id = excluded.push_id, name = excluded.name, fields = excluded.fields, reason = excluded.reason,
        candidates = excluded.candidates,
        opened_at = case when excluded.candidates is null or conflict.candidates is null then excluded.opened_at
          else conflict.opened_at end
      where excluded.candidates is null or conflict.candidates is not null
      returning *
    )
    ${rememberSql(sql`
      select w.location_id, w.push_id, w.snapshot_id, w.kind, w.lineage, ${at}::timestamptz as at,
        ${keptRow(sql`o`)} as before, ${keptRow(sql`w`)} as after
      from written w left join old o on o.location_id = w.location_id and o.snapshot_id = w.snapshot_id
        and o.kind = w.kind and o.lineage = w.lineage`)}`.execute(tx)
}

/** Removes conflicts that are none any more. Keys that are not open are passed over. */
export async function settleConflicts(tx: Tx, keys: readonly ConflictKey[]): Promise<void> {
  if (keys.length === 0) return
  await sql`
    delete from conflict c using ${keysSql(keys)}
    where c.location_id = k.location_id and c.snapshot_id = k.snapshot_id and c.kind = k.kind
      and c.lineage = k.lineage`.execute(tx)
}

/** That the snapshot had dropped what is there no longer divides the two (`c`): this version holds it again. */
export const holdsAgain = ({ snapshotId, version }: { snapshotId: string; version: number }): RawBuilder<boolean> => {
  const isIn = (of: RawBuilder<unknown>) =>
    sql`exists (select 1 from snapshot_entry e where e.snapshot_id = ${snapshotId} and e.version = ${of}
        and e.kind = c.kind and e.lineage = c.lineage)`
  return sql`(${isIn(sql`${version}::int`)} and not ${isIn(sql`c.version`)})`
}

/** With which version a conflict is open, and open for this version too: `location/kind/lineage` -> version. */
export async function openVersions(
  db: Db,
  pushed: { snapshotId: string; version: number },
  locationIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await query(
    db,
    sql<ConflictKey & { version: number }>`
      select location_id as "locationId", kind, lineage, version from conflict c
      where snapshot_id = ${pushed.snapshotId} and location_id = any(${texts(locationIds)}) and candidates is null
        and not ${holdsAgain(pushed)}`,
  )
  return new Map(rows.map((row) => [`${row.locationId}/${row.kind}/${row.lineage}`, row.version]))
}

export interface ConflictPage {
  locationId?: string | undefined
  kind?: string | undefined
  outcome?: 'conflict' | 'ambiguous' | undefined
  limit: number
  /** A condition on `l`, the location. */
  within: RawBuilder<boolean>
  /** `locationId:kind:lineage` of the last conflict of the page before. */
  after?: string | undefined
}

const COLUMNS = sql`c.location_id as "locationId", c.snapshot_id as "snapshotId", c.kind, c.lineage, c.version,
  c.push_id as "pushId", c.name, c.fields, c.reason, c.candidates`

/**
 * Open conflicts and ambiguities of a snapshot in the sub-accounts that are there, by location, kind and lineage.
 * References are shown by name.
 */
export async function listConflicts(db: Db, snapshot: SnapshotRow, page: ConflictPage): Promise<OpenConflict[]> {
  const [location = '', kind = '', lineage = ''] = (page.after ?? '').split(':')
  const rows = await query(
    db,
    sql<OpenConflict>`
      select ${COLUMNS}, l.name as "locationName", c.opened_at as "openedAt"
      from conflict c join location l on l.id = c.location_id and l.agency_id = ${snapshot.agencyId}
        and l.deleted_at is null
      where c.snapshot_id = ${snapshot.id} and (c.location_id, c.kind, c.lineage) > (${location}, ${kind}, ${lineage})
        and (${page.locationId ?? null}::text is null or c.location_id = ${page.locationId ?? null})
        and (${page.kind ?? null}::text is null or c.kind = ${page.kind ?? null})
        and ${page.within}
        and (${page.outcome ?? null}::text is null
          or case when c.candidates is null then 'conflict' else 'ambiguous' end = ${page.outcome ?? null})
      order by c.location_id, c.kind, c.lineage limit ${page.limit}`,
  )
  const names: RefNames = await namesOfEntries(db, snapshot.id, rows)
  const locationIds = [...new Set(rows.map((row) => row.locationId))]
  await completeNames(db, locationIds, names, rows)
  await completeParts(db, { snapshotId: snapshot.id, locationIds }, { names, value: rows.map((row) => row.fields) })
  return rows.map(({ name, fields, reason, candidates, ...row }) => ({
    ...row,
    ...showRefs({ name, fields, reason, candidates }, names),
  }))
}

/**
 * What is open of a snapshot that decisions are about, by `locationId:kind:lineage`. Locked until the transaction ends.
 */
export async function findConflicts(
  tx: Tx,
  snapshot: SnapshotRow,
  decisions: readonly Omit<ConflictKey, 'snapshotId'>[],
  within: RawBuilder<boolean>,
): Promise<Map<string, Conflict>> {
  const keys = decisions.map((decision) => ({ ...decision, snapshotId: snapshot.id }))
  const rows = await query(
    tx,
    sql<Conflict>`
      select ${COLUMNS} from conflict c
      where (location_id, snapshot_id, kind, lineage) in (select * from ${keysSql(keys)})
        and exists (select 1 from location l where l.id = c.location_id and l.agency_id = ${snapshot.agencyId}
          and l.deleted_at is null and ${within})
      for update of c`,
  )
  return new Map(rows.map((row) => [cursorOf(row), row]))
}

export const cursorOf = ({ locationId, kind, lineage }: Omit<ConflictKey, 'snapshotId'>) =>
  `${locationId}:${kind}:${lineage}`

const keysSql = (keys: readonly ConflictKey[]) =>
  sql`unnest(${texts(keys.map((k) => k.locationId))}, ${texts(keys.map((k) => k.snapshotId))},
    ${texts(keys.map((k) => k.kind))}, ${texts(keys.map((k) => k.lineage))})
    k(location_id, snapshot_id, kind, lineage)`
