import type { Db } from '../db/pool.ts'
import type { Choices } from './answers.ts'
import { type Ambiguity, assetOf, type IdentityTarget, type Link, nameOf } from './identity.ts'
import { type Candidate, findCandidates, toAmbiguity } from './match.ts'
import type { Wanted } from './wanted.ts'

interface Comers {
  targets: readonly IdentityTarget[]
  dropped: ReadonlySet<string>
  buried: ReadonlySet<string>
}

/** Entries that may be new, by groups of targets for which they are the same. */
export function comersOf(
  wanted: Wanted,
  { targets, dropped, buried }: Comers,
): { locationIds: string[]; entries: Wanted['entries'] }[] {
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
  comers: ReturnType<typeof comersOf>
  links: Map<string, Link>
  choices: Choices
  entries: ReadonlySet<string>
  ambiguities: readonly Ambiguity[]
}

/** By natural key: one candidate and one comer make a match; anything else is ambiguous until a person says which. */
export async function matchComers(
  db: Db,
  { comers, links, choices, entries, ambiguities }: Matching,
): Promise<Ambiguity[]> {
  const found = (await Promise.all(comers.map((group) => findCandidates(db, group)))).flat()
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
