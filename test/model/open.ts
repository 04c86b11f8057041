import { type Document, mapTokens, tokensIn } from './document.ts'
import { type Place, reach } from './model.ts'
import { findPart, isAgreed, isOrder, labelOf, type Path, partPathOf } from './paths.ts'

/**
 * What is open between a snapshot and an asset of a location, field by field, until somebody settles it:
 *
 * 1. A push opens what both sides have changed since the base (the conflicts of its merge).
 * 2. A later push of the asset, of whatever version, leaves open what was open and where the two sides still differ
 *    afterwards: the target as it stands then, and the version that was pushed last. Whether that version has changed
 *    the field, or anything else of the asset, does not matter. So what is open is open with the version pushed last,
 *    and settling it for the source writes what that version says.
 * 3. Where both sides say the same after a push, whoever gave in, it is over. Where a person has made them the same
 *    since, it may be told until the next push of the asset, or not; one with the policy "skip", whose snapshot has not
 *    changed the asset, may have looked at it or not.
 * 4. What a push is not about, skips, finds ambiguous or cannot write for its key stays open as it was; so does what
 *    left the snapshot and stays because nobody asked for deletions.
 * 5. A field of a part is open for that part, by whatever name it goes and wherever it stands, on either side. Where a
 *    push finds the part gone on one side, the question is the part itself, and no longer its fields; where both have
 *    it, or neither, that question is answered.
 * 6. Settled for the source, that field of that part is written, and nothing else (what hangs together goes together;
 *    a part that the target has no longer comes back as the version has it, and one that the version has no longer
 *    goes). Settled for the target, nothing is written. Either way this field is no longer open, the others are, and a
 *    later push opens it again only where the snapshot has changed it since and the target has another value.
 * 7. A settlement that cannot be written for the key of the asset settles nothing.
 * 8. It belongs to the lineage and the asset that it reached: where the lineage reaches another asset since, it is void.
 *    Another snapshot neither settles nor opens it.
 * 9. Deletion against change is one question about the whole asset (`null`) and takes the place of those about fields.
 * 10. A roll-back leaves open what was open before the push.
 * 11. A side that goes back to the old base has not given in: the two still differ, and the base has moved on.
 */
export interface Open {
  snapshot: string
  /** Pushed last, with this asset. */
  version: number
  incoming: string
  own: string
  /**
   * Fields; `maybe`: the product chooses the order of a list, and with it whether that is in question, or whether it has
   * looked. Null: all.
   */
  fields: Map<Path, 'sure' | 'maybe'> | null
  /** What the parts on the ways were called when a push met them. */
  labels: Map<string, Set<string>>
  /** What exactly is open is the product's to say: a pointer without an end, a stage that waits for its deals. */
  isLoose: boolean
}

export const openKey = (snapshot: string, incoming: string) => `${snapshot} ${incoming}`

/** What a push has found at an asset. */
export interface Met {
  snapshot: string
  version: number
  incoming: string
  own: string
  kind: string
  conflicts: readonly Path[]
  target: Document
  source: Document
  /** Incoming parts -> those of the target that they were matched to. */
  parts: ReadonlyMap<string, string>
  isLoose: boolean
  hasLooseOrder: boolean
  /** Left alone: whether it was looked at, and with it what is over by now, is the product's to say. */
  isSkipped?: boolean
  /** The target's own before the push: parts are told by the names that they have there. */
  before?: Document
}

export function meet(place: Place, met: Met): void {
  const { snapshot, version, incoming, own, kind, target, source, conflicts, parts } = met
  const key = openKey(snapshot, incoming)
  const was = place.open.get(key)
  const isSame = was?.own === own
  if (met.isSkipped && (!isSame || was.fields === null)) return
  const named = (path: Path) => mapTokens(path, (token) => parts.get(token) ?? token)
  const fields = new Map<Path, 'sure' | 'maybe'>()
  const waiting = isSame ? [...(was.fields ?? [])] : []
  for (const [listed, known] of [...waiting, ...conflicts.map((path) => [path, 'sure'] as const)]) {
    const path = named(listed)
    const isOver = isAgreed(kind, path, target, source)
    if (isOver && !met.isSkipped) continue
    const part = partPathOf(path)
    const isGone = part !== null && !isAgreed(kind, part, target, source)
    const isUnsure = isOrder(kind, path)
      ? met.hasLooseOrder
      : known === 'maybe' || (met.isSkipped === true && (isOver || isGone))
    if (isGone && met.isSkipped) fields.set(path, 'maybe')
    fields.set(isGone ? part : path, isUnsure ? 'maybe' : 'sure')
  }
  const isLoose = met.isLoose || (isSame && was.isLoose)
  const labels = new Map(isSame ? was.labels : [])
  for (const part of tokensIn([...fields.keys()]))
    for (const side of [met.before ?? target, target, source]) {
      const name = labelOf(findPart(kind, side, part))
      if (name !== null) labels.set(part, new Set([...(labels.get(part) ?? []), name]))
    }
  if (fields.size === 0 && !isLoose) place.open.delete(key)
  else {
    const since = met.isSkipped && isSame ? was.version : version
    place.open.set(key, { snapshot, version: since, incoming, own, fields, labels, isLoose })
  }
}

export function openWhole(place: Place, about: Pick<Open, 'snapshot' | 'version' | 'incoming' | 'own'>): void {
  place.open.set(openKey(about.snapshot, about.incoming), { ...about, fields: null, labels: new Map(), isLoose: false })
}

/** Whether it is still about the asset that its lineage reaches. */
export const isInForce = (place: Place, { incoming, own }: Open): boolean => reach(place, incoming)?.token === own

export const textOfOpen = (open: Open | undefined): string =>
  open === undefined ? '' : JSON.stringify([{ ...open, labels: null }, [...(open.fields ?? [['all']])].sort()])

/** After a roll-back what was open before the push is open again; of what it has kept nothing can be said. */
export function reopen(
  place: Place,
  { before, after }: { before: Place; after: Place },
  { among, kept }: { among: ReadonlySet<string> | null; kept: ReadonlySet<string> },
): void {
  for (const key of new Set([...before.open.keys(), ...after.open.keys()])) {
    const [was, then, now] = [before, after, place].map(({ open }) => open.get(key))
    const owns = [was, then, now].flatMap((open) => open?.own ?? [])
    if (!owns.some((own) => among?.has(own) !== false) || textOfOpen(was) === textOfOpen(then)) continue
    const isDoubtful = owns.some((own) => kept.has(own)) || textOfOpen(now) !== textOfOpen(then)
    if (isDoubtful) place.open.set(key, { ...((now ?? then ?? was) as Open), isLoose: true })
    else if (was === undefined) place.open.delete(key)
    else place.open.set(key, structuredClone(was))
  }
}
