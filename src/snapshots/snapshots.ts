import { type RawBuilder, sql } from 'kysely'
import { byFoldedText } from '../db/folded-text.ts'
import { type Db, json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { queryPlanned } from '../db/prepared.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { readMarkers } from '../store/markers.ts'
import { captureEntries, type Entry, type Selection, storeVersion } from './capture.ts'

export interface SnapshotRow {
  id: string
  agencyId: string
  name: string
  type: 'own' | 'imported'
  sourceLocationId: string | null
  selection: Selection
  version: number
  /** Of an import by share; `publisher`: the name of the agency that shared it. */
  origin: { shareId: string; snapshotId: string; version: number; publisher?: string } | null
  onlyLocations: string[] | null
  createdAt: Date
  updatedAt: Date
}

export interface VersionRow {
  version: number
  root: string
  createdAt: Date
  counts: Record<string, number>
  /** What people call it, and what they noted about it. */
  name: string | null
  note: string | null
}

const COLUMNS = sql`id, agency_id as "agencyId", name, type, source_location_id as "sourceLocationId", selection,
  version, origin, only_locations as "onlyLocations", created_at as "createdAt", updated_at as "updatedAt"`
const VERSION_COLUMNS = sql`version, root, created_at as "createdAt", counts, name, note`

export interface NewSnapshot {
  agencyId: string
  name: string
  type: 'own' | 'imported'
  sourceLocationId: string | null
  selection: Selection
  origin?: SnapshotRow['origin']
  onlyLocations?: readonly string[] | null
}

/** Stores an empty snapshot line; `storeVersion` gives it its first version. */
export async function insertSnapshot(tx: Tx, options: NewSnapshot, atMs: number): Promise<string> {
  const id = newId()
  await sql`
    insert into snapshot (id, agency_id, name, type, source_location_id, selection, version, origin, only_locations,
      created_at, updated_at)
    values (${id}, ${options.agencyId}, ${options.name}, ${options.type}, ${options.sourceLocationId},
      ${json(options.selection)}, 0, ${options.origin ? json(options.origin) : null}, ${options.onlyLocations ?? null},
      ${new Date(atMs)}, ${new Date(atMs)})`.execute(tx)
  return id
}

/** Captures a location as a new snapshot. */
export async function createSnapshot(
  tx: Tx,
  options: { agencyId: string; name: string; locationId: string; selection: Selection },
  atMs: number,
): Promise<string> {
  const entries = await captureEntries(tx, options.locationId, options.selection)
  const id = await insertSnapshot(tx, { ...options, type: 'own', sourceLocationId: options.locationId }, atMs)
  await storeVersion(tx, id, entries, atMs)
  return id
}

/** Captures the source again. Same content: no new version. */
export async function recapture(tx: Tx, snapshot: SnapshotRow, atMs: number): Promise<{ isNew: boolean }> {
  if (snapshot.sourceLocationId === null) throw new AppError('snapshot_no_source')
  const source = await queryOne(
    tx,
    sql`
      select 1 from location
      where id = ${snapshot.sourceLocationId} and agency_id = ${snapshot.agencyId} and deleted_at is null`,
  )
  if (source === null) throw new AppError('snapshot_source_gone', { locationId: snapshot.sourceLocationId })
  const entries = await captureEntries(tx, snapshot.sourceLocationId, await stillThere(tx, snapshot))
  return storeVersion(tx, snapshot.id, entries, atMs)
}

/** Chosen assets that were deleted since are left out: that is how a deletion gets into the next version. */
async function stillThere(tx: Tx, snapshot: SnapshotRow): Promise<Selection> {
  const { kinds, assets } = snapshot.selection
  if (assets === undefined) return { kinds }
  const rows = await query(
    tx,
    sql<{ kind: string; id: string }>`
      select a.kind, a.id from jsonb_to_recordset(${json(assets)}) c(kind text, id text)
      join asset a on a.location_id = ${snapshot.sourceLocationId} and a.kind = c.kind and a.id = c.id`,
  )
  return { kinds: kinds ?? [], assets: rows }
}

/** A snapshot in a list: with what its newest version holds. */
export type ListedSnapshot = SnapshotRow & { counts: Record<string, number>; versionName: string | null }

export function listSnapshots(db: Db, agencyId: string): Promise<ListedSnapshot[]> {
  return query(
    db,
    sql<ListedSnapshot>`
      select s.*, coalesce(v.counts, '{}') as counts, v.name as "versionName"
      from (select ${COLUMNS} from snapshot where agency_id = ${agencyId}) s
      left join snapshot_version v on v.snapshot_id = s.id and v.version = s.version order by s."createdAt", s.id`,
  )
}

/** Newest first. */
export function listVersions(db: Db, snapshotId: string): Promise<VersionRow[]> {
  return query(
    db,
    sql<VersionRow>`
      select ${VERSION_COLUMNS} from snapshot_version where snapshot_id = ${snapshotId} order by version desc`,
  )
}

/**
 * The snapshot of this agency; 404 for anybody else's. `lock`: nobody else adds a version or deletes it meanwhile;
 * `share`: nobody deletes it.
 */
export async function getSnapshot(
  db: Db,
  agencyId: string,
  id: string,
  options: { lock?: boolean | 'share' } = {},
): Promise<SnapshotRow> {
  const lock: RawBuilder<unknown> = options.lock === 'share' ? sql`for share` : options.lock ? sql`for update` : sql``
  const row = await queryOne(
    db,
    sql<SnapshotRow>`select ${COLUMNS} from snapshot where id = ${id} and agency_id = ${agencyId} ${lock}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'snapshot', id })
  return row
}

export async function getVersion(db: Db, snapshot: SnapshotRow, version: number | undefined): Promise<VersionRow> {
  const wanted = version ?? snapshot.version
  const row = await queryOne(
    db,
    sql<VersionRow>`
      select ${VERSION_COLUMNS} from snapshot_version where snapshot_id = ${snapshot.id} and version = ${wanted}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'version', id: `${wanted} of snapshot ${snapshot.id}` })
  return row
}

export async function renameSnapshot(tx: Tx, snapshot: SnapshotRow, name: string, atMs: number): Promise<void> {
  await sql`update snapshot set name = ${name}, updated_at = ${new Date(atMs)} where id = ${snapshot.id}`.execute(tx)
}

/** Names a version, or notes something about it; what is undefined stays as it is. */
export async function describeVersion(
  tx: Tx,
  snapshot: SnapshotRow,
  version: number,
  { name, note }: { name?: string | null | undefined; note?: string | null | undefined },
): Promise<VersionRow> {
  const row = await queryOne(
    tx,
    sql<VersionRow>`
      update snapshot_version set name = case when ${name !== undefined}::boolean then ${name ?? null} else name end,
        note = case when ${note !== undefined}::boolean then ${note ?? null} else note end
      where snapshot_id = ${snapshot.id} and version = ${version} returning ${VERSION_COLUMNS}`,
  )
  if (row === null) throw new AppError('not_found', { what: 'version', id: `${version} of snapshot ${snapshot.id}` })
  return row
}

/** Reports of pushes are read from the versions that were pushed: these outlive their snapshot. */
const wasPushed = async (tx: Tx, snapshotId: string) =>
  (await queryOne(tx, sql`select 1 from push where snapshot_id = ${snapshotId} limit 1`)) !== null

/**
 * Removes a snapshot with its versions and shares. What it brought to locations stays there, and its pushes stay
 * readable.
 */
export async function deleteSnapshot(tx: Tx, snapshot: SnapshotRow): Promise<void> {
  const running = await queryOne(
    tx,
    sql`select 1 from push where snapshot_id = ${snapshot.id} and state in ('pending', 'processing') limit 1`,
  )
  if (running !== null) throw new AppError('snapshot_in_use')
  const tables = (await wasPushed(tx, snapshot.id))
    ? ['share', 'conflict', 'conflict_change']
    : ['share', 'conflict', 'conflict_change', 'snapshot_entry', 'snapshot_version']
  for (const table of tables) await sql`delete from ${sql.table(table)} where snapshot_id = ${snapshot.id}`.execute(tx)
  await sql`delete from location_applied where snapshot_id = ${snapshot.id}`.execute(tx)
  await sql`delete from snapshot where id = ${snapshot.id}`.execute(tx)
}

export interface EntryPage {
  kind?: string | undefined
  limit: number
  /** `kind:lineage` of the last entry of the page before. */
  after?: string | undefined
}

export function listEntries(db: Db, snapshotId: string, version: number, page: EntryPage): Promise<Entry[]> {
  const after = page.after ?? ''
  const colon = after.indexOf(':')
  return query(
    db,
    sql<Entry>`
      select kind, lineage, name, key, hash, dependency from snapshot_entry
      where snapshot_id = ${snapshotId} and version = ${version}
        and (${page.kind ?? null}::text is null or kind = ${page.kind ?? null})
        and (kind, lineage) > (${after.slice(0, Math.max(colon, 0))}, ${after.slice(colon + 1)})
      order by kind, lineage limit ${page.limit}`,
  )
}

/** All entries of a version, of some kinds if given. */
export function readEntries(db: Db, snapshotId: string, version: number, kinds?: readonly string[]): Promise<Entry[]> {
  return queryPlanned(
    db,
    sql<Entry>`
      select kind, lineage, name, key, hash, dependency from snapshot_entry
      where snapshot_id = ${snapshotId} and version = ${version}
        and (${kinds === undefined}::boolean or kind = any(${(kinds ?? []) as string[]}::text[]))
      order by kind, lineage`,
  )
}

/** The first few of each kind by name, to give an idea of what a version holds. */
export function sampleEntries(db: Db, snapshotId: string, version: number, most: number): Promise<Entry[]> {
  return queryPlanned(
    db,
    sql<Entry>`
      select kind, lineage, name, key, hash, dependency from (
        select e.*, row_number() over (partition by kind order by ${byFoldedText(sql`name`)}, lineage) as place from snapshot_entry e
        where snapshot_id = ${snapshotId} and version = ${version}
      ) e where place <= ${most} order by kind, place`,
  )
}

export async function getEntry(
  db: Db,
  snapshotId: string,
  version: number,
  kind: string,
  lineage: string,
): Promise<Entry> {
  const row = await queryOne(
    db,
    sql<Entry>`select kind, lineage, name, key, hash, dependency from snapshot_entry
      where snapshot_id = ${snapshotId} and version = ${version} and kind = ${kind} and lineage = ${lineage}`,
  )
  if (row === null) throw new AppError('not_found', { what: `${kind} asset`, id: lineage })
  return row
}

/** Names of what the markers in `value` refer to, from any version of the snapshot: the newest name counts. */
export async function namesOfEntries(db: Db, snapshotId: string, value: unknown): Promise<Map<string, string>> {
  const refs = readMarkers(JSON.stringify(value) ?? '').refs
  if (refs.length === 0) return new Map()
  const rows = await query(
    db,
    sql<{ ref: string; name: string }>`
      select distinct on (e.kind, e.lineage) e.kind || ':' || e.lineage as ref, e.name
      from unnest(${texts(refs)}) r(ref)
      join snapshot_entry e on e.snapshot_id = ${snapshotId} and e.kind = split_part(r.ref, ':', 1)
        and e.lineage = split_part(r.ref, ':', 2)
      order by e.kind, e.lineage, e.version desc`,
  )
  return new Map(rows.map(({ ref, name }) => [ref, name]))
}

/** What other versions held, chosen or brought along, and this one does not. */
export function readGoneEntries(
  db: Db,
  snapshotId: string,
  version: number,
): Promise<{ kind: string; lineage: string }[]> {
  return query(
    db,
    sql<{ kind: string; lineage: string }>`
      select kind, lineage from snapshot_entry where snapshot_id = ${snapshotId} and version <> ${version}
      except select kind, lineage from snapshot_entry where snapshot_id = ${snapshotId} and version = ${version}`,
  )
}

/** Kinds of which other versions chose something that this one does not hold. */
export async function readGoneKinds(db: Db, snapshotId: string, version: number): Promise<string[]> {
  const rows = await query(
    db,
    sql<{ kind: string }>`
      select distinct kind from (
        select kind, lineage from snapshot_entry where snapshot_id = ${snapshotId} and version <> ${version}
          and not dependency
        except select kind, lineage from snapshot_entry where snapshot_id = ${snapshotId} and version = ${version}
      ) gone`,
  )
  return rows.map((row) => row.kind)
}
