import type { Action } from './actions.ts'
import { drawOptions } from './draw-options.ts'
import type { Place, Snapshot } from './model.ts'
import type { World } from './run.ts'

/** Living snapshots of headquarters. */
export const ofSource = (world: World) => world.livingSnapshots().filter(({ place }) => place === 'l0')

/** Whether the newest version of a snapshot has an asset of this lineage. */
export const holds = ({ versions }: Snapshot, token: string) =>
  versions.at(-1)?.entries.some((entry) => entry.token === token) === true

/** Wherever headquarters may push to. */
export const otherPlaces = (world: World) => [...world.places.values()].filter(({ name }) => name !== 'l0')

/** The newest version to one place, with nothing said of single assets. */
export function pushOf(world: World, snapshot: Snapshot, at: Place): Extract<Action, { do: 'push' }> {
  return {
    do: 'push',
    as: `x${world.number}`,
    snapshot: snapshot.name,
    version: null,
    to: [at.name],
    options: { ...drawOptions(world, snapshot.versions.at(-1)?.entries ?? [], at), matches: [], only: null },
    matchesAt: at.name,
    hash: 'none',
  }
}
