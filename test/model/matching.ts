import { type Document, keyOf, mapTokens } from './document.ts'
import { translate } from './incoming.ts'
import { matchParts } from './merge.ts'
import {
  type Asset,
  type Entry,
  link,
  livingIn,
  newPair,
  type Place,
  pairOf,
  reach,
  reachDeleted,
  recalled,
  settled,
} from './model.ts'
import { isActed, type Pushed } from './request.ts'

/** Who an incoming asset is in a location: answers, lineages, names. */
export class Matching {
  readonly reached = new Map<string, Asset>()
  /** Deleted assets that come back when they are pushed. */
  readonly remembered = new Map<string, Asset>()
  readonly ambiguous = new Set<string>()
  /** What the ambiguous may be: nobody could say so any more if it went. */
  readonly claimed = new Set<string>()
  readonly #place: Place
  readonly #request: Pushed
  readonly #entries: readonly Entry[]

  constructor(place: Place, request: Pushed, entries: readonly Entry[]) {
    this.#place = place
    this.#aliasesBefore = new Map(place.aliases)
    this.#pairsBefore = new Set(place.pairs.keys())
    this.#request = request
    this.#entries = entries
    this.#answer()
    this.#reach()
    this.#match()
    this.#remember()
  }

  /** What the push is not about is matched only as far as its documents name it. */
  readonly #passing: [Entry, Asset][] = []
  /** Aliases that lost in this version, of what the push is not about: they lose nothing for good. */
  readonly #outdone = new Map<string, string>()
  readonly #aliasesBefore: ReadonlyMap<string, string>
  readonly #pairsBefore: ReadonlySet<string>

  forgetPassing(): void {
    for (const [{ token }, asset] of this.#passing) {
      this.#place.aliases.delete(token)
      this.#place.pairs.delete(`${token}>${asset.token}`)
    }
    for (const [incoming, own] of this.#outdone) this.#place.aliases.set(incoming, own)
  }

  /**
   * What an alias has led to and leads to no more was pushed to by another one: should it be answered again, nothing is
   * known of the pair.
   */
  endPairs(): void {
    for (const [incoming, own] of this.#aliasesBefore)
      if (this.#place.aliases.get(incoming) !== own && incoming !== own) this.#place.pairs.delete(`${incoming}>${own}`)
  }

  /** Its alias has given way: from this push on it reaches the living asset of its own again. */
  hasReturned(incoming: string, own: string): boolean {
    const hasLeft = this.#aliasesBefore.has(incoming) && !this.#place.aliases.has(incoming)
    return hasLeft && this.reached.get(incoming)?.token === own && incoming === own
  }

  /** It goes on meaning what it meant before this push. False: it does, or meant nothing. */
  keepAlias(incoming: string): boolean {
    const was = this.#aliasesBefore.get(incoming)
    if (this.#place.aliases.get(incoming) === was) return false
    if (was === undefined && !this.#place.assets.has(incoming)) return false
    if (was === undefined) this.#place.aliases.delete(incoming)
    else this.#place.aliases.set(incoming, was)
    return true
  }

  /** What was matched and could not be written is not matched. */
  forget(incoming: string, own: string): void {
    const was = this.#aliasesBefore.get(incoming)
    if (was === undefined) this.#place.aliases.delete(incoming)
    else this.#place.aliases.set(incoming, was)
    if (!this.#pairsBefore.has(`${incoming}>${own}`)) this.#place.pairs.delete(`${incoming}>${own}`)
  }

  #isActed = (token: string): boolean => isActed(this.#request, token)

  #answer(): void {
    for (const { incoming, own } of this.#request.options.matches) {
      const entry = this.#entries.find(({ token }) => token === incoming)
      if (entry === undefined || !this.#isActed(incoming)) continue
      if (own === null || own === incoming) this.#place.aliases.delete(incoming)
      else this.#join(entry, this.#place.assets.get(own) as Asset)
    }
  }

  /** A match, by a name or by an answer: from now on the incoming lineage reaches this asset. */
  #join(entry: Entry, asset: Asset): void {
    const { pairs } = this.#place
    link(this.#place, entry.token, asset.token)
    if (pairOf(this.#place, entry.token, asset.token) === undefined)
      pairs.set(`${entry.token}>${asset.token}`, newPair(entry.token, asset.token, this.#request.snapshot.name))
  }

  /**
   * Two entries never reach one asset: answers go first, then own lineages, then older aliases, the newest of them
   * first. Whose alias gives way is left with its own, which again goes before older aliases of others.
   */
  #reach(): void {
    const answered = new Set(this.#request.options.matches.map(({ incoming }) => incoming))
    const rank = ({ token }: Entry) => (answered.has(token) ? 0 : reach(this.#place, token)?.token === token ? 1 : 2)
    const age = ({ token }: Entry) => this.#place.ages.get(token) ?? 0
    for (let isSettled = false; !isSettled; ) {
      this.reached.clear()
      const taken = new Set<string>()
      const losers: Entry[] = []
      for (const entry of this.#entries.toSorted((a, b) => rank(a) - rank(b) || age(b) - age(a))) {
        const asset = reach(this.#place, entry.token)
        if (asset === undefined) continue
        if (!taken.has(asset.token)) this.reached.set(entry.token, asset)
        else if (rank(entry) === 2) losers.push(entry)
        taken.add(asset.token)
      }
      for (const entry of losers) this.#dropAlias(entry)
      isSettled = losers.length === 0
    }
  }

  #dropAlias({ token }: Entry): void {
    if (!this.#isActed(token) && this.#place.aliases.has(token))
      this.#outdone.set(token, this.#place.aliases.get(token) as string)
    this.#place.aliases.delete(token)
  }

  #match(): void {
    const refused = new Set(
      this.#request.options.matches.filter(({ own }) => own === null).map(({ incoming }) => incoming),
    )
    const taken = new Set([...this.reached.values()].map(({ token }) => token))
    const newcomers = this.#entries.filter(({ token }) => !this.reached.has(token) && !refused.has(token))
    // What a name names may itself be met by this push.
    const { naming = [], plain = [] } = Object.groupBy(newcomers, ({ kind, content }) =>
      keyOf(kind, content)?.includes('‹') ? 'naming' : 'plain',
    )
    for (const group of [plain, naming]) this.#meet(group, taken)
    // Of what is ambiguous nothing is touched: it goes on meaning what it meant until somebody says what it is.
    for (const token of this.ambiguous) this.keepAlias(token)
    for (const [entry, asset] of this.#passing) this.#matchParts(entry, asset)
    for (const [token, asset] of this.reached) {
      const entry = this.#entries.find((one) => one.token === token) as Entry
      if (this.#isActed(token)) this.#matchParts(entry, asset)
    }
  }

  #meet(newcomers: readonly Entry[], taken: ReadonlySet<string>): void {
    const matched: [Entry, Asset][] = []
    for (const entry of newcomers) {
      const key = this.#keyOf(entry)
      if (key === null) continue
      const found = livingIn(this.#place, entry.kind).filter(
        (asset) => !taken.has(asset.token) && this.#keyThere(asset) === key,
      )
      const rivals = newcomers.filter((other) => other.kind === entry.kind && this.#keyOf(other) === key)
      if (found.length === 1 && rivals.length === 1) matched.push([entry, found[0] as Asset])
      else if (found.length > 0) {
        this.ambiguous.add(entry.token)
        if (this.#isActed(entry.token)) for (const { token } of found) this.claimed.add(token)
      }
    }
    for (const [entry, asset] of matched) {
      this.#join(entry, asset)
      if (this.#isActed(entry.token)) this.reached.set(entry.token, asset)
      else this.#passing.push([entry, asset])
    }
  }

  /** The same for what is remembered: a deleted asset comes back as one entry, its own before the alias pushed last. */
  #remember(): void {
    const absent = this.#entries.filter(({ token }) => !this.reached.has(token) && !this.ambiguous.has(token))
    const rank = ({ token }: Entry) => (reachDeleted(this.#place, token)?.token === token ? 0 : 1)
    const age = ({ token }: Entry) =>
      pairOf(this.#place, token, reachDeleted(this.#place, token)?.token ?? token)?.age ?? 0
    const taken = new Set<string>()
    for (const entry of absent.toSorted((a, b) => rank(a) - rank(b) || age(b) - age(a))) {
      let asset = reachDeleted(this.#place, entry.token)
      if (asset !== undefined && taken.has(asset.token)) {
        this.#dropAlias(entry)
        asset = reachDeleted(this.#place, entry.token)
      }
      if (asset === undefined || asset.alive || taken.has(asset.token)) continue
      taken.add(asset.token)
      this.remembered.set(entry.token, asset)
    }
  }

  #matchParts(entry: Entry, asset: Asset): void {
    const { pairs } = this.#place
    const pair =
      pairOf(this.#place, entry.token, asset.token) ?? newPair(entry.token, asset.token, this.#request.snapshot.name)
    pairs.set(`${entry.token}>${asset.token}`, pair)
    // A match dies with the asset, not with the part: a part that a person removed comes back, if it does, under the id
    // that it had.
    const matched = new Set(pair.parts.values())
    const [source, base] = [entry.content, pair.base].map(
      (content) =>
        content &&
        mapTokens(
          translate(this.#place, { ...entry, content }, this.#entries),
          (token) => pair.parts.get(token) ?? token,
        ),
    )
    const sides = { base: base ?? null, target: settled(this.#place, asset.content), source: source as Document }
    for (const [incoming, part] of matchParts(asset.kind, sides))
      if (!matched.has(incoming)) pair.parts.set(incoming, part)
  }

  /** A name that names an asset reads as the location would write it. */
  #keyOf = (entry: Entry): string | null => keyOf(entry.kind, translate(this.#place, entry, this.#entries))

  #keyThere({ kind, content }: Asset): string | null {
    const key = keyOf(kind, content)
    return key?.includes('‹') ? keyOf(kind, recalled(this.#place, content)) : key
  }
}
