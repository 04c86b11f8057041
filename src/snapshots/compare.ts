import type { Db, Tx } from '../db/pool.ts'
import { getBlobs } from '../store/blobs.ts'
import { captureEntries, type Entry } from './capture.ts'
import { diffDocuments, type FieldDiff, type Json } from './diff.ts'
import { completeNames, showRefs } from './ref-names.ts'
import { readEntries } from './snapshots.ts'

export interface SnapshotDiff {
  added: { kind: string; lineage: string; name: string }[]
  removed: { kind: string; lineage: string; name: string }[]
  changed: { kind: string; lineage: string; name: string; fields: FieldDiff[] }[]
}

/** Field-level difference of two versions of a snapshot. References are shown by name. */
export async function diffVersions(db: Db, snapshotId: string, from: number, to: number): Promise<SnapshotDiff> {
  return diffEntries(db, await readEntries(db, snapshotId, from), await readEntries(db, snapshotId, to), [])
}

/**
 * Difference between a version and a location as it is: `before` is the version, `after` the location. Only assets that the
 * version holds, or that were pushed to the location, are looked at: what else the location has is its own.
 */
export async function diffLocation(tx: Tx, snapshotId: string, version: number, locationId: string): Promise<SnapshotDiff> {
  const wanted = await readEntries(tx, snapshotId, version)
  const kinds = [...new Set(wanted.map((entry) => entry.kind))]
  const lineages = new Set(wanted.map((entry) => `${entry.kind}:${entry.lineage}`))
  const present = await captureEntries(tx, locationId, { kinds })
  return diffEntries(
    tx,
    wanted,
    present.filter((entry) => lineages.has(`${entry.kind}:${entry.lineage}`)),
    [locationId],
  )
}

async function diffEntries(db: Db, before: readonly Entry[], after: readonly Entry[], locationIds: readonly string[]): Promise<SnapshotDiff> {
  const nameOf = (entry: Entry) => `${entry.kind}:${entry.lineage}`
  const old = new Map(before.map((entry) => [nameOf(entry), entry]))
  const fresh = new Map(after.map((entry) => [nameOf(entry), entry]))
  const short = ({ kind, lineage, name }: Entry) => ({ kind, lineage, name })
  const pairs = after.flatMap((entry) => {
    const earlier = old.get(nameOf(entry))
    return earlier === undefined || earlier.hash === entry.hash ? [] : [{ earlier, entry }]
  })
  const blobs = await getBlobs(
    db,
    pairs.flatMap(({ earlier, entry }) => [earlier.hash, entry.hash]),
  )
  const parse = (hash: string) => JSON.parse(blobs.get(hash)?.text ?? 'null') as Json
  const changed = pairs.map(({ earlier, entry }) => ({ ...short(entry), fields: diffDocuments(parse(earlier.hash), parse(entry.hash)) }))
  const names = new Map([...before, ...after].map((entry) => [nameOf(entry), entry.name]))
  const added = after.filter((entry) => !old.has(nameOf(entry))).map(short)
  const removed = before.filter((entry) => !fresh.has(nameOf(entry))).map(short)
  await completeNames(db, locationIds, names, { added, removed, changed })
  return showRefs({ added, removed, changed }, names)
}
