import { type Document, same } from './document.ts'
import { type Asset, bury, type Entry, type Pair, type Place, pairsOf, reach, settled } from './model.ts'
import { type Open, openKey, openWhole } from './open.ts'
import { pushedOf } from './pushed.ts'
import { isActed, type Outcome, type Pushed, policyFor } from './request.ts'

export interface Removal {
  entry: Entry
  own: string
  outcomes: Outcome[]
  remove: (() => void) | null
  isGone: boolean
}

/** What left the snapshot: whatever a push of it brought here and the version does not hold. */
export function removals(
  place: Place,
  request: Pushed,
  { reached, claimed }: { reached: ReadonlySet<string>; claimed: ReadonlySet<string> },
): Removal[] {
  const { options, snapshot, version } = request
  if (options.deletions === false) return []
  const inVersion = new Set((snapshot.versions[version - 1]?.entries ?? []).map(({ token }) => token))
  // What only came along with what was chosen is nothing that the snapshot manages: it stays when nothing names it any
  // more.
  const wasChosen = (token: string) =>
    snapshot.versions.some((one) => one.entries.some((entry) => entry.token === token && !entry.isDependency))
  const gone = [...(place.brought.get(snapshot.name) ?? [])].filter(
    (token) => !inVersion.has(token) && isActed(request, token) && wasChosen(token),
  )
  const entries = new Map(snapshot.versions.flatMap((one) => one.entries).map((entry) => [entry.token, entry]))
  const assets = new Map(
    gone.map((token) => reach(place, token)).flatMap((asset) => (asset === undefined ? [] : [[asset.token, asset]])),
  )
  return [...assets.values()].flatMap((asset) => {
    const pairs = pairsOf(place, snapshot.name, asset.token).filter(({ incoming }) => !inVersion.has(incoming))
    // An asset that was reached by several lineages is one: it goes by what was pushed last.
    const told = pairs.find(({ incoming }) => gone.includes(incoming))
    if (told === undefined || reached.has(asset.token)) return []
    const planned = removal(place, request, { entry: entries.get(told.incoming) as Entry, asset, pairs })
    if (!claimed.has(asset.token)) return [planned]
    if (planned.isGone) return [{ ...planned, outcomes: ['kept'], remove: null, isGone: false }]
    // It stays for two reasons: either may be told.
    return [planned.outcomes.includes('conflict') ? { ...planned, outcomes: ['conflict', 'kept'] } : planned]
  })
}

function removal(
  place: Place,
  request: Pushed,
  { entry, asset, pairs }: { entry: Entry; asset: Asset; pairs: readonly Pair[] },
): Removal {
  const still = { entry, own: asset.token, remove: null, isGone: false }
  if (isHeldElsewhere(place, request, asset)) return { ...still, outcomes: ['kept'] }
  // Who it is does not change by handing it back: the alias stays, without a base.
  const untrack = () => {
    for (const pair of pairs) pair.base = null
  }
  const isClients = !asset.isPushed || pairs.every(({ incoming }) => incoming !== asset.token)
  if (isClients && request.options.deletions === true) return { ...still, outcomes: ['released'], remove: untrack }
  const policy = policyFor(request, entry)
  const isEdited = !same(settled(place, pairs[0]?.base as Document), settled(place, asset.content))
  if (isEdited && policy === 'skip') return { ...still, outcomes: ['skipped'] }
  if (isEdited && policy === 'merge') return { ...still, outcomes: ['conflict'] }
  if (request.deals?.has(asset.token) && policy !== 'override') return { ...still, outcomes: ['conflict'] }
  const remove = () => {
    bury(place, asset)
    // Its parts were matched: what comes in and names them names them as before.
    for (const pair of place.pairs.values()) if (pair.own === asset.token) pair.base = null
  }
  return { ...still, outcomes: ['deleted'], remove, isGone: true }
}

function isHeldElsewhere(place: Place, { snapshot, snapshots }: Pushed, asset: Asset): boolean {
  const ways = [...place.pairs.values()].filter(
    ({ incoming, own, base }) => own === asset.token && base !== null && reach(place, incoming)?.token === asset.token,
  )
  // By the last push that was about it: one of single assets says nothing of the others.
  return snapshots.some(
    ({ name, versions, isDropped }) =>
      name !== snapshot.name &&
      !isDropped &&
      ways.some(({ incoming }) =>
        versions[(pushedOf(place, name, incoming) ?? 0) - 1]?.entries.some(({ token }) => token === incoming),
      ),
  )
}

/** Rule 9 of open.ts. */
export function openRemoved(
  place: Place,
  about: Pick<Open, 'snapshot' | 'version' | 'incoming' | 'own'>,
  { outcomes, remove }: Removal,
): void {
  if (outcomes.includes('conflict')) openWhole(place, about)
  else if (remove !== null) place.open.delete(openKey(about.snapshot, about.incoming))
}
