import type { Db } from '../db/pool.ts'
import { getBlobs, initialLocal, keyOf, putBlobs, seedsLocal, titleOf } from '../store/assets/index.ts'
import { readMarkers } from '../store/markers.ts'
import { toBlob } from './combine.ts'
import type { Covered } from './covered.ts'
import type { Target } from './decide.ts'
import { type Known, knownAs } from './known.ts'
import { addNativeParts, keepHeldParts, readRemoved } from './load-names.ts'
import { type Names, namedPartsOf, partAliasesOf, toCanonical } from './names.ts'
import { STAGED } from './stages-after.ts'
import type { Turns } from './turns.ts'
import type { Wanted, WantedKind } from './wanted.ts'

export interface IdentityTarget {
  locationId: string
  isCurrent: boolean
}

/** Which asset of a target an incoming lineage is, where its own lineage alone does not tell. */
export interface Link {
  locationId: string
  kind: string
  lineage: string
  id: string
  /** The asset's own lineage. */
  own: string
  /** This push says so; else an alias does. */
  isNew: boolean
  isAnswer: boolean
  /** The lineage is another asset's own in the location, too. */
  isNative?: boolean | undefined
  parts: Record<string, string> | null
}

export interface Ambiguity {
  locationId: string
  kind: string
  lineage: string
  candidates: { id: string; name: string }[]
  reason: string
}

export const nameOf = ({ locationId, kind, lineage }: { locationId: string; kind: string; lineage: string }) =>
  `${locationId}/${kind}/${lineage}`
const partsOfName = (name: string) => {
  const [locationId, kind, lineage] = name.split('/') as [string, string, string]
  return { locationId, kind, lineage }
}
export const assetOf = ({ locationId, kind, id }: { locationId: string; kind: string; id: string }) =>
  `${locationId}/${kind}/${id}`

interface Renaming {
  kind: WantedKind
  /** So far, by name. */
  known: ReadonlyMap<string, Known>
  at: (locationId: string, lineage: string) => Known
  store: boolean
}

/**
 * The one answer to "who is this asset?" for a version and some of its targets (docs/decisions/0011): which lineage
 * reaches which asset, which is new, which is ambiguous, and how each target names things. Reads only: a match takes
 * effect with the asset that is written by it.
 */
export class Identities {
  readonly names: Names
  /** What entries of the version reach where their own lineage does not tell: by `location/kind/lineage`. */
  readonly links: ReadonlyMap<string, Link>
  readonly turns: Turns
  readonly #ambiguous: ReadonlyMap<string, Ambiguity>
  readonly #open: ReadonlyMap<string, number>
  readonly #dropped: ReadonlySet<string>
  readonly #wanted: Wanted
  readonly #targets: readonly IdentityTarget[]
  readonly #covered: readonly Covered[]
  readonly #moved: Set<string>
  /** `location/kind/lineage` of what current targets deleted or changed. */
  readonly #ownWork: ReadonlySet<string>
  /** Documents of entries as a target names things, by their hashes: in a plan they are stored nowhere else. */
  readonly texts = new Map<string, string>()

  constructor(found: {
    names: Names
    links: ReadonlyMap<string, Link>
    dropped: ReadonlySet<string>
    ambiguities: readonly Ambiguity[]
    ownWork: ReadonlySet<string>
    /** Open conflicts with the snapshot: `location/kind/lineage` -> version. */
    open: ReadonlyMap<string, number>
    turns: Turns
    /** What some of these had been before, and that was deleted, too. */
    covered: readonly Covered[]
    moved: ReadonlySet<string>
    wanted: Wanted
    targets: readonly IdentityTarget[]
  }) {
    this.names = found.names
    this.#ambiguous = new Map(found.ambiguities.map((ambiguity) => [nameOf(ambiguity), ambiguity]))
    this.links = found.links
    this.#dropped = found.dropped
    this.#open = found.open
    this.#ownWork = found.ownWork
    this.#wanted = found.wanted
    this.turns = found.turns
    this.#covered = found.covered
    this.#moved = new Set(found.moved)
    this.#targets = found.targets
  }

  /**
   * Targets as they are decided about: where a lineage has moved on, what names it is looked at again, whatever version
   * stands there.
   */
  scope(targets: readonly IdentityTarget[]): Target[] {
    return targets.map(({ locationId, isCurrent }) => ({
      locationId,
      isCurrent: isCurrent && !this.#moved.has(locationId),
      isPlain: this.names.isPlain(locationId),
    }))
  }

  /** Whether only differences are looked at in all of these. */
  areCurrent(targets: readonly IdentityTarget[]): boolean {
    return targets.every(({ locationId, isCurrent }) => isCurrent && !this.#moved.has(locationId))
  }

  /** What ambiguous entries of a kind may be: `location/id` -> the name of one of them. */
  claimed({ kind, entries }: WantedKind): Map<string, string> {
    const names = new Map(entries.map(({ lineage, name }) => [lineage, name]))
    const asked = [...this.#ambiguous.values()].filter((one) => one.kind === kind && names.has(one.lineage))
    return new Map(
      asked.flatMap(({ locationId, lineage, candidates }) =>
        candidates.map(({ id }) => [`${locationId}/${id}`, names.get(lineage) as string]),
      ),
    )
  }

  /** Why the matching left it alone. */
  reasonFor({ locationId, lineage }: { locationId: string; lineage: string }, kind: string): string {
    return this.#ambiguous.get(nameOf({ locationId, kind, lineage }))?.reason ?? 'ambiguous'
  }

  /** The version with which a conflict is open there; null: none is. */
  openSince({ locationId, lineage }: { locationId: string; lineage: string }, kind: string): number | null {
    return this.#open.get(nameOf({ locationId, kind, lineage })) ?? null
  }

  candidatesFor(
    { locationId, lineage }: { locationId: string; lineage: string },
    kind: string,
  ): Ambiguity['candidates'] | null {
    return this.#ambiguous.get(nameOf({ locationId, kind, lineage }))?.candidates ?? null
  }

  /**
   * Parts that merges have made one: from here on references to the incoming part mean the target's. What came in
   * earlier may name a stage by the incoming one, and is looked at again.
   */
  async addParts(
    db: Db,
    kind: string,
    merged: readonly {
      decision: { locationId: string; lineage: string }
      matchedParts: { target: string; source: string }[]
    }[],
  ): Promise<void> {
    const found = merged.flatMap(({ decision: { locationId, lineage }, matchedParts }) =>
      matchedParts.length === 0 ? [] : [{ locationId, kind, lineage, parts: partAliasesOf(matchedParts, locationId) }],
    )
    for (const { locationId, ...asset } of found) this.names.addParts(locationId, asset)
    if (kind === STAGED.kind) for (const { locationId } of found) this.#moved.add(locationId)
    await addNativeParts(db, this.names, namedPartsOf(found))
    if (found.length > 0) await keepHeldParts(db, this.names, this.#wanted.entries)
  }

  /** Stages may wait to be taken away though nothing has changed since: of this kind, there is something to look at. */
  waits(kind: string): boolean {
    return this.#waitingOf(kind).length > 0
  }

  #waitingOf(kind: string): { locationId: string; lineage: string }[] {
    if (kind !== STAGED.kind) return []
    return [...this.#open.keys()].map(partsOfName).filter((name) => name.kind === kind)
  }

  /**
   * What is special about the entries of a kind, for the decision. `store`: documents as targets name things are
   * stored, too.
   */
  async knownOf(db: Db, kind: WantedKind, { store }: { store: boolean }): Promise<Known[]> {
    const known = new Map<string, Known>()
    const at = (locationId: string, lineage: string): Known => {
      const name = nameOf({ locationId, kind: kind.kind, lineage })
      const row = known.get(name) ?? knownAs(locationId, lineage)
      known.set(name, row)
      return row
    }
    const lineages = new Set(kind.entries.map((entry) => entry.lineage))
    for (const link of this.links.values()) {
      if (link.kind === kind.kind && link.isNew && lineages.has(link.lineage))
        Object.assign(at(link.locationId, link.lineage), { id: link.id, parts: link.parts })
    }
    for (const { locationId, kind: of, lineage } of this.#ambiguous.values())
      if (of === kind.kind) at(locationId, lineage).isAmbiguous = true
    for (const name of this.#dropped) {
      const { locationId, kind: of, lineage } = partsOfName(name)
      if (of === kind.kind && lineages.has(lineage)) at(locationId, lineage).drops = true
    }
    const covered = this.#covered.filter(({ kind: of, lineage }) => of === kind.kind && lineages.has(lineage))
    for (const row of covered) at(row.location_id, row.lineage).covered = row
    for (const { locationId, lineage, takes } of this.#wanted.decided.of(kind.kind)) {
      if (!lineages.has(lineage)) continue
      if (takes.some(({ path, take }) => path !== undefined || take === 'target')) at(locationId, lineage).merges = true
      else if (this.#wanted.decided.overrides(kind.kind, lineage, locationId))
        at(locationId, lineage).policy = 'override'
    }
    for (const { locationId, lineage, take } of this.#wanted.decisions.ifGoneThere(kind.kind))
      if (lineages.has(lineage)) at(locationId, lineage).ifGone = take
    for (const { locationId, lineage } of this.#waitingOf(kind.kind))
      if (lineages.has(lineage)) at(locationId, lineage).looks = true
    await this.#renameDocuments(db, { kind, known, at, store })
    return [...known.values()]
  }

  async #renameDocuments(db: Db, { kind, known, at, store }: Renaming): Promise<void> {
    const targets = this.scope(this.#targets.filter(({ locationId }) => !this.names.isPlain(locationId)))
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
    const isSeeded = seedsLocal(kind.resource)
    for (const { locationId, isCurrent } of targets) {
      for (const [index, entry] of kind.entries.entries()) {
        const name = nameOf({ locationId, kind: kind.kind, lineage: entry.lineage })
        if (isCurrent && !entry.changed && !this.#ownWork.has(name) && !known.get(name)?.looks) continue
        const asset = { kind: kind.kind, lineage: entry.lineage }
        if (!this.names.concerns(locationId, asset, mentions[index] as string[])) continue
        const { text, hash } = toCanonical(this.names.incoming(locationId, asset, blobs.get(entry.hash)?.text ?? '{}'))
        const row = Object.assign(at(locationId, entry.lineage), { hash })
        const namesOther = entry.name.includes('⟦')
        if (isSeeded || namesOther) {
          const document = JSON.parse(text)
          if (isSeeded) row.local = initialLocal(kind.resource, document)
          if (namesOther)
            Object.assign(row, { title: titleOf(kind.resource, document), key: keyOf(kind.resource, document) })
        }
        fresh.set(hash, text)
      }
    }
    const removed = await readRemoved(db, {
      kind: kind.kind,
      targets,
      lineages: kind.entries.map((one) => one.lineage),
      covered: this.#covered,
    })
    for (const { locationId, lineage, text } of removed)
      at(locationId, lineage).removed = toCanonical(this.names.internal(locationId, text)).hash
    for (const [hash, text] of fresh) this.texts.set(hash, text)
    const made = store ? [...fresh].map(([hash, text]) => toBlob(text, hash)) : []
    if (made.length > 0) await putBlobs(db, made)
  }
}
