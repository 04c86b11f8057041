import { sql } from 'kysely'
import { type Db, json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { AppError, invalid } from '../errors.ts'
import { newId } from '../ids.ts'
import { storeVersion } from './capture.ts'
import { getSnapshot, insertSnapshot, readEntries, type SnapshotRow } from './snapshots.ts'

export const SHARE_TYPES = ['link', 'permanent_link', 'agency_link', 'location_link'] as const
export type ShareType = (typeof SHARE_TYPES)[number]

export interface ShareRow {
  id: string
  agencyId: string
  snapshotId: string
  shareType: ShareType
  relationshipNumbers: string[] | null
  locationIds: string[] | null
  usedAt: Date | null
  usedBy: string | null
  revokedAt: Date | null
  createdAt: Date
}

const COLUMNS = sql`id, agency_id as "agencyId", snapshot_id as "snapshotId", share_type as "shareType",
  relationship_numbers as "relationshipNumbers", location_ids as "locationIds", used_at as "usedAt", used_by as "usedBy",
  revoked_at as "revokedAt", created_at as "createdAt"`

export interface NewShare {
  snapshot: SnapshotRow
  shareType: ShareType
  relationshipNumbers: readonly string[]
  locationIds: readonly string[]
}

const RELATIONSHIP_NUMBER = /^\d-\d{3}-\d{3}$/
const MOST_LISTED = 1_000

/** Makes a share. Earlier shares of the snapshot keep working. */
export async function createShare(
  tx: Tx,
  { snapshot, shareType, relationshipNumbers, locationIds }: NewShare,
  atMs: number,
): Promise<ShareRow> {
  if (snapshot.type === 'imported') throw new AppError('share_imported')
  const faults: string[] = []
  if (shareType === 'agency_link' && relationshipNumbers.length === 0)
    faults.push('relationship_number should not be empty for an agency_link')
  if (shareType === 'location_link' && locationIds.length === 0)
    faults.push('share_location_id should not be empty for a location_link')
  for (const number of relationshipNumbers)
    if (!RELATIONSHIP_NUMBER.test(number)) faults.push(`relationship_number: ${number} is not of the form X-XXX-XXX`)
  if (relationshipNumbers.length > MOST_LISTED || locationIds.length > MOST_LISTED)
    faults.push(`at most ${MOST_LISTED} agencies or sub-accounts can be listed`)
  if (faults.length > 0) throw invalid(faults.slice(0, 50))
  const row = await queryOne(
    tx,
    sql<ShareRow>`
      insert into share (id, agency_id, snapshot_id, share_type, relationship_numbers, location_ids, created_at)
      values (${newId()}, ${snapshot.agencyId}, ${snapshot.id}, ${shareType},
        ${shareType === 'agency_link' ? texts(relationshipNumbers) : null},
        ${shareType === 'location_link' ? texts(locationIds) : null}, ${new Date(atMs)})
      returning ${COLUMNS}`,
  )
  return row as ShareRow
}

export function listShares(db: Db, agencyId: string, snapshotId?: string): Promise<ShareRow[]> {
  return query(
    db,
    sql<ShareRow>`
      select ${COLUMNS} from share
      where agency_id = ${agencyId} and (${snapshotId ?? null}::text is null or snapshot_id = ${snapshotId ?? null})
      order by created_at, id`,
  )
}

/** Ends a share: nobody imports with it any more, and what was imported is no longer brought up to date. */
export async function revokeShare(tx: Tx, agencyId: string, id: string, atMs: number): Promise<void> {
  const row = await queryOne(
    tx,
    sql`
      update share set revoked_at = coalesce(revoked_at, ${new Date(atMs)})
      where id = ${id} and agency_id = ${agencyId} returning 1`,
  )
  if (row === null) throw new AppError('not_found', { what: 'share', id })
}

/** Takes an end back: the link works as it did. One that was used up stays so. */
export async function reopenShare(tx: Tx, agencyId: string, id: string): Promise<void> {
  const row = await queryOne(
    tx,
    sql`update share set revoked_at = null where id = ${id} and agency_id = ${agencyId} returning 1`,
  )
  if (row === null) throw new AppError('not_found', { what: 'share', id })
}

export function findShare(db: Db, id: string): Promise<ShareRow | null> {
  return queryOne(db, sql<ShareRow>`select ${COLUMNS} from share where id = ${id}`)
}

/** The id in a share link (`...?share=<id>`), or the text itself. */
export function shareIdOf(share: string): string {
  return /[?&]share=([A-Za-z0-9]+)/.exec(share)?.[1] ?? share.trim()
}

/** Why a share cannot be used by anybody any more; null when it can. */
export function refusalOf(share: ShareRow): AppError | null {
  if (share.revokedAt !== null) return new AppError('share_revoked')
  if (share.shareType === 'link' && share.usedAt !== null) return new AppError('share_spent')
  return null
}

/**
 * Imports a shared snapshot as one of this agency's own line, which remembers where it came from. One that is there
 * already stays alone.
 */
export async function importShare(
  tx: Tx,
  options: { agencyId: string; shareId: string },
  atMs: number,
): Promise<{ id: string; isNew: boolean }> {
  const { agencyId, shareId } = options
  const share = await queryOne(tx, sql<ShareRow>`select ${COLUMNS} from share where id = ${shareId} for update`)
  if (share === null) throw new AppError('not_found', { what: 'share', id: shareId })
  const refusal = refusalOf(share)
  const there = await findImport(tx, agencyId, shareId)
  if (refusal !== null)
    throw refusal.code === 'share_spent' && there !== null ? new AppError('share_spent_here', there) : refusal
  const onlyLocations = await checkImporter(tx, share, agencyId)
  if (there !== null) return { id: there.id, isNew: false }
  const publisher = await getSnapshot(tx, share.agencyId, share.snapshotId)
  const id = await insertSnapshot(
    tx,
    {
      agencyId,
      name: publisher.name,
      type: 'imported',
      sourceLocationId: null,
      selection: {},
      origin: {
        shareId,
        snapshotId: publisher.id,
        version: publisher.version,
        publisher: await agencyNameOf(tx, share.agencyId),
      },
      onlyLocations,
    },
    atMs,
  )
  await storeVersion(tx, id, await readEntries(tx, publisher.id, publisher.version), atMs)
  if (share.shareType === 'link')
    await sql`update share set used_at = ${new Date(atMs)}, used_by = ${agencyId} where id = ${shareId}`.execute(tx)
  return { id, isNew: true }
}

function findImport(db: Db, agencyId: string, shareId: string): Promise<{ id: string; name: string } | null> {
  return queryOne(
    db,
    sql<{ id: string; name: string }>`
      select id, name from snapshot where agency_id = ${agencyId} and type = 'imported'
        and origin->>'shareId' = ${shareId} order by created_at, id limit 1`,
  )
}

/** The sub-accounts an import is bound to; null for none. Refuses agencies that the share does not list. */
async function checkImporter(tx: Tx, share: ShareRow, agencyId: string): Promise<string[] | null> {
  if (share.shareType === 'agency_link') {
    const agency = await queryOne(
      tx,
      sql<{
        relationshipNumber: string
      }>`select relationship_number as "relationshipNumber" from agency where id = ${agencyId}`,
    )
    if (agency === null || !share.relationshipNumbers?.includes(agency.relationshipNumber))
      throw new AppError('share_foreign')
  }
  if (share.shareType !== 'location_link') return null
  const own = await query(
    tx,
    sql<{
      id: string
    }>`select id from location where agency_id = ${agencyId} and deleted_at is null
        and id = any(${texts(share.locationIds ?? [])}) order by id`,
  )
  if (own.length === 0) throw new AppError('share_foreign')
  return own.map((row) => row.id)
}

/** Fetches the publisher's newest version into an imported snapshot. Same content: no new version. */
export async function updateImported(tx: Tx, snapshot: SnapshotRow, atMs: number): Promise<{ isNew: boolean }> {
  if (snapshot.origin === null) throw new AppError('snapshot_no_source')
  const share = await findShare(tx, snapshot.origin.shareId)
  // A snapshot takes its shares along when it is deleted.
  if (share === null) throw new AppError('share_withdrawn')
  if (share.revokedAt !== null) throw new AppError('share_revoked')
  await checkImporter(tx, share, snapshot.agencyId)
  const publisher = await getSnapshot(tx, share.agencyId, share.snapshotId)
  const stored = await storeVersion(tx, snapshot.id, await readEntries(tx, publisher.id, publisher.version), atMs)
  await sql`
    update snapshot set origin = jsonb_set(origin, '{version}', to_jsonb(${publisher.version}::int))
      || ${json({ publisher: await agencyNameOf(tx, share.agencyId) })}
    where id = ${snapshot.id}`.execute(tx)
  return stored
}

export async function agencyNameOf(db: Db, agencyId: string): Promise<string> {
  return (await queryOne(db, sql<{ name: string }>`select name from agency where id = ${agencyId}`))?.name ?? ''
}

/**
 * Whose these snapshots are, by their ids: the names of the agencies that shared them. Nothing for those that nobody
 * shared.
 */
export async function publishersOf(db: Db, snapshots: readonly SnapshotRow[]): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  // Those imported before the name was kept ask the share, as long as it is there.
  const asked = new Map<string, string>()
  for (const { id, origin } of snapshots) {
    if (origin?.publisher !== undefined) names.set(id, origin.publisher)
    else if (origin !== null) asked.set(id, origin.shareId)
  }
  if (asked.size === 0) return names
  const rows = await query(
    db,
    sql<{
      id: string
      name: string
    }>`select s.id, a.name from share s join agency a on a.id = s.agency_id
        where s.id = any(${texts([...asked.values()])})`,
  )
  const nameOf = new Map(rows.map((row) => [row.id, row.name]))
  for (const [id, shareId] of asked) if (nameOf.has(shareId)) names.set(id, nameOf.get(shareId) as string)
  return names
}

export interface ShareUse {
  companyName: string
  at: Date
}

/** Who imported with these shares and when, by the share's id, the first one first. */
export async function usesOf(db: Db, shares: readonly ShareRow[]): Promise<Map<string, ShareUse[]>> {
  const rows = await query(
    db,
    sql<ShareUse & { shareId: string }>`
      select u.share_id as "shareId", a.name as "companyName", min(u.at) as at
      from (
        select origin->>'shareId' as share_id, agency_id, created_at as at from snapshot where type = 'imported'
        union all
        select id, used_by, used_at from share where used_by is not null
      ) u join agency a on a.id = u.agency_id
      where u.share_id = any(${texts(shares.map((share) => share.id))})
      group by u.share_id, a.id, a.name order by min(u.at), a.name`,
  )
  return Map.groupBy(rows, (row) => row.shareId)
}
