import { sql } from 'kysely'
import { type Db, queryOne } from '../../db/pool.ts'
import { run } from '../../db/prepared.ts'
import { prepare } from '../../db/statements.ts'
import { AppError } from '../../errors.ts'
import type { PortableDocument } from './portable.ts'
import { type AssetDocument, type AssetResource, titleOf } from './resource.ts'
import type { AssetScope } from './scope.ts'

/** Which of these natural keys (natural-key.ts) no asset of the kind has. */
export async function missingKeys(
  db: Db,
  locationId: string,
  kind: string,
  keys: readonly string[],
): Promise<string[]> {
  return (await run(db, MISSING_KEYS, [locationId, kind, keys])).map(({ key }) => key)
}

/** One look into the index for each, planned once. */
export const isMissingKey = (location: string, kind: string, key: string) =>
  `(select 1 from asset a where a.location_id = ${location} and a.kind = ${kind} and a.key = ${key} limit 1) is null`

const MISSING_KEYS = prepare<{ key: string }>(
  `select k.key from unnest($3::text[]) k(key) where ${isMissingKey('$1', '$2', 'k.key')}`,
)

export async function refuseTakenKeys(
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
  if (taken >= 0)
    throw new AppError('exists', {
      what: resource.noun,
      field: resource.unique,
      value: titleOf(resource, documents[taken] as AssetDocument),
    })
}

export async function refuseTakenKey(
  scope: AssetScope,
  resource: AssetResource,
  document: AssetDocument,
  key: string | null,
  id: string | null,
): Promise<void> {
  if (resource.unique === null || key === null) return
  const row = await queryOne(
    scope.tx,
    sql`select 1 from asset where location_id = ${scope.locationId} and kind = ${resource.kind} and key = ${key}
        and id is distinct from ${id} limit 1`,
  )
  if (row !== null)
    throw new AppError('exists', { what: resource.noun, field: resource.unique, value: titleOf(resource, document) })
}
