import type { Action } from './actions.ts'
import { keyOf, resourceOf, tokenOf } from './document.ts'
import { drawingIn } from './draw-changes.ts'
import { holds, ofSource, otherPlaces, pushOf } from './draw-steps.ts'
import { type Asset, livingIn, type Place, reach } from './model.ts'
import type { World } from './run.ts'

interface Twins {
  at: Place
  first: Asset
  second: Asset
}

/**
 * One step further on the way to rivals: headquarters makes a second asset of a name, brings it alone to where the first
 * one is, so that it meets that, and then both in one version. By chance alone these steps hardly ever follow each other.
 */
export function drawRival(world: World): Action | null {
  const { chance } = world
  const source = world.place('l0')
  const brought = otherPlaces(world).flatMap((at) =>
    livingIn(source).flatMap((first) => (reach(at, first.token) === undefined ? [] : [{ at, first }])),
  )
  const pairs = brought.flatMap(({ at, first }) =>
    livingIn(source, first.kind)
      .filter((second) => second !== first)
      .map((second) => ({ at, first, second })),
  )
  const met = chance.find(pairs.filter(({ at, first, second }) => reach(at, first.token) === reach(at, second.token)))
  if (met !== undefined) return bringBoth(world, met)
  const twins = chance.find(pairs.filter(isToMeet))
  if (twins !== undefined && chance.is(0.8)) return bringSecond(world, twins)
  const single = chance.find(brought.filter(({ first }) => resourceOf(first.kind).unique === null))
  return single === undefined ? null : makeSecond(world, single.first)
}

/** The second would be matched to what the first has reached, if it came without it. */
function isToMeet({ at, first, second }: Twins): boolean {
  const key = keyOf(second.kind, second.content)
  const named = livingIn(at, second.kind).filter(({ kind, content }) => key !== null && keyOf(kind, content) === key)
  return reach(at, second.token) === undefined && named.length === 1 && named[0] === reach(at, first.token)
}

function bringBoth(world: World, { at, first, second }: Twins): Action {
  const ofAll = ofSource(world).filter(({ kinds, assets }) => kinds === undefined && assets === undefined)
  const ready = world.chance.find(
    ofSource(world).filter((snapshot) => holds(snapshot, first.token) && holds(snapshot, second.token)),
  )
  if (ready !== undefined) return pushOf(world, ready, at)
  const known = world.chance.find(ofAll)
  return known === undefined
    ? { do: 'capture', at: 'l0', as: `s${world.number}` }
    : { do: 'refresh', snapshot: known.name }
}

function bringSecond(world: World, { at, first, second }: Twins): Action {
  const ready = ofSource(world).find((snapshot) => holds(snapshot, second.token) && !holds(snapshot, first.token))
  return ready === undefined
    ? { do: 'capture', at: 'l0', as: `s${world.number}`, assets: [second.token] }
    : pushOf(world, ready, at)
}

function makeSecond(world: World, { kind, content: { name } }: Asset): Action | null {
  const document = drawingIn(world, world.place('l0')).document(kind)
  if (typeof name !== 'string' || document.name === undefined) return null
  return { do: 'create', at: 'l0', kind, token: tokenOf(`a${world.number}`), document: { ...document, name } }
}
