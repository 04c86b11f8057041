import { findPartLineage, toPartId } from '../store/assets/index.ts'
import { canonicalJson, hashText } from '../store/hash.ts'
import { assetMarker, partMarker, replaceMarkers, SELF_MARKER } from '../store/markers.ts'

interface LocationNames {
  /** `kind:lineage`, or `:lineage` of a part, that comes in -> the location's own lineage of the same thing. */
  own: Map<string, string>
  /** The same of parts that documents of the location name as they came. */
  here: Map<string, string>
  /**
   * Lineages that are an asset's own there, or of a part that it holds: in the location's own documents they mean that
   * one, whatever comes in under them.
   */
  natives: Set<string>
  /** Assets that come in (`kind:lineage`) -> their parts that the location has under other lineages, and under which. */
  matched: Map<string, Map<string, string>>
}

/** A part that another lineage means in a location: the one it came with. */
export interface NamedPart {
  locationId: string
  kind: string
  part: string
}

/** Some asset of the location holds a part under this very lineage. */
export interface NativePart extends NamedPart {
  /** The own lineage of that asset. */
  holder: string
}

export interface AliasedParts {
  locationId: string
  kind: string
  /** Incoming lineage -> id in the location. */
  parts: Readonly<Record<string, string>> | null
}

type IncomingAsset = { kind: string; lineage: string }

/** Parts of an asset that came in under this lineage. */
type MatchedParts = IncomingAsset & Pick<AliasedParts, 'parts'>

/**
 * How locations name what comes to them: their documents name assets and parts by the location's own lineages
 * (docs/decisions/0011). Most locations are plain: nothing there goes by another name.
 */
export class Names {
  readonly #byLocation = new Map<string, LocationNames>()
  /** Own lineages of parts -> those they came with. */
  readonly #incomingParts = new Map<string, string>()
  readonly nativeParts: NativePart[] = []

  #of(locationId: string): LocationNames {
    const names = this.#byLocation.get(locationId) ?? {
      own: new Map(),
      here: new Map(),
      natives: new Set(),
      matched: new Map(),
    }
    this.#byLocation.set(locationId, names)
    return names
  }

  addAsset(locationId: string, { kind, lineage, own }: { kind: string; lineage: string; own: string }): void {
    if (lineage !== own) this.#of(locationId).own.set(`${kind}:${lineage}`, own)
  }

  /** The lineage reaches its own asset again, if any. */
  forget(locationId: string, { kind, lineage }: IncomingAsset): void {
    this.#of(locationId).own.delete(`${kind}:${lineage}`)
  }

  /** The lineage reaches an asset of another one. `isNative`: it is the own lineage of some asset there all the same. */
  addAlias(locationId: string, alias: MatchedParts & { own: string; isNative?: boolean | undefined }): void {
    if (alias.isNative) this.#addNative(locationId, alias)
    this.addAsset(locationId, alias)
    this.addParts(locationId, alias)
  }

  /** What comes in under the lineage is another asset, and has nothing of the parts that were matched in its own. */
  #addNative(locationId: string, { kind, lineage }: IncomingAsset): void {
    const { own, natives, matched } = this.#of(locationId)
    natives.add(`${kind}:${lineage}`)
    for (const part of matched.get(`${kind}:${lineage}`)?.keys() ?? []) own.delete(`:${part}`)
    matched.delete(`${kind}:${lineage}`)
  }

  /** A living asset holds the part under this very lineage. */
  addNativePart(native: NativePart): void {
    this.#of(native.locationId).natives.add(`:${native.part}`)
    this.nativeParts.push(native)
  }

  /** What comes in under the lineage of this part, which the asset of this lineage holds, means it, too. */
  keepPart({ locationId, kind, part }: NamedPart, lineage: string): void {
    const { own, matched } = this.#of(locationId)
    own.delete(`:${part}`)
    matched.get(`${kind}:${lineage}`)?.delete(part)
  }

  /** Parts of an asset that go by the lineage they came with: lineage -> id in the location. */
  addParts(locationId: string, { kind, lineage, parts }: MatchedParts): void {
    for (const [part, id] of Object.entries(parts ?? {})) {
      const own = findPartLineage(id, locationId)
      if (own === null || own === part) continue
      const names = this.#of(locationId)
      names.own.set(`:${part}`, own)
      if (!names.natives.has(`${kind}:${lineage}`)) names.here.set(`:${part}`, own)
      const matched = names.matched.get(`${kind}:${lineage}`) ?? new Map()
      names.matched.set(`${kind}:${lineage}`, matched.set(part, own))
      this.#incomingParts.set(own, part)
    }
  }

  /** The lineage that the location itself has for what comes in under this one. */
  ownOf(locationId: string, kind: string, lineage: string): string {
    return this.#byLocation.get(locationId)?.own.get(`${kind}:${lineage}`) ?? lineage
  }

  /** The lineage of the part that a document of the location means by this one. */
  partOf(locationId: string, lineage: string): string {
    const names = this.#byLocation.get(locationId)
    return (names && nameHere(names, `:${lineage}`)) ?? lineage
  }

  /** The lineage under which the location's own came in; null: none that differs. */
  incomingOf(locationId: string, kind: string, lineage: string): string | null {
    for (const [name, own] of this.#byLocation.get(locationId)?.own ?? [])
      if (own === lineage && name.startsWith(`${kind}:`)) return name.slice(kind.length + 1)
    return null
  }

  /** The same of a part, whichever location's own it is. */
  incomingPart(lineage: string): string | null {
    return this.#incomingParts.get(lineage) ?? null
  }

  /** The location is looked at as one that has names of its own, though none may be left. */
  hold(locationId: string): void {
    this.#of(locationId)
  }

  isPlain(locationId: string): boolean {
    return !this.#byLocation.has(locationId)
  }

  /** True when the document of an asset that names these (`kind:lineage`, `:lineage` of parts) reads differently there. */
  concerns(locationId: string, asset: IncomingAsset, mentions: readonly string[]): boolean {
    const names = this.#byLocation.get(locationId)
    return names !== undefined && mentions.some((name) => incomingName(names, asset, name) !== undefined)
  }

  /**
   * The document of an asset that comes in, as the location names things. Parts may be held by several assets of a
   * version: each reads those that were matched in itself.
   */
  incoming(locationId: string, asset: IncomingAsset, text: string): string {
    return this.#rename(locationId, text, (names, name) => incomingName(names, asset, name))
  }

  /** A document of the location: what it named before its asset was matched. */
  internal(locationId: string, text: string): string {
    return this.#rename(locationId, text, nameHere)
  }

  /** A text of the location, with everything named as it came; `parts`: such as are known to be one besides. */
  asCame(locationId: string, text: string, parts: readonly { target: string; source: string }[]): string {
    const names = this.#byLocation.get(locationId)
    if (names === undefined && parts.length === 0) return text
    const came = new Map([
      ...parts.map(({ target, source }) => [`:${target}`, source] as const),
      ...[...(names?.own ?? [])].map(([name, own]) => {
        const colon = name.indexOf(':')
        return [`${name.slice(0, colon)}:${own}`, name.slice(colon + 1)] as const
      }),
    ])
    return replaceMarkers(text, {
      asset: (kind, lineage) => assetMarker(kind, came.get(`${kind}:${lineage}`) ?? lineage),
      part: (lineage) => partMarker(came.get(`:${lineage}`) ?? lineage),
      self: SELF_MARKER,
      literal: '⟦⟦',
    })
  }

  #rename(locationId: string, text: string, find: (names: LocationNames, name: string) => string | undefined): string {
    const names = this.#byLocation.get(locationId)
    if (names === undefined || names.own.size + names.here.size === 0) return text
    return replaceMarkers(text, {
      asset: (kind, lineage) => assetMarker(kind, find(names, `${kind}:${lineage}`) ?? lineage),
      part: (lineage) => partMarker(find(names, `:${lineage}`) ?? lineage),
      self: SELF_MARKER,
      literal: '⟦⟦',
    })
  }
}

const incomingName = ({ own, matched }: LocationNames, { kind, lineage }: IncomingAsset, name: string) =>
  (name.startsWith(':') ? matched.get(`${kind}:${lineage}`)?.get(name.slice(1)) : undefined) ?? own.get(name)

const nameHere = ({ own, here, natives }: LocationNames, name: string) =>
  natives.has(name) ? undefined : (name.startsWith(':') ? here : own).get(name)

/**
 * Incoming lineages of parts -> ids in the location, of parts that were found to be the same (`target`: the location's
 * own lineage).
 */
export function partAliasesOf(
  matched: readonly { target: string; source: string }[],
  locationId: string,
): Record<string, string> {
  return Object.fromEntries(matched.map(({ target, source }) => [source, toPartId(target, locationId)]))
}

export const namedPartsOf = (aliases: readonly AliasedParts[]): NamedPart[] =>
  aliases.flatMap(({ locationId, kind, parts }) => Object.keys(parts ?? {}).map((part) => ({ locationId, kind, part })))

/** Canonical text and hash of a portable document given as JSON text in any spacing. */
export function toCanonical(text: string): { text: string; hash: string } {
  const canonical = canonicalJson(JSON.parse(text))
  return { text: canonical, hash: hashText(canonical) }
}
