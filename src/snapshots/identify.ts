import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { getBlobs } from '../store/assets/index.ts'
import { answer, expandChoices } from './answers.ts'
import { comersOf, matchComers } from './comers.ts'
import { openVersions } from './conflicts.ts'
import { readCovered } from './covered.ts'
import type { Json } from './diff.ts'
import { type Ambiguity, assetOf, Identities, type IdentityTarget, type Link, nameOf } from './identity.ts'
import { undoRefused } from './judge.ts'
import { type AliasRow, addNativeParts, keepHeldParts, loadNames, readAliases, readBuried } from './load-names.ts'
import { type Candidate, toAmbiguity } from './match.ts'
import { matchParts } from './merge.ts'
import { namedPartsOf, partAliasesOf } from './names.ts'
import { Turns } from './turns.ts'
import { onlyDecided, type Wanted } from './wanted.ts'

/** Finds out who is who. `targets` and `wanted` as the push will decide about them. */
export async function identify(
  db: Db,
  { targets, wanted }: { targets: readonly IdentityTarget[]; wanted: Wanted },
): Promise<Identities> {
  const ids = targets.map((target) => target.locationId)
  const { living: aliases, buried: dead } = await readAliases(db, ids)
  const choices = expandChoices(wanted.options.matches, ids)
  const dropped = new Set<string>()
  const links = new Map<string, Link>()
  const entries = new Set(wanted.entries.map(({ kind, lineage }) => `${kind}/${lineage}`))
  for (const alias of aliases)
    if (entries.has(`${alias.kind}/${alias.lineage}`))
      links.set(nameOf(alias), { ...alias, isNew: false, isAnswer: wanted.decided.isAbout(alias) })

  const { ambiguities, chosen } = await answer(db, { choices, links, dropped })
  settleRivals({ links, dropped, entries })
  ambiguities.push(...displacedBy(chosen, { links, entries }))
  // Who is to be new is not what was deleted, if an alias led there.
  const refused = (
    await readBuried(
      db,
      [...choices.values()].filter(({ id }) => id === null),
    )
  ).filter(({ lineage, own }) => lineage !== own)
  const outdone = rivalsOf(dead, { links, entries }).filter(
    (alias) => !refused.some((one) => nameOf(one) === nameOf(alias)),
  )
  refused.push(...outdone)
  for (const alias of refused) dropped.add(nameOf(alias))

  const { buried, drifted, woken } = await readOwnWork(db, targets)
  const comers = comersOf(wanted, { targets, dropped, buried })
  const namesSoFar = async (locationIds: readonly string[]) => {
    const isHeld = (alias: AliasRow) => !dropped.has(nameOf(alias)) && locationIds.includes(alias.locationId)
    const names = await loadNames(db, locationIds, { aliases: aliases.filter(isHeld), forgotten: dropped })
    for (const link of freshOf(links)) names.addAlias(link.locationId, link)
    return names
  }
  const { resources } = wanted
  ambiguities.push(...(await matchComers(db, { comers, links, choices, entries, ambiguities, resources, namesSoFar })))
  await matchPartsOf(db, links, wanted)
  const lost = new Set([...aliases, ...refused].filter(lostAliases({ entries, links, ambiguities })))
  const left = [...lost].filter(isAbout(wanted))
  const fresh = freshOf(links)
  const parting = [...lost].filter((alias) => !links.has(nameOf(alias)))
  // What meets another asset, or gives way to one, means nothing of what it met before, and that was deleted.
  const past = (await readBuried(db, [...fresh, ...parting])).filter(
    (one) => links.has(nameOf(one)) || one.lineage !== one.own,
  )
  const covered = await readCovered(db, parting)
  const names = await loadNames(db, ids, {
    aliases: aliases.filter((alias) => !lost.has(alias)),
    forgotten: new Set([...refused.filter((alias) => lost.has(alias)), ...past].map(nameOf)),
  })
  for (const row of covered) names.addParts(row.location_id, { ...row, parts: row.part_aliases })
  const met = await findMet(db, { wanted, targets, links, past })
  const moved = new Set([...woken, ...met, ...[...lost].map(({ locationId }) => locationId)])
  for (const locationId of moved) names.hold(locationId)
  for (const link of fresh) names.addAlias(link.locationId, link)
  await addNativeParts(db, names, namedPartsOf([...lost, ...fresh]))
  await keepHeldParts(db, names, wanted.entries)
  const open = await openVersions(db, wanted, ids)
  const identities = new Identities({
    names,
    links,
    dropped,
    ambiguities,
    ownWork: buried.union(drifted),
    open,
    turns: new Turns({ names, links, left, past }),
    covered,
    moved,
    wanted,
    targets,
  })
  await undoRefused(db, { wanted, targets, identities })
  return identities
}

const freshOf = (links: ReadonlyMap<string, Link>) => [...links.values()].filter(({ isNew }) => isNew)

interface Meeting {
  wanted: Wanted
  targets: readonly IdentityTarget[]
  links: ReadonlyMap<string, Link>
  /** What these lineages reached before, and that was deleted. */
  past: readonly AliasRow[]
}

/**
 * Current targets that meet an asset under a lineage which unchanged documents of the version name: what came in
 * earlier names what the target deleted, or never had, and follows.
 */
async function findMet(db: Db, { wanted, targets, links, past }: Meeting): Promise<string[]> {
  const current = new Set(targets.filter(({ isCurrent }) => isCurrent).map(({ locationId }) => locationId))
  const fresh = [...links.values()].filter(({ isNew, locationId }) => isNew && current.has(locationId))
  if (fresh.length === 0) return []
  const pastParts = new Map(past.map((one) => [nameOf(one), one.parts]))
  const refsOf = (link: Link) => [
    `${link.kind}:${link.lineage}`,
    ...Object.keys({ ...link.parts, ...pastParts.get(nameOf(link)) }).map((part) => `:${part}`),
  ]
  const refs = [...new Set(fresh.flatMap(refsOf))]
  const rows = await query(
    db,
    sql<{ ref: string }>`
      with same as materialized (
        select refs, parts, doc::text as text from blob
        where hash = any(select decode(h, 'hex')
          from unnest(${texts(wanted.kinds.flatMap(({ entries }) => entries.filter(({ changed }) => !changed).map(({ hash }) => hash)))}) h)
      )
      select r.ref from unnest(${texts(refs.filter((ref) => !ref.startsWith(':')))}) r(ref)
      where exists (select 1 from same where r.ref = any(refs))
      union all select ':' || p.part
      from unnest(${texts(refs.filter((ref) => ref.startsWith(':')).map((ref) => ref.slice(1)))}) p(part)
      where exists (select 1 from same where not p.part = any(parts) and position('.' || p.part || '⟧' in text) > 0)`,
  )
  const named = new Set(rows.map(({ ref }) => ref))
  return fresh.filter((link) => refsOf(link).some((ref) => named.has(ref))).map(({ locationId }) => locationId)
}

interface Losing {
  entries: ReadonlySet<string>
  links: ReadonlyMap<string, Link>
  ambiguities: readonly Ambiguity[]
}

/**
 * True for aliases that lead elsewhere in this push. What comes in does not mean the old asset by them, and what came in
 * earlier follows where the target has left it as it was pushed: documents there name the old asset, the incoming ones
 * the new.
 */
function lostAliases({ entries, links, ambiguities }: Losing): (alias: AliasRow) => boolean {
  const unclear = new Set(ambiguities.map(nameOf))
  return (alias) => {
    const name = nameOf(alias)
    return entries.has(`${alias.kind}/${alias.lineage}`) && links.get(name)?.id !== alias.id && !unclear.has(name)
  }
}

/** True for what the push is about: of anything else an alias that leads elsewhere is lost for this push alone. */
function isAbout(wanted: Wanted): (alias: AliasRow) => boolean {
  const acted = new Set(wanted.kinds.flatMap(({ kind, entries }) => entries.map(({ lineage }) => `${kind}/${lineage}`)))
  const isDecided = ({ kind, locationId, lineage }: AliasRow) =>
    onlyDecided(wanted, kind)?.some((one) => one.locationId === locationId && one.lineage === lineage)
  return (alias) => acted.has(`${alias.kind}/${alias.lineage}`) && (isDecided(alias) ?? true)
}

/**
 * Two entries of one version never reach one asset: an answer goes before the own lineage, that before the newest
 * alias. Whose alias gives way is left with its own, which again goes before the aliases of others. What somebody
 * decided about an asset is said of that one, too, whoever else has reached it since.
 */
function settleRivals({
  links,
  dropped,
  entries,
}: {
  links: Map<string, Link>
  dropped: Set<string>
  entries: ReadonlySet<string>
}): void {
  for (let isSettled = false; !isSettled; ) {
    isSettled = true
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
        isSettled = false
      }
    }
  }
}

/** Entries whose own asset somebody has answered to be another one, and that reach nothing else: none of them is new. */
function displacedBy(
  chosen: readonly Candidate[],
  { links, entries }: { links: ReadonlyMap<string, Link>; entries: ReadonlySet<string> },
): Ambiguity[] {
  return chosen
    .filter((candidate) => links.get(nameOf(candidate))?.id === candidate.id)
    .map((candidate) => ({ ...candidate, lineage: candidate.own }))
    .filter((owner) => entries.has(`${owner.kind}/${owner.lineage}`) && !links.has(nameOf(owner)))
    .map((owner) => toAmbiguity(owner, [owner]))
}

/** The same for what was deleted: one entry comes back as it, or stays deleted with it; the others are new. */
function rivalsOf(
  dead: readonly AliasRow[],
  { links, entries }: { links: ReadonlyMap<string, Link>; entries: ReadonlySet<string> },
): AliasRow[] {
  const isEntry = ({ kind }: AliasRow, lineage: string) => entries.has(`${kind}/${lineage}`)
  const absent = dead.filter((alias) => isEntry(alias, alias.lineage) && !links.has(nameOf(alias)))
  const reaching = new Set([...links.keys(), ...absent.map(nameOf)])
  return [...Map.groupBy(absent, assetOf).values()].flatMap((group) => {
    const [first, ...rest] = group as [AliasRow, ...AliasRow[]]
    const isOwn = isEntry(first, first.own) && !reaching.has(nameOf({ ...first, lineage: first.own }))
    return isOwn ? group : rest
  })
}

interface OwnWork {
  buried: Set<string>
  drifted: Set<string>
  /** Targets in which a lineage means its own asset again, as what it was matched to was deleted. */
  woken: Set<string>
}

/**
 * What current targets deleted themselves (they may have made it again since), and what they have changed: it is looked
 * at all the same.
 */
async function readOwnWork(db: Db, targets: readonly IdentityTarget[]): Promise<OwnWork> {
  const current = targets.filter((target) => target.isCurrent).map((target) => target.locationId)
  if (current.length === 0) return { buried: new Set(), drifted: new Set(), woken: new Set() }
  const rows = await query(
    db,
    sql<{ locationId: string; kind: string; lineage: string; isBuried: boolean; isWoken: boolean }>`
      select location_id as "locationId", kind, lineage, true as "isBuried", own_lineage <> lineage
        and exists (select 1 from asset a where a.location_id = z.location_id and a.kind = z.kind
          and a.lineage = z.lineage) as "isWoken"
      from asset_tombstone z where location_id = any(${texts(current)})
      union all select location_id, kind, lineage, false, false from asset
      where drift_push is not null and location_id = any(${texts(current)})
      union all select location_id, kind, lineage, false, false from asset_alias
      where drift_push is not null and location_id = any(${texts(current)})`,
  )
  const names = (isBuried: boolean) => new Set(rows.filter((row) => row.isBuried === isBuried).map(nameOf))
  return {
    buried: names(true),
    drifted: names(false),
    woken: new Set(rows.filter((row) => row.isWoken).map(({ locationId }) => locationId)),
  }
}

/** Parts of assets that are matched now keep their ids where they bear the same names. */
async function matchPartsOf(db: Db, links: ReadonlyMap<string, Link>, wanted: Wanted): Promise<void> {
  const fresh = [...links.values()].filter(
    (link) => link.isNew && Object.keys(wanted.resources.get(link.kind)?.parts ?? {}).length > 0,
  )
  if (fresh.length === 0) return
  const rows = await query(
    db,
    sql<{ locationId: string; kind: string; id: string; hash: string }>`
      select a.location_id as "locationId", a.kind, a.id, a.hash
      from unnest(${texts(fresh.map((l) => l.locationId))}, ${texts(fresh.map((l) => l.kind))},
        ${texts(fresh.map((l) => l.id))}) f(location_id, kind, id)
      join asset a on a.location_id = f.location_id and a.kind = f.kind and a.id = f.id`,
  )
  const mine = new Map(rows.map((row) => [assetOf(row), row.hash]))
  const theirs = new Map(wanted.entries.map((entry) => [`${entry.kind}/${entry.lineage}`, entry.hash]))
  const pairs = fresh.map((link) => ({
    link,
    mine: mine.get(assetOf(link)) as string,
    theirs: theirs.get(`${link.kind}/${link.lineage}`) as string,
  }))
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
