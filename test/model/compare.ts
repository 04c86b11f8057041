import {
  copy,
  type Document,
  divide,
  isAsset,
  isObject,
  mapTexts,
  nameOf,
  resourceOf,
  same,
  textOf,
  unite,
  type Value,
} from './document.ts'
import { type Asset, livingIn, livingParts, type Place, settled } from './model.ts'
import { insist, type World } from './run.ts'
import { KINDS, type WireAsset, withoutUnset } from './wire.ts'

/**
 * Everything a location shows must be what the model says. Ids and orders that are the product's to choose are learnt
 * here.
 */
export async function compareLocation(world: World, at: string, kinds: readonly string[] = KINDS): Promise<void> {
  const place = world.place(at)
  const shown = new Map(await Promise.all(kinds.map(async (kind) => [kind, await world.wire(at).list(kind)] as const)))
  const found: [Asset, WireAsset][] = []
  for (const kind of kinds) found.push(...pair(world, place, kind, shown.get(kind) as WireAsset[]))
  for (const [asset, wire] of found) learnParts(world, place, asset, wire)
  for (const [asset, wire] of found) compareAsset(world, place, asset, wire)
  noneFromElsewhere(
    world,
    at,
    textOf(found.map(([, { document, listedName }]) => [document, listedName] as unknown as Value)),
  )
}

/** Assets of the model with those of the answer. One whose id is not known yet is found by its name and content. */
function pair(world: World, place: Place, kind: string, shown: readonly WireAsset[]): [Asset, WireAsset][] {
  const left = new Map(shown.map((wire) => [wire.id, wire]))
  insist(left.size === shown.length, `${place.name} lists an id of ${kind} twice`)
  const pairs: [Asset, WireAsset][] = []
  const unknown: Asset[] = []
  for (const asset of livingIn(place, kind)) {
    const id = world.id(place.name, asset.token)
    if (id === undefined) {
      unknown.push(asset)
      continue
    }
    const wire = left.get(id)
    insist(wire !== undefined, `${describe(asset)} is missing in ${place.name}; there are: ${names(shown)}`)
    left.delete(id)
    pairs.push([asset, wire])
  }
  for (const asset of unknown) {
    const alike = [...left.values()].filter(
      (wire) =>
        world.token(place.name, wire.id) === undefined &&
        same(nameOf(kind, wire.document), nameOf(kind, wireName(world, place, asset))),
    )
    const wire = alike[0]
    insist(wire !== undefined, `${describe(asset)} is missing in ${place.name}; there are: ${names(shown)}`)
    left.delete(wire.id)
    world.tie(place.name, asset.token, wire.id)
    pairs.push([asset, wire])
  }
  insist(
    left.size === 0,
    `${place.name} has ${kind} that should not be there: ${names([...left.values()])}; expected: ` +
      `${livingIn(place, kind).map(describe).join(', ') || 'none'}`,
  )
  return pairs
}

const wireName = (world: World, place: Place, asset: Asset) => world.toWire(place.name, asset.content, () => true)
const names = (shown: readonly WireAsset[]) =>
  shown.map(({ document, id }) => `"${document.name ?? document.key}" (${id})`).join(', ') || 'none'
export const describe = ({ kind, token, content }: Asset) => `${kind} "${nameOf(kind, content)}" ${token}`

/** Parts stand in the same order on both sides, or, after a merge, have the same content. */
function learnParts(world: World, place: Place, asset: Asset, { document }: WireAsset): void {
  for (const path of Object.keys(resourceOf(asset.kind).parts)) {
    const top = path.split('[].')
    walk([asset.content], [document], top, (mine, theirs) => {
      for (const part of mine) {
        if (world.id(place.name, part.id as string) !== undefined) continue
        const free = theirs.filter(({ id }) => world.token(place.name, id as string) === undefined)
        const like = (asset.isLoose ? free : [theirs[mine.indexOf(part)]]).find(
          (one) => one !== undefined && same(one.name ?? one.label, part.name ?? part.label),
        )
        if (like !== undefined) world.tie(place.name, part.id as string, String(like.id))
      }
    })
  }

  function walk(
    mine: Document[],
    theirs: Document[],
    [step, ...rest]: string[],
    visit: (mine: Document[], theirs: Document[]) => void,
  ): void {
    for (const holder of mine) {
      const other =
        mine.length === 1 && holder === asset.content
          ? theirs[0]
          : theirs.find(({ id }) => id === world.id(place.name, String(holder.id)))
      const lists = [holder[step as string], other?.[step as string]].map((list) =>
        Array.isArray(list) ? (list as Document[]) : [],
      ) as [Document[], Document[]]
      if (rest.length === 0) visit(...lists)
      else walk(...lists, rest, visit)
    }
  }
}

function compareAsset(world: World, place: Place, asset: Asset, wire: WireAsset): void {
  const { kind } = asset
  const parts = livingParts(place)
  const isAlive = (token: string) => (isAsset(token) ? place.assets.get(token)?.alive === true : parts.has(token))
  if (asset.isOpen)
    asset.content = divide(kind, withoutUnset(kind, world.fromWire(place.name, wire.document) as Document)).content
  asset.isOpen = false
  const made = masked(world.toWire(place.name, settled(place, unite(kind, asset)), isAlive)) as Document
  let wanted = withoutUnset(kind, made)
  const answer = masked(
    withoutDead(
      world,
      place.name,
      kind === 'custom_values' ? { ...wire.document, value: wire.document.value ?? '' } : wire.document,
      isAlive,
    ),
  )
  const shown = withoutUnset(kind, answer as Document)
  if (asset.isLoose && !same(wanted, shown)) {
    const adopted = reordered(wanted, shown)
    if (same(adopted, shown)) {
      takeOrder(world, place, asset, wire)
      wanted = adopted as Document
    }
  }
  if (kind === 'custom_values') wanted.value ??= wanted.default ?? ''
  insist(
    same(wanted, shown),
    `${describe(asset)} in ${place.name} is not as expected\n${differences('', wanted, shown).join('\n')}`,
  )
  insist(
    wire.listedName === String(wire.document.name ?? wire.document.key),
    `the list of ${kind} in ${place.name} says "${wire.listedName}" for "${wire.document.name}"`,
  )
  asset.isLoose = false
}

/**
 * A reference that leads nowhere reads `missing:...` with a lineage that only the product knows; `next` ends with null
 * or without.
 */
const masked = (value: Value): Document =>
  JSON.parse(JSON.stringify(value).replace(/missing:(?:part|[a-z_]+):[A-Za-z0-9-]+/g, 'missing')) as Document

const PART_ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|[A-Za-z0-9]{20})$/

/**
 * What is gone may still be named by the id it had here: a part anywhere, an asset in a value that is the location's
 * own.
 */
const withoutDead = (world: World, at: string, document: Document, isAlive: (token: string) => boolean): Document => {
  const named = mapTexts(document, (text) => {
    const token = world.token(at, text)
    const isStrange = token === undefined && PART_ID.test(text)
    return isStrange || (token?.startsWith('‹p') && !isAlive(token)) ? `missing:part:${text}` : text
  }) as Document
  if (typeof named.value !== 'string') return named
  let value = named.value
  for (const [token, id] of world.idsOf(at))
    if (isAsset(token) && !isAlive(token))
      value = value.replace(new RegExp(`(?<!:)${id}`, 'g'), `missing:${world.kinds.get(token)}:${id}`)
  return { ...named, value }
}

/** The same lists in the order of the other, where they hold the same. */
function reordered(value: Value, like: Value): Value {
  if (Array.isArray(value) && Array.isArray(like) && value.length === like.length) {
    const left = [...value]
    const result = like.map((element) => {
      const index = left.findIndex((other) =>
        isObject(element) && isObject(other) && element.id !== undefined
          ? element.id === other.id
          : same(other, element),
      )
      return index < 0 ? undefined : reordered(left.splice(index, 1)[0] as Value, element)
    })
    return result.includes(undefined) ? value : (result as Value[])
  }
  if (!isObject(value) || !isObject(like)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name in like ? reordered(inner, like[name] as Value) : inner]),
  )
}

/** The product chose an order: from here on it is the asset's. */
function takeOrder(world: World, place: Place, asset: Asset, { document }: WireAsset): void {
  const shown = world.fromWire(place.name, document) as Document
  const { content } = divide(asset.kind, shown)
  asset.content = reordered(copy(asset.content), content) as Document
}

export function differences(path: string, wanted: Value | undefined, shown: Value | undefined): string[] {
  if (same(wanted, shown)) return []
  if (isObject(wanted) && isObject(shown)) {
    return [...new Set([...Object.keys(wanted), ...Object.keys(shown)])].flatMap((name) =>
      differences(`${path}.${name}`, wanted[name], shown[name]),
    )
  }
  if (Array.isArray(wanted) && Array.isArray(shown) && wanted.length === shown.length) {
    return wanted.flatMap((value, index) => differences(`${path}[${index}]`, value, shown[index]))
  }
  return [`  ${path.slice(1)}: expected ${textOf(wanted)}, shown ${textOf(shown)}`]
}

/** No document of a location holds an id of another one. */
function noneFromElsewhere(world: World, at: string, text: string): void {
  for (const other of world.places.keys()) {
    if (other === at) continue
    for (const [token, id] of world.idsOf(other)) {
      const isIn = text.replace(/missing:[a-z_]+:[A-Za-z0-9-]+/g, '').includes(id)
      insist(!isIn, `a document of ${at} holds ${id}, which is ${token} in ${other}: ${around(text, id)}`)
    }
  }
}

const around = (text: string, id: string) => text.slice(Math.max(0, text.indexOf(id) - 80), text.indexOf(id) + 80)
