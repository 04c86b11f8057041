import { folded } from './document.ts'
import { keyOf } from './inbox.ts'
import { translate } from './incoming.ts'
import { type Place, pairsOf, recalled, type Snapshot } from './model.ts'
import { isInForce, type Open, openKey } from './open.ts'
import { findPart, isAgreed, labelOf, type Path } from './paths.ts'
import { insist, type World } from './run.ts'

/** The inbox of a snapshot, field by field, beside what the model says is open. */

interface Shown {
  locationId: string
  kind: string
  lineage: string
  name: string
  outcome: 'conflict' | 'ambiguous'
  version: number
  fields: { path: string }[]
}

/** Null: the snapshot was deleted, or this world settles nothing. */
export async function readConflicts(world: World, snapshot: string): Promise<Map<string, Shown> | null> {
  if (!world.features.has('settle')) return null
  const { status, body } = await world.agency('get', `/${world.snapshotIds.get(snapshot)}/conflicts?limit=1000`)
  if (status !== 200) return null
  const conflicts = (body.conflicts as Shown[]).filter(({ outcome }) => outcome === 'conflict')
  return new Map(conflicts.map((one) => [keyOf(one), one]))
}

export async function compareInbox(world: World, snapshot: Snapshot): Promise<void> {
  const shown = await readConflicts(world, snapshot.name)
  if (shown === null) return
  for (const place of world.places.values()) {
    const { locationId } = world.wire(place.name)
    const found = new Map([...shown].filter(([, one]) => one.locationId === locationId))
    for (const open of place.open.values()) {
      if (open.snapshot !== snapshot.name) continue
      const kind = world.kinds.get(open.incoming) as string
      const key = keyOf({ locationId, kind, lineage: world.lineages.get(open.incoming) as string })
      const one = found.get(key)
      found.delete(key)
      if (!isSure(world, place, open)) continue
      const { sure } = expected(place, snapshot, open)
      if (one === undefined) {
        const isNeeded = open.fields === null || sure.size > 0
        insist(!isNeeded, `an open conflict is not listed: ${what(world, place, open)}, open in ${textOf(open, sure)}`)
      } else if (open.fields !== null) {
        insist(
          spellings(place, snapshot, open, one.fields) !== null,
          `an open conflict is listed with other fields: ${what(world, place, open)}, with ` +
            `${one.fields.map(({ path }) => path).join(', ') || 'none'} instead of ${textOf(open, sure)}`,
        )
      }
    }
    for (const [key, one] of found) {
      const [token] = [...world.lineages].find(([, lineage]) => lineage === one.lineage) ?? []
      const isDoubtful = token === undefined || world.kept.has(key) || !isTold(place, snapshot, token)
      insist(
        isDoubtful,
        `a conflict is listed though nothing is open: of ${snapshot.name} about ${one.kind} "${one.name}" ${token} ` +
          `in ${place.name}, with ${one.fields.map(({ path }) => path).join(', ') || 'no field'}`,
      )
    }
  }
}

const textOf = ({ fields }: Open, sure: ReadonlySet<Path>) => (fields === null ? 'all of it' : [...sure].join(', '))
const what = (world: World, place: Place, { snapshot, incoming }: Open) =>
  `the conflict of ${snapshot} about ${world.kinds.get(incoming)} ${incoming} in ${place.name}`

/** Whether the model can say at all what is listed of it. */
function isSure(world: World, place: Place, open: Open): boolean {
  const key = keyOf({
    locationId: world.wire(place.name).locationId,
    kind: world.kinds.get(open.incoming) as string,
    lineage: world.lineages.get(open.incoming) as string,
  })
  return !open.isLoose && !world.kept.has(key) && isInForce(place, open) && isNewest(place, open)
}

/** Of several lineages of a snapshot that reach one asset, the one that was pushed last stands for all. */
const isNewest = (place: Place, { snapshot, incoming, own }: Open) => {
  const [newest] = pairsOf(place, snapshot, own)
  return newest === undefined || newest.incoming === incoming
}

/** A lineage that leads to what is there, of which the model knows all that is open. */
const isTold = (place: Place, { name }: Snapshot, token: string) => {
  const own = [...place.pairs.values()].filter(({ incoming }) => incoming === token)
  return (
    own.length === 1 && place.assets.get(own[0]?.own ?? '')?.alive === true && !place.open.has(openKey(name, token))
  )
}

/** Fields that must be listed, and those that may be: a person has made both sides the same since. */
export function expected(place: Place, snapshot: Snapshot, open: Open): { sure: Set<Path>; maybe: Set<Path> } {
  const asset = place.assets.get(open.own)
  const [sure, maybe] = [new Set<Path>(), new Set<Path>()]
  for (const [path, how] of open.fields ?? []) {
    const source = sourceOf(place, snapshot, open)
    const isOver =
      asset !== undefined && source !== null && isAgreed(asset.kind, path, recalled(place, asset.content), source)
    const set = how === 'maybe' || isOver ? maybe : sure
    set.add(path)
  }
  return { sure, maybe }
}

/** What the version pushed last says of it, as the location reads it. */
export function sourceOf(place: Place, { versions }: Snapshot, open: Open) {
  const entries = versions[open.version - 1]?.entries ?? []
  const entry = entries.find(({ token }) => token === open.incoming)
  return entry === undefined ? null : translate(place, entry, entries)
}

/**
 * Which listed path means which field; null: they are not the same fields. `clear`: only those that can mean no other.
 */
export function spellings(
  place: Place,
  snapshot: Snapshot,
  open: Open,
  fields: readonly { path: string }[],
  { clear = false }: { clear?: boolean } = {},
): Map<Path, string> | null {
  const { sure, maybe } = expected(place, snapshot, open)
  const asset = place.assets.get(open.own)
  const labels = (part: string) => {
    const own = asset && labelOf(findPart(asset.kind, asset.content, part))
    return [...(open.labels.get(part) ?? []), ...(typeof own === 'string' ? [own] : [])]
  }
  const means = (path: Path, shown: string): boolean => {
    const [mine, theirs] = [stepsIn(path), stepsIn(shown)]
    return (
      mine.length === theirs.length &&
      mine.every(({ name, label }, index) => {
        const other = theirs[index]
        if (name !== other?.name || (label === null) !== (other.label === null)) return false
        return label === null || isCalled(labels(label), other.label ?? '')
      })
    )
  }
  const assign = (left: readonly { path: string }[], open: readonly Path[]): Map<Path, string> | null => {
    const [first, ...rest] = left
    if (first === undefined) return open.some((path) => sure.has(path)) ? null : new Map()
    for (const path of open.filter((one) => means(one, first.path))) {
      const found = assign(
        rest,
        open.filter((one) => one !== path),
      )
      if (found !== null) return found.set(path, first.path)
    }
    return null
  }
  if (new Set(fields.map(({ path }) => path)).size !== fields.length) return null
  const all = [...sure, ...maybe]
  const found = assign(fields, all)
  if (found === null || !clear) return found
  const isClear = ([path, shown]: [Path, string]) =>
    all.filter((one) => means(one, shown)).length === 1 && fields.filter((one) => means(path, one.path)).length === 1
  return new Map([...found].filter(isClear))
}

/**
 * A part is called by its name, and its place where others of its list are called so; one whose name holds a reference,
 * or that has none, by whatever the product likes.
 */
function isCalled(names: readonly string[], label: string): boolean {
  const isPlain = (name: string) => !/[‹⟦]/.test(name) && folded(name) !== ''
  if (names.length === 0 || !names.every(isPlain)) return true
  const shown = [label, label.replace(/ \(\d+\)$/, '')].map(folded)
  return names.some((name) => shown.includes(folded(name)))
}

/** `stages[New].name` as [stages, New], [name]; labels may hold brackets of their own. */
function stepsIn(path: string): { name: string; label: string | null }[] {
  const steps: { name: string; label: string | null }[] = []
  let [depth, name, label] = [0, '', null as string | null]
  const end = () => {
    if (name !== '') steps.push({ name, label })
    name = ''
    label = null
  }
  for (const letter of path) {
    if (letter === ']') depth--
    if (depth > 0) label += letter
    else if (letter === '[') label = ''
    else if (letter === '.') end()
    else if (letter !== ']') name += letter
    if (letter === '[') depth++
  }
  end()
  return steps
}
