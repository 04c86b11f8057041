import type { Action } from './actions.ts'
import { holds, ofSource, otherPlaces, pushOf } from './draw-steps.ts'
import { type Asset, type Place, reach, type Snapshot } from './model.ts'
import type { World } from './run.ts'

/** What a snapshot of headquarters has brought, and where. */
interface Met {
  at: Place
  snapshot: Snapshot
  token: string
  there: Asset
}

/**
 * One step further on the way to what leaves a snapshot though others have a share in it: a second snapshot brought it,
 * too, or the client had it before the first push. By chance alone these steps hardly ever follow each other.
 */
export function drawLeaver(world: World): Action | null {
  const { chance } = world
  const source = world.place('l0')
  const met = otherPlaces(world).flatMap((at) => metIn(world, at))
  const lives = ({ token }: Met) => source.assets.get(token)?.alive === true
  const left = chance.find(met.filter(({ snapshot, token }) => !holds(snapshot, token)))
  if (left !== undefined && chance.is(0.7)) return dropFrom(world, left)
  const gone = chance.find(met.filter((one) => !lives(one) && holds(one.snapshot, one.token)))
  if (gone !== undefined) return { do: 'refresh', snapshot: gone.snapshot.name }
  const shared = met.filter((one) => lives(one) && (!one.there.isPushed || isSecond(met, one)))
  const leaving = chance.find(shared)
  if (leaving !== undefined && chance.is(0.4)) return { do: 'delete', at: 'l0', token: leaving.token }
  // Elsewhere the client gives up what something was matched to, and is named by what came.
  const matched = chance.find(met.filter(({ token, there }) => there.token !== token))
  if (matched !== undefined && chance.is(0.3)) return { do: 'delete', at: matched.at.name, token: matched.there.token }
  const snapshot = chance.find(ofSource(world))
  return snapshot === undefined ? null : pushOf(world, snapshot, chance.of(otherPlaces(world)))
}

function metIn(world: World, at: Place): Met[] {
  return ofSource(world).flatMap((snapshot) =>
    [...(at.brought.get(snapshot.name) ?? [])].flatMap((token) => {
      const there = reach(at, token)
      return there?.alive ? [{ at, snapshot, token, there }] : []
    }),
  )
}

const isSecond = (met: readonly Met[], { at, snapshot, there }: Met) =>
  met.some((other) => other.at === at && other.there === there && other.snapshot !== snapshot)

function dropFrom(world: World, { at, snapshot }: Met): Action {
  const action = pushOf(world, snapshot, at)
  return { ...action, options: { ...action.options, deletions: world.chance.is(0.8) ? true : 'all' } }
}
