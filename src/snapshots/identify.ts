import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { getBlobs } from '../store/blobs.ts'
import { openVersions } from './conflicts.ts'
import type { Json } from './diff.ts'
import { type Ambiguity, assetOf, Identities, type IdentityTarget, type Link, nameOf } from './identity.ts'
import { type AliasRow, loadNames, readAliases, readBuriedAliases } from './load-names.ts'
import { ambiguityReason, type Candidate, findCandidates, findChosen } from './match.ts'
import { matchParts } from './merge.ts'
import { partAliasesOf } from './names.ts'
import type { Match } from './options.ts'
import { onlyDecided, type Wanted } from './wanted.ts'

/** Finds out who is who. `targets` and `wanted` as the push will decide about them. */
export async function identify(db: Db, { targets, wanted }: { targets: readonly IdentityTarget[]; wanted: Wanted }): Promise<Identities> {
  const ids = targets.map((target) => target.locationId)
  const aliases = await readAliases(db, ids)
  const choices = expandChoices(wanted.options.matches, ids)
  const dropped = new Set<string>()
  const links = new Map<string, Link>()
  const entries = new Set(wanted.entries.map(({ kind, lineage }) => `${kind}/${lineage}`))
  for (const alias of aliases) if (entries.has(`${alias.kind}/${alias.lineage}`)) links.set(nameOf(alias), { ...alias, isNew: false, isAnswer: false })

  const ambiguities = await answer(db, { choices, links, dropped })
  // Who is to be new is not what was deleted, if an alias led there.
  const refused = await readBuriedAliases(
    db,
    [...choices.values()].filter(({ id }) => id === null),
  )
  for (const alias of refused) dropped.add(nameOf(alias))
  settleRivals({ links, dropped, entries })

  const { buried, drifted, woken } = await readOwnWork(db, targets)
  const comers = comersOf(wanted, { targets, dropped, buried })
  ambiguities.push(...(await matchComers(db, { comers, links, choices, entries, ambiguities })))
  await matchPartsOf(db, links, wanted)
  const left = new Set([...aliases, ...refused].filter(leavingAliases({ wanted, links, ambiguities })))
  const names = await loadNames(db, ids, {
    aliases: aliases.filter((alias) => !left.has(alias)),
    forgotten: new Set(refused.filter((alias) => left.has(alias)).map(nameOf)),
  })
  const met = await findMet(db, { wanted, targets, links })
  const moved = new Set([...woken, ...met, ...[...left].map(({ locationId }) => locationId)])
  for (const locationId of moved) names.hold(locationId)
  for (const link of links.values()) {
    names.addAsset(link.locationId, link)
    if (link.isNew) names.addParts(link.locationId, link.parts)
    if (link.isNative) names.addNative(link.locationId, link)
  }
  const open = await openVersions(db, wanted, ids)
  return new Identities({ names, links, dropped, ambiguities, ownWork: buried.union(drifted), open, left: [...left], moved, wanted, targets })
}

/**
 * Current targets that meet an asset under a lineage which unchanged documents of the version name: what came in earlier names what the target deleted,
 * or never had, and follows.
 */
async function findMet(
  db: Db,
  { wanted, targets, links }: { wanted: Wanted; targets: readonly IdentityTarget[]; links: ReadonlyMap<string, Link> },
): Promise<string[]> {
  const current = new Set(targets.filter(({ isCurrent }) => isCurrent).map(({ locationId }) => locationId))
  const fresh = [...links.values()].filter(({ isNew, locationId }) => isNew && current.has(locationId))
  if (fresh.length === 0) return []
  const refsOf = ({ kind, lineage, parts }: Link) => [`${kind}:${lineage}`, ...Object.keys(parts ?? {}).map((part) => `:${part}`)]
  const refs = [...new Set(fresh.flatMap(refsOf))]
  const rows = await query(
    db,
    sql<{ ref: string }>`
      with same as materialized (
        select refs, parts, doc::text as text from blob where hash = any(select decode(h, 'hex')
          from unnest(${texts(wanted.kinds.flatMap(({ entries }) => entries.filter(({ changed }) => !changed).map(({ hash }) => hash)))}) h)
      )
      select r.ref from unnest(${texts(refs.filter((ref) => !ref.startsWith(':')))}) r(ref) where exists (select 1 from same where r.ref = any(refs))
      union all select ':' || p.part from unnest(${texts(refs.filter((ref) => ref.startsWith(':')).map((ref) => ref.slice(1)))}) p(part)
      where exists (select 1 from same where not p.part = any(parts) and position('.' || p.part || '⟧' in text) > 0)`,
  )
  const named = new Set(rows.map(({ ref }) => ref))
  return fresh.filter((link) => refsOf(link).some((ref) => named.has(ref))).map(({ locationId }) => locationId)
}

interface Leaving {
  wanted: Wanted
  links: ReadonlyMap<string, Link>
  ambiguities: readonly Ambiguity[]
}

/**
 * True for aliases that lead elsewhere from this push on. What comes in no longer means the old asset by them, and what came in earlier follows
 * where the target has left it as it was pushed: documents there name the old asset, the incoming ones the new.
 */
function leavingAliases({ wanted, links, ambiguities }: Leaving): (alias: AliasRow) => boolean {
  const unclear = new Set(ambiguities.map(nameOf))
  const acted = new Set(wanted.kinds.flatMap(({ kind, entries }) => entries.map(({ lineage }) => `${kind}/${lineage}`)))
  const isDecided = (alias: AliasRow) => onlyDecided(wanted, alias.kind)?.some((one) => one.locationId === alias.locationId && one.lineage === alias.lineage)
  return (alias) => {
    const name = nameOf(alias)
    if (!acted.has(`${alias.kind}/${alias.lineage}`) || links.get(name)?.id === alias.id || unclear.has(name)) return false
    return isDecided(alias) ?? true
  }
}

type Choices = ReadonlyMap<string, { locationId: string; kind: string; lineage: string; id: string | null }>

/** What a person said, by target: an answer for one location goes before one for all. */
function expandChoices(matches: readonly Match[], locationIds: readonly string[]): Choices {
  const choices = new Map<string, { locationId: string; kind: string; lineage: string; id: string | null }>()
  const inOrder = [...matches.filter((match) => match.locationId === undefined), ...matches.filter((match) => match.locationId !== undefined)]
  for (const { kind, lineage, id, locationId: only } of inOrder) {
    for (const locationId of only === undefined ? locationIds : locationIds.filter((one) => one === only)) {
      choices.set(nameOf({ locationId, kind, lineage }), { locationId, kind, lineage, id })
    }
  }
  return choices
}

interface Answering {
  choices: Choices
  links: Map<string, Link>
  dropped: Set<string>
}

/** What a person said goes before everything; two lineages that were answered with one asset are ambiguous. */
async function answer(db: Db, { choices, links, dropped }: Answering): Promise<Ambiguity[]> {
  if (choices.size === 0) return []
  const chosen = await findChosen(db, [...choices.values()])
  const byAsset = Map.groupBy(chosen, assetOf)
  const ambiguities: Ambiguity[] = []
  for (const choice of choices.values()) {
    const name = nameOf(choice)
    const candidate = chosen.find((row) => nameOf(row) === name)
    if (choice.id !== null && candidate === undefined) continue
    const had = links.get(name)
    if (candidate !== undefined && had?.id === candidate.id) links.set(name, { ...had, isAnswer: true })
    else {
      if (had !== undefined) dropped.add(name)
      links.delete(name)
      if (candidate === undefined || candidate.own === candidate.lineage) continue
      if ((byAsset.get(assetOf(candidate))?.length ?? 0) > 1) {
        ambiguities.push(toAmbiguity(candidate, [candidate]))
        continue
      }
      dropped.delete(name)
      links.set(name, { ...candidate, isNew: true, isAnswer: true, parts: null })
    }
  }
  return ambiguities
}

const toAmbiguity = ({ locationId, kind, lineage }: Candidate, group: readonly Candidate[]): Ambiguity => {
  const candidates = group.map(({ id, name }) => ({ id, name }))
  return { locationId, kind, lineage, candidates, reason: ambiguityReason(candidates) }
}

/** Two entries of one version never reach one asset: an answer goes before the own lineage, that before the newest alias. */
function settleRivals({ links, dropped, entries }: { links: Map<string, Link>; dropped: Set<string>; entries: ReadonlySet<string> }): void {
  for (const group of Map.groupBy([...links.values()], assetOf).values()) {
    const answered = group.find((link) => link.isAnswer)
    const first = group[0] as Link
    const ownName = nameOf({ ...first, lineage: first.own })
    const ownIsEntry = entries.has(`${first.kind}/${first.own}`) && !links.has(ownName)
    const winner = answered ?? (ownIsEntry ? undefined : first)
    for (const link of group) {
      if (link === winner) continue
      links.delete(nameOf(link))
      dropped.add(nameOf(link))
    }
  }
}

interface OwnWork {
  buried: Set<string>
  drifted: Set<string>
  /** Targets in which a lineage means its own asset again, as what it was matched to was deleted. */
  woken: Set<string>
}

/** What current targets deleted themselves (they may have made it again since), and what they have changed: it is looked at all the same. */
async function readOwnWork(db: Db, targets: readonly IdentityTarget[]): Promise<OwnWork> {
  const current = targets.filter((target) => target.isCurrent).map((target) => target.locationId)
  if (current.length === 0) return { buried: new Set(), drifted: new Set(), woken: new Set() }
  const rows = await query(
    db,
    sql<{ locationId: string; kind: string; lineage: string; isBuried: boolean; isWoken: boolean }>`
      select location_id as "locationId", kind, lineage, true as "isBuried", own_lineage <> lineage
        and exists (select 1 from asset a where a.location_id = z.location_id and a.kind = z.kind and a.lineage = z.lineage) as "isWoken"
      from asset_tombstone z where location_id = any(${texts(current)})
      union all select location_id, kind, lineage, false, false from asset where drift_push is not null and location_id = any(${texts(current)})
      union all select location_id, kind, lineage, false, false from asset_alias where drift_push is not null and location_id = any(${texts(current)})`,
  )
  const names = (isBuried: boolean) => new Set(rows.filter((row) => row.isBuried === isBuried).map(nameOf))
  return { buried: names(true), drifted: names(false), woken: new Set(rows.filter((row) => row.isWoken).map(({ locationId }) => locationId)) }
}

interface Comers {
  targets: readonly IdentityTarget[]
  dropped: ReadonlySet<string>
  buried: ReadonlySet<string>
}

/** Entries that may be new, by groups of targets for which they are the same. */
function comersOf(wanted: Wanted, { targets, dropped, buried }: Comers): { locationIds: string[]; entries: Wanted['entries'] }[] {
  const full = targets.filter((target) => !target.isCurrent).map((target) => target.locationId)
  const current = targets.filter((target) => target.isCurrent).map((target) => target.locationId)
  const maybe = new Set([...buried, ...dropped].map((name) => name.slice(name.indexOf('/') + 1)))
  const few = wanted.entries.filter(({ kind, lineage }) => wanted.added.has(`${kind}:${lineage}`) || maybe.has(`${kind}/${lineage}`))
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
async function matchComers(db: Db, { comers, links, choices, entries, ambiguities }: Matching): Promise<Ambiguity[]> {
  const found = (await Promise.all(comers.map((group) => findCandidates(db, group)))).flat()
  if (found.length === 0) return []
  const reached = new Set([...links.values()].map(assetOf))
  const settled = new Set(ambiguities.map(nameOf))
  const isReached = (row: Candidate) => {
    const own = nameOf({ ...row, lineage: row.own })
    return reached.has(assetOf(row)) || (entries.has(`${row.kind}/${row.own}`) && !links.has(own))
  }
  const open = found.filter((row) => !links.has(nameOf(row)) && !choices.has(nameOf(row)) && !settled.has(nameOf(row)) && !isReached(row))
  const byCandidate = Map.groupBy(open, assetOf)
  const unclear: Ambiguity[] = []
  for (const group of Map.groupBy(open, nameOf).values()) {
    const first = group[0] as Candidate
    if (group.length === 1 && byCandidate.get(assetOf(first))?.length === 1) links.set(nameOf(first), { ...first, isNew: true, isAnswer: false, parts: null })
    else unclear.push(toAmbiguity(first, group))
  }
  return unclear
}

/** Parts of assets that are matched now keep their ids where they bear the same names. */
async function matchPartsOf(db: Db, links: ReadonlyMap<string, Link>, wanted: Wanted): Promise<void> {
  const fresh = [...links.values()].filter((link) => link.isNew && Object.keys(wanted.resources.get(link.kind)?.parts ?? {}).length > 0)
  if (fresh.length === 0) return
  const rows = await query(
    db,
    sql<{ locationId: string; kind: string; id: string; hash: string }>`
      select a.location_id as "locationId", a.kind, a.id, a.hash
      from unnest(${texts(fresh.map((l) => l.locationId))}, ${texts(fresh.map((l) => l.kind))}, ${texts(fresh.map((l) => l.id))}) f(location_id, kind, id)
      join asset a on a.location_id = f.location_id and a.kind = f.kind and a.id = f.id`,
  )
  const mine = new Map(rows.map((row) => [assetOf(row), row.hash]))
  const theirs = new Map(wanted.entries.map((entry) => [`${entry.kind}/${entry.lineage}`, entry.hash]))
  const pairs = fresh.map((link) => ({ link, mine: mine.get(assetOf(link)) as string, theirs: theirs.get(`${link.kind}/${link.lineage}`) as string }))
  const blobs = await getBlobs(
    db,
    pairs.flatMap((pair) => [pair.mine, pair.theirs]),
  )
  const parse = (hash: string) => JSON.parse(blobs.get(hash)?.text ?? 'null') as Json
  for (const { link, mine: own, theirs: incoming } of pairs) {
    const matched = matchParts(parse(own), parse(incoming))
    link.parts = matched.length === 0 ? null : partAliasesOf(matched, link.locationId)
  }
}
