import type { Action, Decide } from './actions.ts'
import type { Change } from './changes.ts'
import { type Document, isObject, listsAt, resourceOf, same, tokensIn, type Value } from './document.ts'
import { drawingIn } from './draw-changes.ts'
import { otherPlaces, pushOf } from './draw-steps.ts'
import type { Drawing } from './drawing.ts'
import { type Asset, type Place, pairOf, reach, type Snapshot } from './model.ts'
import type { Open } from './open.ts'
import { findPart, isOrder, type Path, parsed, valueAt } from './paths.ts'
import { wasPushed } from './pushed.ts'
import type { World } from './run.ts'

/** An asset of headquarters, and what it has become elsewhere. */
interface Meeting {
  at: Place
  snapshot: Snapshot
  source: Asset
  target: Asset
  /** Parts of the target -> those of the source. */
  parts: ReadonlyMap<string, string>
  open: Open | undefined
}

type Step = () => Action | null
type Side = 'source' | 'target'

/**
 * Both sides change the same field, and what comes after that: versions that change something else, parts that are
 * renamed, exchange their names, move or go, a side that gives in, and decisions about single fields. These are steps
 * that must follow each other, so they are queued.
 */
export function drawDispute(world: World): Action | null {
  const { chance } = world
  const meetings = meetingsIn(world)
  const open = meetings.filter((one) => (one.open?.fields?.size ?? 0) > 0)
  const meeting = chance.find(open.length > 0 && chance.is(0.75) ? open : rich(chance.is(0.8) ? meetings : []))
  if (meeting === undefined) return bring(world)
  const steps = meeting.open?.fields?.size ? goOn(world, meeting) : begin(world, meeting)
  world.queue.push(...steps)
  return nextQueued(world)
}

export function nextQueued(world: World): Action | null {
  for (let step = world.queue.shift(); step !== undefined; step = world.queue.shift()) {
    const action = step()
    if (action !== null) return action
  }
  return null
}

const rich = (meetings: Meeting[]) => {
  const some = meetings.filter(({ source }) => Object.keys(resourceOf(source.kind).parts).length > 0)
  return some.length > 0 ? some : meetings
}

function meetingsIn(world: World): Meeting[] {
  const home = world.place('l0')
  return world
    .livingSnapshots()
    .filter(({ place }) => place === 'l0')
    .flatMap((snapshot) =>
      otherPlaces(world).flatMap((at) =>
        (snapshot.versions.at(-1)?.entries ?? []).flatMap(({ token }): Meeting[] => {
          const [source, target] = [home.assets.get(token), reach(at, token)]
          const pair = target && pairOf(at, token, target.token)
          if (!source?.alive || target === undefined || !pair?.base) return []
          const open = at.open.get(`${snapshot.name} ${token}`)
          const parts = new Map([...pair.parts].map(([incoming, own]) => [own, incoming]))
          return [{ at, snapshot, source, target, parts, open }]
        }),
      ),
    )
}

function bring(world: World): Action | null {
  const snapshot = world.chance.find(world.livingSnapshots().filter(({ place }) => place === 'l0'))
  const at = world.chance.find(otherPlaces(world))
  if (at === undefined) return null
  return snapshot === undefined ? { do: 'capture', at: 'l0', as: `s${world.number}` } : plainPush(world, snapshot, [at])
}

function plainPush(world: World, snapshot: Snapshot, to: readonly Place[]): Action {
  const action = pushOf(world, snapshot, to[0] as Place)
  const options = { policy: 'merge', policies: [], deletions: false, matches: [], only: null } as const
  return { ...action, to: to.map(({ name }) => name), options: { ...options, policies: [], matches: [] } }
}

/** Headquarters publish, and push: to all who have the snapshot, or to this one. */
const publish = (world: World, { snapshot, at }: Meeting): Step[] => [
  () => ({ do: 'refresh', snapshot: snapshot.name }),
  () => {
    const all = otherPlaces(world).filter((place) => wasPushed(place, snapshot.name))
    const to = world.chance.is(0.3) && all.includes(at) ? all : [at]
    return world.chance.is(0.15) ? pushOf(world, snapshot, at) : plainPush(world, snapshot, to)
  },
]

function begin(world: World, meeting: Meeting): Step[] {
  const { chance } = world
  const ways = chance.some(waysOf(world, meeting), 0.4).slice(0, 3)
  const [first] = waysOf(world, meeting)
  const chosen = ways.length > 0 || first === undefined ? ways : [first]
  return [
    () => edit(world, meeting, 'target', setAll(world, meeting, 'target', chosen)),
    () =>
      edit(world, meeting, 'source', [
        ...setAll(world, meeting, 'source', chosen),
        ...(chance.is(0.4) ? upset(world, meeting, 'source') : []),
      ]),
    ...publish(world, meeting),
  ]
}

function goOn(world: World, meeting: Meeting): Step[] {
  const { chance } = world
  const settle: Step = () => decide(world, meeting)
  const side: Side = chance.is(0.7) ? 'source' : 'target'
  const change: Step = () => edit(world, meeting, side, upset(world, meeting, side))
  const verb = chance.weighted({ other: 4, adopt: 4, upset: 4, since: 4, settle: 7, again: 1, more: 1 })
  const other =
    (where: Side): Step =>
    () =>
      edit(world, meeting, where, setOther(world, meeting, where))
  switch (verb) {
    case 'other':
      return [other('source'), ...publish(world, meeting)]
    case 'adopt': {
      const where: Side = chance.is(0.7) ? 'source' : 'target'
      const more = chance.is(0.7) ? [other(where === 'source' ? 'target' : 'source')] : []
      return [() => edit(world, meeting, where, adopt(world, meeting, where)), ...more, ...publish(world, meeting)]
    }
    case 'upset':
      return [change, ...publish(world, meeting), ...(chance.is(0.5) ? [settle] : [])]
    case 'since':
      return [change, settle]
    case 'again':
      return [() => plainPush(world, meeting.snapshot, [meeting.at])]
    case 'more':
      return begin(world, meeting)
    default:
      return [settle, ...(chance.is(0.5) ? [other('source'), ...publish(world, meeting)] : [])]
  }
}

function edit(world: World, meeting: Meeting, side: Side, changes: Change[]): Action | null {
  if (changes.length === 0) return null
  const place = side === 'source' ? world.place('l0') : meeting.at
  return { do: 'edit', at: place.name, token: meeting[side].token, changes }
}

/** A way to a field, in the words of the target. */
type Way = string[]

/** Fields that both sides have. */
function waysOf(world: World, { source, target, parts }: Meeting): Way[] {
  const { kind } = source
  const { parts: lists, local } = resourceOf(kind)
  const fixed = world.fixed(kind)
  const isFree = (pattern: string) =>
    !(pattern in lists) && !(pattern in local) && !NEVER.has(pattern.split('.').at(-1)!)
  const plain = Object.keys(source.content).filter((name) => !fixed.has(name) && isFree(name))
  const inner = !world.features.has('parts')
    ? []
    : Object.keys(lists)
        .filter((list) => !list.includes('[]'))
        .flatMap((list) =>
          listsAt(target.content, `${list}[]`)
            .flat()
            .filter(({ id }) => findPart(kind, source.content, parts.get(id as string) ?? (id as string)))
            .flatMap((part) =>
              Object.keys(part)
                .filter((name) => isFree(`${list}[].${name}`))
                .map((name) => [list, part.id as string, name]),
            ),
        )
  const all = [...plain.map((name) => [name]), ...inner, ...inner]
  // Mixed: whoever takes the first few takes others each time.
  return all.toSorted(() => world.chance.below(3) - 1)
}
const NEVER = new Set(['id', 'type', 'webhook', 'conditions', 'jumps', 'fields', 'sections', 'branches', 'next'])

const inWords = ({ parts }: Meeting, side: Side, way: Way): Way =>
  side === 'target' ? way : way.map((step) => parts.get(step) ?? step)

function setAll(world: World, meeting: Meeting, side: Side, ways: readonly Way[]): Change[] {
  return ways.flatMap((way) => {
    const set = inWords(meeting, side, way)
    const value = valueFor(world, meeting, side, way)
    return value === undefined ? [] : [{ set, value }]
  })
}

/** Another value than the one that is there. */
function valueFor(world: World, meeting: Meeting, side: Side, way: Way): Value | undefined {
  const { kind, content } = meeting[side]
  const drawing = drawingIn(world, side === 'source' ? world.place('l0') : meeting.at)
  const now = valueAt(kind, content, pathOf(inWords(meeting, side, way)))
  for (let tries = 0; tries < 6; tries++) {
    const value = draw(drawing, kind, way)
    if (value !== undefined && !same(value, now)) return value
  }
  return undefined
}

const pathOf = (way: Way): Path => (way.length === 1 ? (way[0] as string) : `${way[0]}[${way[1]}].${way[2]}`)
const draw = (drawing: Drawing, kind: string, way: Way): Value | undefined =>
  way.length === 1 ? drawing.document(kind)[way[0] as string] : drawing.newPart(kind, `${way[0]}[]`)?.[way[2] as string]

/** One field that is not in question. */
function setOther(world: World, meeting: Meeting, side: Side): Change[] {
  const open = new Set(meeting.open?.fields?.keys() ?? [])
  const [way] = waysOf(world, meeting).filter((one) => ![...open].some((path) => path.startsWith(pathOf(one))))
  return way === undefined ? [] : setAll(world, meeting, side, [way])
}

/** One side takes over what the other one says of a field that is in question. */
function adopt(world: World, meeting: Meeting, side: Side): Change[] {
  const { kind } = meeting.source
  const paths = [...(meeting.open?.fields?.keys() ?? [])].filter((path) => !isOrder(kind, path))
  return world.chance.some(paths, 0.7).flatMap((path) => {
    const { part, names } = parsed(path)
    const list = path.split('[')[0] as string
    const [name] = names
    // Some of it nobody may change.
    if (name === undefined || world.fixed(kind).has(list)) return []
    const isSource = side === 'source'
    const there = part === null ? path : path.replaceAll(part, meeting.parts.get(part) ?? part)
    const value = isSource ? valueAt(kind, meeting.target.content, path) : valueAt(kind, meeting.source.content, there)
    if (value === undefined || tokensIn(value).length > 0) return []
    const own = part !== null && isSource ? (meeting.parts.get(part) ?? part) : part
    if (names.length === 1) return [{ set: own === null ? [name] : [list, own, name], value }]
    const whole = part === null ? meeting[side].content[name] : undefined
    return isObject(whole) && names.length === 2
      ? [{ set: [name], value: { ...whole, [names[1] as string]: value } }]
      : []
  })
}

/** Parts exchange their names, get new ones, change places or go. */
function upset(world: World, meeting: Meeting, side: Side): Change[] {
  const { chance } = world
  const { kind, content } = meeting[side]
  const lists = Object.keys(resourceOf(kind).parts).filter((list) => !list.includes('[]'))
  const list = chance.find(lists.filter((one) => listsAt(content, `${one}[]`).flat().length > 0))
  if (list === undefined || !world.features.has('parts')) return []
  const parts = listsAt(content, `${list}[]`).flat()
  const label = 'label' in (parts[0] as Document) ? 'label' : 'name'
  const [first, second] = parts.toSorted(() => chance.below(3) - 1)
  const name = (part: Document | undefined, value: Value | undefined): Change[] =>
    part === undefined || value === undefined || !(label in part)
      ? []
      : [{ set: [list, part.id as string, label], value }]
  const words = drawingIn(world, side === 'source' ? world.place('l0') : meeting.at)
  switch (chance.weighted({ swap: 4, rename: 2, strange: 2, drop: 2, reorder: 1 })) {
    case 'swap':
      return [...name(first, second?.[label]), ...name(second, first?.[label])]
    case 'rename':
      return name(first, words.name())
    case 'strange':
      return name(first, words.strange())
    case 'drop':
      return [{ drop: [list], part: first?.id as string }]
    default:
      return [{ swap: [list] }]
  }
}

/** Single fields, in one place or wherever they are open. */
function decide(world: World, { at, snapshot, source }: Meeting): Decide | null {
  const { chance } = world
  const openAt = (place: Place) => [...(place.open.get(`${snapshot.name} ${source.token}`)?.fields?.keys() ?? [])]
  const here = openAt(at)
  if (here.length === 0) return null
  const some = chance.some(here, 0.6)
  const paths = some.length > 0 ? some : [chance.of(here)]
  const all = otherPlaces(world).filter((place) => openAt(place).some((path) => paths.includes(path)))
  return {
    do: 'decide',
    as: `x${world.number}`,
    snapshot: snapshot.name,
    to: (chance.is(0.4) ? all : [at]).map(({ name }) => name),
    token: source.token,
    paths,
    take: chance.is(0.65) ? 'source' : 'target',
  }
}
