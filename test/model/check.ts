import type { Action } from './actions.ts'
import { compareLocation } from './compare.ts'
import { copy, isAsset, same } from './document.ts'
import { compareInbox } from './inbox-fields.ts'
import {
  type Asset,
  allPairsOf,
  brokenIn,
  livingIn,
  type Pair,
  type Place,
  reach,
  reachDeleted,
  type Snapshot,
  settled,
} from './model.ts'
import { compareRecords } from './people.ts'
import { pushedOf } from './pushed.ts'
import { compareReport } from './reports.ts'
import { insist, type World } from './run.ts'
import { KINDS } from './wire.ts'

/**
 * After each step: what it was about is looked at, and something that it was not about: of other places one in turn, and
 * there one kind by chance.
 */
export async function checkStep(world: World, action: Action, { isWhole = false } = {}): Promise<void> {
  for (const [index, at] of [...world.places.keys()].entries()) {
    const about = new Set(kindsOf(world, action, at))
    const kinds = about.union(new Set([world.chance.of(KINDS)]))
    if (about.size === 0 && world.number % world.places.size !== index) continue
    await compareLocation(world, at, [...kinds])
    if (about.size === 0) continue
    await compareBroken(world, at)
    await compareRecords(world, at)
  }
  rememberLearnt(world, action)
  const [pushes, snapshots] = [[...world.pushes.values()], world.livingSnapshots()]
  for (const push of isWhole ? pushes : [world.chance.find(pushes)])
    if (push !== undefined) await compareReport(world, push)
  for (const snapshot of isWhole ? snapshots : [world.chance.find(snapshots)])
    if (snapshot !== undefined) await compareDrift(world, snapshot)
  const about = isPush(action) ? world.pushes.get(action.as)?.snapshot : undefined
  for (const snapshot of snapshots)
    if (isWhole || snapshot.name === about || world.number % snapshots.length === snapshots.indexOf(snapshot))
      await compareInbox(world, snapshot)
}

const isPush = (action: Action): action is Extract<Action, { do: 'push' | 'rollback' | 'settle' | 'decide' }> =>
  ['push', 'rollback', 'settle', 'decide'].includes(action.do)

/**
 * Kinds of a location that an action may have changed. Where something goes, or comes by a push, a reference of any kind
 * may have been broken, or healed.
 */
function kindsOf(world: World, action: Action, at: string): Iterable<string> {
  const targets =
    action.do === 'push' ? action.to : isPush(action) ? [...(world.pushes.get(action.as)?.traces.keys() ?? [])] : []
  const isPlace =
    targets.includes(at) || ('at' in action && action.at === at && action.do !== 'capture' && action.do !== 'look')
  if (!isPlace) return []
  if (action.do === 'create') return [action.kind]
  if (action.do === 'edit') return [world.kinds.get(action.token) as string]
  const lines = targets.length > 0 && 'as' in action ? (world.pushes.get(action.as)?.lines.get(at) ?? []) : []
  return [...livingIn(world.place(at)), ...lines].map(({ kind }) => kind)
}

/** Ids and orders that were the product's to choose, without which what comes next cannot be said. */
export async function learnStep(world: World, action: Action): Promise<void> {
  if (!isPush(action)) return
  for (const [at, lines] of world.pushes.get(action.as)?.lines ?? [])
    await compareLocation(world, at, [...new Set(lines.map(({ kind }) => kind))])
  rememberLearnt(world, action)
}

/** An order that a push left to the product is as the first look after it says, also for whoever undoes the push. */
function rememberLearnt(world: World, action: Action): void {
  if (!isPush(action)) return
  for (const [at, { after }] of world.pushes.get(action.as)?.traces ?? []) {
    for (const [own, asset] of after.assets) {
      if (!asset.isLoose && !asset.isOpen) continue
      Object.assign(asset, {
        content: copy(world.place(at).assets.get(own)?.content ?? asset.content),
        isLoose: false,
        isOpen: false,
      })
    }
  }
}

/** At the end nothing is left out. */
export async function checkAll(world: World): Promise<void> {
  for (const at of world.places.keys()) {
    await compareLocation(world, at)
    await compareBroken(world, at)
    await compareRecords(world, at)
  }
  for (const push of world.pushes.values()) await compareReport(world, push)
  for (const snapshot of world.livingSnapshots()) {
    await compareDrift(world, snapshot)
    await compareInbox(world, snapshot)
  }
}

async function compareBroken(world: World, at: string): Promise<void> {
  const { client, locationId } = world.wire(at)
  const reply = world.sound(await client.get(`/locations/${locationId}/broken-references`), 'reading broken references')
  const shown = (reply.body.brokenReferences as { kind: string; id: string; missingKind: string }[]).map(
    ({ kind, id, missingKind }) => `${kind} ${world.token(at, id) ?? id} names ${missingKind} that is not there`,
  )
  const wanted = brokenIn(world.place(at)).flatMap(({ asset, tokens }) =>
    tokens.map(
      (token) =>
        `${asset.kind} ${asset.token} names ${isAsset(token) ? world.kinds.get(token) : 'part'} that is not there`,
    ),
  )
  // Values that are the location's own may count or not.
  const isSure = (line: string) => !line.startsWith('custom_values ')
  const [a, b] = [shown, wanted].map((lines) => [...new Set(lines.filter(isSure))].sort())
  insist(
    same(a, b),
    `broken references of ${at}\n  ${a?.join('\n  ') || 'none'}\ninstead of\n  ${b?.join('\n  ') || 'none'}`,
  )
}

type Drifted = { asset: Asset; pair: Pair; change: 'edited' | 'deleted' }

/** What differs from what this snapshot pushed last; where another snapshot shares the lineage, either may show it. */
async function compareDrift(world: World, snapshot: Snapshot): Promise<void> {
  const reply = await world.agency('get', `/${world.snapshotIds.get(snapshot.name)}/drift?limit=1000`)
  const rows = reply.body.drift as {
    locationId: string
    assets: { kind: string; lineage: string; id: string; change: string }[]
  }[]
  for (const place of world.places.values()) {
    const row = rows.find(({ locationId }) => locationId === world.wire(place.name).locationId)
    const shown = new Set((row?.assets ?? []).map(({ kind, lineage, change }) => `${kind} ${lineage} ${change}`))
    for (const { asset, pair, change } of driftOf(place)) {
      const line = `${asset.kind} ${world.lineages.get(pair.incoming)} ${change}`
      const isAbout = ({ name }: Snapshot) => pushedOf(place, name, pair.incoming) !== undefined
      const isOthers = pair.snapshot !== snapshot.name && isAbout(snapshot)
      const isShared =
        isOthers ||
        [...world.snapshots.values()].some(
          (other) => other !== snapshot && isAbout(other) && holds(other, place, pair.incoming),
        )
      const isThere = shown.delete(line)
      if (isShared || !holds(snapshot, place, pair.incoming)) continue
      const isWanted =
        pair.snapshot === snapshot.name &&
        !allPairsOf(place, pair.own).some((other) => overtakes(place, snapshot, { other, pair }))
      insist(
        isThere === isWanted,
        `drift of ${snapshot.name} in ${place.name} ${isThere ? 'shows' : 'does not show'} ${line} ` +
          `(${pair.incoming}, reached ${asset.token})`,
      )
    }
    insist(shown.size === 0, `drift of ${snapshot.name} in ${place.name} shows ${[...shown].join(', ')}`)
  }
}

/**
 * What the snapshot has pushed since by another lineage is no drift. Neither is what another snapshot has brought there
 * by it, where the version of this one that was pushed last holds that lineage, and no longer the pair's own.
 */
function overtakes(place: Place, snapshot: Snapshot, { other, pair }: { other: Pair; pair: Pair }): boolean {
  const newestOf = (incoming: string) =>
    snapshot.versions[(pushedOf(place, snapshot.name, incoming) ?? 0) - 1]?.entries ?? []
  const isHeld = ({ incoming }: Pair) => newestOf(incoming).some(({ token }) => token === incoming)
  return other.age > pair.age && (other.bringer === snapshot.name || (isHeld(other) && !isHeld(pair)))
}

const holds = ({ versions }: Snapshot, place: Place, token: string) =>
  versions.some(({ entries }) => entries.some((entry) => entry.token === token)) && place !== undefined

function driftOf(place: Place): Drifted[] {
  const drifted: Drifted[] = []
  for (const pair of place.pairs.values()) {
    const asset = place.assets.get(pair.own)
    if (pair.base === null || asset === undefined) continue
    const reached = reach(place, pair.incoming)
    if (!asset.alive) {
      // Of all that a lineage has led to, the last is what a person misses.
      if (reached === undefined && reachDeleted(place, pair.incoming) === asset)
        drifted.push({ asset, pair, change: 'deleted' })
    } else if (reached?.token === asset.token && !same(settled(place, pair.base), settled(place, asset.content)))
      drifted.push({ asset, pair, change: 'edited' })
  }
  return drifted
}
