import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { type AssetResource, getBlobs, keyOf } from '../store/assets/index.ts'
import type { Choices } from './answers.ts'
import { type Ambiguity, assetOf, type IdentityTarget, type Link, nameOf } from './identity.ts'
import { type Candidate, findCandidates, toAmbiguity } from './match.ts'
import type { Names } from './names.ts'
import type { Wanted } from './wanted.ts'

interface Comers {
  targets: readonly IdentityTarget[]
  dropped: ReadonlySet<string>
  buried: ReadonlySet<string>
}

/** Entries that may be new, and the targets for which they are the same. */
interface Group {
  locationIds: string[]
  entries: Wanted['entries']
}

export function comersOf(wanted: Wanted, { targets, dropped, buried }: Comers): Group[] {
  const full = targets.filter((target) => !target.isCurrent).map((target) => target.locationId)
  const current = targets.filter((target) => target.isCurrent).map((target) => target.locationId)
  const maybe = new Set([...buried, ...dropped].map((name) => name.slice(name.indexOf('/') + 1)))
  const few = wanted.entries.filter(
    ({ kind, lineage }) => wanted.added.has(`${kind}:${lineage}`) || maybe.has(`${kind}/${lineage}`),
  )
  return [
    { locationIds: full, entries: wanted.entries },
    { locationIds: current, entries: few },
  ].filter((group) => group.locationIds.length > 0 && group.entries.length > 0)
}

interface Matching {
  comers: readonly Group[]
  links: Map<string, Link>
  choices: Choices
  entries: ReadonlySet<string>
  ambiguities: readonly Ambiguity[]
  resources: ReadonlyMap<string, AssetResource>
  /** How these targets name things as far as is known by now. */
  namesSoFar: (locationIds: readonly string[]) => Promise<Names>
}

/**
 * By natural key: one candidate and one comer make a match; anything else is ambiguous until a person says which. Names
 * that name an asset come last: what they name may itself be met by this push.
 */
export async function matchComers(
  db: Db,
  { comers, resources, namesSoFar, ...matching }: Matching,
): Promise<Ambiguity[]> {
  const some = (isNaming: boolean) =>
    comers
      .map(({ locationIds, entries }) => ({
        locationIds,
        entries: entries.filter(({ key }) => key?.includes('⟦') === isNaming),
      }))
      .filter(({ entries }) => entries.length > 0)
  const unclear = await matchGroups(db, some(false), matching)
  const naming = some(true)
  if (naming.length === 0) return unclear
  const names = await namesSoFar(naming.flatMap(({ locationIds }) => locationIds))
  const there = await Promise.all(naming.map((group) => readThere(db, group, { names, resources })))
  return [...unclear, ...(await matchGroups(db, there.flat(), matching))]
}

/** Entries with the keys that assets have there which read the same in the location, by whatever lineages. */
async function readThere(
  db: Db,
  { locationIds, entries }: Group,
  { names, resources }: { names: Names; resources: ReadonlyMap<string, AssetResource> },
): Promise<Group[]> {
  const plain = locationIds.filter((locationId) => names.isPlain(locationId))
  const rows = await query(
    db,
    sql<{ locationId: string; kind: string; key: string; hash: string }>`
      select location_id as "locationId", kind, key, hash from asset
      where location_id = any(${texts(locationIds.filter((one) => !plain.includes(one)))})
        and kind = any(${texts([...new Set(entries.map(({ kind }) => kind))])}) and position('⟦' in key) > 0`,
  )
  const blobs = await getBlobs(
    db,
    [...rows, ...entries].map(({ hash }) => hash),
  )
  const reads = (kind: string, hash: string, name: (text: string) => string) =>
    keyOf(resources.get(kind) as AssetResource, JSON.parse(name(blobs.get(hash)?.text ?? '{}')))
  const there = [...Map.groupBy(rows, ({ locationId }) => locationId)].map(([locationId, assets]) => ({
    locationIds: [locationId],
    entries: entries.flatMap((entry) => {
      const wanted = reads(entry.kind, entry.hash, (text) => names.incoming(locationId, entry, text))
      const alike = assets
        .filter(({ kind }) => kind === entry.kind)
        .filter(({ kind, hash }) => reads(kind, hash, (text) => names.internal(locationId, text)) === wanted)
      return [...new Set(alike.map(({ key }) => key))].map((key) => ({ ...entry, key }))
    }),
  }))
  return [{ locationIds: plain, entries }, ...there].filter((group) => group.entries.length > 0)
}

async function matchGroups(
  db: Db,
  groups: readonly Group[],
  { links, choices, entries, ambiguities }: Pick<Matching, 'links' | 'choices' | 'entries' | 'ambiguities'>,
): Promise<Ambiguity[]> {
  const found = (await Promise.all(groups.map((group) => findCandidates(db, group)))).flat()
  if (found.length === 0) return []
  const reached = new Set([...links.values()].map(assetOf))
  const settled = new Set(ambiguities.map(nameOf))
  const isReached = (row: Candidate) => {
    const own = nameOf({ ...row, lineage: row.own })
    return reached.has(assetOf(row)) || (entries.has(`${row.kind}/${row.own}`) && !links.has(own))
  }
  const open = found.filter(
    (row) => !links.has(nameOf(row)) && !choices.has(nameOf(row)) && !settled.has(nameOf(row)) && !isReached(row),
  )
  const byCandidate = Map.groupBy(open, assetOf)
  const unclear: Ambiguity[] = []
  for (const group of Map.groupBy(open, nameOf).values()) {
    const first = group[0] as Candidate
    if (group.length === 1 && byCandidate.get(assetOf(first))?.length === 1)
      links.set(nameOf(first), { ...first, isNew: true, isAnswer: false, parts: null })
    else unclear.push(toAmbiguity(first, group))
  }
  return unclear
}
