import { alike, type Document, keyOf, mapTokens, resourceOf, same } from './document.ts'
import { Matching } from './matching.ts'
import { merge } from './merge.ts'
import { type Asset, type Entry, link, livingIn, newPair, type Pair, type Place, pairOf, type Snapshot, settled, translate } from './model.ts'
import { removals } from './removal.ts'

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
  /** Stages of the location that deals stand in, and the pipelines of these. */
  deals?: ReadonlySet<string>
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
  /** Another asset has the key that this one would take. */
  isTaken?: boolean
}

class Push {
  readonly #place: Place
  readonly #request: Pushed
  readonly #entries: Entry[]
  #matching!: Matching
  /** How documents read before this push matched anything. */
  readonly #read: ReadonlyMap<string, Document>

  constructor(place: Place, request: Pushed) {
    this.#place = place
    this.#request = request
    this.#entries = request.snapshot.versions[request.version - 1]?.entries ?? []
    this.#read = new Map(livingIn(place).map(({ token, content }) => [token, settled(place, content)]))
  }

  run(): Line[] {
    this.#matching = new Matching(this.#place, this.#request, this.#entries)
    const acted = this.#entries.filter(({ token }) => isActed(this.#request, token))
    const reached = new Set([...this.#matching.reached.values()].map(({ token }) => token))
    const removed = removals(this.#place, this.#request, { reached, claimed: this.#matching.claimed })
    const decideAll = (): Decision[] => {
      const all = acted.map((entry) => this.#decide(entry))
      this.#keepUnique(all, removed)
      return all
    }
    let decisions = decideAll()
    // What was to be new and cannot be written for its key goes on meaning what it meant, wherever it is named.
    const kept = decisions.filter(({ isTaken, entry }) => isTaken && this.#matching.keepAlias(entry.token))
    if (kept.length > 0) decisions = decideAll()
    for (const { write } of decisions) write?.()
    for (const { remove } of removed) remove?.()
    for (const { settle } of decisions) settle?.()
    for (const { write, settle, entry, own } of decisions) if (write !== null && settle !== null) this.#renew(pairOf(this.#place, entry.token, own))
    this.#matching.forgetPassing()
    for (const { own, entry } of decisions.filter(({ isTaken }) => isTaken)) this.#matching.forget(entry.token, own)
    this.#matching.endPairs()
    const { snapshot, version } = this.#request
    this.#place.pushed.set(snapshot.name, version)
    const brought = decisions.filter(({ settle }) => settle !== null).map(({ entry }) => entry.token)
    this.#place.brought.set(snapshot.name, new Set([...(this.#place.brought.get(snapshot.name) ?? []), ...brought]))
    return [...decisions, ...removed].map(({ entry, own, outcomes }) => ({ kind: entry.kind, incoming: entry.token, own, outcomes }))
  }

  #decide(entry: Entry): Decision {
    const asset = this.#matching.reached.get(entry.token)
    const still = { entry, own: asset?.token ?? entry.token, write: null, after: asset?.content ?? null, settle: null }
    if (this.#matching.ambiguous.has(entry.token)) return { ...still, outcomes: ['ambiguous'] }
    return asset === undefined ? this.#decideAbsent(entry) : this.#decidePresent(entry, asset)
  }

  #decideAbsent(entry: Entry): Decision {
    const deleted = this.#matching.remembered.get(entry.token)
    const own = deleted?.token ?? entry.token
    const pair = pairOf(this.#place, entry.token, own)
    const policy = policyFor(this.#request, entry)
    const advance = () => this.#advance(entry, own)
    // Its own lineage lives here as another entry's asset: decision 11 knows no identity for it.
    if (this.#place.assets.get(own)?.alive) return { entry, own, write: null, after: null, settle: null, outcomes: ['ambiguous', 'created'] }
    if (deleted !== undefined && pair !== undefined && pair.base !== null && policy !== 'override') {
      const isChanged = !same(settled(this.#place, pair.base), translate(this.#place, entry.content))
      const still = { entry, own, write: null, after: null }
      if (!isChanged) return { ...still, settle: null, outcomes: policy === 'skip' ? ['kept', 'skipped'] : ['kept', 'conflict'] }
      return policy === 'skip' ? { ...still, settle: null, outcomes: ['skipped'] } : { ...still, settle: advance, outcomes: ['conflict'] }
    }
    return { entry, own, after: entry.content, outcomes: ['created'], write: () => this.#create(entry, own), settle: advance }
  }

  #create(entry: Entry, own: string): void {
    const known = this.#place.assets.get(own)
    const asset = known ?? {
      token: own,
      kind: entry.kind,
      isPushed: true,
      edits: 0,
      touches: 0,
      isLoose: false,
      isOpen: false,
      local: {},
      content: {},
      alive: true,
    }
    this.#place.assets.set(own, asset)
    asset.alive = true
    if (own !== entry.token) link(this.#place, entry.token, own)
    asset.content = translate(this.#place, entry.content)
    if (known === undefined || known.isForgotten) asset.local = seeds(asset.kind, asset.content)
    asset.isForgotten = false
  }

  #decidePresent(entry: Entry, asset: Asset): Decision {
    const pair = pairOf(this.#place, entry.token, asset.token) as Pair
    const policy = policyFor(this.#request, entry)
    const target = settled(this.#place, asset.content)
    const source = translate(this.#place, entry.content)
    // What was pushed last, in the words of parts that were matched since.
    const base =
      pair.base &&
      settled(
        this.#place,
        mapTokens(pair.base, (token) => pair.parts.get(token) ?? token),
      )
    const settle = () => this.#advance(entry, asset.token)
    const still = { entry, own: asset.token, write: null, after: target, settle }
    if (same(target, source)) {
      if (same(this.#read.get(asset.token), source)) return { ...still, outcomes: ['unchanged'] }
      // What it names led nowhere until this push matched it: whoever reads the document sees it change, and from now on it names what it reaches.
      const heal = () => Object.assign(asset, { content: source })
      // What stands as it was pushed is brought up to date, whatever the policy.
      const isLeft = policy === 'skip' && !(pair.base !== null && same(asset.content, pair.base))
      return { ...still, outcomes: isLeft ? ['skipped', 'unchanged'] : ['updated', 'unchanged'], write: isLeft ? null : heal }
    }
    const isSourceChanged = base === null || !same(base, source)
    const isTargetChanged = base === null || !same(base, target)
    const write = (document: Document, said: Outcome[], { isLoose, isOpen } = { isLoose: false, isOpen: false }): Decision => {
      const held = heldStages(asset.kind, { target, document, deals: this.#request.deals ?? new Set() })
      if (held.size === 0) return written(document, said, { isLoose, isOpen })
      const after = withStages(document, target, held)
      // What waits to be taken away was pushed, and goes on being so.
      const waits = () => this.#advance(entry, asset.token, (pushed) => withStages(pushed, base ?? {}, held))
      return { ...written(after, same(after, target) ? ['conflict', 'kept'] : ['conflict'], { isLoose: true, isOpen }), settle: waits }
    }
    const written = (after: Document, outcomes: Outcome[], { isLoose, isOpen }: { isLoose: boolean; isOpen: boolean }): Decision => ({
      ...still,
      after,
      outcomes,
      write:
        same(after, asset.content) && !isOpen && !isLoose
          ? null
          : () => {
              asset.content = after
              Object.assign(asset, { isLoose, isOpen })
            },
    })
    if (!isTargetChanged || policy === 'override') return write(source, ['updated'])
    if (policy === 'skip') return { ...still, settle: null, outcomes: isSourceChanged ? ['skipped'] : ['skipped', 'kept', 'conflict'] }
    if (!isSourceChanged) return { ...still, outcomes: ['kept', 'conflict'] }
    const merged = merge(asset.kind, { base, target, source })
    if (merged.conflicts.length > 0) return write(merged.document, ['conflict'], merged)
    if (same(merged.document, target)) {
      const loosen = merged.isLoose ? () => Object.assign(asset, { isLoose: true }) : null
      return { ...still, outcomes: ['kept', 'unchanged', 'merged'], write: loosen }
    }
    const isLike = (document: Document) => (merged.isLoose ? alike(merged.document, document) : same(merged.document, document))
    const outcomes: Outcome[] = ['merged', ...(isLike(source) ? (['updated'] as const) : []), ...(isLike(target) ? (['kept'] as const) : [])]
    return write(merged.document, outcomes, merged)
  }

  /** Of an asset's pairs it is the newest from now on. */
  #renew(pair: Pair | undefined): void {
    if (pair !== undefined) pair.age = Math.max(0, ...[...this.#place.pairs.values()].map(({ age }) => age)) + 1
  }

  /** The base is what was pushed last, whatever the target kept. */
  #advance({ token, content }: Entry, own: string, asPushed = (document: Document) => document): void {
    const key = `${token}>${own}`
    const pair = this.#place.pairs.get(key) ?? newPair(token, own, this.#request.snapshot.name)
    const base = asPushed(translate(this.#place, content))
    // What is there already is not pushed again.
    if (pair.base === null || !same(pair.base, base)) this.#renew(pair)
    this.#place.pairs.set(key, Object.assign(pair, { base, snapshot: this.#request.snapshot.name }))
  }

  /** Who would take a key that another one has stays as it is and is ambiguous. */
  #keepUnique(decisions: Decision[], removals: { own: string; isGone: boolean }[]): void {
    const keyNow = new Map(livingIn(this.#place).map(({ token, kind, content }) => [token, `${kind}/${keyOf(kind, content)}`]))
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
        if (decision === undefined || key === keyNow.get(decision.own) || (counts.get(key) ?? []).length < 2) continue
        Object.assign(decision, { outcomes: ['ambiguous'], write: null, settle: null, isTaken: true })
        clash = true
      }
    }
  }
}

const stagesOf = ({ stages }: Document) => (stages ?? []) as (Document & { id: string })[]

/** A stage that deals stand in stays, whatever the snapshot says: nobody was asked where they go. */
function heldStages(kind: string, { target, document, deals }: { target: Document; document: Document; deals: ReadonlySet<string> }): Set<string> {
  if (kind !== 'pipelines') return new Set()
  const left = new Set(stagesOf(document).map(({ id }) => id))
  return new Set(stagesOf(target).flatMap(({ id }) => (deals.has(id) && !left.has(id) ? [id] : [])))
}

/** The document with these stages of another one, each behind the one that it follows there. */
function withStages(document: Document, other: Document, ids: ReadonlySet<string>): Document {
  const stages = [...stagesOf(document)]
  const indexOf = (id: string | undefined) => stages.findIndex((stage) => stage.id === id)
  for (const [index, stage] of stagesOf(other).entries()) {
    if (!ids.has(stage.id) || indexOf(stage.id) >= 0) continue
    const before = stagesOf(other)
      .slice(0, index)
      .findLast(({ id }) => indexOf(id) >= 0)
    stages.splice(indexOf(before?.id) + 1, 0, stage)
  }
  return stages.length === stagesOf(document).length ? document : { ...document, stages }
}

export const isActed = ({ options: { only } }: Pushed, token: string): boolean => only === null || only.includes(token)

export function policyFor({ options: { policy, policies } }: Pushed, { kind, token }: Entry): Policy {
  const named = policies.filter((one) => one.kind === kind && (one.token === undefined || one.token === token))
  return (named.find((one) => one.token === token) ?? named[0])?.policy ?? policy
}

/** What a new asset has of its own until its location says otherwise. */
function seeds(kind: string, content: Document): Document {
  const local: Document = {}
  for (const [path, { initial, seed }] of Object.entries(resourceOf(kind).local)) {
    const value = seed === undefined ? initial : content[seed]
    if (value !== undefined) local[path] = value as Document[string]
  }
  return local
}
