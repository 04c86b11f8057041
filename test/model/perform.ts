import type { Action } from './actions.ts'
import { changed } from './changes.ts'
import { performDecide } from './decide.ts'
import { copy, type Document, divide, isAsset, keyOf, mapTokens, partsOf, same, unite, type Value } from './document.ts'
import { performLook } from './look.ts'
import {
  type Asset,
  capture,
  createAsset,
  deleteAsset,
  editAsset,
  isTaken,
  livingParts,
  type Place,
  type Snapshot,
  settled,
} from './model.ts'
import { forgetTags, performContact, performDeal } from './people.ts'
import { possible } from './possible.ts'
import { performPush } from './push-both.ts'
import { insist, type World } from './run.ts'
import { performRollBack, performSettle } from './undo.ts'
import { type WireAsset, withoutUnset } from './wire.ts'

type Of<Verb extends Action['do']> = Extract<Action, { do: Verb }>
/** False: what the action is about does not exist, so nobody does it. */
type Perform<Verb extends Action['do']> = (world: World, action: Of<Verb>) => Promise<boolean>

const PERFORM: { [Verb in Action['do']]: Perform<Verb> } = {
  async create(world, { at, kind, token, document }) {
    const place = world.place(at)
    world.kinds.set(token, kind)
    const wanted = possible(place, document, new Set(partsOf(kind, document).map(({ id }) => id as string)))
    const reply = world.sound(
      await world.wire(at).create(
        kind,
        world.toWire(at, wanted, () => true),
      ),
      `making ${kind} in ${at}`,
    )
    if (reply.status >= 400) {
      // Keys that are made from names are known to the server alone; it answers with them when it accepts.
      insist(
        reply.status < 500 && isRefusable(place, kind, wanted),
        `making ${kind} in ${at} is refused: ${JSON.stringify(reply.body)}\n${JSON.stringify(wanted)}`,
      )
      return true
    }
    const made = reply.body as WireAsset
    world.tie(at, token, made.id)
    learn(world, at, wanted, made.document)
    const shown = world.fromWire(at, made.document) as Document
    for (const [name, value] of Object.entries(wanted))
      insist(
        same(shown[name], value),
        `${kind} made in ${at}: ${name} was ${JSON.stringify(value)}, is ${JSON.stringify(shown[name])}`,
      )
    insist(
      !isTaken(place, kind, divide(kind, shown).content),
      `${at} has two ${kind} with the key ${keyOf(kind, shown)}`,
    )
    createAsset(place, kind, token, withoutUnset(kind, shown, wanted))
    return true
  },

  async edit(world, { at, token, changes }) {
    const asset = world.place(at).assets.get(token)
    if (!asset?.alive) return false
    const before = settled(world.place(at), unite(asset.kind, asset))
    // In a shorter story some of what the changes name was never made: that is a word like any other.
    const known = (one: string) => (isAsset(one) && !world.lineages.has(one) ? one.slice(1, -1) : one)
    const after = edited(world.place(at), asset, mapTokens(changed(before, changes), known))
    const names = Object.keys(after).filter((name) => !same(before[name], after[name]))
    if (names.length === 0) return false
    const parts = livingParts(world.place(at))
    const fresh = new Set(partsOf(asset.kind, after).map(({ id }) => id as string))
    const isAlive = (one: string) =>
      isAsset(one) ? world.place(at).assets.get(one)?.alive === true : parts.has(one) || fresh.has(one)
    const body = world.toWire(at, after, isAlive)
    const changesOnly = Object.fromEntries(names.map((name) => [name, body[name]])) as Document
    if (asset.kind === 'custom_values')
      Object.assign(changesOnly, { name: body.name, value: body.value, default: body.default })
    const id = world.id(at, token) as string
    const reply = world.sound(
      await world.wire(at).update(asset.kind, id, body, changesOnly),
      `changing ${asset.kind} ${token} in ${at}`,
    )
    const taken = isTaken(world.place(at), asset.kind, divide(asset.kind, after).content, token)
    if (reply.status >= 400) {
      insist(
        taken,
        `changing ${asset.kind} ${token} in ${at} is refused: ` +
          `${JSON.stringify(reply.body)}\n${JSON.stringify(changesOnly)}`,
      )
      return true
    }
    insist(!taken, `${at} has two ${asset.kind} with the key ${keyOf(asset.kind, after)}`)
    learn(world, at, after, (reply.body as WireAsset).document)
    editAsset(asset, after)
    dropStray(asset)
    return true
  },

  async swap(world, { at, tokens }) {
    const [first, second] = tokens.map((token) => world.place(at).assets.get(token))
    if (!first?.alive || !second?.alive) return false
    const [name, other] = [first.content.name as Value, second.content.name as Value]
    for (const [asset, value] of [
      [first, `Between ${world.number}`],
      [second, name],
      [first, other],
    ] as const)
      await PERFORM.edit(world, { do: 'edit', at, token: asset.token, changes: [{ set: ['name'], value }] })
    return true
  },

  async delete(world, { at, token }) {
    const asset = world.place(at).assets.get(token)
    if (!asset?.alive) return false
    const reply = world.sound(
      await world.wire(at).delete(asset.kind, world.id(at, token) as string, asset.content),
      `deleting ${asset.kind} ${token} in ${at}`,
    )
    insist(
      reply.status < 300,
      `deleting ${asset.kind} ${token} in ${at}: ${reply.status} ${JSON.stringify(reply.body)}`,
    )
    deleteAsset(world.place(at), asset)
    return true
  },

  async capture(world, { at, as, kinds, assets }) {
    const place = world.place(at)
    const living = assets?.filter((token) => place.assets.get(token)?.alive)
    if (assets !== undefined && living?.length === 0) return false
    const chosen = living?.map((token) => ({ kind: place.assets.get(token)?.kind, id: world.id(at, token) }))
    const reply = await world.agency('post', '/', {
      name: as,
      locationId: world.wire(at).locationId,
      ...(kinds && { kinds }),
      ...(chosen && { assets: chosen }),
    })
    insist(reply.status === 201, `capturing ${at}: ${reply.status} ${JSON.stringify(reply.body)}`)
    const snapshot: Snapshot = {
      name: as,
      place: at,
      kinds,
      assets: living,
      versions: [capture(place, { kinds, assets: living })],
      isDropped: false,
    }
    world.snapshots.set(as, snapshot)
    world.snapshotIds.set(as, reply.body.snapshot.id)
    world.noteRoot(as, reply.body.snapshot.root)
    await compareVersion(world, snapshot)
    return true
  },

  async refresh(world, { snapshot: name }) {
    const snapshot = world.snapshots.get(name)
    if (snapshot === undefined || snapshot.isDropped) return false
    const reply = await world.agency('post', `/${world.snapshotIds.get(name)}/refresh`, {})
    insist(
      reply.status === 200 || reply.status === 201,
      `refreshing ${name}: ${reply.status} ${JSON.stringify(reply.body)}`,
    )
    const [last, next] = [snapshot.versions.at(-1), capture(world.place(snapshot.place), snapshot)]
    const [isSame, isSameRaw] = [last?.root === next.root, last?.rawRoot === next.rawRoot]
    if (isSame === isSameRaw) {
      insist(
        (reply.status === 200) === isSame,
        `refreshing ${name} ${isSame ? 'made a new version of the same content' : 'saw no change'}`,
      )
    }
    if (reply.status === 201) snapshot.versions.push(next)
    insist(
      reply.body.snapshot.version === snapshot.versions.length,
      `${name} is at version ${reply.body.snapshot.version} instead of ${snapshot.versions.length}`,
    )
    world.noteRoot(name, reply.body.snapshot.root)
    await compareVersion(world, snapshot)
    return true
  },

  push: performPush,
  rollback: performRollBack,
  settle: performSettle,
  decide: performDecide,

  async retry(world, { push }) {
    const done = world.pushes.get(push)
    if (done === undefined) return false
    const reply = await world.agency('post', `/pushes/${done.id}/retry`, {})
    insist(reply.status === 409, `retrying ${push}, in which nothing failed, is answered ${reply.status}`)
    return true
  },

  async drop(world, { snapshot: name }) {
    const snapshot = world.snapshots.get(name)
    if (snapshot === undefined || snapshot.isDropped) return false
    const reply = await world.agency('delete', `/${world.snapshotIds.get(name)}`)
    insist(reply.status === 200, `deleting ${name}: ${reply.status}`)
    snapshot.isDropped = true
    return true
  },

  contact: performContact,
  deal: performDeal,

  look: performLook,
}

export async function perform(world: World, action: Action): Promise<boolean> {
  const isDone = await (PERFORM[action.do] as Perform<Action['do']>)(world, action as never)
  forgetTags(world)
  return isDone
}

/** What a person may send: references to what is there, and pointers to parts that are left. */
function edited(place: Place, asset: Asset, after: Document): Document {
  const before = settled(place, unite(asset.kind, asset))
  const own = new Set(partsOf(asset.kind, after).map(({ id }) => id as string))
  const gone = new Set(partsOf(asset.kind, before).map(({ id }) => id as string)).difference(own)
  const result: Document = {}
  for (const [name, value] of Object.entries(after)) {
    const isUntouched = same(value, before[name]) && ![...gone].some((id) => JSON.stringify(value).includes(id))
    if (isUntouched) {
      result[name] = value
      continue
    }
    // What it names of its own is in it, though another asset may hold the part as well.
    const others = new Map(
      [...livingParts(place)].filter(([part, owner]) => own.has(part) || (owner !== asset.token && !gone.has(part))),
    )
    result[name] = possible(place, { value }, own, others).value ?? copy(value)
  }
  return result
}

/** Ids of new parts, in the order they were sent. */
function learn(world: World, at: string, sent: Document, shown: Document): void {
  const walk = (mine: unknown, theirs: unknown): void => {
    if (Array.isArray(mine) && Array.isArray(theirs))
      for (const [index, one] of mine.entries()) walk(one, theirs[index])
    else if (
      mine !== null &&
      typeof mine === 'object' &&
      theirs !== null &&
      typeof theirs === 'object' &&
      !Array.isArray(mine)
    ) {
      const [a, b] = [mine, theirs] as Document[]
      if (typeof a?.id === 'string' && a.id.startsWith('‹p') && typeof b?.id === 'string') world.tie(at, a.id, b.id)
      for (const name of Object.keys(mine)) walk((mine as Document)[name], (theirs as Document)[name])
    }
  }
  walk(sent, shown)
}

/** Local values of parts that a person removed go with them. */
function dropStray(asset: Asset): void {
  const parts = new Set(partsOf(asset.kind, asset.content).map(({ id }) => id as string))
  for (const way of Object.keys(asset.local))
    if ((way.match(/‹p[^›]*›/g) ?? []).some((part) => !parts.has(part))) delete asset.local[way]
}

/** Keys of these kinds are made by the server, from names that may differ and still give one key. */
const isRefusable = (place: Place, kind: string, document: Document) =>
  isTaken(place, kind, document) ||
  ((kind === 'custom_fields' || kind === 'custom_values') &&
    [...place.assets.values()].some((asset) => asset.alive && asset.kind === kind))

/** The version that was just made lists what the model captured. */
async function compareVersion(world: World, snapshot: Snapshot): Promise<void> {
  const reply = await world.agency('get', `/${world.snapshotIds.get(snapshot.name)}/assets?limit=1000`)
  const shown = (reply.body.assets as { kind: string; lineage: string; name: string; dependency: boolean }[]).map(
    ({ kind, lineage, name, dependency }) => `${kind} ${lineage} "${name}"${dependency ? ' as a dependency' : ''}`,
  )
  const wanted = (snapshot.versions.at(-1)?.entries ?? []).map(
    ({ kind, token, name, isDependency }) =>
      `${kind} ${world.lineages.get(token)} ` +
      `"${shownName(world, snapshot, name)}"${isDependency ? ' as a dependency' : ''}`,
  )
  insist(
    same(shown.sort(), wanted.sort()),
    `${snapshot.name} holds\n  ${shown.join('\n  ')}\ninstead of\n  ${wanted.join('\n  ')}`,
  )
}

/** References in names are shown by what they lead to. */
function shownName(world: World, { versions }: Snapshot, name: string): string {
  const named = (token: string) =>
    versions.at(-1)?.entries.find((entry) => entry.token === token)?.name ?? world.lineages.get(token)
  return name
    .replaceAll('‹here›', '[this location]')
    .replace(/‹a\d+›/g, (token) => `[${world.kinds.get(token)}: ${named(token)}]`)
}
