import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { getBlobs, putBlobs } from '../store/blobs.ts'
import { readMarkers } from '../store/markers.ts'
import { toPartId } from '../store/parts.ts'
import { toBlob } from './combine.ts'
import type { Known } from './decide.ts'
import type { Json } from './diff.ts'
import { ambiguityReason, type Candidate, findCandidates, findChosen } from './match.ts'
import { matchParts } from './merge.ts'
import { Names, toCanonical } from './names.ts'
import type { Match } from './options.ts'
import type { Wanted, WantedKind } from './wanted.ts'

export interface IdentityTarget {
  locationId: string
  isCurrent: boolean
}

/** Which asset of a target an incoming lineage is, where its own lineage alone does not tell. */
interface Link {
  locationId: string
  kind: string
  lineage: string
  id: string
  /** The asset's own lineage. */
  own: string
  /** This push says so; else an alias does. */
  isNew: boolean
  isAnswer: boolean
  parts: Record<string, string> | null
}

export interface Ambiguity {
  locationId: string
  kind: string
  lineage: string
  candidates: { id: string; name: string }[]
  reason: string
}

const nameOf = ({ locationId, kind, lineage }: { locationId: string; kind: string; lineage: string }) => `${locationId}/${kind}/${lineage}`
const assetOf = ({ locationId, kind, id }: { locationId: string; kind: string; id: string }) => `${locationId}/${kind}/${id}`

/**
 * The one answer to "who is this asset?" for a version and some of its targets (docs/decisions/0011): which lineage reaches which asset,
 * which is new, which is ambiguous, and how each target names things. Reads only: a match takes effect with the asset that is written by it.
 */
export class Identities {
  readonly names: Names
  readonly ambiguities: readonly Ambiguity[]
  readonly #ambiguous: ReadonlyMap<string, Ambiguity>
  readonly #links: ReadonlyMap<string, Link>
  readonly #dropped: ReadonlySet<string>
  readonly #wanted: Wanted
  readonly #targets: readonly IdentityTarget[]
  /** `location/kind/lineage` of what current targets deleted. */
  readonly #buried: ReadonlySet<string>
  /** Documents of entries as a target names things, by their hashes: in a plan they are stored nowhere else. */
  readonly texts = new Map<string, string>()

  constructor(found: {
    names: Names
    links: ReadonlyMap<string, Link>
    dropped: ReadonlySet<string>
    ambiguities: readonly Ambiguity[]
    buried: ReadonlySet<string>
    wanted: Wanted
    targets: readonly IdentityTarget[]
  }) {
    this.names = found.names
    this.ambiguities = found.ambiguities
    this.#ambiguous = new Map(found.ambiguities.map((ambiguity) => [nameOf(ambiguity), ambiguity]))
    this.#links = found.links
    this.#dropped = found.dropped
    this.#buried = found.buried
    this.#wanted = found.wanted
    this.#targets = found.targets
  }

  /** Ids of assets that an entry of the version reaches by another lineage than their own: `location/kind/id`. */
  reached(): Set<string> {
    return new Set([...this.#links.values()].map(assetOf))
  }

  /** Why the matching left it alone. */
  reasonFor({ locationId, lineage }: { locationId: string; lineage: string }, kind: string): string {
    return this.#ambiguous.get(nameOf({ locationId, kind, lineage }))?.reason ?? 'ambiguous'
  }

  candidatesFor({ locationId, lineage }: { locationId: string; lineage: string }, kind: string): Ambiguity['candidates'] | null {
    return this.#ambiguous.get(nameOf({ locationId, kind, lineage }))?.candidates ?? null
  }

  /** Parts that a merge has made one: from here on references to the incoming part mean the target's. */
  addParts({ locationId }: { locationId: string }, matched: readonly { target: string; source: string }[]): void {
    if (matched.length > 0) this.names.addParts(locationId, Object.fromEntries(matched.map(({ target, source }) => [source, toPartId(target, locationId)])))
  }

  /** What is special about the entries of a kind, for the decision. `store`: documents as targets name things are stored, too. */
  async knownOf(db: Db, kind: WantedKind, { store }: { store: boolean }): Promise<Known[]> {
    const known = new Map<string, Known>()
    const at = (locationId: string, lineage: string): Known => {
      const name = nameOf({ locationId, kind: kind.kind, lineage })
      const row = known.get(name) ?? { locationId, lineage, id: null, isAmbiguous: false, drops: false, hash: null, parts: null }
      known.set(name, row)
      return row
    }
    const lineages = new Set(kind.entries.map((entry) => entry.lineage))
    for (const link of this.#links.values()) {
      if (link.kind === kind.kind && link.isNew && lineages.has(link.lineage))
        Object.assign(at(link.locationId, link.lineage), { id: link.id, parts: link.parts })
    }
    for (const { locationId, kind: of, lineage } of this.ambiguities) if (of === kind.kind) at(locationId, lineage).isAmbiguous = true
    for (const name of this.#dropped) {
      const [locationId, of, lineage] = name.split('/') as [string, string, string]
      if (of === kind.kind && lineages.has(lineage)) at(locationId, lineage).drops = true
    }
    await this.#renameDocuments(db, kind, at, store)
    return [...known.values()]
  }

  async #renameDocuments(db: Db, kind: WantedKind, at: (locationId: string, lineage: string) => Known, store: boolean): Promise<void> {
    const targets = this.#targets.filter(({ locationId }) => !this.names.isPlain(locationId))
    if (targets.length === 0 || kind.entries.length === 0) return
    const blobs = await getBlobs(
      db,
      kind.entries.map((entry) => entry.hash),
    )
    const mentions = kind.entries.map((entry) => {
      const blob = blobs.get(entry.hash)
      return blob === undefined ? [] : [...blob.refs, ...readMarkers(blob.text).parts.map((part) => `:${part}`)]
    })
    const fresh = new Map<string, string>()
    for (const { locationId, isCurrent } of targets) {
      for (const [index, entry] of kind.entries.entries()) {
        if (isCurrent && !entry.changed && !this.#buried.has(nameOf({ locationId, kind: kind.kind, lineage: entry.lineage }))) continue
        if (!this.names.concerns(locationId, mentions[index] as string[])) continue
        const { text, hash } = toCanonical(this.names.incoming(locationId, blobs.get(entry.hash)?.text ?? '{}'))
        at(locationId, entry.lineage).hash = hash
        fresh.set(hash, text)
      }
    }
    for (const [hash, text] of fresh) this.texts.set(hash, text)
    if (store)
      await putBlobs(
        db,
        [...fresh].map(([hash, text]) => toBlob(text, hash)),
      )
  }
}

/** Finds out who is who. `targets` and `wanted` as the push will decide about them. */
export async function identify(db: Db, { targets, wanted }: { targets: readonly IdentityTarget[]; wanted: Wanted }): Promise<Identities> {
  const ids = targets.map((target) => target.locationId)
  const names = await loadNames(db, ids)
  const aliases = await readAliases(db, ids)
  const choices = expandChoices(wanted.options.matches, ids)
  const dropped = new Set<string>()
  const links = new Map<string, Link>()
  const entries = new Set(wanted.entries.map(({ kind, lineage }) => `${kind}/${lineage}`))
  for (const alias of aliases) if (entries.has(`${alias.kind}/${alias.lineage}`)) links.set(nameOf(alias), { ...alias, isNew: false, isAnswer: false })

  const ambiguities = await answer(db, { choices, links, dropped, wanted })
  settleRivals({ links, dropped, entries, choices })

  const buried = await readBuried(db, targets)
  const comers = comersOf(wanted, { targets, links, dropped, buried })
  ambiguities.push(...(await matchComers(db, { comers, links, choices, entries, ambiguities })))
  await matchPartsOf(db, links, wanted)
  for (const link of links.values()) {
    names.addAsset(link.locationId, link)
    if (link.isNew) names.addParts(link.locationId, link.parts)
  }
  return new Identities({ names, links, dropped, ambiguities, buried, wanted, targets })
}

type AliasRow = Pick<Link, 'locationId' | 'kind' | 'lineage' | 'id' | 'own' | 'parts'>

/** Newest first. */
function readAliases(db: Db, locationIds: readonly string[]): Promise<AliasRow[]> {
  return query(
    db,
    sql<AliasRow>`
      select l.location_id as "locationId", l.kind, l.lineage, l.id, a.lineage as own, l.part_aliases as parts
      from asset_alias l join asset a on a.location_id = l.location_id and a.kind = l.kind and a.id = l.id
      where l.location_id = any(${texts(locationIds)}) order by l.created_at desc, l.lineage`,
  )
}

/** How these locations name things as they are. Two queries; most locations have nothing to tell. */
export async function loadNames(db: Db, locationIds: readonly string[]): Promise<Names> {
  const names = new Names()
  for (const alias of await readAliases(db, locationIds)) {
    names.addAsset(alias.locationId, alias)
    names.addParts(alias.locationId, alias.parts)
  }
  const own = await query(
    db,
    sql<{ locationId: string; parts: Record<string, string> }>`
      select location_id as "locationId", part_aliases as parts from asset where location_id = any(${texts(locationIds)}) and part_aliases is not null`,
  )
  for (const { locationId, parts } of own) names.addParts(locationId, parts)
  const both = await query(
    db,
    sql<{ locationId: string; kind: string; lineage: string }>`
      select l.location_id as "locationId", l.kind, l.lineage from asset_alias l join asset a on a.location_id = l.location_id and a.kind = l.kind and a.lineage = l.lineage
      where l.location_id = any(${texts(locationIds)})`,
  )
  for (const { locationId, kind, lineage } of both) names.addNative(locationId, kind, lineage)
  return names
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
  wanted: Wanted
}

/** What a person said goes before everything; two lineages that were answered with one asset are ambiguous. */
async function answer(db: Db, { choices, links, dropped, wanted }: Answering): Promise<Ambiguity[]> {
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
  void wanted
  return ambiguities
}

const toAmbiguity = ({ locationId, kind, lineage }: Candidate, group: readonly Candidate[]): Ambiguity => {
  const candidates = group.map(({ id, name }) => ({ id, name }))
  return { locationId, kind, lineage, candidates, reason: ambiguityReason(candidates) }
}

/** Two entries of one version never reach one asset: an answer goes before the own lineage, that before the newest alias. */
function settleRivals({
  links,
  dropped,
  entries,
  choices,
}: {
  links: Map<string, Link>
  dropped: Set<string>
  entries: ReadonlySet<string>
  choices: Choices
}): void {
  for (const group of Map.groupBy([...links.values()], assetOf).values()) {
    const answered = group.find((link) => link.isAnswer)
    const first = group[0] as Link
    const ownName = nameOf({ ...first, lineage: first.own })
    const ownIsEntry = entries.has(`${first.kind}/${first.own}`) && !links.has(ownName) && choices.get(ownName)?.id !== null
    const winner = answered ?? (ownIsEntry ? undefined : first)
    for (const link of group) {
      if (link === winner) continue
      links.delete(nameOf(link))
      dropped.add(nameOf(link))
    }
  }
}

/** What current targets deleted themselves: they may have made it again since. */
async function readBuried(db: Db, targets: readonly IdentityTarget[]): Promise<Set<string>> {
  const current = targets.filter((target) => target.isCurrent).map((target) => target.locationId)
  if (current.length === 0) return new Set()
  const rows = await query(
    db,
    sql<{ locationId: string; kind: string; lineage: string }>`
      select location_id as "locationId", kind, lineage from asset_tombstone where location_id = any(${texts(current)})`,
  )
  return new Set(rows.map(nameOf))
}

interface Comers {
  targets: readonly IdentityTarget[]
  links: ReadonlyMap<string, Link>
  dropped: ReadonlySet<string>
  buried: ReadonlySet<string>
}

/** Entries that may be new, by groups of targets for which they are the same. */
function comersOf(wanted: Wanted, { targets, links, dropped, buried }: Comers): { locationIds: string[]; entries: Wanted['entries'] }[] {
  const full = targets.filter((target) => !target.isCurrent).map((target) => target.locationId)
  const current = targets.filter((target) => target.isCurrent).map((target) => target.locationId)
  const maybe = new Set([...buried, ...dropped].map((name) => name.slice(name.indexOf('/') + 1)))
  const few = wanted.entries.filter(({ kind, lineage }) => wanted.added.has(`${kind}:${lineage}`) || maybe.has(`${kind}/${lineage}`))
  void links
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
    return reached.has(assetOf(row)) || (entries.has(`${row.kind}/${row.own}`) && !links.has(own) && choices.get(own)?.id !== null)
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
  const kinds = new Map(wanted.kinds.map((kind) => [kind.kind, kind]))
  const fresh = [...links.values()].filter((link) => link.isNew && Object.keys(kinds.get(link.kind)?.resource.parts ?? {}).length > 0)
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
    link.parts = matched.length === 0 ? null : Object.fromEntries(matched.map(({ target, source }) => [source, toPartId(target, link.locationId)]))
  }
}
