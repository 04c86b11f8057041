import type { Action } from './actions.ts'
import { same } from './document.ts'
import { translate } from './incoming.ts'
import { type Place, reach, recalled, type Snapshot } from './model.ts'
import { insist, type World } from './run.ts'

type Look = Extract<Action, { do: 'look' }>
interface Named {
  kind: string
  lineage: string
}

/** Somebody compares a snapshot with a location, and asks for what does not exist. */
export async function performLook(world: World, { snapshot: name, at }: Look): Promise<boolean> {
  const snapshot = world.snapshots.get(name)
  if (snapshot === undefined || snapshot.isDropped) return false
  await compareDiff(world, snapshot, world.place(at))
  const { kind = 'tags', token = undefined } = snapshot.versions.at(-1)?.entries[0] ?? {}
  const lineage = token === undefined ? 'nowhere0000000000000' : world.lineages.get(token)
  const nowhere = 'nowhere0000000000000'
  if (world.features.has('matches') && token !== undefined) {
    await refused(
      world,
      { snapshot, at },
      { matches: [{ kind, lineage, id: nowhere }] },
      'a match with what does not exist',
    )
    await refused(
      world,
      { snapshot, at },
      { matches: [{ kind, lineage: nowhere, id: null }] },
      'a match of what the version does not hold',
    )
  }
  if (world.features.has('policies')) {
    await refused(
      world,
      { snapshot, at },
      { policies: { [`${kind}/${nowhere}`]: 'override' } },
      'a policy for what the version does not hold',
    )
  }
  return true
}

async function refused(
  world: World,
  { snapshot, at }: { snapshot: Snapshot; at: string },
  more: object,
  what: string,
): Promise<void> {
  const body = { locationIds: [world.wire(at).locationId], ...more }
  const { status } = await world.agency('post', `/${world.snapshotIds.get(snapshot.name)}/plan`, body)
  insist(status === 422, `${what} is answered ${status} instead of 422`)
}

/**
 * What the newest version holds and the location does not, and what differs. What only the location has is its own
 * affair.
 */
async function compareDiff(world: World, snapshot: Snapshot, place: Place): Promise<void> {
  const path = `/${world.snapshotIds.get(snapshot.name)}/diff?version=${snapshot.versions.length}&locationId=${world.wire(place.name).locationId}`
  const { body, status } = await world.agency('get', path)
  insist(status === 200, `comparing ${snapshot.name} with ${place.name}: ${status}`)
  const { removed, changed } = body.diff as { removed: Named[]; changed: Named[] }
  const text = (lines: Named[]) => lines.map(({ kind, lineage }) => `${kind} ${lineage}`).sort()
  const entries = snapshot.versions.at(-1)?.entries ?? []
  const found = entries.map((entry) => ({ entry, asset: reach(place, entry.token) }))
  const named = (lines: typeof found) =>
    text(lines.map(({ entry }) => ({ kind: entry.kind, lineage: world.lineages.get(entry.token) as string })))
  const gone = named(found.filter(({ asset }) => asset === undefined))
  const differs = named(
    found.filter(
      ({ entry, asset }) =>
        asset !== undefined && !same(recalled(place, asset.content), translate(place, entry, entries)),
    ),
  )
  insist(
    same(text(removed), gone),
    `${snapshot.name} compared with ${place.name}: removed is ${text(removed).join(', ')} instead of ` +
      `${gone.join(', ')}`,
  )
  insist(
    same(text(changed), differs),
    `${snapshot.name} compared with ${place.name}: changed is ${text(changed).join(', ')} instead of ` +
      `${differs.join(', ')}`,
  )
}
