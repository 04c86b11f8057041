import { copy, keyOf, resourceOf, same } from './document.ts'
import { type Asset, livingIn, type Place } from './model.ts'
import type { Line, Outcome } from './request.ts'

/** A location before and after a push: what a roll-back goes by. */
export interface Trace {
  before: Place
  after: Place
}

const stateOf = (asset: Asset | undefined) => (asset === undefined || !asset.alive ? null : asset.content)
const pairsOf = (place: Place, own: string) =>
  [...place.pairs.entries()]
    .filter(([, pair]) => pair.own === own)
    .map(([key, { base, snapshot, parts, age }]) => ({ key, base, snapshot, parts: [...parts], age }))
const aliasesOf = (place: Place, own: string) => [...place.aliases].filter(([, to]) => to === own)

/** What a push wrote to a location: own lineages of the assets whose content it changed. */
export const writtenBy = ({ before, after }: Trace): string[] =>
  [...after.assets.keys()].filter((own) => !same(stateOf(before.assets.get(own)), stateOf(after.assets.get(own))))

const changedBy = (trace: Trace, pairs: (place: Place, own: string) => unknown): string[] =>
  [...new Set([...trace.after.assets.keys(), ...trace.before.assets.keys()])].filter(
    (own) =>
      !same(stateOf(trace.before.assets.get(own)), stateOf(trace.after.assets.get(own))) ||
      !same(pairs(trace.before, own), pairs(trace.after, own)) ||
      !same(aliasesOf(trace.before, own), aliasesOf(trace.after, own)),
  )

/** Whose pair, alias or content it changed. */
export const touchedBy = (trace: Trace): string[] => changedBy(trace, pairsOf)

/** The same without those that another snapshot had brought as they are: that this one brings them too is no trace. */
export const tracesOf = (trace: Trace): string[] =>
  changedBy(trace, (place, own) => pairsOf(place, own).map(({ snapshot: _, ...pair }) => pair))

interface Undoing {
  trace: Trace
  override: boolean
  /** Own lineages of the assets that it is about; null: all of the push. */
  among: ReadonlySet<string> | null
  /** Single assets alone: the push goes on standing. */
  isPartial: boolean
}

/**
 * Undoes a push, asset by asset. What people changed since stays, unless it is overridden. `told` is what the product
 * says where both answers are right: an edit that was taken back by hand, or one of local values only.
 */
export function rollBack(
  place: Place,
  { trace, override, among, isPartial }: Undoing,
  told: (own: string) => Outcome | undefined,
): Line[] {
  const written = new Set(writtenBy(trace))
  const lines: Line[] = []
  const restored: string[] = []
  const kept = new Set<string>()
  for (const own of touchedBy(trace).filter((one) => among?.has(one) !== false)) {
    const [now, then] = [place.assets.get(own), trace.after.assets.get(own)]
    if (written.has(own)) {
      const isChanged = !same(stateOf(now), stateOf(then))
      const isAsBefore = same(stateOf(now), stateOf(trace.before.assets.get(own)))
      const isOpen = now?.touches !== then?.touches && (!isChanged || isAsBefore)
      // A pipeline stays while deals stand in what would go.
      const isHeld = now?.kind === 'pipelines' && told(own) === 'kept'
      const isKept = !override && (isHeld || isOpen ? told(own) === 'kept' : isChanged)
      const outcomes: Outcome[] = isKept ? ['kept'] : outcomesFor(stateOf(trace.before.assets.get(own)), stateOf(now))
      lines.push({ kind: (now as Asset).kind, incoming: own, own, outcomes })
      // What a person deleted stays deleted, but the push never took it for anything, nor brought it.
      if (isKept && now?.alive === false && then?.alive) restoreIdentity(place, trace, own, kept)
      else if (isKept) kept.add(own)
      if (isKept) continue
    }
    restored.push(own)
  }
  const clashes = keysHeldTwice(
    place,
    trace,
    restored.filter((own) => written.has(own)),
  )
  for (const own of clashes) kept.add(own)
  for (const own of restored) {
    const line = lines.find((one) => one.own === own)
    if (clashes.has(own) && line !== undefined) line.outcomes = ['kept']
    else restore(place, trace, own, { isWritten: written.has(own), kept })
  }
  if (!isPartial) unstand(place, trace)
  return lines
}

/** What the snapshot has brought, and where it stands, is as it was. */
function unstand(place: Place, trace: Trace): void {
  for (const snapshot of new Set([...trace.after.pushed.keys(), ...trace.before.pushed.keys()])) {
    const [before, after] = [trace.before.pushed.get(snapshot), trace.after.pushed.get(snapshot)]
    if (before === after || place.pushed.get(snapshot) !== after) continue
    if (before === undefined) place.pushed.delete(snapshot)
    else place.pushed.set(snapshot, before)
  }
  // What stays of a push that is undone is nothing that its snapshot manages.
  for (const [snapshot, tokens] of trace.after.brought) {
    const before = trace.before.brought.get(snapshot) ?? new Set()
    if (!same([...before], [...tokens]) && same([...(place.brought.get(snapshot) ?? [])], [...tokens]))
      place.brought.set(snapshot, new Set(before))
  }
}

/**
 * Whether what a push did to an asset by an incoming lineage is told by these two alone: then it can be undone alone,
 * without a word about any other.
 */
export function isByItself({ before, after }: Trace, { incoming, own }: Pick<Line, 'incoming' | 'own'>): boolean {
  const keys = new Set([...before.pairs.keys(), ...after.pairs.keys()])
  const pairs = [...keys].filter((key) => !same(pairText(before, key), pairText(after, key)))
  const names = new Set([...before.aliases.keys(), ...after.aliases.keys()])
  const aliases = [...names].filter((one) => before.aliases.get(one) !== after.aliases.get(one))
  const ways = [
    ...pairs.map((key) => key.split('>') as [string, string]),
    ...aliases.flatMap((one) =>
      [before, after].flatMap(({ aliases: to }) => (to.has(one) ? [[one, to.get(one) as string] as const] : [])),
    ),
  ]
  return ways.every(([from, to]) => (from === incoming) === (to === own))
}

const pairText = (place: Place, key: string) => {
  const { base = null, parts = new Map() } = place.pairs.get(key) ?? {}
  return { base, parts: [...parts] }
}

function outcomesFor(before: unknown, now: unknown): Outcome[] {
  if (same(before, now)) return ['unchanged', 'updated', 'deleted', 'kept']
  if (before === null) return ['deleted']
  return now === null ? ['created'] : ['updated']
}

/** What had led to an asset leads there again, unless it has come to lead to one that is kept. */
function restoreIdentity(place: Place, { before, after }: Trace, own: string, kept: ReadonlySet<string>): void {
  const leads = (incoming: string) => after.aliases.get(incoming) ?? incoming
  const back = [...before.aliases].filter(([incoming, to]) =>
    to === own
      ? !kept.has(leads(incoming))
      : leads(incoming) === own && place.aliases.get(incoming) === after.aliases.get(incoming),
  )
  for (const [key, pair] of place.pairs) if (pair.own === own) place.pairs.delete(key)
  for (const [key, pair] of before.pairs) if (pair.own === own) place.pairs.set(key, copy(pair))
  for (const [incoming, to] of after.aliases)
    if (to === own && place.aliases.get(incoming) === own) place.aliases.delete(incoming)
  for (const [incoming, to] of back) {
    place.aliases.set(incoming, to)
    place.ages.set(incoming, before.ages.get(incoming) ?? 0)
    for (const [key, pair] of before.pairs)
      if (pair.own === to && pair.incoming === incoming) place.pairs.set(key, copy(pair))
  }
}

function restore(
  place: Place,
  trace: Trace,
  own: string,
  { isWritten, kept }: { isWritten: boolean; kept: ReadonlySet<string> },
): void {
  const { before, after } = trace
  restoreIdentity(place, trace, own, kept)
  const asset = place.assets.get(own)
  if (!isWritten || asset === undefined) return
  const was = before.assets.get(own)
  if (was === undefined || !was.alive) asset.alive = false
  // An asset that was made and unmade, and that nobody touched, has left no values to remember.
  if ((was === undefined || was.isForgotten) && asset.touches === after.assets.get(own)?.touches)
    asset.isForgotten = true
  if (was?.alive)
    Object.assign(asset, { alive: true, isForgotten: false, content: copy(was.content), isLoose: was.isLoose })
}

/** Whose old name would be held by two. */
function keysHeldTwice(place: Place, { before }: Trace, restored: string[]): Set<string> {
  const left = new Set(restored)
  const clashes = new Set<string>()
  for (let clash = true; clash; ) {
    clash = false
    const keys = new Map<string, string>()
    for (const { token, kind, content } of livingIn(place))
      if (resourceOf(kind).unique !== null) keys.set(token, `${kind}/${keyOf(kind, content)}`)
    for (const own of left) {
      const was = before.assets.get(own)
      if (was?.alive && resourceOf(was.kind).unique !== null)
        keys.set(own, `${was.kind}/${keyOf(was.kind, was.content)}`)
      else keys.delete(own)
    }
    for (const [own, key] of keys) {
      if (!left.has(own) || [...keys.values()].filter((other) => other === key).length < 2) continue
      left.delete(own)
      clashes.add(own)
      clash = true
    }
  }
  return clashes
}
