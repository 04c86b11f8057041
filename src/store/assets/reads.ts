import { type RawBuilder, sql } from 'kysely'
import { type Db, json, query, queryOne, texts } from '../../db/pool.ts'
import { queryPlanned } from '../../db/prepared.ts'
import { AppError } from '../../errors.ts'
import { readMarkers } from '../markers.ts'
import { getBlobs } from './blobs.ts'
import { fromPortable } from './from-portable.ts'
import { resolveLineages } from './lineages.ts'
import { nameHolds, showNames } from './names.ts'
import type { AssetDocument, AssetResource } from './resource.ts'
import type { AssetScope } from './scope.ts'

/** A pointer: what the `asset` table says of one asset. */
export interface AssetRow {
  id: string
  lineage: string
  name: string
  hash: string
  baseHash: string | null
  local: Record<string, unknown>
  createdAt: Date
  updatedAt: Date
}

/** An asset as its location sees it. */
export interface Asset extends AssetRow {
  document: AssetDocument
}

export const COLUMNS = sql`id, lineage, name, hash, base_hash as "baseHash", local, created_at as "createdAt",
    updated_at as "updatedAt"`

export interface AssetFilter {
  /** Part of the name, without regard to case. */
  search?: string | undefined
  ids?: readonly string[] | undefined
  limit?: number | undefined
  skip?: number | undefined
}

/** Pointers of one kind, by creation and id. */
export async function listAssetRows(
  db: Db,
  locationId: string,
  kind: string,
  filter: AssetFilter = {},
): Promise<AssetRow[]> {
  const conditions: RawBuilder<unknown>[] = [sql`location_id = ${locationId}`, sql`kind = ${kind}`]
  if (filter.search) conditions.push(await nameHolds(db, locationId, kind, filter.search))
  if (filter.ids) conditions.push(sql`id = any(${texts(filter.ids)})`)
  const rows = await queryPlanned(
    db,
    sql<AssetRow>`
      select ${COLUMNS} from asset where ${sql.join(conditions, sql` and `)}
      order by created_at, id limit ${filter.limit ?? null} offset ${filter.skip ?? 0}`,
  )
  return showNames(db, locationId, rows)
}

export async function countAssets(db: Db, locationId: string, kind: string): Promise<number> {
  const row = await queryOne(
    db,
    sql<{ count: number }>`select count(*) as count from asset where location_id = ${locationId} and kind = ${kind}`,
  )
  return row?.count ?? 0
}

/** Assets with their documents, in the order of `listAssetRows`. Two queries, whatever the number. */
export async function listAssets(
  db: Db,
  resource: AssetResource,
  locationId: string,
  filter: AssetFilter = {},
): Promise<Asset[]> {
  return readDocuments(db, resource, locationId, await listAssetRows(db, locationId, resource.kind, filter))
}

export async function readDocuments(
  db: Db,
  resource: AssetResource,
  locationId: string,
  rows: AssetRow[],
): Promise<Asset[]> {
  if (rows.length === 0) return []
  const blobs = await getBlobs(
    db,
    rows.map((row) => row.hash),
  )
  const locals = rows.map((row) => readMarkers(JSON.stringify(row.local)))
  const texts = [...blobs.values()].map(({ text }) => text)
  const resolver = await resolveLineages(db, locationId, {
    refs: [...[...blobs.values()].flatMap(({ refs }) => refs), ...locals.flatMap(({ refs }) => refs)],
    readParts: () => [...texts.map(readMarkers), ...locals].flatMap(({ parts }) => parts),
  })
  return rows.map((row) => ({
    ...row,
    document: fromPortable({
      resource,
      locationId,
      text: blobs.get(row.hash)?.text ?? '{}',
      local: row.local,
      ...resolver,
    }),
  }))
}

export async function findAsset(
  db: Db,
  resource: AssetResource,
  locationId: string,
  id: string,
): Promise<Asset | null> {
  const rows = await listAssetRows(db, locationId, resource.kind, { ids: [id] })
  return (await readDocuments(db, resource, locationId, rows))[0] ?? null
}

export async function getAsset(db: Db, resource: AssetResource, locationId: string, id: string): Promise<Asset> {
  const asset = await findAsset(db, resource, locationId, id)
  if (asset === null) throw new AppError('not_found', { what: resource.noun, id })
  return asset
}

/**
 * What assets of a kind were in the location, by the hashes that the change log tells. Local values are not among it;
 * they are as given.
 */
export async function readFormer(
  db: Db,
  resource: AssetResource,
  locationId: string,
  hashes: readonly string[],
  local: Record<string, unknown> = {},
): Promise<Map<string, AssetDocument>> {
  const row = {
    id: '',
    lineage: '',
    name: '',
    baseHash: null,
    local,
    createdAt: new Date(0),
    updatedAt: new Date(0),
  }
  const rows = [...new Set(hashes)].map((hash) => ({ ...row, hash }))
  const read = await readDocuments(db, resource, locationId, rows)
  return new Map(read.map(({ hash, document }) => [hash, document]))
}

/** Assets whose local values hold what is asked for of their kind, in any of these locations, in the order of ids. */
export function findByLocal(
  db: Db,
  { locationIds, holding }: { locationIds: readonly string[]; holding: readonly { kind: string; local: object }[] },
): Promise<{ locationId: string; kind: string; id: string }[]> {
  const held = holding.map(({ kind, local }) => sql`(kind = ${kind} and local @> ${json(local)})`)
  return query(
    db,
    sql<{ locationId: string; kind: string; id: string }>`
      select location_id as "locationId", kind, id from asset where location_id = any(${texts(locationIds)})
        and kind = any(${texts(holding.map(({ kind }) => kind))}) and (${sql.join(held, sql` or `)})
      order by location_id, kind, id`,
  )
}

export async function withDocument(scope: AssetScope, resource: AssetResource, row: AssetRow): Promise<Asset> {
  return (await withDocuments(scope, resource, [row]))[0] as Asset
}

export const withDocuments = async (scope: AssetScope, resource: AssetResource, rows: AssetRow[]): Promise<Asset[]> =>
  readDocuments(scope.tx, resource, scope.locationId, await showNames(scope.tx, scope.locationId, rows))

/** An asset as it is stored: references in its document are markers. */
export interface PortableAsset {
  locationId: string
  kind: string
  id: string
  document: AssetDocument
}

/**
 * Assets of some kinds in many locations, by creation, for what reads no reference of theirs. Two statements, whatever
 * the number.
 */
export async function listPortable(
  db: Db,
  kinds: readonly string[],
  locationIds: readonly string[],
): Promise<PortableAsset[]> {
  const rows = await queryPlanned(
    db,
    sql<{ locationId: string; kind: string; id: string; hash: string }>`
      select location_id as "locationId", kind, id, hash from asset
      where location_id = any(${texts(locationIds)}) and kind = any(${texts(kinds)})
      order by location_id, created_at, id`,
  )
  const blobs = await getBlobs(
    db,
    rows.map(({ hash }) => hash),
  )
  return rows.map(({ hash, ...row }) => ({ ...row, document: JSON.parse(blobs.get(hash)?.text ?? '{}') }))
}
