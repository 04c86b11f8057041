import { type RawBuilder, sql } from 'kysely'
import { type Db, query, type Tx, texts } from '../db/pool.ts'
import { withTargetsNow } from './conflicts-now.ts'
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
  /** As people read it, with parts by what they were called then. */
  path: string
  /** The same by identity, where it leads through parts; people are not shown it. */
  at?: string
  base?: Json
  target?: Json
  source?: Json
  /** What stands in the way, where it is not what the other side says. */
  why?: string
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
 * References are shown by name, and the target's side as it is by now.
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
  return showConflicts(db, snapshot, await withTargetsNow(db, rows))
}

/** With references and parts as people read them. What they mean by identity stays as it is stored. */
async function showConflicts<C extends Conflict>(db: Db, snapshot: SnapshotRow, rows: readonly C[]): Promise<C[]> {
  const names: RefNames = await namesOfEntries(db, snapshot.id, rows)
  const locationIds = [...new Set(rows.map((row) => row.locationId))]
  const shown = rows.map(({ name, fields, reason, candidates }) => ({
    ...{ name, reason, candidates },
    fields: fields.map(({ at: _, ...field }) => field),
  }))
  await completeNames(db, locationIds, names, shown)
  await completeParts(db, { snapshotId: snapshot.id, locationIds }, { names, value: shown.map(({ fields }) => fields) })
  return rows.map((row, index) => {
    const { fields, ...more } = showRefs(shown[index] as (typeof shown)[number], names)
    const ats = row.fields.map(({ at }) => (at === undefined ? {} : { at }))
    return { ...row, ...more, fields: fields.map((field, n) => ({ ...field, ...ats[n] })) }
  })
}

/**
 * What is open of a snapshot that decisions are about, as people read it, by `locationId:kind:lineage`. Locked until the
 * transaction ends.
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
  return new Map((await showConflicts(tx, snapshot, rows)).map((row) => [cursorOf(row), row]))
}

export const cursorOf = ({ locationId, kind, lineage }: Omit<ConflictKey, 'snapshotId'>) =>
  `${locationId}:${kind}:${lineage}`

const keysSql = (keys: readonly ConflictKey[]) =>
  sql`unnest(${texts(keys.map((k) => k.locationId))}, ${texts(keys.map((k) => k.snapshotId))},
    ${texts(keys.map((k) => k.kind))}, ${texts(keys.map((k) => k.lineage))})
    k(location_id, snapshot_id, kind, lineage)`
