import { sql } from 'kysely'
import { bytes, json, query, queryOne } from '../../db/pool.ts'
import { newId } from '../../ids.ts'
import { appendChange, insertChanges, type TimedChange } from '../changes/index.ts'
import { refuseChanged } from '../precondition.ts'
import { putBlobs } from './blobs.ts'
import { refuseTakenKey, refuseTakenKeys } from './keys.ts'
import { type LocalValues, unseenIn } from './local-values.ts'
import { makeAllPortable, makePortable, readNamed } from './make-portable.ts'
import { type Asset, type AssetRow, COLUMNS, getAsset, withDocument, withDocuments } from './reads.ts'
import type { AssetDocument, AssetResource } from './resource.ts'
import { revisionOf } from './revision.ts'
import { type AssetScope, lockLocation, notBefore } from './scope.ts'

/** Stores a new asset. References to ids that are not in the location are refused with 422 and their path. */
export async function createAsset(scope: AssetScope, resource: AssetResource, document: AssetDocument): Promise<Asset> {
  return (await createAssets(scope, resource, [document]))[0] as Asset
}

/** Stores new assets of a kind: the same statements, however many they are. Their keys differ. */
export async function createAssets(
  scope: AssetScope,
  resource: AssetResource,
  documents: readonly AssetDocument[],
): Promise<Asset[]> {
  const { tx, locationId, author } = scope
  const { kind } = resource
  await lockLocation(tx, locationId)
  const portables = await makeAllPortable(scope, resource, documents)
  await refuseTakenKeys(scope, resource, documents, portables)
  await putBlobs(tx, portables)
  const made = portables.map((portable) => ({
    ...portable,
    id: newId(resource.idFormat),
    uniqueKey: resource.unique === null ? null : portable.key,
  }))
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
        insert into asset (location_id, kind, id, lineage, name, key, unique_key, hash, base_hash, local, source_push,
          created_at, updated_at)
        select ${locationId}, ${kind}, r->>'id', r->>'id', r->>'name', r->>'key', r->>'uniqueKey',
          decode(r->>'hash', 'hex'), null, r->'local', null, ${at}, ${at}
        from jsonb_array_elements(${json(rows)}) r
        returning ${COLUMNS}
      ), told as (${insertChanges(author, changes)})
      select * from written`,
  )
  const byId = new Map((await withDocuments(scope, resource, written)).map((asset) => [asset.id, asset]))
  return made.map(({ id }) => byId.get(id) as Asset)
}

/**
 * Replaces an asset's document by what `edit` makes of it. Writes nothing when nothing changes. Throws
 * `changed_meanwhile` where it is not as the scope's precondition says.
 */
export async function updateAsset(
  scope: AssetScope,
  resource: AssetResource,
  id: string,
  edit: (current: Asset) => AssetDocument,
): Promise<Asset> {
  await lockLocation(scope.tx, scope.locationId)
  const current = await getAsset(scope.tx, resource, scope.locationId, id)
  refuseChanged(scope.precondition, resource, { id, revision: () => revisionOf(current) })
  const author = notBefore(scope.author, current)
  const document = edit(current)
  const before = await readNamed(scope.tx, current.hash)
  const made = await makePortable(scope, resource, document, { id, before })
  const portable = { ...made, local: { ...unseenAlike(current.local, before.text, made.text), ...made.local } }
  const localChanged = JSON.stringify(sorted(portable.local)) !== JSON.stringify(sorted(current.local))
  if (portable.hash === current.hash && !localChanged) return current
  await refuseTakenKey(scope, resource, document, portable.key, id)
  await putBlobs(scope.tx, [portable])
  const row = await queryOne(
    scope.tx,
    sql<AssetRow>`
      with aliases as (
        update asset_alias set hash = ${bytes(portable.hash)} where location_id = ${scope.locationId}
          and kind = ${resource.kind} and id = ${id}
      )
      update asset set name = ${portable.name}, key = ${portable.key},
        unique_key = ${resource.unique === null ? null : portable.key},
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

/**
 * Values of elements that neither document has: a push has taken them away, and they are there again should it be
 * undone. Whoever saves meanwhile has not seen them.
 */
function unseenAlike(local: LocalValues, before: string, after: string): LocalValues {
  const unseen = pick(local, unseenIn(before, local))
  return pick(unseen, unseenIn(after, unseen))
}

const pick = (local: LocalValues, paths: readonly string[]): LocalValues =>
  Object.fromEntries(paths.map((path) => [path, local[path]]))

const sorted = (local: Record<string, unknown>) => Object.entries(local).sort(([a], [b]) => (a < b ? -1 : 1))
