import { compareLocation } from './compare.ts'
import { isAsset, same } from './document.ts'
import { type Asset, brokenIn, livingIn, type Pair, type Place, reach, type Snapshot, settled, translate } from './model.ts'
import { compareRecords } from './people.ts'
import { compareReport } from './push-both.ts'
import { insist, type World } from './run.ts'
import { KINDS } from './wire.ts'

/** After each step: the locations that it changed are looked at whole, the others by one kind; drift, reports and references too. */
export async function checkStep(world: World, changed: ReadonlySet<string>): Promise<void> {
  for (const at of world.places.keys()) {
    if (!changed.has(at)) {
      await compareLocation(world, at, [world.chance.of(KINDS)])
      continue
    }
    await compareLocation(world, at)
    await compareBroken(world, at)
    await compareRecords(world, at)
  }
  await checkPushes(world, [world.chance.find([...world.pushes.values()])])
  const snapshot = world.chance.find(world.livingSnapshots())
  if (snapshot !== undefined) await compareDrift(world, snapshot)
}

/** At the end nothing is left out. */
export async function checkAll(world: World): Promise<void> {
  await checkStep(world, new Set(world.places.keys()))
  await checkPushes(world, [...world.pushes.values()])
  for (const snapshot of world.livingSnapshots()) await compareDrift(world, snapshot)
}

async function checkPushes(world: World, pushes: readonly (Parameters<typeof compareReport>[1] | undefined)[]): Promise<void> {
  for (const push of pushes) if (push !== undefined) await compareReport(world, push)
}

async function compareBroken(world: World, at: string): Promise<void> {
  const { client, locationId } = world.wire(at)
  const reply = world.sound(await client.get(`/locations/${locationId}/broken-references`), 'reading broken references')
  const shown = (reply.body.brokenReferences as { kind: string; id: string; missingKind: string }[]).map(
    ({ kind, id, missingKind }) => `${kind} ${world.token(at, id) ?? id} names ${missingKind} that is not there`,
  )
  const wanted = brokenIn(world.place(at)).flatMap(({ asset, tokens }) =>
    tokens.map((token) => `${asset.kind} ${asset.token} names ${isAsset(token) ? world.kinds.get(token) : 'part'} that is not there`),
  )
  const [a, b] = [shown, wanted].map((lines) => [...new Set(lines)].sort())
  insist(same(a, b), `broken references of ${at}\n  ${a?.join('\n  ') || 'none'}\ninstead of\n  ${b?.join('\n  ') || 'none'}`)
}

type Drifted = { asset: Asset; pair: Pair; change: 'edited' | 'deleted' }

/** What differs from what this snapshot pushed last; where another snapshot shares the lineage, either may show it. */
async function compareDrift(world: World, snapshot: Snapshot): Promise<void> {
  const reply = await world.agency('get', `/${world.snapshotIds.get(snapshot.name)}/drift?limit=1000`)
  const rows = reply.body.drift as { locationId: string; assets: { kind: string; lineage: string; id: string; change: string }[] }[]
  for (const place of world.places.values()) {
    const row = rows.find(({ locationId }) => locationId === world.wire(place.name).locationId)
    const shown = new Set((row?.assets ?? []).map(({ kind, lineage, change }) => `${kind} ${lineage} ${change}`))
    for (const { asset, pair, change } of driftOf(place)) {
      const line = `${asset.kind} ${world.lineages.get(pair.incoming)} ${change}`
      const isShared = world.livingSnapshots().some((other) => other !== snapshot && place.pushed.has(other.name) && holds(other, place, pair.incoming))
      const isThere = shown.delete(line)
      if (isShared || !holds(snapshot, place, pair.incoming)) continue
      const isWanted = pair.snapshot === snapshot.name
      insist(
        isThere === isWanted,
        `drift of ${snapshot.name} in ${place.name} ${isThere ? 'shows' : 'does not show'} ${line} (${pair.incoming}, reached ${asset.token})`,
      )
    }
    insist(shown.size === 0, `drift of ${snapshot.name} in ${place.name} shows ${[...shown].join(', ')}`)
  }
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
      if (reached === undefined) drifted.push({ asset, pair, change: 'deleted' })
    } else if (reached?.token === asset.token && !same(translate(place, pair.base), settled(place, asset.content)))
      drifted.push({ asset, pair, change: 'edited' })
  }
  return drifted
}

export const isEmpty = (place: Place) => livingIn(place).length === 0
