import { type RawBuilder, sql } from 'kysely'
import { bytes, type Db, json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { queryPlanned, run } from '../db/prepared.ts'
import { prepare } from '../db/statements.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { getBlobs, putBlobs } from './blobs.ts'
import { type Author, appendChange, insertChanges, type TimedChange } from './changes.ts'
import { resolveLineages } from './lineages.ts'
import { makeAllPortable, makePortable, readNamed } from './make-portable.ts'
import { readMarkers } from './markers.ts'
import { nameHolds, showNames } from './names.ts'
import { fromPortable, type PortableDocument } from './portable.ts'
import { type AssetDocument, type AssetResource, titleOf } from './resource.ts'

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

/** Where and as whom an asset is written. */
export interface AssetScope {
  tx: Tx
  locationId: string
  author: Author
  /** Kinds whose ids may appear in texts: all that the registry of resources knows. */
  kinds: readonly string[]
}

const COLUMNS = sql`id, lineage, name, hash, base_hash as "baseHash", local, created_at as "createdAt", updated_at as "updatedAt"`

export interface AssetFilter {
  /** Part of the name, without regard to case. */
  search?: string | undefined
  ids?: readonly string[] | undefined
  limit?: number | undefined
  skip?: number | undefined
}

/** Pointers of one kind, by creation and id. */
export async function listAssetRows(db: Db, locationId: string, kind: string, filter: AssetFilter = {}): Promise<AssetRow[]> {
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
  const row = await queryOne(db, sql<{ count: number }>`select count(*) as count from asset where location_id = ${locationId} and kind = ${kind}`)
  return row?.count ?? 0
}

/** Assets with their documents, in the order of `listAssetRows`. Two queries, whatever the number. */
export async function listAssets(db: Db, resource: AssetResource, locationId: string, filter: AssetFilter = {}): Promise<Asset[]> {
  return readDocuments(db, resource, locationId, await listAssetRows(db, locationId, resource.kind, filter))
}

export async function readDocuments(db: Db, resource: AssetResource, locationId: string, rows: AssetRow[]): Promise<Asset[]> {
  if (rows.length === 0) return []
  const blobs = await getBlobs(
    db,
    rows.map((row) => row.hash),
  )
  const refs = rows.flatMap((row) => [...(blobs.get(row.hash)?.refs ?? []), ...readMarkers(JSON.stringify(row.local)).refs])
  const resolver = await resolveLineages(db, locationId, refs)
  return rows.map((row) => ({
    ...row,
    document: fromPortable({ resource, locationId, text: blobs.get(row.hash)?.text ?? '{}', local: row.local, ...resolver }),
  }))
}

export async function findAsset(db: Db, resource: AssetResource, locationId: string, id: string): Promise<Asset | null> {
  const rows = await listAssetRows(db, locationId, resource.kind, { ids: [id] })
  return (await readDocuments(db, resource, locationId, rows))[0] ?? null
}

export async function getAsset(db: Db, resource: AssetResource, locationId: string, id: string): Promise<Asset> {
  const asset = await findAsset(db, resource, locationId, id)
  if (asset === null) throw new AppError('not_found', { what: resource.noun, id })
  return asset
}

/** Assets of a kind whose local values hold this, in any of these locations. */
export function findByLocal(
  db: Db,
  { kind, locationIds, holds }: { kind: string; locationIds: readonly string[]; holds: object },
): Promise<{ locationId: string; id: string }[]> {
  return query(
    db,
    sql<{ locationId: string; id: string }>`
      select location_id as "locationId", id from asset where location_id = any(${texts(locationIds)}) and kind = ${kind} and local @> ${json(holds)}
      order by location_id, id`,
  )
}

/** Which of these natural keys (natural-key.ts) no asset of the kind has. */
export async function missingKeys(db: Db, locationId: string, kind: string, keys: readonly string[]): Promise<string[]> {
  return (await run(db, MISSING_KEYS, [locationId, kind, keys])).map(({ key }) => key)
}

/** One look into the index for each, planned once. */
export const isMissingKey = (location: string, kind: string, key: string) =>
  `(select 1 from asset a where a.location_id = ${location} and a.kind = ${kind} and a.key = ${key} limit 1) is null`

const MISSING_KEYS = prepare<{ key: string }>(`select k.key from unnest($3::text[]) k(key) where ${isMissingKey('$1', '$2', 'k.key')}`)

/** Serialises writers of one location's assets: a push and an edit never interleave. 404 when the location is gone. */
export async function lockLocation(tx: Tx, locationId: string): Promise<void> {
  const row = await queryOne(tx, sql`select 1 from location where id = ${locationId} and deleted_at is null for no key update`)
  if (row === null) throw new AppError('not_found', { what: 'location', id: locationId })
}

/** Stores a new asset. References to ids that are not in the location are refused with 422 and their path. */
export async function createAsset(scope: AssetScope, resource: AssetResource, document: AssetDocument): Promise<Asset> {
  return (await createAssets(scope, resource, [document]))[0] as Asset
}

/** Stores new assets of a kind: the same statements, however many they are. Their keys differ. */
export async function createAssets(scope: AssetScope, resource: AssetResource, documents: readonly AssetDocument[]): Promise<Asset[]> {
  const { tx, locationId, author } = scope
  const { kind } = resource
  await lockLocation(tx, locationId)
  const portables = await makeAllPortable(scope, resource, documents)
  await refuseTakenKeys(scope, resource, documents, portables)
  await putBlobs(tx, portables)
  const made = portables.map((portable) => ({ ...portable, id: newId(resource.idFormat), uniqueKey: resource.unique === null ? null : portable.key }))
  const at = new Date(author.atMs)
  const changes = made.map(({ id, hash, local }): TimedChange => {
    const delta = Object.keys(local).length === 0 ? null : { local: [null, local] }
    return { locationId, kind, entityId: id, op: 'create', beforeHash: null, afterHash: hash, delta, atMs: author.atMs }
  })
  const rows = made.map(({ id, name, key, uniqueKey, hash, local }) => ({ id, name, key, uniqueKey, hash, local }))
  const written = await query(
    tx,
    sql<AssetRow>`
      with written as (
        insert into asset (location_id, kind, id, lineage, name, key, unique_key, hash, base_hash, local, source_push, created_at, updated_at)
        select ${locationId}, ${kind}, r->>'id', r->>'id', r->>'name', r->>'key', r->>'uniqueKey', decode(r->>'hash', 'hex'), null, r->'local', null, ${at}, ${at}
        from jsonb_array_elements(${json(rows)}) r
        returning ${COLUMNS}
      ), told as (${insertChanges(author, changes)})
      select * from written`,
  )
  const byId = new Map((await withDocuments(scope, resource, written)).map((asset) => [asset.id, asset]))
  return made.map(({ id }) => byId.get(id) as Asset)
}

/** Replaces an asset's document by what `edit` makes of it. Writes nothing when nothing changes. */
export async function updateAsset(scope: AssetScope, resource: AssetResource, id: string, edit: (current: Asset) => AssetDocument): Promise<Asset> {
  await lockLocation(scope.tx, scope.locationId)
  const current = await getAsset(scope.tx, resource, scope.locationId, id)
  const author = notBefore(scope.author, current)
  const document = edit(current)
  const portable = await makePortable(scope, resource, document, { id, before: await readNamed(scope.tx, current.hash) })
  const localChanged = JSON.stringify(sorted(portable.local)) !== JSON.stringify(sorted(current.local))
  if (portable.hash === current.hash && !localChanged) return current
  await refuseTakenKey(scope, resource, document, portable.key, id)
  await putBlobs(scope.tx, [portable])
  const row = await queryOne(
    scope.tx,
    sql<AssetRow>`
      with aliases as (
        update asset_alias set hash = ${bytes(portable.hash)} where location_id = ${scope.locationId} and kind = ${resource.kind} and id = ${id}
      )
      update asset set name = ${portable.name}, key = ${portable.key}, unique_key = ${resource.unique === null ? null : portable.key},
        hash = ${bytes(portable.hash)}, local = ${json(portable.local)}, updated_at = ${new Date(author.atMs)}
      where location_id = ${scope.locationId} and kind = ${resource.kind} and id = ${id}
      returning ${COLUMNS}`,
  )
  await appendChange(scope.tx, author, {
    locationId: scope.locationId,
    kind: resource.kind,
    entityId: id,
    op: 'update',
    beforeHash: current.hash,
    afterHash: portable.hash,
    delta: localChanged ? { local: [current.local, portable.local] } : null,
  })
  return withDocument(scope, resource, row as AssetRow)
}

/** Removes an asset. It is remembered: a pushed one was removed on purpose, and whatever comes back comes back as it was known. */
export async function deleteAsset(scope: AssetScope, resource: AssetResource, id: string): Promise<Asset> {
  await lockLocation(scope.tx, scope.locationId)
  const current = await getAsset(scope.tx, resource, scope.locationId, id)
  const author = notBefore(scope.author, current)
  const where = sql`location_id = ${scope.locationId} and kind = ${resource.kind} and id = ${id}`
  const aliases = await query(
    scope.tx,
    sql<{ alias: object }>`select to_jsonb(l) - 'location_id' - 'kind' - 'hash' - 'drift_push' as alias from asset_alias l where ${where}`,
  )
  // Its lineages may have led to another one that is deleted: that is known again once nothing knows this one by them.
  const covers = await query(
    scope.tx,
    sql<{ tombstone: object }>`
      select to_jsonb(z) as tombstone from asset_tombstone z
      where location_id = ${scope.locationId} and kind = ${resource.kind} and id <> ${id}
        and lineage = any(array(select lineage from asset_alias where ${where} union all select lineage from asset where ${where}))`,
  )
  await sql`
    with gone as (delete from asset where ${where} returning *),
      aliases as (delete from asset_alias where ${where} returning lineage, base_hash, source_push, part_aliases)
    insert into asset_tombstone (location_id, kind, lineage, id, name, base_hash, source_push, part_aliases, own_lineage, local, deleted_at)
    select g.location_id, g.kind, l.lineage, g.id, g.name, l.base_hash, l.source_push, l.part_aliases, g.lineage, g.local, ${new Date(author.atMs)}
    from gone g cross join lateral (
      select lineage, base_hash, source_push, part_aliases from aliases
      union all select g.lineage, g.base_hash, g.source_push, g.part_aliases where not exists (select 1 from aliases where lineage = g.lineage)
    ) l
    on conflict (location_id, kind, lineage) do update set id = excluded.id, name = excluded.name, base_hash = excluded.base_hash, source_push = excluded.source_push,
      part_aliases = excluded.part_aliases, own_lineage = excluded.own_lineage, local = excluded.local, deleted_at = excluded.deleted_at`.execute(scope.tx)
  await appendChange(scope.tx, author, {
    locationId: scope.locationId,
    kind: resource.kind,
    entityId: id,
    op: 'delete',
    beforeHash: current.hash,
    afterHash: null,
    delta: {
      local: [current.local, null],
      lineage: current.lineage,
      base: current.baseHash,
      ...(aliases.length === 0 ? {} : { aliases: aliases.map((row) => row.alias) }),
      ...(covers.length === 0 ? {} : { covers: covers.map((row) => row.tombstone) }),
    },
  })
  return current
}

/** Who waited for another writer of an asset comes after it, however early the call began: so its history tells what happened in order. */
const notBefore = (author: Author, { updatedAt }: AssetRow): Author => ({ ...author, atMs: Math.max(author.atMs, updatedAt.getTime() + 1) })

async function withDocument(scope: AssetScope, resource: AssetResource, row: AssetRow): Promise<Asset> {
  return (await withDocuments(scope, resource, [row]))[0] as Asset
}

const withDocuments = async (scope: AssetScope, resource: AssetResource, rows: AssetRow[]): Promise<Asset[]> =>
  readDocuments(scope.tx, resource, scope.locationId, await showNames(scope.tx, scope.locationId, rows))

async function refuseTakenKeys(
  { tx, locationId }: AssetScope,
  resource: AssetResource,
  documents: readonly AssetDocument[],
  portables: readonly PortableDocument[],
): Promise<void> {
  const keys = portables.map(({ key }) => key)
  const wanted = keys.filter((key): key is string => key !== null)
  if (resource.unique === null || wanted.length === 0) return
  const missing = new Set(await missingKeys(tx, locationId, resource.kind, wanted))
  const taken = keys.findIndex((key) => key !== null && !missing.has(key))
  if (taken >= 0) throw new AppError('exists', { what: resource.noun, field: resource.unique, value: titleOf(resource, documents[taken] as AssetDocument) })
}

async function refuseTakenKey(scope: AssetScope, resource: AssetResource, document: AssetDocument, key: string | null, id: string | null): Promise<void> {
  if (resource.unique === null || key === null) return
  const row = await queryOne(
    scope.tx,
    sql`select 1 from asset where location_id = ${scope.locationId} and kind = ${resource.kind} and key = ${key} and id is distinct from ${id} limit 1`,
  )
  if (row !== null) throw new AppError('exists', { what: resource.noun, field: resource.unique, value: titleOf(resource, document) })
}

const sorted = (local: Record<string, unknown>) => Object.entries(local).sort(([a], [b]) => (a < b ? -1 : 1))
