import {
  type Divided,
  type Document,
  divide,
  isAsset,
  keyOf,
  mapTokens,
  nameOf,
  partsOf,
  resourceOf,
  textOf,
  tokensIn,
} from './document.ts'
import type { Open } from './open.ts'

/** What Tintype promises, without a database: decision 11 as plain objects. */

export interface Asset extends Divided {
  /** Its own lineage. */
  token: string
  kind: string
  alive: boolean
  /** A push made it. */
  isPushed: boolean
  /** How often people changed what travels. */
  edits: number
  /** How often people changed anything at all. */
  touches: number
  /** The order of its lists was left to the product: the next look takes it over. */
  isLoose: boolean
  /** Its content was: a merge left a pointer without an end. */
  isOpen: boolean
  /** Its local values are not remembered: the push that made it was rolled back. */
  isForgotten?: boolean
}

/** An incoming lineage and an asset: what was pushed last, and by what. */
export interface Pair {
  incoming: string
  own: string
  base: Document | null
  /** The snapshot that pushed last, and the one that brought what stands there: another pushes it again unchanged. */
  snapshot: string
  /** In which version of it. */
  version: number
  bringer: string
  /** Incoming part -> the target's own. */
  parts: Map<string, string>
  /** The greater, the later something was pushed by it. */
  age: number
}

export interface Place {
  name: string
  assets: Map<string, Asset>
  /** Incoming lineage -> own lineage. */
  aliases: Map<string, string>
  /** Incoming lineage -> when its alias was made, in steps. */
  ages: Map<string, number>
  pairs: Map<string, Pair>
  /** Snapshot -> the version that it was pushed in last; `snapshot lineage`: of what was pushed alone since. */
  pushed: Map<string, number>
  /** Snapshot -> whatever its pushes ever brought. */
  brought: Map<string, Set<string>>
  /** What is open between snapshots and assets (open.ts). */
  open: Map<string, Open>
}

export interface Entry {
  kind: string
  token: string
  name: string
  content: Document
  isDependency: boolean
}

export interface Version {
  entries: Entry[]
  root: string
  /** The root with references as they are stored, where an alias has healed some. */
  rawRoot: string
}

export interface Snapshot {
  name: string
  place: string
  kinds: string[] | undefined
  assets: string[] | undefined
  versions: Version[]
  isDropped: boolean
}

export const newPlace = (name: string): Place => ({
  name,
  assets: new Map(),
  aliases: new Map(),
  ages: new Map(),
  pairs: new Map(),
  pushed: new Map(),
  brought: new Map(),
  open: new Map(),
})
export const livingIn = (place: Place, kind?: string) =>
  [...place.assets.values()].filter((asset) => asset.alive && (kind === undefined || asset.kind === kind))
export const newPair = (incoming: string, own: string, snapshot: string): Pair => ({
  incoming,
  own,
  base: null,
  snapshot,
  version: 0,
  bringer: snapshot,
  parts: new Map(),
  age: 0,
})
export const pairOf = (place: Place, incoming: string, own: string) => place.pairs.get(`${incoming}>${own}`)

/** From now on the incoming lineage reaches this asset. */
export function link(place: Place, incoming: string, own: string): void {
  if (place.aliases.get(incoming) !== own) place.ages.set(incoming, Math.max(0, ...place.ages.values()) + 1)
  place.aliases.set(incoming, own)
}

/** All by which something was pushed to an asset, as far as it still reaches it; what was pushed last first. */
export const allPairsOf = (place: Place, own: string): Pair[] =>
  [...place.pairs.values()]
    .filter(({ own: of, base }) => of === own && base !== null)
    .filter(({ incoming }) => (reach(place, incoming) ?? reachDeleted(place, incoming))?.token === own)
    .toSorted((a, b) => b.age - a.age)

/** Those of them by which a snapshot has brought something. */
export const pairsOf = (place: Place, snapshot: string, own: string) =>
  allPairsOf(place, own).filter(({ incoming }) => place.brought.get(snapshot)?.has(incoming))

const isAlive = (place: Place, token: string | undefined) =>
  token !== undefined && place.assets.get(token)?.alive === true

/** The living asset that an incoming lineage reaches: the one its alias names, else the one whose own lineage it is. */
export function reach(place: Place, incoming: string): Asset | undefined {
  const token = [place.aliases.get(incoming), incoming].find((one) => isAlive(place, one))
  return token === undefined ? undefined : place.assets.get(token)
}

/** The remembered asset that an incoming lineage reached before it was deleted. */
export function reachDeleted(place: Place, incoming: string): Asset | undefined {
  const alias = place.aliases.get(incoming)
  return place.assets.get(alias !== undefined && place.assets.has(alias) ? alias : incoming)
}

/**
 * Parts of what was deleted that were matched to parts of the asset which its lineage reaches now: they are read as
 * these. Where the lineage is a living asset's own, its parts are that asset's own, too, whatever it reaches.
 */
function partsReadAs(
  place: Place,
  reachOf: (place: Place, incoming: string) => Asset | undefined,
): Map<string, string> {
  const isMeant = ({ incoming, own }: Pair) =>
    isAlive(place, incoming) ? incoming === own : reachOf(place, incoming)?.token === own
  const inForce = [...place.pairs.values()].filter((pair) => pair.parts.size > 0 && isMeant(pair))
  return new Map(inForce.flatMap(({ parts }) => [...parts]))
}

/** A document of the location with references that lead nowhere named by what they reach. */
function readAs(
  place: Place,
  content: Document,
  reachOf: (place: Place, incoming: string) => Asset | undefined,
): Document {
  const parts = partsReadAs(place, reachOf)
  const living = parts.size > 0 ? livingParts(place) : parts
  return mapTokens(content, (token) => {
    if (isAsset(token)) return isAlive(place, token) ? token : (reachOf(place, token)?.token ?? token)
    return living.has(token) ? token : (parts.get(token) ?? token)
  })
}

/** A document of the location with references that lead somewhere again, if by an alias, named by what they reach. */
export const settled = (place: Place, content: Document): Document => readAs(place, content, reach)

/** The same, and what led to something that was deleted since is named by that: it is what would come back. */
export const recalled = (place: Place, content: Document): Document =>
  readAs(place, content, (at, token) => reach(at, token) ?? reachDeleted(at, token))

/** Living parts of a location -> the asset they belong to. */
export function livingParts(place: Place): Map<string, string> {
  return new Map(
    livingIn(place).flatMap((asset) =>
      partsOf(asset.kind, asset.content).map(({ id }) => [id as string, asset.token] as const),
    ),
  )
}

export function holderOfKey(place: Place, kind: string, content: Document, except?: string): Asset | undefined {
  const key = keyOf(kind, content)
  return key === null
    ? undefined
    : livingIn(place, kind).find((asset) => asset.token !== except && keyOf(kind, asset.content) === key)
}

/** Would a person be refused this document, because another asset has the key? */
export const isTaken = (place: Place, kind: string, content: Document, except?: string) =>
  resourceOf(kind).unique !== null && holderOfKey(place, kind, content, except) !== undefined

export function createAsset(place: Place, kind: string, token: string, document: Document): void {
  place.assets.set(token, {
    token,
    kind,
    alive: true,
    isPushed: false,
    edits: 0,
    touches: 0,
    isLoose: false,
    isOpen: false,
    ...divide(kind, document),
  })
}

export function editAsset(asset: Asset, document: Document): void {
  const { content, local } = divide(asset.kind, document)
  if (textOf(content) !== textOf(asset.content)) asset.edits++
  if (textOf({ content, local }) !== textOf({ content: asset.content, local: asset.local })) asset.touches++
  Object.assign(asset, { content, local })
}

/** Of all that a lineage has led to, what was deleted last is remembered. */
export function bury(place: Place, asset: Asset): void {
  asset.alive = false
  if (!isAlive(place, place.aliases.get(asset.token))) place.aliases.delete(asset.token)
}

export function deleteAsset(place: Place, asset: Asset): void {
  bury(place, asset)
  asset.edits++
  asset.touches++
}

/** What a capture of the location holds: what was chosen, and whatever that refers to. */
export function capture(place: Place, { kinds, assets }: Pick<Snapshot, 'kinds' | 'assets'>): Version {
  // A part may be held by more than one asset; what names it means all of them.
  const holders = Map.groupBy(
    livingIn(place).flatMap((asset) =>
      partsOf(asset.kind, asset.content).map(({ id }) => ({ part: id as string, asset })),
    ),
    ({ part }) => part,
  )
  const isChosen = (asset: Asset) =>
    (kinds === undefined && assets === undefined) ||
    kinds?.includes(asset.kind) === true ||
    assets?.includes(asset.token) === true
  const chosen = new Set(livingIn(place).filter(isChosen))
  const all = new Set(chosen)
  for (const { kind, content } of all) {
    const own = new Set(partsOf(kind, content).map(({ id }) => id))
    for (const token of tokensIn(recalled(place, content)).filter((one) => !own.has(one))) {
      const named = place.assets.get(token)
      if (named?.alive) all.add(named)
      for (const { asset } of holders.get(token) ?? []) all.add(asset)
    }
  }
  const entries = [...all].map((asset) => ({
    kind: asset.kind,
    token: asset.token,
    name: nameOf(asset.kind, asset.content),
    content: recalled(place, asset.content),
    isDependency: !chosen.has(asset),
  }))
  return {
    entries,
    root: rootOf(entries),
    rawRoot: rootOf([...all].map(({ kind, token, content }) => ({ kind, token, content }))),
  }
}

/** Equal content, equal root. */
const rootOf = (entries: readonly Pick<Entry, 'kind' | 'token' | 'content'>[]) =>
  textOf(entries.map(({ kind, token, content }) => textOf([kind, token, content])).sort())

/** References of living assets that lead nowhere. */
export function brokenIn(place: Place): { asset: Asset; tokens: string[] }[] {
  const parts = livingParts(place)
  const isGone = (token: string) => (isAsset(token) ? !isAlive(place, token) : !parts.has(token))
  return livingIn(place).flatMap((asset) => {
    const tokens = tokensIn(settled(place, asset.content)).filter(isGone)
    return tokens.length === 0 ? [] : [{ asset, tokens }]
  })
}
