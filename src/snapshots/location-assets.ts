import { type RawBuilder, sql } from 'kysely'
import { byFoldedText, holdsText } from '../db/folded-text.ts'
import { type Db, query, queryOne, texts } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { getBlobs, showNames } from '../store/assets/index.ts'
import { diffDocuments, type FieldDiff, type Json } from './diff.ts'
import { completeNames, type RefNames, showRefs } from './ref-names.ts'

export interface ListedAsset {
  kind: string
  id: string
  lineage: string
  name: string
  createdAt: Date
  updatedAt: Date
  /** The push that brought it, or changed it, last; null: none has. */
  pushId: string | null
  snapshotId: string | null
  snapshotName: string | null
  /** Whether it was edited since. */
  isDrifted: boolean
}

export interface AssetPage {
  locationId: string
  kinds: readonly string[]
  /** A part of the name, in any case. */
  search?: string | undefined
  skip: number
  limit: number
}

const SOURCE = sql`coalesce(a.source_push, l.source_push)`

/** Assets of any kinds of a location, by kind and name, with what brought them; and how many there are of each kind. */
export async function listLocationAssets(
  db: Db,
  page: AssetPage,
): Promise<{ assets: ListedAsset[]; counts: Record<string, number> }> {
  const isMeant: RawBuilder<unknown> = sql`a.location_id = ${page.locationId} and a.kind = any(${texts(page.kinds)})
    and ${page.search === undefined ? sql`true` : holdsText(sql`a.name`, page.search)}`
  const assets = await query(
    db,
    sql<ListedAsset>`
      select a.kind, a.id, a.lineage, a.name, a.created_at as "createdAt", a.updated_at as "updatedAt",
        p.id as "pushId", s.id as "snapshotId", s.name as "snapshotName",
        p.id is not null and (a.drift_push is not null or coalesce(l.is_drifted, false)) as "isDrifted"
      from asset a
      left join lateral (
        select n.source_push, n.drift_push is not null as is_drifted from asset_alias n
        where n.location_id = a.location_id and n.kind = a.kind and n.id = a.id and n.base_hash is not null
        order by n.created_at desc limit 1
      ) l on true
      left join push p on p.id = ${SOURCE} left join snapshot s on s.id = p.snapshot_id
      where ${isMeant} order by a.kind, ${byFoldedText(sql`a.name`)}, a.id limit ${page.limit} offset ${page.skip}`,
  )
  const counts = await query(
    db,
    sql<{ kind: string; count: number }>`select a.kind, count(*)::int as count from asset a where ${isMeant}
        group by a.kind order by a.kind`,
  )
  return {
    assets: await showNames(db, page.locationId, assets),
    counts: Object.fromEntries(counts.map(({ kind, count }) => [kind, count])),
  }
}

export interface AssetChangeRef {
  locationId: string
  kind: string
  assetId: string
}

/** The hash of an asset's document as one of its changes left it; null where that was its deletion. */
export async function hashAfter(
  db: Db,
  { locationId, kind, assetId }: AssetChangeRef,
  changeId: string,
): Promise<string | null> {
  const row = await queryOne(
    db,
    sql<{ hash: string | null }>`
      select encode(after_hash, 'hex') as hash from change
      where location_id = ${locationId} and kind = ${kind} and entity_id = ${assetId} and id = ${changeId}`,
  )
  if (row === null) throw new AppError('not_found', { what: `change of ${kind} ${assetId}`, id: changeId })
  return row.hash
}

/** The hash of an asset's document as it is; null where it is no more. */
export async function hashNow(db: Db, { locationId, kind, assetId }: AssetChangeRef): Promise<string | null> {
  const row = await queryOne(
    db,
    sql<{ hash: string }>`select encode(hash, 'hex') as hash from asset
        where location_id = ${locationId} and kind = ${kind} and id = ${assetId}`,
  )
  return row?.hash ?? null
}

/** What differs between two states of an asset of a location. References are shown by name. */
export async function diffStates(
  db: Db,
  locationId: string,
  before: string | null,
  after: string | null,
): Promise<FieldDiff[]> {
  const blobs = await getBlobs(
    db,
    [before, after].filter((hash) => hash !== null),
  )
  const parse = (hash: string | null) => (hash === null ? {} : (JSON.parse(blobs.get(hash)?.text ?? '{}') as Json))
  const fields = before === after ? [] : diffDocuments(parse(before), parse(after))
  const names: RefNames = new Map()
  await completeNames(db, [locationId], names, fields)
  return showRefs(fields, names)
}
