import { sql } from 'kysely'
import { type Db, json, query, type Tx, texts } from '../db/pool.ts'
import type { Json } from './diff.ts'
import type { AssetName, Take } from './options.ts'
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

/** A conflict that waits for somebody: the target's side stands meanwhile. */
export interface Conflict extends ConflictKey {
  /** The version that met the target's own side. */
  version: number
  pushId: string
  name: string
  reason: string | null
  /** References as markers where they are written, by name where they are listed. */
  fields: ConflictField[]
}

export interface OpenConflict extends Conflict {
  locationName: string
  openedAt: Date
}

/**
 * Notes conflicts, or what they have become: one stands for each asset of a snapshot in a location. `keeps`: fields that are open with the same version stay
 * so, since base and target have met in them and no merge tells of them again; what has a `why` is told whenever it stands.
 */
export async function openConflicts(tx: Tx, conflicts: readonly (Conflict & { keeps?: boolean })[], atMs: number): Promise<void> {
  if (conflicts.length === 0) return
  const keeping = conflicts.filter((conflict) => conflict.keeps)
  await sql`
    insert into conflict (location_id, snapshot_id, kind, lineage, version, push_id, name, fields, reason, opened_at)
    select c->>'locationId', c->>'snapshotId', c->>'kind', c->>'lineage', (c->>'version')::integer, c->>'pushId', c->>'name', c->'fields', c->>'reason', ${new Date(atMs)}
    from jsonb_array_elements(${json(conflicts)}) c
    on conflict (location_id, snapshot_id, kind, lineage) do update set version = excluded.version, push_id = excluded.push_id, name = excluded.name,
      reason = excluded.reason, opened_at = excluded.opened_at, fields = excluded.fields || coalesce((
        select jsonb_agg(f order by n) from jsonb_array_elements(conflict.fields) with ordinality o(f, n)
        where conflict.version = excluded.version and not f ? 'why' and not exists (select 1 from jsonb_array_elements(excluded.fields) told where told->'path' = f->'path')
          and (excluded.location_id, excluded.kind, excluded.lineage) in (select * from unnest(${texts(keeping.map((c) => c.locationId))}, ${texts(keeping.map((c) => c.kind))}, ${texts(keeping.map((c) => c.lineage))}))
        ), '[]')`.execute(tx)
}

/** Removes conflicts that are none any more. Keys that are not open are passed over. */
export async function settleConflicts(tx: Tx, keys: readonly ConflictKey[]): Promise<void> {
  if (keys.length === 0) return
  await sql`
    delete from conflict c using ${keysSql(keys)}
    where c.location_id = k.location_id and c.snapshot_id = k.snapshot_id and c.kind = k.kind and c.lineage = k.lineage`.execute(tx)
}

/** With which version a conflict is open: `location/kind/lineage` -> version. */
export async function openVersions(db: Db, snapshotId: string, locationIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await query(
    db,
    sql<ConflictKey & { version: number }>`
      select location_id as "locationId", kind, lineage, version from conflict where snapshot_id = ${snapshotId} and location_id = any(${texts(locationIds)})`,
  )
  return new Map(rows.map((row) => [`${row.locationId}/${row.kind}/${row.lineage}`, row.version]))
}

export interface ConflictPage {
  locationId?: string | undefined
  kind?: string | undefined
  limit: number
  /** `locationId:kind:lineage` of the last conflict of the page before. */
  after?: string | undefined
}

const COLUMNS = sql`c.location_id as "locationId", c.snapshot_id as "snapshotId", c.kind, c.lineage, c.version, c.push_id as "pushId", c.name, c.fields, c.reason`

/** Open conflicts of a snapshot in the sub-accounts that are there, by location, kind and lineage. References are shown by name. */
export async function listConflicts(db: Db, snapshot: SnapshotRow, page: ConflictPage): Promise<OpenConflict[]> {
  const [location = '', kind = '', lineage = ''] = (page.after ?? '').split(':')
  const rows = await query(
    db,
    sql<OpenConflict>`
      select ${COLUMNS}, l.name as "locationName", c.opened_at as "openedAt"
      from conflict c join location l on l.id = c.location_id and l.agency_id = ${snapshot.agencyId} and l.deleted_at is null
      where c.snapshot_id = ${snapshot.id} and (c.location_id, c.kind, c.lineage) > (${location}, ${kind}, ${lineage})
        and (${page.locationId ?? null}::text is null or c.location_id = ${page.locationId ?? null})
        and (${page.kind ?? null}::text is null or c.kind = ${page.kind ?? null})
      order by c.location_id, c.kind, c.lineage limit ${page.limit}`,
  )
  const names: RefNames = await namesOfEntries(
    db,
    snapshot.id,
    rows.map(({ name, fields }) => [name, fields]),
  )
  const locationIds = [...new Set(rows.map((row) => row.locationId))]
  await completeNames(db, locationIds, names, rows)
  await completeParts(db, { snapshotId: snapshot.id, locationIds }, { names, value: rows.map((row) => row.fields) })
  return rows.map((row) => ({ ...row, ...showRefs({ name: row.name, fields: row.fields }, names) }))
}

/** The open conflicts of a snapshot that decisions are about, by `locationId:kind:lineage`. Locked until the transaction ends. */
export async function findConflicts(tx: Tx, snapshot: SnapshotRow, takes: readonly Take[]): Promise<Map<string, Conflict>> {
  const keys = takes.map((take) => ({ ...take, snapshotId: snapshot.id }))
  const rows = await query(
    tx,
    sql<Conflict>`
      select ${COLUMNS} from conflict c where (location_id, snapshot_id, kind, lineage) in (select * from ${keysSql(keys)})
        and exists (select 1 from location l where l.id = c.location_id and l.agency_id = ${snapshot.agencyId} and l.deleted_at is null)
      for update of c`,
  )
  return new Map(rows.map((row) => [cursorOf(row), row]))
}

export const cursorOf = ({ locationId, kind, lineage }: Omit<ConflictKey, 'snapshotId'>) => `${locationId}:${kind}:${lineage}`

const keysSql = (keys: readonly ConflictKey[]) =>
  sql`unnest(${texts(keys.map((k) => k.locationId))}, ${texts(keys.map((k) => k.snapshotId))}, ${texts(keys.map((k) => k.kind))}, ${texts(keys.map((k) => k.lineage))})
    k(location_id, snapshot_id, kind, lineage)`
