import { sql } from 'kysely'
import { type Db, query, type Tx } from '../db/pool.ts'
import { getBlobs } from '../store/assets/index.ts'
import { assetMarker, partMarker, replaceMarkers, SELF_MARKER } from '../store/markers.ts'
import { type Entry, readPresent } from './capture.ts'
import { diffEntries, type SnapshotDiff } from './compare.ts'
import type { Json } from './diff.ts'
import { matchNewParts } from './merge-match.ts'
import { toCanonical } from './names.ts'

const nameOf = ({ kind, lineage }: Pick<Entry, 'kind' | 'lineage'>) => `${kind}:${lineage}`

/**
 * How two locations differ: `before` is the first, `after` the second, told by the first one's lineages. Assets are the
 * same where a push has made them so, in either direction or from a common source, or else by their natural key.
 */
export async function diffLocations(
  tx: Tx,
  [first, second]: readonly [string, string],
  asset?: string,
): Promise<SnapshotDiff> {
  const { entries: before, texts: ofFirst } = await readPresent(tx, first, {})
  const { entries: others, texts: ofSecond } = await readPresent(tx, second, {})
  const texts = new Map([...ofFirst, ...ofSecond])
  const pairs = pairEntries(before, others, {
    first: await readIncoming(tx, first),
    second: await readIncoming(tx, second),
  })
  const blobs = await getBlobs(
    tx,
    [...pairs]
      .flatMap(([other, one]) => (other.hash === one.hash ? [] : [one.hash, other.hash]))
      .filter((hash) => !texts.has(hash)),
  )
  const textOf = ({ hash }: Entry) => texts.get(hash) ?? blobs.get(hash)?.text ?? 'null'
  const assets = new Map([...pairs].map(([other, one]) => [nameOf(other), one.lineage]))
  const parts = new Map<string, string>()
  const inWordsOfFirst = (entry: Entry) =>
    replaceMarkers(textOf(entry), {
      asset: (kind, name) => assetMarker(kind, assets.get(`${kind}:${name}`) ?? name),
      part: (name) => partMarker(parts.get(name) ?? name),
      self: SELF_MARKER,
      literal: '⟦⟦',
    })
  for (const [other, one] of pairs) {
    if (other.hash === one.hash) continue
    const [mine, theirs] = [JSON.parse(textOf(one)) as Json, JSON.parse(inWordsOfFirst(other)) as Json]
    for (const { target, source } of matchNewParts(null, mine, theirs)) parts.set(source, target)
  }
  const after = others.map((entry) => {
    const one = pairs.get(entry)
    const lineage = one?.lineage ?? entry.lineage
    if (one === undefined || one.hash === entry.hash) return { ...entry, lineage }
    const { text, hash } = toCanonical(inWordsOfFirst(entry))
    texts.set(hash, text)
    return { ...entry, lineage, hash }
  })
  return diffEntries(tx, before, after, { locationIds: [first, second], texts, asset })
}

/** Lineages by which pushes reach an asset besides its own: own `kind:lineage` -> those. */
async function readIncoming(db: Db, locationId: string): Promise<Map<string, string[]>> {
  const rows = await query(
    db,
    sql<{ kind: string; own: string; lineage: string }>`
      select l.kind, a.lineage as own, l.lineage from asset_alias l
      join asset a on a.location_id = l.location_id and a.kind = l.kind and a.id = l.id
      where l.location_id = ${locationId}`,
  )
  return new Map(
    [...Map.groupBy(rows, ({ kind, own }) => `${kind}:${own}`)].map(([own, known]) => [
      own,
      known.map(({ lineage }) => lineage),
    ]),
  )
}

/** Of the second -> of the first: each at most once. */
function pairEntries(
  before: readonly Entry[],
  others: readonly Entry[],
  incoming: { first: Map<string, string[]>; second: Map<string, string[]> },
): Map<Entry, Entry> {
  const pairs = new Map<Entry, Entry>()
  const taken = new Set<Entry>()
  const pairBy = (namesOfFirst: (entry: Entry) => string[], namesOfSecond: (entry: Entry) => string[]) => {
    const byName = new Map<string, Entry>()
    for (const entry of before) if (!taken.has(entry)) for (const name of namesOfFirst(entry)) byName.set(name, entry)
    for (const other of others) {
      if (pairs.has(other)) continue
      const one = namesOfSecond(other)
        .map((name) => byName.get(name))
        .find((found) => found !== undefined && !taken.has(found))
      if (one === undefined) continue
      pairs.set(other, one)
      taken.add(one)
    }
  }
  const known = (map: Map<string, string[]>) => (entry: Entry) => [
    nameOf(entry),
    ...(map.get(nameOf(entry)) ?? []).map((lineage) => `${entry.kind}:${lineage}`),
  ]
  pairBy(
    (entry) => [nameOf(entry)],
    (entry) => [nameOf(entry)],
  )
  pairBy(known(incoming.first), known(incoming.second))
  const byKey = ({ kind, key }: Entry) => (key === null ? [] : [`${kind}:${key}`])
  pairBy(byKey, byKey)
  return pairs
}
