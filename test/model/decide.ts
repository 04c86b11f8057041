import type { Decide } from './actions.ts'
import { copy, type Document, partsOf, resourceOf, same, tokensIn } from './document.ts'
import { heldStages } from './held-stages.ts'
import { keyOf } from './inbox.ts'
import { compareInbox, expected, readConflicts, sourceOf, spellings } from './inbox-fields.ts'
import { Matching } from './matching.ts'
import { type Asset, holderOfKey, type Pair, type Place, pairOf, reach, recalled, type Snapshot } from './model.ts'
import { type Open, openKey } from './open.ts'
import { findPart, groupOf, type Path, partPathOf, withField } from './paths.ts'
import { dealsAt } from './people.ts'
import { ended, type Told } from './reports.ts'
import type { Options } from './request.ts'
import { insist, type World } from './run.ts'

interface Decided {
  place: Place
  asset: Asset
  pair: Pair
  open: Open
  source: Document
  paths: Path[]
}

/**
 * Somebody settles single fields, or (`all`) whatever waits of an asset: what the model says is open, by the paths that
 * the inbox lists. What does not wait stays as it is.
 */
export async function performDecide(
  world: World,
  action: Omit<Decide, 'do' | 'paths'> & { paths: Decide['paths'] | 'all' },
): Promise<boolean> {
  const snapshot = world.snapshots.get(action.snapshot)
  if (snapshot === undefined || snapshot.isDropped) return false
  const decided = action.to.flatMap((at) => decidedAt(world.place(at), snapshot, action) ?? [])
  if (decided.length === 0) return false
  await compareInbox(world, snapshot)
  const shown = await readConflicts(world, snapshot.name)
  const kind = world.kinds.get(action.token) as string
  const lineage = world.lineages.get(action.token) as string
  let version: number | undefined
  const decisions = decided.flatMap((one) => {
    const { locationId } = world.wire(one.place.name)
    const row = shown?.get(keyOf({ locationId, kind, lineage }))
    if (row === undefined) return []
    version ??= row.version
    if (row.version !== version) return []
    const names =
      spellings(one.place, snapshot, one.open, row.fields, { clear: action.paths !== 'all' }) ?? new Map<Path, string>()
    one.paths = one.paths.filter((path) => names.has(path))
    if (action.paths === 'all') {
      if (one.paths.length !== row.fields.length) one.paths = []
      return one.paths.length === 0 ? [] : [{ locationId, kind, lineage, path: undefined, take: action.take }]
    }
    return one.paths.map((path) => ({ locationId, kind, lineage, path: names.get(path), take: action.take }))
  })
  const about = decided.filter(({ place, paths }) => {
    const { locationId } = world.wire(place.name)
    return paths.length > 0 && decisions.some((one) => one.locationId === locationId)
  })
  if (decisions.length === 0) return false
  const reply = await world.agency('post', `/${world.snapshotIds.get(snapshot.name)}/conflicts`, { decisions })
  insist(
    reply.status === 202,
    `settling fields as they are listed is answered ${reply.status}: ` +
      `${decisions.map(({ path }) => path).join(', ')}: ${JSON.stringify(reply.body)}`,
  )
  const id = reply.body.push.id
  const done = world.begin({ name: action.as, id, snapshot: snapshot.name, reverts: null, inbox: null })
  const places = about.map(({ place }) => place.name)
  const reports = await ended(world, done, places)
  for (const one of about) {
    const { place } = one
    const before = copy(place)
    settle(one, { take: action.take, deals: dealsAt(world, place.name), told: reports.get(place.name) ?? [] })
    done.traces.set(place.name, { before, after: copy(place) })
    const { own } = one.open
    done.lines.set(place.name, [{ kind, incoming: action.token, own, outcomes: [] }])
  }
  return true
}

function decidedAt(
  place: Place,
  snapshot: Snapshot,
  { token, paths }: { token: string; paths: Decide['paths'] | 'all' },
): Decided | null {
  const open = place.open.get(openKey(snapshot.name, token))
  const asset = reach(place, token)
  if (open === undefined || open.isLoose || open.fields === null || asset?.token !== open.own) return null
  const pair = pairOf(place, token, asset.token)
  const source = sourceOf(asMet(place, snapshot, open), snapshot, open)
  // Another snapshot has brought another version of it since.
  if (!pair?.base || source === null || pair.snapshot !== snapshot.name) return null
  const { sure, maybe } = expected(place, snapshot, open)
  const listed = new Set([...sure.keys(), ...maybe.keys()])
  const chosen = paths === 'all' ? [...listed] : paths.filter((path) => listed.has(path))
  return chosen.length === 0 ? null : { place, asset, pair, open, source, paths: chosen }
}

/** The place as the push that carries a decision out finds it: what its document names is matched by its name. */
function asMet(place: Place, snapshot: Snapshot, { version, incoming }: Open): Place {
  const met = copy(place)
  const options: Options = { policy: 'merge', policies: [], deletions: false, matches: [], only: [incoming] }
  const entries = snapshot.versions[version - 1]?.entries ?? []
  new Matching(met, { snapshot, version, options, snapshots: [snapshot] }, entries)
  return met
}

/** Rule 6 of open.ts. */
function settle(
  { place, asset, pair, open, source, paths }: Decided,
  { take, deals, told }: { take: 'source' | 'target'; deals: ReadonlySet<string>; told: readonly Told[] },
): void {
  const { kind } = asset
  const target = recalled(place, asset.content)
  const after = copy(target)
  const all = paths.flatMap((path) => groupOf(kind, path, { target, source }))
  // Parts first: what is written into one that comes back is there by then.
  const sorted = all.toSorted((a, b) => (partPathOf(a) === a ? 0 : 1) - (partPathOf(b) === b ? 0 : 1))
  if (take === 'source') for (const path of sorted) withField(kind, after, source, path)
  const isTaken = resourceOf(kind).unique !== null && holderOfKey(place, kind, after, asset.token) !== undefined
  const isChanged = !same(after, target)
  if (isTaken && isChanged) return
  const fields = new Map([...(open.fields ?? [])].filter(([path]) => !all.includes(path)))
  const key = openKey(open.snapshot, open.incoming)
  const held = heldStages(asset, { target, document: after, deals })
  if (held.size > 0) {
    // It is told anew until somebody says where they go; the product says the rest.
    Object.assign(asset, { isOpen: true })
    place.open.set(key, { ...open, isLoose: true })
    return
  }
  if (fields.size === 0) place.open.delete(key)
  else place.open.set(key, { ...open, fields })
  if (!isChanged) return
  insistTold(told)
  asset.content = after
  const hasCome = sorted.some((path) => partPathOf(path) === path)
  Object.assign(asset, { isLoose: hasCome, isOpen: leadsNowhere(kind, after, [target, source]) })
  pair.age = Math.max(0, ...[...place.pairs.values()].map(({ age }) => age)) + 1
  pair.bringer = open.snapshot
}

const insistTold = (told: readonly Told[]) =>
  insist(
    told.some(({ outcome }) => ['updated', 'merged', 'conflict'].includes(outcome)),
    `a decision for the source that changes the asset is told as ${told.map(({ outcome }) => outcome).join(', ') || 'nothing'}`,
  )

/**
 * A pointer to a part of its own that is gone: what stands instead is the product's to say. One to a part of something
 * else, a stage of a pipeline that nobody has answered for, say, is a reference like any other, and stands.
 */
const leadsNowhere = (kind: string, document: Document, sides: readonly Document[]): boolean => {
  const own = new Set(sides.flatMap((side) => partsOf(kind, side).map(({ id }) => id as string)))
  return tokensIn(document).some((token) => own.has(token) && !findPart(kind, document, token))
}
