import { copy, type Document, isAsset, keyOf, mapTokens, resourceOf, same, tokensIn } from './document.ts'
import { matchParts, merge } from './merge.ts'
import { type Asset, type Entry, livingIn, type Pair, type Place, pairOf, reach, reachDeleted, type Snapshot, settled, translate } from './model.ts'

export const POLICIES = ['merge', 'override', 'skip'] as const
export type Policy = (typeof POLICIES)[number]
export type Outcome = 'created' | 'updated' | 'merged' | 'unchanged' | 'kept' | 'conflict' | 'ambiguous' | 'deleted' | 'released' | 'skipped'

export interface Options {
  policy: Policy
  policies: { kind: string; token?: string; policy: Policy }[]
  deletions: boolean | 'all'
  /** Incoming lineage -> the own lineage of the asset it is, or null for a new one. */
  matches: { incoming: string; own: string | null }[]
  only: string[] | null
}

/** What becomes of one asset. Where decision 11 leaves the word open, several are right; what is written never is. */
export interface Line {
  kind: string
  incoming: string
  own: string
  outcomes: Outcome[]
}

export interface Pushed {
  snapshot: Snapshot
  /** From 1. */
  version: number
  options: Options
  /** Snapshots that count as holders: those that were not deleted. */
  snapshots: readonly Snapshot[]
}

/** Pushes a version to a location, all in one step: looks, matches, decides, writes and removes. */
export function push(place: Place, request: Pushed): Line[] {
  return new Push(place, request).run()
}

interface Decision {
  entry: Entry
  outcomes: Outcome[]
  own: string
  write: (() => void) | null
  /** Content as it would be; null: no living asset. */
  after: Document | null
  settle: (() => void) | null
}

class Push {
  readonly #place: Place
  readonly #request: Pushed
  readonly #entries: Entry[]
  readonly #reached = new Map<string, Asset>()
  readonly #ambiguous = new Set<string>()

  constructor(place: Place, request: Pushed) {
    this.#place = place
    this.#request = request
    this.#entries = request.snapshot.versions[request.version - 1]?.entries ?? []
  }

  run(): Line[] {
    this.#answer()
    this.#reach()
    this.#match()
    const acted = this.#entries.filter(({ token }) => this.#isActed(token))
    const decisions = acted.map((entry) => this.#decide(entry))
    const removals = this.#removals()
    this.#keepUnique(decisions, removals)
    for (const { write } of decisions) write?.()
    for (const { remove } of removals) remove?.()
    for (const { settle } of decisions) settle?.()
    this.#place.pushed.set(this.#request.snapshot.name, this.#request.version)
    return [...decisions, ...removals].map(({ entry, own, outcomes }) => ({ kind: entry.kind, incoming: entry.token, own, outcomes }))
  }

  #isActed(token: string): boolean {
    const { only } = this.#request.options
    return only === null || only.includes(token)
  }

  #policyFor({ kind, token }: Entry): Policy {
    const { policy, policies } = this.#request.options
    const named = policies.filter((one) => one.kind === kind && (one.token === undefined || one.token === token))
    return (named.find((one) => one.token === token) ?? named[0])?.policy ?? policy
  }

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
    const { aliases, pairs } = this.#place
    aliases.set(entry.token, asset.token)
    if (pairOf(this.#place, entry.token, asset.token) === undefined) pairs.set(`${entry.token}>${asset.token}`, this.#newPair(entry.token, asset.token, true))
  }

  #newPair(incoming: string, own: string, isOpen: boolean): Pair {
    return { incoming, own, base: null, snapshot: this.#request.snapshot.name, parts: new Map(), isOpen }
  }

  /** Two entries never reach one asset: answers go first, then own lineages, then older aliases. */
  #reach(): void {
    const answered = new Set(this.#request.options.matches.map(({ incoming }) => incoming))
    const rank = ({ token }: Entry) => (answered.has(token) ? 0 : reach(this.#place, token)?.token === token ? 1 : 2)
    const taken = new Set<string>()
    for (const entry of this.#entries.toSorted((a, b) => rank(a) - rank(b))) {
      const asset = reach(this.#place, entry.token)
      if (asset === undefined) continue
      if (taken.has(asset.token)) {
        this.#place.aliases.delete(entry.token)
        continue
      }
      taken.add(asset.token)
      this.#reached.set(entry.token, asset)
    }
  }

  #match(): void {
    const refused = new Set(this.#request.options.matches.filter(({ own }) => own === null).map(({ incoming }) => incoming))
    const taken = new Set([...this.#reached.values()].map(({ token }) => token))
    const newcomers = this.#entries.filter(({ token }) => !this.#reached.has(token) && !refused.has(token))
    const matched: [Entry, Asset][] = []
    for (const entry of newcomers) {
      const key = keyOf(entry.kind, entry.content)
      if (key === null) continue
      const found = livingIn(this.#place, entry.kind).filter((asset) => !taken.has(asset.token) && keyOf(entry.kind, asset.content) === key)
      const rivals = newcomers.filter((other) => other.kind === entry.kind && keyOf(other.kind, other.content) === key)
      if (found.length === 1 && rivals.length === 1) matched.push([entry, found[0] as Asset])
      else if (found.length > 0) this.#ambiguous.add(entry.token)
    }
    for (const [entry, asset] of matched.filter(([{ token }]) => this.#isActed(token))) {
      this.#join(entry, asset)
      this.#reached.set(entry.token, asset)
    }
    for (const [token, asset] of this.#reached) {
      const entry = this.#entries.find((one) => one.token === token) as Entry
      if (this.#isActed(token)) this.#matchParts(entry, asset)
    }
  }

  #matchParts(entry: Entry, asset: Asset): void {
    const { pairs } = this.#place
    const pair = pairOf(this.#place, entry.token, asset.token) ?? this.#newPair(entry.token, asset.token, entry.token !== asset.token)
    pairs.set(`${entry.token}>${asset.token}`, pair)
    const own = new Set(matchableIds(asset.content))
    for (const [incoming, part] of pair.parts) if (!own.has(part)) pair.parts.delete(incoming)
    const known = mapTokens(entry.content, (token) => pair.parts.get(token) ?? token)
    for (const [incoming, part] of matchParts(asset.kind, asset.content, known)) pair.parts.set(incoming, part)
  }

  #decide(entry: Entry): Decision {
    const asset = this.#reached.get(entry.token)
    const still = { entry, own: asset?.token ?? entry.token, write: null, after: asset?.content ?? null, settle: null }
    if (this.#ambiguous.has(entry.token)) return { ...still, outcomes: ['ambiguous'] }
    return asset === undefined ? this.#decideAbsent(entry) : this.#decidePresent(entry, asset)
  }

  #decideAbsent(entry: Entry): Decision {
    const deleted = reachDeleted(this.#place, entry.token)
    const own = deleted?.token ?? entry.token
    const pair = pairOf(this.#place, entry.token, own)
    const policy = this.#policyFor(entry)
    const advance = () => this.#advance(entry, own)
    if (deleted !== undefined && pair !== undefined && pair.base !== null && policy !== 'override') {
      const isChanged = !same(pair.base, entry.content)
      const still = { entry, own, write: null, after: null }
      if (!isChanged) return { ...still, settle: null, outcomes: policy === 'skip' ? ['kept', 'skipped'] : ['kept', 'conflict'] }
      return policy === 'skip' ? { ...still, settle: null, outcomes: ['skipped'] } : { ...still, settle: advance, outcomes: ['conflict'] }
    }
    return { entry, own, after: entry.content, outcomes: ['created'], write: () => this.#create(entry, own), settle: advance }
  }

  #create(entry: Entry, own: string): void {
    const known = this.#place.assets.get(own)
    const asset = known ?? { token: own, kind: entry.kind, isPushed: true, edits: 0, touches: 0, isLoose: false, local: {}, content: {}, alive: true }
    this.#place.assets.set(own, asset)
    asset.alive = true
    if (own !== entry.token) this.#place.aliases.set(entry.token, own)
    asset.content = translate(this.#place, entry.content)
    if (known === undefined) asset.local = seeds(asset.kind, asset.content)
  }

  #decidePresent(entry: Entry, asset: Asset): Decision {
    const pair = pairOf(this.#place, entry.token, asset.token) as Pair
    const policy = this.#policyFor(entry)
    const target = settled(this.#place, asset.content)
    const source = this.#translate(entry.content)
    const base = pair.base === null ? null : this.#translate(pair.base)
    const settle = () => this.#advance(entry, asset.token)
    const still = { entry, own: asset.token, write: null, after: target, settle }
    if (same(target, source)) return { ...still, outcomes: ['unchanged'] }
    const isSourceChanged = base === null || !same(base, source)
    const isTargetChanged = base === null || !same(base, target)
    const write = (after: Document, outcomes: Outcome[], isLoose = false): Decision => ({
      ...still,
      after,
      outcomes,
      write: same(after, asset.content)
        ? null
        : () => {
            asset.content = after
            asset.isLoose = isLoose
          },
    })
    if (!isTargetChanged || policy === 'override') return write(source, ['updated'])
    if (policy === 'skip') return { ...still, settle: null, outcomes: isSourceChanged ? ['skipped'] : ['skipped', 'kept', 'conflict'] }
    if (!isSourceChanged) return { ...still, outcomes: ['kept', 'conflict'] }
    const merged = merge(asset.kind, { base, target, source })
    if (merged.conflicts.length > 0) return write(merged.document, ['conflict'], merged.isLoose)
    if (same(merged.document, target)) return { ...still, outcomes: ['kept', 'unchanged', 'merged'] }
    return write(merged.document, same(merged.document, source) ? ['updated', 'merged'] : ['merged'], merged.isLoose)
  }

  /** With the assets that this push is about to make. */
  #translate(content: Document): Document {
    return translate(this.#place, content)
  }

  /** The base is what was pushed last, whatever the target kept. */
  #advance({ token, content }: Entry, own: string): void {
    const key = `${token}>${own}`
    const pair = this.#place.pairs.get(key) ?? this.#newPair(token, own, token !== own)
    this.#place.pairs.set(key, Object.assign(pair, { base: copy(content), snapshot: this.#request.snapshot.name }))
  }

  /** What left the snapshot. */
  #removals() {
    const { options, snapshot, version } = this.#request
    if (options.deletions === false) return []
    const last = this.#place.pushed.get(snapshot.name) ?? 0
    const inVersion = new Set(this.#entries.map(({ token }) => token))
    const before = snapshot.versions.slice(0, Math.max(last, version)).flatMap(({ entries }) => entries)
    const gone = new Map(before.filter(({ token }) => !inVersion.has(token) && this.#isActed(token)).map((entry) => [entry.token, entry]))
    const reached = new Set([...this.#reached.values()].map(({ token }) => token))
    return [...gone.values()].flatMap((entry) => {
      const asset = reach(this.#place, entry.token)
      const pair = asset && pairOf(this.#place, entry.token, asset.token)
      if (asset === undefined || pair === undefined || pair.base === null || reached.has(asset.token)) return []
      return [this.#remove(entry, asset, pair)]
    })
  }

  #remove(entry: Entry, asset: Asset, pair: Pair): { entry: Entry; own: string; outcomes: Outcome[]; remove: (() => void) | null; isGone: boolean } {
    const still = { entry, own: asset.token, remove: null, isGone: false }
    if (this.#isHeldElsewhere(asset)) return { ...still, outcomes: ['kept'] }
    const untrack = () => {
      this.#place.pairs.delete(`${entry.token}>${asset.token}`)
      this.#place.aliases.delete(entry.token)
    }
    const isClients = !asset.isPushed || entry.token !== asset.token
    if (isClients && this.#request.options.deletions === true) return { ...still, outcomes: ['released'], remove: untrack }
    const policy = this.#policyFor(entry)
    const isEdited = !same(translate(this.#place, pair.base as Document), settled(this.#place, asset.content))
    if (isEdited && policy === 'skip') return { ...still, outcomes: ['skipped'] }
    if (isEdited && policy === 'merge') return { ...still, outcomes: ['conflict', 'kept'] }
    const remove = () => {
      asset.alive = false
      for (const [key, { own }] of this.#place.pairs) if (own === asset.token) this.#place.pairs.delete(key)
    }
    return { ...still, outcomes: ['deleted'], remove, isGone: true }
  }

  #isHeldElsewhere(asset: Asset): boolean {
    const { snapshot, snapshots } = this.#request
    return snapshots.some(({ name, versions, isDropped }) => {
      const newest = this.#place.pushed.get(name)
      if (name === snapshot.name || isDropped || newest === undefined) return false
      return (versions[newest - 1]?.entries ?? []).some(({ token }) => {
        const pair = pairOf(this.#place, token, asset.token)
        return pair !== undefined && pair.base !== null && reach(this.#place, token)?.token === asset.token
      })
    })
  }

  /** Whose key would be held by two stays as it is and is ambiguous. */
  #keepUnique(decisions: Decision[], removals: { own: string; isGone: boolean }[]): void {
    const gone = new Set(removals.filter(({ isGone }) => isGone).map(({ own }) => own))
    for (let clash = true; clash; ) {
      clash = false
      const holders = new Map<string, { key: string; decision?: Decision }>()
      for (const { token, kind, content } of livingIn(this.#place)) {
        if (resourceOf(kind).unique !== null && !gone.has(token)) holders.set(token, { key: `${kind}/${keyOf(kind, content)}` })
      }
      for (const decision of decisions) {
        const { kind } = decision.entry
        if (resourceOf(kind).unique === null || decision.write === null || decision.after === null) continue
        holders.set(decision.own, { key: `${kind}/${keyOf(kind, decision.after)}`, decision })
      }
      const counts = Map.groupBy(holders.values(), ({ key }) => key)
      for (const { decision, key } of holders.values()) {
        if (decision === undefined || (counts.get(key) ?? []).length < 2) continue
        Object.assign(decision, { outcomes: ['ambiguous'], write: null, settle: null })
        clash = true
      }
    }
  }
}

const matchableIds = (content: Document): string[] => tokensIn(content).filter((token) => !isAsset(token))

/** What a new asset has of its own until its location says otherwise. */
function seeds(kind: string, content: Document): Document {
  const local: Document = {}
  for (const [path, { initial, seed }] of Object.entries(resourceOf(kind).local)) {
    const value = seed === undefined ? initial : content[seed]
    if (value !== undefined) local[path] = value as Document[string]
  }
  return local
}
