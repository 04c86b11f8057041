import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { bytes, type Db, json, query, queryOne, type Tx, texts } from '../db/pool.ts'
import { invalid } from '../errors.ts'
import { type Blob, getBlobs, type NewBlob, putBlobs } from '../store/assets/index.ts'
import { readMarkers } from '../store/markers.ts'
import { toBlob } from './combine.ts'
import { loadNames } from './load-names.ts'
import { toCanonical } from './names.ts'

/** What a snapshot takes: everything, whole kinds, single assets; always with what they refer to. */
export interface Selection {
  kinds?: readonly string[] | undefined
  assets?: readonly { kind: string; id: string }[] | undefined
}

export interface Entry {
  kind: string
  lineage: string
  name: string
  key: string | null
  hash: string
  /** Not chosen itself, but referred to by something that was. */
  dependency: boolean
}

export interface Pointer extends Entry {
  id: string
  /** Of a dependency: one that refers to it. */
  neededBy?: Pointer
}

/**
 * The entries of a location at one moment: all pointers come from one statement, each by its asset's own lineage,
 * whatever was matched to it. Documents are not copied, except for those that name something by a lineage from before
 * it was matched.
 */
export async function captureEntries(tx: Tx, locationId: string, selection: Selection): Promise<Entry[]> {
  const { pointers, renamed } = await selectAssets(tx, locationId, selection)
  await putBlobs(tx, [...renamed.values()])
  return pointers.map(toEntry)
}

/** The same for whoever only reads: nothing is written, and documents that nobody has stored come along by their hashes. */
export async function readPresent(
  db: Db,
  locationId: string,
  selection: Selection,
): Promise<{ entries: Entry[]; texts: Map<string, string> }> {
  const { pointers, renamed } = await selectAssets(db, locationId, selection)
  return { entries: pointers.map(toEntry), texts: new Map([...renamed].map(([hash, { text }]) => [hash, text])) }
}

const toEntry = ({ id: _, neededBy: __, ...entry }: Pointer): Entry => entry

type Renamed = ReadonlyMap<string, NewBlob>

/** The assets that a capture would take, by kind and lineage, and those of their documents that it would store. */
export async function selectAssets(
  db: Db,
  locationId: string,
  selection: Selection,
): Promise<{ pointers: Pointer[]; renamed: Renamed }> {
  const all = await query(
    db,
    sql<Pointer>`
      select kind, id, lineage, name, key, hash, false as dependency from asset
      where location_id = ${locationId}`,
  )
  const known = await renameReferences(db, locationId, all)
  const pointers = await withClosure(db, { pointers: all, renamed: known }, selection)
  const taken = new Set(pointers.map(({ hash }) => hash))
  return { pointers, renamed: new Map([...known].filter(([hash]) => taken.has(hash))) }
}

async function renameReferences(db: Db, locationId: string, pointers: Pointer[]): Promise<Renamed> {
  const renamed = new Map<string, NewBlob>()
  const names = await loadNames(db, [locationId])
  if (names.isPlain(locationId) || pointers.length === 0) return renamed
  const blobs = await getBlobs(
    db,
    pointers.map((pointer) => pointer.hash),
  )
  for (const pointer of pointers) {
    const { text } = blobs.get(pointer.hash) as { text: string }
    const internal = names.internal(locationId, text)
    if (internal === text) continue
    const canonical = toCanonical(internal)
    renamed.set(canonical.hash, toBlob(canonical.text, canonical.hash))
    pointer.hash = canonical.hash
  }
  return renamed
}

interface Candidates {
  pointers: Pointer[]
  renamed: Renamed
}

async function withClosure(
  db: Db,
  { pointers, renamed }: Candidates,
  { kinds, assets }: Selection,
): Promise<Pointer[]> {
  const byId = new Map(pointers.map((pointer) => [`${pointer.kind}:${pointer.id}`, pointer]))
  const chosen =
    kinds === undefined && assets === undefined ? pointers : pointers.filter((pointer) => kinds?.includes(pointer.kind))
  const taken = new Map(chosen.map((pointer) => [`${pointer.kind}:${pointer.lineage}`, pointer]))
  const faults: string[] = []
  for (const [index, { kind, id }] of (assets ?? []).entries()) {
    const pointer = byId.get(`${kind}:${id}`)
    if (pointer === undefined)
      faults.push(`assets[${index}].id: there is no ${kind} with the id ${id} in this location`)
    else taken.set(`${kind}:${pointer.lineage}`, pointer)
  }
  if (faults.length > 0) throw invalid(faults)
  if (taken.size < pointers.length) {
    const byLineage = new Map(pointers.map((pointer) => [`${pointer.kind}:${pointer.lineage}`, pointer]))
    const holders = await partHolders(db, { pointers, renamed })
    let frontier = [...taken.values()]
    while (frontier.length > 0) {
      const naming = new Map(frontier.map((pointer) => [pointer.hash, pointer]))
      const refs = await refsOf(db, { hashes: [...naming.keys()], renamed }, holders)
      frontier = []
      for (const [ref, hash] of refs) {
        const pointer = byLineage.get(ref)
        const neededBy = naming.get(hash)
        if (pointer === undefined || taken.has(ref)) continue
        pointer.dependency = true
        if (neededBy !== undefined) pointer.neededBy = neededBy
        taken.set(ref, pointer)
        frontier.push(pointer)
      }
    }
  }
  return [...taken.values()].sort(byKindAndLineage)
}

type Holders = ReadonlyMap<string, readonly string[]>

/**
 * What these documents refer to, as `kind:lineage`, each with one that does: assets, and the assets that hold the parts
 * they name. Their own parts are no reference, whoever else holds them.
 */
async function refsOf(
  db: Db,
  { hashes, renamed }: { hashes: readonly string[]; renamed: Renamed },
  holders: Holders,
): Promise<Map<string, string>> {
  const stored = await getBlobs(
    db,
    hashes.filter((hash) => !renamed.has(hash)),
  )
  const refs = new Map<string, string>()
  for (const hash of hashes) {
    const { text, refs: assets, parts } = (renamed.get(hash) ?? stored.get(hash)) as Blob
    const own = new Set(parts)
    for (const ref of assets) refs.set(ref, hash)
    for (const part of readMarkers(text).parts)
      if (!own.has(part)) for (const holder of holders.get(part) ?? []) refs.set(holder, hash)
  }
  return refs
}

/**
 * Which assets of the location hold a part: lineage of the part -> `kind:lineage`. More than one where an asset was
 * matched to one that came by itself later on.
 */
async function partHolders(db: Db, { pointers, renamed }: Candidates): Promise<Holders> {
  const rows = await query(
    db,
    sql<{ hash: string; parts: string[] }>`
      select hash, parts from blob where parts <> '{}'
        and hash = any(select decode(h, 'hex') from unnest(${texts(pointers.map((pointer) => pointer.hash))}) h)`,
  )
  const parts = new Map([...rows, ...renamed.values()].map((one) => [one.hash, one.parts]))
  const held = pointers.flatMap(({ kind, lineage, hash }) =>
    (parts.get(hash) ?? []).map((part) => ({ part, holder: `${kind}:${lineage}` })),
  )
  return new Map(
    [...Map.groupBy(held, ({ part }) => part)].map(([part, rows]) => [part, rows.map(({ holder }) => holder)]),
  )
}

const byKindAndLineage = (a: Entry, b: Entry) =>
  a.kind === b.kind ? (a.lineage < b.lineage ? -1 : 1) : a.kind < b.kind ? -1 : 1

/** The root hash: equal content, equal root, on every installation. */
export function rootOf(entries: readonly Entry[]): string {
  const digest = createHash('sha256')
  for (const { kind, lineage, hash } of [...entries].sort(byKindAndLineage))
    digest.update(`${kind} ${lineage} ${hash}\n`)
  return digest.digest('hex')
}

/** Stores entries as the snapshot's next version, unless its newest has the same root. Returns what is newest then. */
export async function storeVersion(
  tx: Tx,
  snapshotId: string,
  entries: readonly Entry[],
  atMs: number,
): Promise<{ version: number; root: string; isNew: boolean }> {
  const root = rootOf(entries)
  const newest = await queryOne(
    tx,
    sql<{
      version: number
      root: string
    }>`select version, root from snapshot_version where snapshot_id = ${snapshotId} order by version desc limit 1`,
  )
  if (newest?.root === root) return { ...newest, isNew: false }
  const version = (newest?.version ?? 0) + 1
  const counts: Record<string, number> = {}
  for (const { kind } of entries) counts[kind] = (counts[kind] ?? 0) + 1
  await sql`
    insert into snapshot_version (snapshot_id, version, root, counts, created_at)
    values (${snapshotId}, ${version}, ${bytes(root)}, ${json(counts)}, ${new Date(atMs)})`.execute(tx)
  await sql`
    insert into snapshot_entry (snapshot_id, version, kind, lineage, name, key, hash, dependency)
    select ${snapshotId}, ${version}, e.kind, e.lineage, e.name, e.key, decode(e.hash, 'hex'), e.dependency
    from unnest(${texts(entries.map((e) => e.kind))}, ${texts(entries.map((e) => e.lineage))},
      ${texts(entries.map((e) => e.name))}, ${texts(entries.map((e) => e.key))}, ${texts(entries.map((e) => e.hash))},
      ${entries.map((e) => e.dependency)}::boolean[]) e(kind, lineage, name, key, hash, dependency)`.execute(tx)
  await sql`update snapshot set version = ${version}, updated_at = ${new Date(atMs)} where id = ${snapshotId}`.execute(
    tx,
  )
  return { version, root, isNew: true }
}
