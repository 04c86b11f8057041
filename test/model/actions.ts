import type { Chance } from './chance.ts'
import type { Change } from './changes.ts'
import { type Document, same, tokenOf } from './document.ts'
import { drawChanges, drawingIn } from './draw-changes.ts'
import { drawDispute, nextQueued } from './draw-disputes.ts'
import { drawLeaver } from './draw-leavers.ts'
import { drawOptions } from './draw-options.ts'
import { drawRival } from './draw-rivals.ts'
import type { Feature } from './features.ts'
import { type Asset, livingIn, type Place } from './model.ts'
import type { Path } from './paths.ts'
import type { Options } from './request.ts'
import type { World } from './run.ts'
import { canRollBackRest, halfUndone, single } from './undo-scope.ts'

/** Somebody settles single fields of what is open, in one place or in several at once. */
export interface Decide {
  do: 'decide'
  as: string
  snapshot: string
  to: string[]
  token: string
  paths: Path[]
  take: 'source' | 'target'
}

/** What somebody does. Things are called by names that stay the same when other actions are left out. */
export type Action =
  | { do: 'create'; at: string; kind: string; token: string; document: Document }
  | { do: 'edit'; at: string; token: string; changes: Change[] }
  | { do: 'swap'; at: string; tokens: [string, string] }
  | { do: 'delete'; at: string; token: string }
  | { do: 'capture'; at: string; as: string; kinds?: string[]; assets?: string[] }
  | { do: 'refresh'; snapshot: string }
  | {
      do: 'push'
      as: string
      snapshot: string
      version: number | null
      to: string[]
      options: Options
      matchesAt: string
      hash: 'none' | 'fresh' | 'stale'
    }
  | { do: 'rollback'; as: string; push: string; override: boolean; only: string[] | null }
  | { do: 'settle'; as: string; snapshot: string; at: string; token: string; take: 'source' | 'target' }
  | Decide
  | { do: 'retry'; push: string }
  | { do: 'drop'; snapshot: string }
  | { do: 'contact'; as: string; at: string; tags: string[] }
  | { do: 'deal'; as: string; at: string; pipeline: string; stage: string }
  | { do: 'look'; snapshot: string; at: string }

/**
 * Others of the actions: `rival`, on the way to two assets that one lineage could reach; `leaver`, to what leaves a
 * snapshot though others have a share in it; `dispute`, to what both sides change, and its end.
 */
type Verb = Exclude<Action['do'], 'decide'> | 'rival' | 'leaver' | 'dispute'

/** How many assets a location begins with: fewer make shorter stories, more make collisions. */
const FIRST = 5

/** The beginning: what people set up in each location. */
export function* beginnings(world: World): Generator<Action> {
  for (const place of world.places.values()) {
    const share = place.name === 'l0' ? FIRST * 2 : world.chance.below(FIRST)
    for (let count = 0; count < share; count++) yield createIn(world, place)
  }
}

export function nextAction(world: World): Action {
  const { features } = world
  const has = (feature: Feature) => features.has(feature)
  const queued = world.chance.is(0.9) ? nextQueued(world) : null
  if (queued !== null) return queued
  for (;;) {
    const dense = has('dense')
    const verb = world.chance.weighted<Verb>({
      create: dense ? 12 : 18,
      edit: dense ? 18 : 30,
      swap: 3,
      delete: dense ? 10 : 8,
      capture: world.snapshots.size === 0 ? 60 : 4,
      refresh: 12,
      push: 26,
      rollback: has('rollback') ? (dense ? 14 : 9) * (halfUndone(world).length > 0 ? 3 : 1) : 0,
      settle: has('settle') ? (dense ? 6 : 4) : 0,
      retry: 1,
      drop: has('twoSnapshots') ? 1 : 0,
      contact: has('records') ? 4 : 0,
      deal: has('records') ? 4 : 0,
      look: 3,
      leaver: has('twoSnapshots') && has('deletions') ? 8 : 0,
      dispute: has('settle') ? 12 : 0,
      rival: has('twoSnapshots') && has('matches') ? (dense ? 16 : 6) : 0,
    })
    const action = DRAWN[verb](world)
    if (action !== null) return action
  }
}

const placeIn = (world: World): Place => world.chance.of([...world.places.values()])
function createIn(world: World, place: Place): Action {
  const drawing = drawingIn(world, place)
  const kind = drawing.kind()
  return { do: 'create', at: place.name, kind, token: tokenOf(`a${world.number}`), document: drawing.document(kind) }
}

/**
 * Mostly one that a push brought or met, or that others may have too: edits on both sides are what merges are made of.
 */
export function assetToEdit(chance: Chance, place: Place): Asset | undefined {
  const living = livingIn(place)
  const met = new Set([...place.pairs.values()].map(({ own }) => own))
  return chance.find(chance.is(0.6) ? living.filter(({ token }) => met.has(token)) : living)
}

const DRAWN: Record<Verb, (world: World) => Action | null> = {
  create: (world) => createIn(world, placeIn(world)),

  edit(world) {
    const taken = world.chance.is(0.1) ? takeStage(world) : null
    if (taken !== null) return taken
    const place = placeIn(world)
    const asset = assetToEdit(world.chance, place)
    if (asset === undefined) return null
    const changes = drawChanges(world, place, asset.kind, asset.content)
    return changes.length === 0 ? null : { do: 'edit', at: place.name, token: asset.token, changes }
  },

  /**
   * Two of a kind in the place that is captured most exchange their names: for that one of them bears another for a
   * moment.
   */
  swap(world) {
    const { chance } = world
    const place = chance.is(0.7) ? world.place('l0') : placeIn(world)
    const byKind = Map.groupBy(
      livingIn(place).filter(({ content }) => typeof content.name === 'string'),
      ({ kind }) => kind,
    )
    const several = chance.find([...byKind.values()].filter((assets) => assets.length > 1))
    const first = several && chance.of(several)
    const second = several && chance.of(several.filter((asset) => asset !== first))
    return first === undefined || second === undefined
      ? null
      : { do: 'swap', at: place.name, tokens: [first.token, second.token] }
  },

  delete(world) {
    const place = placeIn(world)
    const asset = world.chance.find(livingIn(place))
    return asset === undefined ? null : { do: 'delete', at: place.name, token: asset.token }
  },

  capture(world) {
    const places = [...world.places.values()].filter(({ name }) => world.features.has('chains') || name === 'l0')
    if (!world.features.has('twoSnapshots') && world.snapshots.size > 0) return null
    const place = world.chance.is(0.6) ? world.places.get('l0')! : world.chance.of(places)
    const assets = livingIn(place)
    if (assets.length === 0) return null
    const action: Action = { do: 'capture', at: place.name, as: `s${world.number}` }
    if (!world.features.has('twoSnapshots') || world.chance.is(0.7)) return action
    if (world.chance.is(0.5)) return { ...action, assets: world.chance.some(assets, 0.3).map(({ token }) => token) }
    const kinds = [...new Set(world.chance.some(assets, 0.4).map(({ kind }) => kind))]
    return kinds.length === 0 ? null : { ...action, kinds }
  },

  refresh(world) {
    const snapshot = world.chance.find(world.livingSnapshots())
    return snapshot === undefined ? null : { do: 'refresh', snapshot: snapshot.name }
  },

  push(world) {
    const { chance } = world
    const snapshot = chance.find(world.livingSnapshots())
    if (snapshot === undefined) return null
    const number = chance.is(0.85) ? snapshot.versions.length : 1 + chance.below(snapshot.versions.length)
    const targets = [...world.places.values()].filter(({ name }) => name !== snapshot.place)
    const to = chance.is(0.7) ? [chance.of(targets)] : chance.some(targets, 0.7)
    if (to.length === 0) return null
    const hash = world.features.has('planHash')
      ? chance.of(['none', 'none', 'none', 'fresh', 'fresh', 'stale'] as const)
      : 'none'
    const options = drawOptions(world, snapshot.versions[number - 1]?.entries ?? [], to[0] as Place)
    const version = number === snapshot.versions.length ? null : number
    return {
      do: 'push',
      as: `x${world.number}`,
      snapshot: snapshot.name,
      version,
      to: to.map(({ name }) => name),
      options,
      matchesAt: to[0]!.name,
      hash,
    }
  },

  rollback(world) {
    const { chance, pushes } = world
    const push = chance.find(
      [...pushes.values()].filter((one) => world.canRollBack(one) || canRollBackRest(world, one)),
    )
    if (push === undefined) return null
    const action = { do: 'rollback', as: `x${world.number}`, push: push.name, override: chance.is(0.3) } as const
    if (!world.features.has('only') || push.reverts !== null || chance.is(0.6)) return { ...action, only: null }
    const only = chance.some(single(push), 0.4)
    return only.length === 0 ? null : { ...action, only }
  },

  settle(world) {
    const place = placeIn(world)
    const open = [...place.pairs.values()].filter(({ base, own }) => base !== null && place.assets.get(own)?.alive)
    const pair = world.chance.find(open.filter(({ base, own }) => !same(base, place.assets.get(own)?.content)))
    if (pair === undefined) return null
    return {
      do: 'settle',
      as: `x${world.number}`,
      snapshot: pair.snapshot,
      at: place.name,
      token: pair.incoming,
      take: world.chance.of(['source', 'target'] as const),
    }
  },

  retry(world) {
    const push = world.chance.find([...world.pushes.values()])
    return push === undefined ? null : { do: 'retry', push: push.name }
  },

  drop(world) {
    const snapshot = world.chance.find(world.livingSnapshots())
    return snapshot === undefined || world.livingSnapshots().length < 2 ? null : { do: 'drop', snapshot: snapshot.name }
  },

  contact(world) {
    const place = placeIn(world)
    const tags = world.chance.some(livingIn(place, 'tags'), 0.6).map(({ token }) => token)
    return tags.length === 0 ? null : { do: 'contact', as: `c${world.number}`, at: place.name, tags }
  },

  deal(world) {
    const place = placeIn(world)
    const pipeline = world.chance.find(livingIn(place, 'pipelines'))
    const stage = pipeline && world.chance.find((pipeline.content.stages ?? []) as Document[])
    if (pipeline === undefined || stage === undefined) return null
    return { do: 'deal', as: `c${world.number}`, at: place.name, pipeline: pipeline.token, stage: stage.id as string }
  },

  look(world) {
    const snapshot = world.chance.find(world.livingSnapshots())
    const place = placeIn(world)
    return snapshot === undefined || place.name === snapshot.place
      ? null
      : { do: 'look', snapshot: snapshot.name, at: place.name }
  },

  rival: drawRival,

  leaver: drawLeaver,

  dispute: drawDispute,
}

/** Somebody takes a stage away in which deals stand: in their own pipeline, or in one that it came from or went to. */
function takeStage(world: World): Action | null {
  const stage = world.chance.find([...world.records.values()].flatMap((record) => record.stage ?? []))
  if (stage === undefined) return null
  const holders = [...world.places.values()].flatMap((place) =>
    livingIn(place, 'pipelines')
      .filter(
        ({ content }) =>
          ((content.stages ?? []) as Document[]).length > 1 &&
          ((content.stages ?? []) as Document[]).some(({ id }) => id === stage),
      )
      .map(({ token }) => ({ at: place.name, token })),
  )
  const holder = world.chance.find(holders)
  return holder === undefined ? null : { do: 'edit', ...holder, changes: [{ drop: ['stages'], part: stage }] }
}
