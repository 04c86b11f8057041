import { alike, type Document, mapTokens, same } from './document.ts'
import { heldStages, withStages } from './held-stages.ts'
import { seeds, translate } from './incoming.ts'
import { Matching } from './matching.ts'
import { type Merged, merge } from './merge.ts'
import { type Asset, type Entry, link, livingIn, newPair, type Pair, type Place, pairOf, recalled } from './model.ts'
import { type Met, meet, openKey, openWhole } from './open.ts'
import { notePushed } from './pushed.ts'
import { openRemoved, removals } from './removal.ts'
import { isActed, type Line, type Outcome, type Pushed, policyFor } from './request.ts'
import { keepUnique } from './unique-keys.ts'

/** Pushes a version to a location, all in one step: looks, matches, decides, writes and removes. */
export function push(place: Place, request: Pushed): Line[] {
  return new Push(place, request).run()
}

export interface Decision {
  entry: Entry
  outcomes: Outcome[]
  own: string
  write: (() => void) | null
  /** Content as it would be; null: no living asset. */
  after: Document | null
  settle: (() => void) | null
  /** Another asset has the key that this one would take. */
  isTaken?: boolean
  /** What it leaves open (open.ts); not given: what was. */
  open?: (() => void) | undefined
}

type Written = Pick<Merged, 'isLoose' | 'isOpen' | 'conflicts'>

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
    this.#read = new Map(livingIn(place).map(({ token, content }) => [token, recalled(place, content)]))
  }

  run(): Line[] {
    this.#matching = new Matching(this.#place, this.#request, this.#entries)
    const acted = this.#entries.filter(({ token }) => isActed(this.#request, token))
    const reached = new Set([...this.#matching.reached.values()].map(({ token }) => token))
    const removed = removals(this.#place, this.#request, { reached, claimed: this.#matching.claimed })
    const decideAll = (): Decision[] => {
      const all = acted.map((entry) => this.#decide(entry))
      keepUnique(this.#place, all, removed)
      return all
    }
    let decisions = decideAll()
    // What cannot be written for its key goes on meaning what it meant, wherever it is named.
    const keep = () => decisions.filter(({ isTaken, entry }) => isTaken && this.#matching.keepAlias(entry.token))
    while (keep().length > 0) decisions = decideAll()
    for (const { write } of decisions) write?.()
    // What was pushed is what is written: with the same names, also of what this push removes.
    for (const { settle } of decisions) settle?.()
    for (const { remove } of removed) remove?.()
    for (const one of removed) openRemoved(this.#place, this.#about(one.entry, one.own), one)
    for (const { open } of decisions) open?.()
    for (const { write, settle, entry, own } of decisions)
      if ((write !== null && settle !== null) || this.#matching.hasReturned(entry.token, own))
        this.#renew(pairOf(this.#place, entry.token, own))
    this.#matching.forgetPassing()
    for (const { own, entry } of decisions.filter(({ isTaken }) => isTaken)) this.#matching.forget(entry.token, own)
    this.#matching.endPairs()
    const { snapshot, version } = this.#request
    notePushed(this.#place, { snapshot: snapshot.name, version, only: this.#request.options.only })
    const brought = decisions.filter(({ settle }) => settle !== null).map(({ entry }) => entry.token)
    this.#place.brought.set(snapshot.name, new Set([...(this.#place.brought.get(snapshot.name) ?? []), ...brought]))
    return [...decisions, ...removed].map(({ entry, own, outcomes }) => ({
      kind: entry.kind,
      incoming: entry.token,
      own,
      outcomes,
    }))
  }

  #translated = (entry: Entry): Document => translate(this.#place, entry, this.#entries)

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
    // Somebody has answered that its own is another entry's asset: it means what it meant until that is answered, too.
    if (this.#place.assets.get(own)?.alive)
      return { entry, own, write: null, after: null, settle: null, outcomes: ['ambiguous'], isTaken: true }
    if (deleted !== undefined && pair !== undefined && pair.base !== null && policy !== 'override') {
      // What was pushed last may name by other lineages what has met something else since.
      const isChanged = !same(recalled(this.#place, pair.base), this.#translated(entry))
      const still = { entry, own, write: null, after: null }
      // It is known what was to come, and nothing has come: who has brought the asset last is as it was.
      const notice = () => {
        Object.assign(pair, { base: this.#translated(entry), ...this.#bringing })
      }
      if (!isChanged) return { ...still, settle: null, outcomes: ['kept'] }
      return policy === 'skip'
        ? { ...still, settle: null, outcomes: ['skipped'] }
        : {
            ...still,
            settle: notice,
            outcomes: ['conflict'],
            open: () => openWhole(this.#place, this.#about(entry, own)),
          }
    }
    return {
      entry,
      own,
      open: () => this.#place.open.delete(openKey(this.#request.snapshot.name, entry.token)),
      after: entry.content,
      outcomes: ['created'],
      write: () => this.#create(entry, own),
      settle: advance,
    }
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
    asset.content = this.#translated(entry)
    if (known === undefined || known.isForgotten) asset.local = seeds(asset.kind, asset.content)
    asset.isForgotten = false
  }

  #decidePresent(entry: Entry, asset: Asset): Decision {
    const pair = pairOf(this.#place, entry.token, asset.token) as Pair
    const policy = policyFor(this.#request, entry)
    const target = recalled(this.#place, asset.content)
    const source = this.#translated(entry)
    // What was pushed last, in the words of parts that were matched since.
    const base =
      pair.base &&
      recalled(
        this.#place,
        mapTokens(pair.base, (token) => pair.parts.get(token) ?? token),
      )
    const settle = () => this.#advance(entry, asset.token)
    const found =
      (after: Document, more: Partial<Met> = {}) =>
      () =>
        meet(this.#place, {
          ...this.#about(entry, asset.token),
          kind: asset.kind,
          conflicts: [],
          target: after,
          before: target,
          source,
          parts: pair.parts,
          isLoose: false,
          hasLooseOrder: false,
          ...more,
        })
    const still = { entry, own: asset.token, write: null, after: target, settle, open: found(target) }
    if (same(target, source)) {
      if (same(asset.content, source)) return { ...still, outcomes: ['unchanged'] }
      // From now on it names what it reaches. What led nowhere until this push matched it, whoever reads the document
      // sees change; what a roll-back gave back, and kept what it leads to, reads so already.
      const heal = () => Object.assign(asset, { content: source })
      const isAsPushed = pair.base !== null && same(asset.content, pair.base)
      if (same(this.#read.get(asset.token), source))
        return isAsPushed
          ? { ...still, outcomes: ['updated'], write: heal }
          : { ...still, outcomes: ['unchanged', 'updated'] }
      // What stands as it was pushed is brought up to date, whatever the policy.
      const isLeft = policy === 'skip' && !isAsPushed
      return {
        ...still,
        outcomes: isLeft ? ['skipped', 'unchanged'] : ['updated', 'unchanged'],
        write: isLeft ? null : heal,
      }
    }
    const isSourceChanged = base === null || !same(base, source)
    const isTargetChanged = base === null || !same(base, target)
    const write = (
      document: Document,
      said: Outcome[],
      { isLoose, isOpen, conflicts }: Written = { isLoose: false, isOpen: false, conflicts: [] },
    ): Decision => {
      const held = heldStages(asset, { target, document, deals: this.#request.deals ?? new Set() })
      if (held.size === 0) return written(document, said, { isLoose, isOpen, conflicts })
      const after = withStages(document, target, held)
      // What waits to be taken away was pushed, and goes on being so.
      const waits = () => this.#advance(entry, asset.token, (pushed) => withStages(pushed, base ?? {}, held))
      return {
        ...written(after, same(after, target) ? ['conflict', 'kept'] : ['conflict'], {
          isLoose: true,
          isOpen,
          conflicts,
        }),
        settle: waits,
        open: found(after, { conflicts, isLoose: true }),
      }
    }
    const written = (after: Document, outcomes: Outcome[], { isLoose, isOpen, conflicts }: Written): Decision => ({
      ...still,
      after,
      outcomes,
      open: found(after, { conflicts, isLoose: isOpen, hasLooseOrder: isLoose }),
      write:
        same(after, asset.content) && !isOpen && !isLoose
          ? null
          : () => {
              asset.content = after
              Object.assign(asset, { isLoose, isOpen })
            },
    })
    if (!isTargetChanged || policy === 'override') return write(source, ['updated'])
    if (policy === 'skip' && isSourceChanged) return { ...still, settle: null, open: undefined, outcomes: ['skipped'] }
    // What was pushed last stays as it was written, whatever its references lead to by now.
    if (!isSourceChanged)
      return {
        ...still,
        outcomes: policy === 'skip' ? ['kept', 'skipped'] : ['kept'],
        open: policy === 'skip' ? found(target, { isSkipped: true }) : still.open,
        settle: () => this.#advance(entry, asset.token, () => pair.base as Document),
      }
    const merged = merge(asset.kind, { base, target, source })
    if (merged.conflicts.length > 0) return write(merged.document, ['conflict'], merged)
    if (same(merged.document, target)) {
      const loosen = merged.isLoose ? () => Object.assign(asset, { isLoose: true }) : null
      const open = found(target, { hasLooseOrder: merged.isLoose })
      return { ...still, outcomes: ['kept', 'unchanged', 'merged'], write: loosen, open }
    }
    const isLike = (document: Document) =>
      merged.isLoose ? alike(merged.document, document) : same(merged.document, document)
    const outcomes: Outcome[] = [
      'merged',
      ...(isLike(source) ? (['updated'] as const) : []),
      ...(isLike(target) ? (['kept'] as const) : []),
    ]
    return write(merged.document, outcomes, merged)
  }

  #about = ({ token }: Pick<Entry, 'token'>, own: string) => ({
    snapshot: this.#request.snapshot.name,
    version: this.#request.version,
    incoming: token,
    own,
  })

  get #bringing(): Pick<Pair, 'snapshot' | 'version'> {
    return { snapshot: this.#request.snapshot.name, version: this.#request.version }
  }

  /** Of an asset's pairs it is the newest from now on. */
  #renew(pair: Pair | undefined): void {
    if (pair === undefined) return
    pair.age = Math.max(0, ...[...this.#place.pairs.values()].map(({ age }) => age)) + 1
    pair.bringer = this.#request.snapshot.name
  }

  /** The base is what was pushed last, whatever the target kept. */
  #advance(entry: Entry, own: string, asPushed = (document: Document) => document): void {
    const { token } = entry
    const key = `${token}>${own}`
    const pair = this.#place.pairs.get(key) ?? newPair(token, own, this.#request.snapshot.name)
    const base = asPushed(this.#translated(entry))
    // What is there already is not pushed again.
    const isNew = pair.base === null || !same(pair.base, base)
    if (isNew) this.#renew(pair)
    const isOwn = pair.snapshot === this.#request.snapshot.name
    this.#place.pairs.set(key, Object.assign(pair, { base }, isNew || !isOwn ? this.#bringing : {}))
  }
}
