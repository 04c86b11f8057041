import type { Db, Tx } from '../db/pool.ts'
import { type AssetResource, getBlobs } from '../store/assets/index.ts'
import { type Entry, readPresent } from './capture.ts'
import { diffDocuments, type FieldDiff, type Json } from './diff.ts'
import { identify } from './identify.ts'
import { keepHeldParts, loadNames } from './load-names.ts'
import { type Names, toCanonical } from './names.ts'
import type { PushOptions } from './options.ts'
import { addLabels, completeParts, type PartNames } from './part-names.ts'
import { completeNames, showRefs } from './ref-names.ts'
import { readEntries } from './snapshots.ts'
import { readWanted } from './wanted.ts'

export interface SnapshotDiff {
  added: { kind: string; lineage: string; name: string }[]
  removed: { kind: string; lineage: string; name: string }[]
  changed: { kind: string; lineage: string; name: string; fields: FieldDiff[] }[]
  /** Of the one asset that was asked for: all of it on either side, parts by the same ids. Null: it is not there. */
  documents?: { before: Json; after: Json }
}

interface Told {
  /** Whose versions know what parts are called that neither side holds. */
  snapshotId?: string
  /** Whose names are known where neither side holds what is named. */
  locationIds?: readonly string[]
  /** Documents that are stored nowhere, by hash. */
  texts?: ReadonlyMap<string, string>
  /** Only this one, as `kind/lineage`, and both of its documents. */
  asset?: string | undefined
}

/** Field-level difference of two versions of a snapshot. References are shown by name. */
export async function diffVersions(
  db: Db,
  snapshotId: string,
  { from, to, asset }: { from: number; to: number; asset?: string | undefined },
): Promise<SnapshotDiff> {
  const [before, after] = [await readEntries(db, snapshotId, from), await readEntries(db, snapshotId, to)]
  return diffEntries(db, before, after, { snapshotId, asset })
}

interface Standing {
  version: number
  locationId: string
  asset?: string | undefined
  resources: ReadonlyMap<string, AssetResource>
}

/**
 * Difference between a version and a location as it is: `before` is the version, `after` the location, told by the
 * version's lineages. Only what the version holds is looked at: what else the location has is its own. The one asset
 * that was asked for stands beside what a push would meet in it, though none has brought it there.
 */
export async function diffLocation(
  tx: Tx,
  snapshotId: string,
  { version, locationId, asset, resources }: Standing,
): Promise<SnapshotDiff> {
  const entries = await readEntries(tx, snapshotId, version)
  const names =
    asset === undefined
      ? await loadNames(tx, [locationId])
      : await namesOfPush(tx, { snapshotId, version, locationId, resources })
  const kinds = [...new Set(entries.map((entry) => entry.kind))]
  const present = await readPresent(tx, locationId, { kinds })
  const byLineage = new Map(present.entries.map((entry) => [`${entry.kind}:${entry.lineage}`, entry]))
  const after = entries.flatMap(({ kind, lineage }) => {
    const reached = byLineage.get(`${kind}:${names.ownOf(locationId, kind, lineage)}`)
    return reached === undefined ? [] : [{ ...reached, lineage }]
  })
  await keepHeldParts(tx, names, entries)
  const told = { snapshotId, locationIds: [locationId], texts: present.texts, asset }
  if (names.isPlain(locationId)) return diffEntries(tx, entries, after, told)
  const blobs = await getBlobs(
    tx,
    entries.map((entry) => entry.hash),
  )
  const texts = new Map(present.texts)
  const before = entries.map((entry) => {
    const { text, hash } = toCanonical(names.incoming(locationId, entry, blobs.get(entry.hash)?.text ?? 'null'))
    texts.set(hash, text)
    return { ...entry, hash }
  })
  return diffEntries(tx, before, after, { ...told, texts })
}

/** A push that nobody has said anything else of. */
const USUAL: PushOptions = { policy: 'merge', policies: {}, deletions: false, matches: [] }

/** How the location names what a push of the version would find there. */
async function namesOfPush(
  tx: Tx,
  { snapshotId, version, locationId, resources }: Standing & { snapshotId: string },
): Promise<Names> {
  const wanted = await readWanted(tx, { snapshotId, version, fromVersion: null, options: USUAL, resources })
  return (await identify(tx, { targets: [{ locationId, isCurrent: false }], wanted })).names
}

export async function diffEntries(
  db: Db,
  before: readonly Entry[],
  after: readonly Entry[],
  { snapshotId = '', locationIds = [], texts = new Map(), asset }: Told,
): Promise<SnapshotDiff> {
  const nameOf = (entry: Entry) => `${entry.kind}:${entry.lineage}`
  const isMeant = ({ kind, lineage }: Entry) => asset === undefined || asset === `${kind}/${lineage}`
  const old = new Map(before.filter(isMeant).map((entry) => [nameOf(entry), entry]))
  const fresh = new Map(after.filter(isMeant).map((entry) => [nameOf(entry), entry]))
  const short = ({ kind, lineage, name }: Entry) => ({ kind, lineage, name })
  const pairs = [...fresh.values()].flatMap((entry) => {
    const earlier = old.get(nameOf(entry))
    return earlier === undefined || earlier.hash === entry.hash ? [] : [{ earlier, entry }]
  })
  const asked = asset === undefined ? [] : [...old.values(), ...fresh.values()]
  const blobs = await getBlobs(
    db,
    [...pairs.flatMap(({ earlier, entry }) => [earlier, entry]), ...asked]
      .map(({ hash }) => hash)
      .filter((hash) => !texts.has(hash)),
  )
  const parts: PartNames = new Map()
  const parse = ({ hash, kind, name }: Entry) => {
    const document = JSON.parse(texts.get(hash) ?? blobs.get(hash)?.text ?? 'null') as Json
    addLabels(parts, document, { kind, name })
    return document
  }
  const changed = pairs.map(({ earlier, entry }) => ({
    ...short(entry),
    fields: diffDocuments(parse(earlier), parse(entry)),
  }))
  const names = new Map([...before, ...after].map((entry) => [nameOf(entry), entry.name]))
  const added = [...fresh.values()].filter((entry) => !old.has(nameOf(entry))).map(short)
  const removed = [...old.values()].filter((entry) => !fresh.has(nameOf(entry))).map(short)
  const [one, other] = [old, fresh].map((side) => [...side.values()].map(parse)[0] ?? null) as [Json, Json]
  const lines = { added, removed, changed }
  const documents = asset === undefined ? undefined : { before: one, after: other }
  // Both documents have the same ids for the same parts: there they name each other by these.
  const own = [...parts.keys()]
  await completeNames(db, locationIds, names, [lines, documents])
  await completeParts(db, { snapshotId, locationIds }, { names, value: [lines, documents], parts })
  const shown = showRefs(lines, names)
  if (documents === undefined) return shown
  for (const part of own) names.delete(`.${part}`)
  return { ...shown, documents: showRefs(documents, names) }
}
