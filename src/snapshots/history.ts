import { sql } from 'kysely'
import { type Db, queryOne } from '../db/pool.ts'
import { AppError } from '../errors.ts'
import { getBlobs } from '../store/assets/index.ts'
import { listChanges } from '../store/changes/index.ts'
import { readMarkers } from '../store/markers.ts'
import { diffDocuments, type FieldDiff, type Json } from './diff.ts'
import { addLabels, completeParts, findLostParts, type PartNames } from './part-names.ts'
import { completeNames, type RefNames, showRefs } from './ref-names.ts'

/** Whatever stands in it now, or stood in it once, is known by the location itself. */
const OF_NO_SNAPSHOT = ''

export interface HistoryEntry {
  id: string
  at: Date
  op: string
  /** `token:<id>`, `push:<id>` or `system`. */
  actor: string
  cause: string | null
  /** What it changed in the document. */
  fields: FieldDiff[]
  /** What it changed of the location's own values: before and after. */
  local: unknown
}

export interface HistoryPage {
  locationId: string
  kind: string
  assetId: string
  limit: number
  /** Id of the last change of the page before. */
  before?: string | undefined
  /** Of the kind of the asset: which kinds hold the parts that it names. */
  partKinds: readonly string[]
}

/** What happened to one asset of a location, newest first, from the change log. */
export async function readHistory(db: Db, page: HistoryPage): Promise<HistoryEntry[]> {
  const changes = await listChanges(db, { ...page, entityId: page.assetId })
  if (changes.length === 0 && page.before === undefined)
    throw new AppError('not_found', { what: `history of ${page.kind}`, id: page.assetId })
  const blobs = await getBlobs(
    db,
    changes.flatMap(({ beforeHash, afterHash }) => [beforeHash, afterHash].filter((hash) => hash !== null)),
  )
  const parts: PartNames = new Map()
  const parse = (hash: string | null) => {
    const document = hash === null ? {} : (JSON.parse(blobs.get(hash)?.text ?? '{}') as Json)
    addLabels(parts, document, { kind: page.kind, name: '' })
    return document
  }
  const entries = changes.map(({ id, at, op, actor, cause, beforeHash, afterHash, delta }) => ({
    id,
    at,
    op,
    actor,
    cause,
    fields: beforeHash === afterHash ? [] : diffDocuments(parse(beforeHash), parse(afterHash)),
    local: delta?.local ?? null,
  }))
  const names: RefNames = new Map()
  const locationIds = [page.locationId]
  const value = entries.map(({ fields, local }) => ({ fields, local }))
  await completeNames(db, locationIds, names, value)
  await completeParts(db, { snapshotId: OF_NO_SNAPSHOT, locationIds }, { names, value, parts })
  const lost = readMarkers(JSON.stringify(value)).parts.filter((part) => !parts.has(part))
  const { locationId, partKinds: kinds } = page
  for (const [part, { noun, label }] of await findLostParts(db, { locationId, kinds }, lost))
    names.set(`.${part}`, `${noun}: ${label}`)
  return entries.map((entry) => ({
    ...entry,
    fields: showRefs(entry.fields, names),
    local: showRefs(entry.local, names),
  }))
}

/** The id that an asset of a snapshot has, or had, in a location. An alias goes before the own lineage. */
export async function findIdOf(db: Db, locationId: string, kind: string, lineage: string): Promise<string> {
  const row = await queryOne(
    db,
    sql<{ id: string }>`
      select id from (
        select 1 as rank, id from asset_alias where location_id = ${locationId} and kind = ${kind}
          and lineage = ${lineage}
        union all select 2, id from asset where location_id = ${locationId} and kind = ${kind} and lineage = ${lineage}
        union all select 3, id from asset_tombstone where location_id = ${locationId} and kind = ${kind}
          and lineage = ${lineage}
      ) known order by rank limit 1`,
  )
  if (row === null) throw new AppError('not_found', { what: `${kind} asset`, id: lineage })
  return row.id
}
